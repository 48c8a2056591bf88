"""By what the topic of an article shows: words of titles in the main languages, names of lists, parts of addresses. Only knowledge; the judgement is in refine/topics.

A cue ends in ``*`` where a word may go on behind it. Chinese, Japanese, Korean and Thai cues stand anywhere; all others begin where a word begins.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from aggregator.model import Topic

CERTAIN: Final[Mapping[Topic, str]] = {
    "tender": """
        招标, 中标, 采购, 竞争性磋商, 竞争性谈判, 询价, 废标, 流标, 成交结果, 成交公告, 单一来源, 比选公告, 竞价, 遴选供应商, 招標, 採購, 決標, 得標
        入札, 随意契約, 落札, 調達情報, 一般競争, 見積合わせ, 입찰, 낙찰, 용역, 제안요청서, 구매공고, 물품구매, 견적
        tender, tenders, invitation to bid, invitation for bids, request for proposal*, request for quotation*, quotation invited, quotations invited, contract award, e-procurement,
        procurement notice*, expression of interest, expressions of interest, corrigendum, bid opening, bidding, rfp, rfq, nit no*, auction notice
        закупк*, закупок, котировок, аукцион*, тендер*, открытого конкурса на, поставк*, подрядчик*, электронн* торг*, закупівл*, закупівель
        ausschreibung der, offentliche ausschreibung*, vergabe von, vergabeverfahren*, reinigungsleistung*, bauleistung*, lieferleistung*, planungsleistung*, vergebener auftrag*, vergebene auftrag*, vergabebekanntmachung*, bieterverfahren
        marche public, marches publics, appel d'offres, appels d'offres, appel public a la concurrence, avis d'attribution, consultation de fournisseurs
        licitacion*, licitacao, licitacoes, pregao, tomada de precos, concurso de precos, contratacion directa, contratacion publica, adjudicacion*, pliego*, cotacao, dispensa de licitacao
        gara d'appalto, gare d'appalto, gara europea, aggiudicazione, procedura negoziata, affidamento dirett*, manifestazione di interesse, fornitura di
        przetarg*, zamowieni* publiczn*, zapytanie ofertowe, ihale*, alımı ihale*, dogrudan temin, moi thau, đau thau, goi thau, chao gia, lelang, tender terbuka, aanbesteding*, upphandling*, offentlig upphandling*
        مناقصه, مناقصة, مناقصات, عطاء, عطاءات, مزايدة, استدراج عروض, مزایده, استعلام بها, מכרז, מכרזים
    """,
    "job": """
        招聘, 诚聘, 誠聘, 聘用人员, 拟聘, 应聘, 人才引进, 岗位公告, 招募启事, 徵才, 徵聘, 招賢, 聘任公告, 招聘启事, 公开选聘, 求职, 急聘, 职位空缺, 教授职位, 研究员职位, 招收博士后, 诚邀海内外, 英才加盟
        公募について, 教員公募, 職員採用, 採用試験, 採用情報, 研究員募集, 教員募集, 職員募集, 非常勤, 補佐員, 助教の公募, ポスドク募集, 求人
        채용, 초빙, 직원 모집, 연구원 모집, 조교 모집, 임용 공고
        vacancy, vacancies, we are hiring, is hiring, now hiring, job opening*, job offer*, job opportunit*, tenure-track, tenure track, walk-in interview, walk in interview, recruitment of, recruitment notif*, recruitment notice*,
        postdoctoral position*, postdoc position*, phd position*, doctoral position*, faculty positions in, faculty positions at, faculty position in, faculty position at, position available, positions available, open position:, open positions, open position in, open position for, job vacanc*, hiring:, (m/f), (f/m), employment opportunities at, we are looking for a postdoc*, professor position, applications are invited for the post*,
        for the post of, research fellow (*, fixed term, fixed-term, non-teaching post*, teaching post*, employment notice*, project fellow, research associate, junior research fellow*
        ваканси*, вакантн*, замещени*, требуется, требуются, приглашаем на работу, конкурс на замещение, конкурс на должност*, открытая позиция, открыта позиция, позиция открыта, позиция постдок*, вакансі*, заміщення, запрошуємо на роботу
        stellenausschreibung*, stellenangebot*, stellenanzeige*, (m/w/d, w/m/d, m/w/d, (w/m/d, (m/f/d, (f/m/d, m/f/d, f/m/d, (m/f/x, (f/m/x, m/v/x, wissenschaftliche mitarbeiter*, hilfskraft*, hilfskrafte, doktorandenstelle*, promotionsstelle*, e13, w3-professur, w2-professur, w1-professur, tv-l, (w3), (w2), (w1), zu besetzen, offene stelle:, offene stellen, stelle als, postdoc-stelle*, ausgeschrieben: professur, ausbildung zum, ausbildung zur
        offre d'emploi, offres d'emploi, offre de these, offre de stage, recrutement, recrute, a pourvoir, offre de post-doc*, offre de postdoc*, contrat doctoral en, cdd ingenieur*, (h/f), (f/h), maitre de conferences en, fiche de poste, vacataire*
        oferta de empleo, ofertas de empleo, oferta de trabajo, ofertas de trabajo, bolsa de trabajo, bolsa de empleo, contrato postdoctoral, contrato predoctoral, contratos predoctorales, concurso de oposicion, vacante*, contratacion de personal, oposiciones
        concurso publico para, concurso publico, processo seletivo para, bolsa de pos-doutorado, vaga para, vagas para, contratacao de professor*, emprego*
        bando di concorso, assegno di ricerca, assegni di ricerca, assegno di*, concorso pubblico, selezione pubblica, posto di, posti di, borsa di ricerca, reclutamento
        konkurs na stanowisk*, praca w, oferta pracy, oferty pracy, zatrudni*, stanowisko adiunkt*, ogretim uyesi alım*, personel alım*, alım ilanı, akademik ilan*, kadro ilan*
        tuyen dung, viec lam cho, lowongan, rekrutmen, penerimaan dosen, vacature*, promovendus gezocht, lediga tjanst*, ledig stilling*, avoimet tyopaikat
        وظائف, وظيفة, توظيف, شواغر, تعيين معيدين, استخدام, فراخوان جذب, משרה, משרות, דרושים
    """,
    "admission": """
        招生, 录取名单, 拟录取, 录取分数, 推免, 复试, 調劑, 调剂, 考研, 初试成绩, 报考, 入学申请, 强基计划, 提前面试, 高考, 录取查询, 自主选拔, 专升本, 准考证, 招收, 分数线, 入學, 甄試, 報到須知, 新生报到须知
        入学者選抜, 出願, 入試, 合格者, 募集要項, 編入学, 一般選抜, 総合型選抜, 推薦入試, 入学試験, 受験生
        수시모집, 정시모집, 신입생 모집, 합격자 발표, 편입학, 입학전형, 모집요강, 모집 요강, 입시, 전형 일정, 대학원 모집
        admission open, admissions open, admission to, admission for, admission 20*, admissions 20*, admission notice*, admission process*, admission list*, phd admission*, merit list*, entrance test*, entrance exam*, counselling schedule, cut-off, cutoff list*, how to apply,
        apply now for, entry requirement*, shortlisted candidates, pg admission*, ug admission*, undergraduate applications, application deadline for international*, applications open for, applications are now open for, enrolment for new*, enrollment for new*, prospective students, offer holders, clearing places
        набор в магистратур*, набор в аспирантур*, набор студент*, набор абитуриент*, приема на 20*, правила приема, приём документов в, прием документов в, поступающ*, вступительн*, абитуриент*, проходн* балл*, зачислени*, приемн* комисси*, приемная кампания, поступление в, в магистратуру начн*, целевое обучение
        прийому 20*, правила прийому, вступн*, абітурієнт*, подання заяв, зарахуванн*
        bewerbung fur das, bewerbung fur ein*, bewerbungsfrist*, bewerbungsphase, zulassung*, numerus clausus, immatrikulation*, eignungsprufung*, einschreib*, studienplatz*, hochschulzugang*
        candidatures en master, candidater, candidatures pour, parcoursup, mon master, admission en, admissibilite, admission post*, concours d'entree, deposer ses voeux
        admision, admisiones, inscripciones abiertas al master*, inscripciones al master*, inscripcion al master*, inscripciones abiertas al doctorado, inscripciones a la maestria, preinscripcion, nuevo ingreso, requisitos de ingreso, examen de ingreso, proceso de ingreso, acceso a la universidad, nota de corte
        vestibular, segunda chamada, lista de aprovados, aprovados, ingresso na, sisu, enem, acesso ao ensino superior, candidaturas ao
        test di ammissione, test d'ingresso, ammissione, immatricolazion*, preiscrizion*
        rekrutacja na, rekrutacji na, kandydat* na studia, nabor na studia, lisans basvuru*, lisansustu basvuru*, yatay gecis, tercih donemi, yks, basvuruları
        tuyen sinh, điem chuan, trung tuyen, xet tuyen, mahasiswa baru, jalur mandiri, seleksi masuk, snbp, snbt, aanmelden voor, selectieprocedure, antagning*
        القبول, التسجيل في, شروط القبول, قبول الطلبة, پذیرش, آزمون ورودی, کنکور, קבלה ל*, הרשמה ללימודים
    """,
    "lecture": """
        讲座, 学术报告, 主讲人, 报告会, 学术沙龙, 讲坛第, 論壇演講, 演講, 講座, 講者, 研讨会：, 报告人
        公開講座, 講演会, 談話会, 最終講義, セミナー, 講師：, 講演：, コロキウム, 特別講義, 市民講座
        특강, 강연, 세미나, 콜로퀴움, 초청강연, 강연회, 집담회
        lecture:, public lecture, inaugural lecture, guest lecture, keynote lecture, guest talk, lunchtime talk, invited talk, seminar:, seminar series, seminar on, seminar –, colloquium, colloquium:, webinar, phd defence, phd defense, thesis defence, thesis defense, viva voce, distinguished speaker*, speaker series, research seminar*, talk by, lecture by, seminar by, masterclass with
        лекци*, семинар*, вебинар*, защита диссертац*, мастер-класс*, доклад:, докладчик*, лекторий, открытая лекция, лекці*, семінар*, вебінар*, захист дисертац*
        vortrag*, vortrage, ringvorlesung*, antrittsvorlesung*, vorlesung:, gastvortrag*, kolloquium*, abschiedsvorlesung*, webinar:, ringvorlesung, seminarreihe, physikalisches kolloquium
        soutenance*, seminaire*, lecon inaugurale, cycle de conferences, conference de, conference publique, conference :, webinaire*, lecon de cloture
        conferencia magistral, charla*, conversatorio*, seminario*, defensa de tesis, clase magistral, lectura de tesis, webinario*, ponencia de, catedra abierta
        palestra*, defesa de*, seminario do, aula magna, aula inaugural, coloquio*, roda de conversa
        lezione aperta, lectio magistralis, seminario:, seminari, conferenza di, lezione di
        wykład*, seminarium, obrona doktor*, odczyt, webinarium, seminer*, konferans:, soylesi*, panel:, hoi thao khoa hoc, bai giang, toa đam, kuliah umum, kuliah tamu, seminar:, webinar:, orasi ilmiah, oratie*, lezing*, promotie van, gastcollege*, forelasning*, disputation*, vaitostilaisuus
        محاضرة, محاضره, ندوة, سمینار, سخنرانی, کرسی آزاداندیشی, הרצאה, סמינר
    """,
    "event": """
        活动预告, 征文, 报名启动, 邀请函, 会议预告, 征集作品, 音乐会, 演出预告, 开放日, 返校日, 论文征集, 作品征集, 展览预告, 活動預告, 決賽報名
        オープンキャンパス20*, 参加者募集, 大学祭, 学園祭, 演奏会, 企画展, のご案内, 公開シンポジウム, 特別展, 説明会, 参加募集, 개최 안내, 참가자 모집, 정기연주회, 박람회, 설명회, 축제 일정, 초대합니다, 공모전
        call for papers, call for abstracts, call for participation, save the date, register now, join us, sign up, book your place, open day on, open day 20*, open house, career fair*, careers fair*, job fair*, exhibition:, film screening, concert:, spring concert, summer concert, christmas concert, taster session*, hackathon*, summer school*, winter school*, family science day, alumni weekend, networking evening, you are invited, come and try, tickets on sale, workshop:, alumni reunion
        приглашаем*, день открытых дверей, дни открытых дверей, анонс*, регистрация участников, открыта регистрация, хакатон*, прием тезисов, выставка «*, афиша, концерт*, зимняя школа, летняя школа, фестиваль науки, ночь музеев, примите участие, запрошуємо*, день відкритих дверей, дня відкритих дверей, реєстрація учасників
        tag der offenen tur, tag der offenen turen, lange nacht*, einladung zu*, sommerfest*, konzert*, jetzt anmelden, anmeldung zur tagung, tagung „*, firmenkontaktmesse*, jobmesse*, karrieretag*, ausstellung*, workshop:, kinder-uni, flohmarkt, hochschulinformationstag*
        portes ouvertes, appel a communications, appel a contributions, concert*, exposition*, inscrivez-vous, forum des metiers, cine-debat, colloque*, journee d'etude, journees d'etude*, forum entreprises, a vos agendas
        puertas abiertas, inscripciones abiertas, convocatoria de ponencias, concierto*, taller*, exposicion*, feria de empleo, feria del libro:, congreso internacional, jornadas de*, simposio*, te invitamos, inscribete
        inscricoes abertas, concerto*, exposicao*, semana de ciencia*, oficina*, mostra de*, simposio*, feira de*, participe, chamada de trabalhos
        open day*, concerto di*, convegno*, iscrizioni aperte, giornata aperta, porte aperte, spettacolo*
        dzien otwarty, dni otwarte, koncert*, zapraszamy*, wystawa*, konferencja naukowa –, festiwal nauki, senlig*, davet*, kongreye, konser*, sergi*, tanıtım gunleri
        ngay hoi*, moi tham du, moi tham gia, trien lam, undangan*, pameran*, wisuda periode, open dag*, meld je aan, concert*, tentoonstelling*, symposium*, oppet hus
        دعوة لحضور, دعوة للمشاركة, المؤتمر الدولي, معرض الكتاب, مهرجان, فراخوان مقاله, همایش, جشنواره, نمایشگاه, יום פתוח, כנס
    """,
    "research": """
        研究发现, 科研人员揭示, 研究揭示, 研究取得, 研究中取得, 课题组, 发表论文, 发表最新, 科研进展, 研究成果, 科研成果, 首次观测, 首次发现, 首次实现, 最新成果, 新机制, 子刊, 揭示, 新策略, 攻克, 突破, 實驗發現, 研究團隊
        世界初, 世界で初めて, を発見, を解明, 仕組みを解明, を開発, 高精度に予測, 誌に掲載, 機構を, を実証, 新種, メカニズム
        규명, 세계 최초, 네이처, 연구팀, 연구진, 논문 게재, 신약, 연구결과, 개발 성공, 소재 개발
        study finds, new study, study shows, study links, study reveals, study suggests, researchers, scientists, research shows, research reveals, research finds, discover*, physicists, astronomers, biologists, chemists, archaeologists, breakthrough, published in, in nature:, findings, ancient dna, machine learning method, new method, new explanation, for the first time, scientists create, engineers develop*, brain scan*, fossil*, clinical trial*
        учены*, исследовани* показал*, исследовани*, физики, биологи, химики, археологи, нейросет*, обнаружил*, разработан*, разработал*, открыли способ, впервые измерил*, впервые, журнале, синтезировал*, выяснил*, астрономы, исследовател*
        науковц*, вчені, дослідження, розробили, дослідник*, виявили
        studie, studien, forschend*, forscher*, forscherteam*, entdeck*, erstmals, wissenschaftler*, physiker*, durchbruch*, nature communications, in nature, in science, untersuchung zeigt, zeigt eine untersuchung, entschlussel*, kunstliche intelligenz erkennt
        etude revele, nouvelle etude, une etude, chercheurs, chercheuses, decouvrent, decouverte d*, physiciens, mettent au point, premiere observation, publie dans, scientifiques, decryptent
        estudio revela, estudio, investigadores, investigadoras, cientificos, cientificas, descubren, detectan, nueva especie, nuevo metodo, una investigacion, hallan, desarrollan
        pesquisadores, cientistas, estudo, pesquisa revela, pesquisa mostra, descobrem, nova especie, desenvolvem
        ricercatori, ricercatrici, scoperta, scoperto, scoprono, uno studio, nuovo studio, studio rivela, pubblicat* su, sviluppano
        naukowcy, odkryl*, badania, badacze, opracowali, wykazal*, arastırmacı*, kesfetti*, kesfedildi, gelistirildi, yeni yontem, bilim insan*
        nghien cuu phat hien, nhom nghien cuu, cac nha khoa hoc, phat hien, peneliti*, temukan*, penelitian, onderzoekers, nieuwe studie, ontdek*, forskare*, forskere*
        باحثون, دراسة, اكتشاف, يكتشف*, پژوهشگران, محققان, کشف, חוקרים, מחקר
    """,
    "notice": """
        通知, 的公告, 的公示, 放假安排, 考试安排, 停电, 停水, 会议安排, 工作安排, 查询办法, 调整的, 紧急通知, 公示名单, 名单公示, 的说明, 的通告, 作息时间, 选课, 停課, 公告事項, 暂停服务, 温馨提示
        のお知らせ, 窓口業務, 休業期間, 履修登録, 授業料, 休館, 時間割, 申請について, 停電, 学生向け, 期間について, 実施について, 取扱いについて
        수강신청, 휴관, 중단 안내, 시간표, 공지사항, 등록금, 신청 기간, 신청 안내, 점검, 안내문, 성적 열람, 입사 일정, 휴강
        exam timetable*, examination timetable*, exam schedule*, library closed, closed on, maintenance, course registration, reminder:, deadline for, academic calendar, notice regarding, notice for, important:, shutdown, examination declared, results of b*, circular*, re-opening, reopening of, downtime, revised date sheet, date sheet, hostel allotment, parking permit*, opening hours, call for applications: internal*, timetable for, fee payment, service disruption, important notice, road closure*
        объявление:, закрыта на, закрыт на, библиотека закры*, о переносе, расписани*, отключени*, режим работы, приказ о назначении, график пересдач, график*, технические работы, вниманию студент*, внимание!, изменени* в, о проведении, продлени*, прием документов до, стипенди*, объявление для, о внесении
        розклад*, увага!, зміни в, графік*, до уваги
        prufungsanmeldung*, geschlossen, wartungsarbeit*, ruckmeld*, prufungsordnung*, wichtiger hinweis, stromabschaltung*, klausurtermin*, aushang*, offnungszeiten, amtliche*, belegung*, abschaltung*, storung*
        fermeture*, inscriptions pedagogiques, calendrier du, calendrier des, maintenance, avis aux, info travaux, coupure*, report des cours, remboursement*, horaires d*
        suspension*, suspenden, calendario de examenes, calendario academico, aviso*, mantenimiento, horario*, plazo de*, cierre*, becas de movilidad
        suspensao*, manutencao*, matricula em disciplinas, prazo*, horario*
        chiusura*, calendario degli, manutenzione*, avviso agli, appelli d'esame, sospensione*, orari*
        harmonogram*, godziny otwarcia, przerwa techniczna, ogłoszenie*, komunikat*, sinav programı, sınav programı, sınav takvimi, duyuru*, calısma saatleri, kayıt tarihleri, akademik takvim, ders kayıt*
        thong bao, lich thi, lich nghi, lich hoc, pengumuman*, jadwal*, libur*, gesloten, rooster*, stangt, tentamensanmalan
        اعلان هام, إعلان هام, جدول الامتحانات, تعليق الدراسة, تنويه, اطلاعیه, تعطیلی, برنامه امتحانات, جدول المحاضرات, קובץ נהלים, הודעה לסטודנטים
    """,
    "news": """
        签署, 签约, 举行, 获批, 召开, 获评, 夺得, 斩获, 荣获, 当选, 调研, 揭牌, 启用, 举办, 做客, 访问, 捐赠, 隆重, 风采, 来访, 一行, 会见, 讲授, 入选, 受表彰, 获表彰, 圆满, 顺利, 开展, 讲话, 致辞, 落幕, 闭幕, 開幕, 在我校, 他用, 榮獲, 簽署
        を訪問, 優勝, を受章, を受賞, を締結, を挙行, 来場, しました, 位に, オープンしました, 就任, 表敬訪問, 逝去, 設立
        방문, 수상, 체결, 취임식, 진입, 기부, 성료, 성황리, 선정, 개최했다, 열려, 열렸다, 마쳐, 업무협약, 우승, 출범
        signs, sign, signed, takes office, wins, win, won, climbs, elected, named to, mourns, opens, celebrates, welcomes, launch, launches, launched, appointed, awarded, recognised, honoured, honored, reaches, responds, graduate this, obituary, donates, gift, visits, visited, brings, says report, receives, ranked, ranks, hosts, hosted, inaugurates, inaugurated, marks, announces, unveils, held, took place, was organised, was organized, concludes, concluded, showcases, observed, performs
        встретил*, победил*, открыл*, подписал*, награжд*, поднял*, прошла, прошел, прошло, завоевал*, состоял*, посетил*, отмечает, завершил*, запустил*, умер, умерла, осмотрел*, собрал*, стал, стала, интервью, выпускник*, выиграл*, скончал*, вошел, вошла, провел*, провели, зустрі*, перемогл*, підписа*, відбул*
        gewinn*, tritt ihr amt, tritt sein amt, siegen, siegt, -preis fur, preis fur, trauert, besucht, verlangert vertrag*, verlangert den vertrag, vertrag verlangert, fordert, eroffnet, erneut, absolventenfeier*, portrat*, ausgezeichnet, kooperation mit, geehrt, unterzeichn*, fand statt, war zu gast, gefeiert
        signe, signent, remporte*, inaugure*, medaille*, progresse*, hommage*, retour sur, election de, lauréat*, laureat*, la rentree en, distingue*, nomme*, a eu lieu, s'est tenu*, a recu, ont participe
        firman, firma, ganan, gana, inaugura, inauguran, inauguro, sube, premio*, fallecio, graduacion, celebra*, concluye*, egresad*, recibe, visita, reconocen, galardon*, se realizo, se llevo a cabo, participaron, culmino
        assina*, recebe*, vencem, vence, inaugurad*, premiad*, conquista*, comemora*, foi realizad*, realizou
        firma, incontra*, premio*, inaugurat*, laurea honoris, sale nella, vince, vincono, celebra*, scompars*, si e svolt*, si e tenut*
        podpisał*, zwyciezyl*, laureat*, otwart* nowy, spotkał*, odwiedził*, nagrod*, odbył*, agırladı, birinci oldu, yukseldi, ziyaret etti, imzalandı, imzaladı, odul*, kazandı, yapıldı, duzenlendi, gerceklesti*, verdi, bulustu*, devam ediyor
        tiep đoan, gianh giai, ky ket, khai mac, to chuc thanh cong, dien ra, thong cao bao chi, digelar, gelar, menerima kunjungan, raih*, juara*, tandatangan*, resmikan, benoemd, winnen, wint, opent, tekent
        يستقبل, يفوز*, توقيع, تتقدم, افتتاح, تكريم, دیدار کرد, مدال, برگزار شد, امضا, חתמה, זכתה
    """,
}
"""One is enough."""

_EN: Final = (
    "(?:assistant|associate|full|visiting|adjunct) professors?", "(?:senior |assistant )?lecturers?", "post-?docs?(?:toral)?(?: (?:fellow|researcher|scientist|associate|scholar)s?)?",
    "research (?:fellow|assistant|associate|scientist|engineer|technician)s?", "doctoral (?:researcher|student|candidate)s?", "phd (?:student|candidate)s?",
    "teaching (?:assistant|fellow)s?", "(?:lab|laboratory) (?:manager|technician|assistant)s?", "technicians?", "software (?:engineer|developer)s?", "project (?:manager|officer)s?",
)  # fmt: skip
_DE: Final = (
    r"(?:post)?doktorand\w*", r"post-?docs?", r"\w*hilfskraft\w*", r"\w*lehrkraft\w*", r"mitarbeite\w+", r"\w*techniker\w*", r"\w*ingenieur\w*", r"\w*laborant\w*", r"dozent\w*",
    r"tutor\w*", r"praktikant\w*", r"werkstudent\w*", r"auszubildende\w*", r"sekretar\w*", r"professor(?:in)?",
)  # fmt: skip
_FR: Final = (
    r"post-?doctorant\w*", r"doctorant\w*", r"post-?docs?", r"ingenieure?s?", r"technicien\w*", r"enseignant\w*", r"maitres? de conferences", r"professeure?s?", r"assistante?s?",
    r"gestionnaires?", r"charge\w* d[e']", r"stagiaires?", "ater", "responsable",
)  # fmt: skip
_ES: Final = (
    r"profesor\w*", r"investigador\w*", r"tecnic[oa]s?", "docentes?", r"becari[oa]s?", r"asistentes?", r"doctorand[oa]s?", "postdocs?", "ayudantes?", r"ingenier[oa]s?", "analistas?",
    "auxiliar(?:es)?", "personal",
)  # fmt: skip
_RU: Final = (
    r"лаборант\w*", r"постдок\w*", r"научн\w+ сотрудник\w*", r"преподавател\w*", r"доцент\w*", r"ассистент\w*", r"инженер\w*", r"программист\w*", r"стажер\w*", r"методист\w*",
    r"специалист\w*", r"заведующ\w*",
)  # fmt: skip
_SOME: Final = r"(?:[\w-]+ ){0,3}"
"""Up to three words between."""

OFFERS: Final[Mapping[Topic, tuple[tuple[tuple[str, ...], str], ...]]] = {
    "job": (
        (_EN, r"{who} (?:position|positions|wanted|sought|needed|vacancy|vacancies)(?! themsel)"),
        (_EN, r"(?:looking for|seeking|seeks|hiring|recruiting) " + _SOME + "{who}"),
        (_EN, r"(?:^job:|open positions?$)"),
        (_DE, r"{who}.{0,40} gesucht"),
        (_DE, r"(?:wir suchen|suchen wir|gesucht:) " + _SOME + "{who}"),
        (_FR, r"postes? (?:de |d')(?:[\w-]+ ){0,2}{who}"),
        (_FR, r"(?:recherche|recherchons|cherche|cherchons|recrutons) (?:une? |des |deux )?{who}"),
        (_FR, r"{who} recherchee?s?$"),
        (
            _ES,
            r"(?:se busca|se buscan|buscamos|se necesitan?|se requieren?|puestos? de|plazas? de|plazas? para|vacantes? de) "
            + _SOME
            + "{who}",
        ),
        (_RU, r"(?:ищем|ищет|ищут|нужен|нужны|нужна|набираем) " + _SOME + "{who}"),
        (_RU, r"(?:вакантн\w+|открыт\w+) (?:должност|ставк|позици)\w+ " + _SOME + "{who}"),
    )
}
"""Who is sought, and how that is said: neither tells alone, for an assistant professor wins a prize, and life on Mars is sought. As certain as a word of ``CERTAIN``.

Regular expressions over folded text (``search.fold``), where ``{who}`` is any of the words before.
"""

LIKELY: Final[Mapping[Topic, str]] = {
    "tender": "供应商, 改造工程, supply of, supply and installation, construction of, извещение, lieferung von, fourniture de, achat de, compra de, obras del, zakup*, pengadaan*, аукціон*, توريد, خرید",
    "job": "岗位, 人员招募, 公募, 募集, 모집, assistant professor*, associate professor*, research assistant*, postdoc*, lecturer in, technician*, guest faculty, officer, hiring, recruitment, постдок*, лаборант*, стажер*, gesucht, mitarbeiter*, emploi*, tecnico de, tecnico amministrativo, tempo determinato, ricercatore a, profesor titular, profesor asociado, adiunkt*, dosen tetap, giang vien, promovendus, concorso, concurso, sozlesmeli, هيئة التدريس, هیئت علمی",
    "admission": "硕士研究生, 博士研究生, 录取, 志愿填报, 大学院, 入学, 대학원, 신입생, admission*, enrol*, entry 20*, applicants, tuition fees, bewerb*, candidature*, inscripcion*, matricula*, immatricul*, kandydat*, rekrutacja, aspirant*, магистратур*, аспирантур*, aplicantes, الماجستير, دکتری",
    "lecture": "沙龙, 报告, 論壇, 講義, talk:, talk, lecture, seminar, keynote, speaker*, prof. dr, доклад*, colloque, conference, conferencia*, conferenza, coloquio, hoi thao, konferans, seminarium, المحاضر",
    "event": "预告, 比赛报名, 论坛, 大赛, 開催, シンポジウム, 축제, 대회, 안내, workshop*, festival*, exhibition*, concert*, conference 20*, symposium, fair 20*, invite*, конференци*, фестивал*, выставк*, olympiad*, tagung*, messe, feier, festival, mostra, etkinlik*, congreso*, jornada*, congresso*, semana, convegno, kongre*, konferencja, kongres*, مؤتمر, معرض",
    "research": "研究, 新型, 量子, 催化, 机制, 成果, 最新, 解明, 新しい, 개발, 연구, study, research, scientist, how a, could, cells, gene, quantum, climate, robots, исследован*, метод*, новый вид, нов* материал*, forschung*, wie, etude*, molecule, climat, intelligence artificielle, investigacion*, vacuna, nuevo, pesquisa*, ricerca, metod*, yeni, temuan, onderzoek*, بحث, علاج",
    "notice": "公告, 公示, 通告, 关于, 安排, 办法, お知らせ, について, 안내, notice*, reminder, schedule*, deadline*, announcement*, calendar, closed, important, rules, объявлени*, внимани*, срок*, frist*, termine, hinweis*, calendrier, calendario, duyuru, đieu chinh, avviso, avvisi, ogłoszeni*, إعلان, جدول, اعلام",
    "news": "我校, 学校, 校长, 书记, 毕业典礼, 校友, 领导, 本学, 総長, 卒業式, 총장, 입학식, professor, alumn*, students, vice-chancellor, chancellor, president, campus, ректор*, студенты, университет, делегаци*, rektor*, studierende, l'universite, etudiante*, rector*, estudiantes, reitor*, estudantes, l'ateneo, rettor*, studenci, rektor*, sinh vien, mahasiswa, studenten, رئيس, طلاب",
}
"""Two are enough, or one beside a list or an address that says the same."""

LISTS: Final[Mapping[Topic, str]] = {
    "notice": "通知公告, 通知, 公告, 公告通知, 通知通告, 教务通知, 学生通知, 最新公告, 校内通知, 公示公告, 重要通知, 公告栏, 最新消息公告, お知らせ（在学生）, お知らせ（在学生向け）, 在学生の方へ, 掲示板, 공지사항, 학사공지, 일반공지, notices, notice board, noticeboard, announcements, announcements for students, circulars, student notices, объявления, объявления для студентов, приказы, aushange, amtliche bekanntmachungen, bekanntmachungen, annonces, annonces aux etudiants, avis, avisos, comunicados, avvisi, ogłoszenia, komunikaty, duyurular, thong bao, pengumuman, оголошення, الاعلانات, الإعلانات, اطلاعیه ها, mededelingen",
    "event": "活动预告, 校园活动, 活动, 会议预告, イベント, 催し, 행사, 행사안내, events, event calendar, what's on, upcoming events, calendar of events, афиша, анонсы, события, мероприятия, veranstaltungen, termine, agenda, evenements, agenda cultural, eventos, eventi, wydarzenia, etkinlikler, su kien, kegiatan, події, الفعاليات, رویدادها, evenementen",
    "lecture": "学术讲座, 讲座预告, 学术报告, 讲座信息, 学术活动, 学术交流预告, 講演会, 公開講座, セミナー, 세미나, 특강, seminars, maths seminar, lectures, public lectures, colloquia, talks, webinars, семинары, лекторий, лекции, vortrage, kolloquien, ringvorlesungen, seminaires, conferences, soutenances, seminarios, conferencias, palestras, seminari, wykłady, seminarler, hoi thao, kuliah umum, المحاضرات, lezingen",
    "job": "人才招聘, 招聘信息, 招聘公告, 诚聘英才, 招贤纳士, 人才引进, 採用情報, 教員公募, 求人情報, 채용, 채용공고, 초빙공고, jobs, vacancies, careers, job openings, recruitment, work with us, вакансии, stellenangebote, stellenausschreibungen, offene stellen, offres d'emploi, recrutement, empleo, ofertas de empleo, bolsa de trabajo, concursos, oportunidades, lavora con noi, concorsi, praca, oferty pracy, is ilanları, tuyen dung, lowongan, вакансії, الوظائف, استخدام, vacatures",
    "tender": "招标采购, 采购公告, 招标公告, 中标公告, 采购信息, 招投标, 入札情報, 調達情報, 입찰공고, 입찰, tenders, tender notices, procurement, закупки, ausschreibungen, vergaben, marches publics, appels d'offres, licitaciones, licitacoes, gare e appalti, gare, bandi di gara, przetargi, zamowienia publiczne, ihaleler, đau thau, lelang, закупівлі, المناقصات, مناقصات, aanbestedingen",
    "admission": "招生信息, 招生动态, 招生公告, 本科招生, 研究生招生, 招生工作, 招生简章, 入試情報, 受験生の方へ, 입학안내, 입학공지, admissions, admission, apply, undergraduate admissions, поступление, абитуриентам, абитуриенту, приемная комиссия, bewerbung, zulassung, admission et inscription, candidater, admisiones, admision, ingreso, vestibular, ammissioni, rekrutacja, aday ogrenciler, tuyen sinh, penerimaan, penerimaan mahasiswa baru, вступ, القبول والتسجيل, پذیرش",
    "research": "科研动态, 科研进展, 研究进展, 科研成果, 科学研究, 学术科研, 研究成果, プレスリリース（研究）, 研究ニュース, 연구성과, 연구뉴스, research, research news, research highlights, science news, science, наука, новости науки, исследования, forschung, aus der forschung, forschungsnews, recherche, actualites de la recherche, ciencia, investigacion, pesquisa, ricerca, badania, nauka, arastırma, nghien cuu, riset, البحث العلمي, onderzoek",
    "news": "新闻, 要闻, 学校要闻, 新闻动态, 综合新闻, 校园新闻, 头条, 学院新闻, ニュース, 뉴스, 학교소식, news, latest news, press releases, newsroom, новости, aktuelles, nachrichten, pressemitteilungen, actualites, noticias, notizie, comunicati stampa, aktualnosci, haberler, tin tuc, berita, новини, الأخبار, اخبار, nieuws",
}
"""The name of a list as a whole; what stands behind a dash or a bar is the site's."""

PATHS: Final[Mapping[Topic, str]] = {
    "notice": "tzgg tzgg1 tzgg2 tztg gsgg tongzhigonggao tongzhi jwtz jwgg gonggao xxgg notice notices noticeboard announcement announcements circulars oshirase gongji obyavleniya objavleniya aushang avisos avis avvisi ogloszenia duyuru duyurular thong-bao pengumuman",
    "event": "hdyg hdyugao events event calendar whats-on whatson agenda afisha anons meropriyatiya veranstaltungen veranstaltung termine evenements eventos eventi wydarzenia etkinlik etkinlikler su-kien kegiatan",
    "lecture": "xsjz jzyg xsbg jzxx jiangzuo xueshubaogao seminar seminars lectures lecture colloquium colloquia talks lekcii seminary lectorium vortraege vortrag seminaires seminaire conferences soutenances palestras seminari webinars",
    "job": "rczp zpxx zpgg rencaizhaopin zhaopin job jobs vacancy careers career recruit recruitment employment vakansii vacancies stellen stellenangebote stellenausschreibungen emploi emplois recrutement empleo empleos concursos concorsi praca lowongan tuyen-dung saiyo",
    "tender": "zbcg zbxx cgxx cggg zbgg zhaobiao caigou tender tenders procurement zakupki ausschreibungen vergabe marches-publics licitaciones licitacoes bandi gare przetargi ihale ihaleler lelang nyusatsu",
    "admission": "zsxx zsgz zsjz zsdt zhaosheng zsw zkxx bkzs yjszs admission admissions apply applicants abitur abiturient abiturients postuplenie bewerbung zulassung admisiones admision ammissione rekrutacja tuyen-sinh penerimaan nyushi",
    "research": "kydt kyjz kycg yjjz keyan research-news research nauka science forschung recherche investigacion ciencia pesquisa ricerca badania",
    "news": "xwzx news xinwen yaowen xwdt zhxw novosti aktuelles pressemitteilungen actualites noticias notizie aktualnosci haberler berita tin-tuc",
}
"""Whole segments of an address's path."""
