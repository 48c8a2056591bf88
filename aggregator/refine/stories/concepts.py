"""What university news speaks of, in the words of ten languages: a compact lexicon whose rows mean the same in each.

Words are beginnings of words, without accents and case; those in Chinese, Japanese and Korean script are parts of a text (simplified forms; Japanese ones in the
same forms). How much a row weighs follows from how special it is: 1 what much news has, 2 what tells stories apart, 3 what names one kind of event.
"""

from __future__ import annotations

_ROWS = """
1 agreement соглашен договор abkommen vereinbarung accord convention acuerdo convenio acordo accordo 协议 协定 합의 협정 契约 協定 договорил уговор
1 memorandum mou меморандум 备忘录 覚書 양해각서 memoria absichtserklarung
1 sign подпис unterzeich unterschr signe firma assina 签署 签订 签约 调印 署名 체결 서명
1 delegation делегац delegacion delegacao delegazione comitiva 代表团 访问团 代表団 訪問団 방문단 대표단
1 visit визит посет besuch visite visita 访问 来访 到访 参观 训问 訪 방문
1 cooperat сотрудничеств zusammenarbeit kooperation cooperac cooperaz collabora partnerschaft partnership partenariat colabora 合作 提携 连携 協力 협력 교류협력
1 exchang обмен austausch echange intercambi scambi 交流 교류
1 president президент prasident presiden rector ректор rektor recteur reitor rettore 校长 总长 学长 총장 университетот chancellor
1 minister министр ministr ministre 部长 大臣 장관
1 research исследован forsch recherche investiga pesquis ricerc 研究 연구
1 laboratory лаборатор labor 实验室 研究室 실험실
1 institut институт 学院 研究所 연구소 학원
1 professor профессор profesor 教授 교수
1 student студент studier etudiant estudiant estudant studenti 学生 학생
1 university университет universit universidad 大学 대학
1 campus кампус 校区 校园 キャンパス 캠퍼스
1 conference конференц konferenz conferenc 会议 大会 学会 회의
1 forum форум 论坛 フォーラム 포럼
1 press пресс 记者 会见 기자
2 award наград auszeichn recompens galardon 颁奖 获奖 授与 수상 표창
2 prize преми preis prix premi 奖 赏 상금
3 nobel нобел 诺贝尔 ノーベル 노벨
3 laureat лауреат preistrager winner носител 得主 获奖者 受赏者 수상자
2 physic физик physik fisic fizik 物理
2 chemi хими chimi quimic kemi 化学 화학
2 medicin медицин medizin 医学 의학
2 mathemat математик matemati 数学 수학
2 biolog биолог 生物 생물
2 econom эконом okonom wirtschaft 经济 경제
2 literatur литератур 文学 문학
2 histor истори geschicht 历史 역사
2 engineer инженер ingenieur ingenier engenhar 工程 工学 공학
2 computer компьютер ordinateur informati 计算机 コンピュ 컴퓨터
2 robot робот 机器人 ロボット 로봇
2 artificial искусствен kunstliche 人工智能 人工知能 인공지능
2 laser лазер 激光 レーザー 레이저
2 quantum квант quant 量子 양자
2 electron электрон elektron электрони електрон 电子 전자
2 metal металл metall 金属 금속
2 hydrogen водород wasserstoff hydrogen 氢 水素 수소
2 carbon углерод углекисл kohlenstoff carbone 碳 炭素 탄소
2 climat климат klima clima 气候 기후
2 energ энерг 能源 エネルギー 에너지
2 space космос космич raumfahrt espace espacio spazio aerospace 航天 航空 宇宙 우주
2 satellit спутник 卫星 衛星 위성
2 batter батаре akku 电池 배터리
2 vaccin вакцин impf 疫苗 ワクチン 백신
2 cancer рак krebs cancer 癌 がん 암
2 virus вирус 病毒 ウイルス 바이러스 covid corona
2 earthquak землетряс erdbeben seism terremot 地震 지진
2 museum музей musee museo museu 博物馆 展览 博物館 박물관
2 exhibit экспозиц выставк ausstell exposi mostra 展 전시
2 anniversar юбиле лети jubilaum anniversair aniversari anniversari 周年 校庆 주년
2 centenar столети hundertjahr centenari 百年 百周年 백주년
2 ceremony церемон zeremonie ceremoni cerimoni 仪式 典礼 式典 授赏式 의식
2 inaugurat инаугур открыт eroffn inaugur 揭牌 落成 开馆 启用 開所 開設 개소 개관
2 graduat выпускник absolvent diplome graduad laure 毕业 卒业 졸업
2 admission приём поступлен zulass admission matricul 招生 入学 입학
2 scholarship стипенд stipend bourse beca bolsa borse 奖学金 장학금
2 doctor доктор аспирант doktor doctora dottor 博士 박사
2 master магистр magister 硕士 修士 석사
2 bachelor бакалавр 本科 学士 학사
2 competit конкурс соревнован wettbewerb concours concurso concorso 竞赛 大赛 比赛 大会 대회
2 champion чемпион meister campeon campea campion 冠军 优胜 우승
2 medal медал medaille 金牌 银牌 奖牌 メダル 메달
2 olympi олимпи 奥运 オリンピック 올림픽
2 election выбор wahl election eleicao elezion 选举 選挙 선거
2 appoint назнач ernannt berufen nomme nombra nomea nomin 任命 就任 임명
2 fund финанс грант forderung fonds fondos 基金 资助 助成 기금 지원금
2 million миллион 百万 백만
2 ranking рейтинг rangliste classement clasificacion 排名 排行榜 榜单 ランキング 순위
2 startup стартап 创业 スタートアップ 창업
2 innovation инновац innovac 创新 イノベーション 혁신
2 joint совместн gemeinsam conjoint conjunt congiunt 联合 共建 共同 합동
2 design дизайн diseno 设计 デザイン 디자인
2 school школ schule ecole escuela escola scuola 학교
2 rural деревн landlich 农村 乡村 농촌
2 agricultur сельскохоз landwirt agricol 农业 농업
2 environment окружающ эколог umwelt environnement medio ambiente ambient 环境 환경
2 architect архитект architekt 建筑 건축
2 law юридическ право recht droit derecho direito 法学 法律 법학
2 teacher преподавател учител lehrer enseignant docent profesorado 教师 师生 교사 교원
2 lecture лекци vorles conferencia palestra 讲座 报告会 讲坛 演讲 講演 강연
2 speech выступ речь rede discours discurso 致辞 发言 挨拶 연설
2 seminar семинар workshop 研讨 研修 座谈 간담회 ワークショップ 세미나
2 confucius конфуци konfuzius 孔子 공자
2 language язык sprache langue lengua lingua 语言 中文 日本語 언어
2 expo экспо 博览会 万博 엑스포
2 embassy посольств посол botschaft ambassad embaja embaix ambascia 大使 대사
2 consul консул konsul cónsul 领事 영사
2 protest протест protesta 抗议 抗議 시위
2 strike забастов streik greve huelga sciopero 罢工 罷工 파업
2 fire пожар brand incendi 火灾 화재
2 death умер сконча verstorben gestorben deces falleci morre morto 逝世 去世 死去 별세
2 alumn выпускник ehemalig 校友 同窓 동문
2 donat пожертвован spende donat doacao 捐赠 寄付 기부
2 patent патент 专利 特許 특허
2 hospital больниц клиник krankenhaus klinik hopital 医院 病院 병원
2 library библиотек bibliothe bibliotec 图书馆 도서관
2 sport спорт 体育 スポーツ 체육
2 accelerat ускорит beschleunig 加速器 가속기
2 telescop телескоп teleskop 望远镜 망원경
2 genom геном genet генет 基因 遗传 ゲノム 유전
2 semiconduc полупровод halbleiter 半导体 반도체
2 chip микросхем 芯片 チップ 칩
2 digital цифров 数字 デジタル 디지털
2 security безопасност sicherheit securite seguridad seguranca sicurezza 安全 보안
2 flower цвет blumen fleurs 花 꽃
2 port порт hafen 港口
"""
"""A line: weight, then words that mean one thing."""


def _lexicon() -> tuple[dict[str, int], tuple[int, ...]]:
    words: dict[str, int] = {}
    weights: list[int] = []
    for row in _ROWS.split("\n"):
        if row:
            weight, *forms = row.split()
            words |= {form: len(weights) for form in forms if form not in words}
            weights.append(int(weight))
    return words, tuple(weights)


WORDS, WEIGHTS = _lexicon()
"""Word → number of its row; weights by that number."""

INSTITUTION = frozenset(
    "university universities universitat universite universita universitet universidad universidade universitaria institute institut instituto istituto "
    "academy academia akademie academie college school ecole escuela escola scuola politecnico polytechnic politecnica polytechnique hochschule "
    "университет университета университете университетом университету институт института институте академия академии вуз вуза политехнического "
    "политехническом политехнический technische technical technology technologie politehnic univerzitet universiteta".split()
)
"""Beside these, a name belongs to an institution, and a hundred stories name it."""

PLACES = """
beijing peking pekin pechino pequim пекин 北京 베이징
shanghai шанхай xangai 上海 상하이
moscow moskau moscou moscu mosca москва москв 莫斯科 モスクワ 모스크바
tokyo tokio токио 东京 도쿄
kyoto kioto киото 京都 교토
osaka осака 大阪 오사카
seoul сеул seul 首尔 ソウル 서울
petersburg петербург 圣彼得堡 ペテルブルク
london londres londra лондон 伦敦 ロンドン 런던
paris parigi париж 巴黎 パリ 파리
munich munchen monaco мюнхен 慕尼黑 ミュンヘン 뮌헨
berlin берлин 柏林 ベルリン 베를린
vienna wien vienne viena вена 维也纳 ウィーン
milan milano mailand милан 米兰 ミラノ 밀라노
rome roma rom рим 罗马 ローマ 로마
stockholm estocolmo стокгольм 斯德哥尔摩 ストックホルム
geneva genf geneve ginebra женева 日内瓦 ジュネーブ
shenzhen шэньчжэнь 深圳
xian сиань 西安
nanjing нанкин 南京
wuhan ухань 武汉
hongkong гонконг 香港 홍콩
taiwan тайвань 台湾 타이완
harbin харбин 哈尔滨 ハルビン 하얼빈
china kina chine cina китай кина 中国 중국 chinese chinesisch chinois китайск chino chines cinese
russia russland russie rusia росси русия 俄罗斯 俄 ロシア 러시아 russisch russian russe ruso российск русск
japan japon giappone япони 日本 일본 japanese японск
korea coree corea коре 韩国 한국 korean
america amerika сша 美国 米国 미국 usa американ american estados
germany deutschland allemagne alemania alemanha germania германи 德国 ドイツ 독일 deutsche german немецк
france frankreich francia franca франци 法国 フランス 프랑스 french francais franzos французск
britain grossbritannien royaume reino британи 英国 영국 british
italy italien italia italie итали 意大利 イタリア 이탈리아
spain spanien espagne espana испани 西班牙 スペイン
sweden schweden suede suecia svezia швеци 瑞典 スウェーデン 스웨덴 шведск swedish
switzerland schweiz suisse suiza svizzera швейцари 瑞士 スイス 스위스
australia australien australie австрали 澳大利亚 澳洲 オーストラリア 호주
austria osterreich autriche австри 奥地利
hungary ungarn hongrie венгри 匈牙利 ハンガリー
jordan jordanien иордан 约旦 ヨルダン
canada kanada канад 加拿大 カナダ 캐나다
india indien inde инди 印度 インド 인도
brazil brasil brasilien bresil бразили 巴西 ブラジル
ukraine украин 乌克兰 ウクライナ
kazakhstan казахстан 哈萨克斯坦
belarus беларус белорус 白俄罗斯
turkey turkei turquie турци 土耳其 トルコ
israel израил 以色列 イスラエル
iran иран 伊朗 イラン
vietnam вьетнам 越南 ベトナム
singapore singapur сингапур 新加坡 シンガポール
europe europa европ 欧洲 ヨーロッパ 유럽
africa afrika африк 非洲 アフリカ
""".strip().split("\n")
"""A line: one place or country as ten languages call it, where the sound alone does not tell."""

PERSONS = """
putin путин 普京 プーチン 푸틴
xijinping цзиньпин 习近平 시진핑
biden байден 拜登 バイデン 바이든
trump трамп 特朗普 川普 トランプ 트럼프
macron макрон 马克龙 マクロン 마크롱
modi моди 莫迪 モディ
erdogan эрдоган 埃尔多安
zelensk зеленск 泽连斯基 ゼレンスキー
lukashenk лукашенк 卢卡申科
tokaev tokayev токаев 托卡耶夫
gutenberg гутенберг 古腾堡
einstein эйнштейн 爱因斯坦 アインシュタイン
curie кюри 居里 キュリー
""".strip().split("\n")
"""A line: somebody of whom much is told, under names that do not follow from each other's sound."""


def _numbered(lines: list[str], first: int) -> dict[str, int]:
    return {form: first + place for place, line in enumerate(lines) for form in line.split()}


NAMED = _numbered(PLACES, 0)
KNOWN = _numbered(PERSONS, 10_000)
LONGEST_CJK = 5
"""Characters of the longest form in a script without spaces."""
