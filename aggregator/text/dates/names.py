"""The words of dates, as data: one row a language. A new language is a row in MONTHS, in WEEKDAYS and in the word lists that follow.

Rows are written as people write them; ``lexicon`` folds case and accents. In MONTHS a comma separates months, a space the forms of one month, and
``_`` stands for a space inside a form. Abbreviations of three and four letters are derived from words of five letters and more; list only the others.
"""

from __future__ import annotations

MONTHS: dict[str, str] = {
    # Where two languages give one word to two months (listopad), the language of the text decides, and without one the row that stands first.
    "en": "january jan, february feb, march mar, april apr, may, june jun, july jul, august aug, september sept sep, october oct, november nov, december dec",
    "de": "januar jänner jan, februar feber feb, märz mär mrz, april apr, mai, juni jun, juli jul, august aug, september sept sep, oktober okt, november nov, dezember dez",
    "fr": "janvier janv, février févr fév fevr, mars mar, avril avr, mai, juin, juillet juil, août, septembre sept, octobre oct, novembre nov, décembre déc",
    "es": "enero ene, febrero feb, marzo mar, abril abr, mayo may, junio jun, julio jul, agosto ago, septiembre setiembre sept sep set, octubre oct, noviembre nov, diciembre dic",
    "pt": "janeiro jan, fevereiro fev, março mar, abril abr, maio mai, junho jun, julho jul, agosto ago, setembro set, outubro out, novembro nov, dezembro dez",
    "it": "gennaio gen genn, febbraio feb febbr, marzo mar, aprile apr, maggio mag magg, giugno giu, luglio lug, agosto ago, settembre set sett, ottobre ott, novembre nov, dicembre dic",
    "ru": "января январь янв, февраля февраль февр фев, марта март мар, апреля апрель апр, мая май, июня июнь июн, июля июль июл, августа август авг, сентября сентябрь сент сен, октября октябрь окт, ноября ноябрь нояб ноя, декабря декабрь дек",
    "nl": "januari jan, februari feb, maart mrt, april apr, mei, juni jun, juli jul, augustus aug, september sept sep, oktober okt, november nov, december dec",
    "pl": "stycznia styczeń sty, lutego luty lut, marca marzec mar, kwietnia kwiecień kwi, maja maj, czerwca czerwiec cze, lipca lipiec lip, sierpnia sierpień sie, września wrzesień wrz, października październik paź, listopada listopad lis, grudnia grudzień gru",
    "uk": "січня січень січ, лютого лютий лют, березня березень бер, квітня квітень кві, травня травень тра, червня червень чер, липня липень лип, серпня серпень сер, вересня вересень вер, жовтня жовтень жов, листопада листопад лис, грудня грудень гру",
    "be": "студзеня студзень, лютага люты, сакавіка сакавік, красавіка красавік, траўня травень мая, чэрвеня чэрвень, ліпеня ліпень, жніўня жнівень, верасня верасень, кастрычніка кастрычнік, лістапада лістапад, снежня снежань",
    "tr": "ocak oca, şubat şub, mart mar, nisan nis, mayıs may, haziran haz, temmuz tem, ağustos ağu, eylül eyl, ekim eki, kasım kas, aralık ara",
    "cs": "ledna leden led, února únor úno, března březen bře, dubna duben dub, května květen kvě, června červen čvn, července červenec čvc, srpna srpen srp, září zář, října říjen říj, listopadu listopad lis, prosince prosinec pro",
    "sk": "januára január jan, februára február feb, marca marec mar, apríla apríl apr, mája máj, júna jún, júla júl, augusta august aug, septembra september sep, októbra október okt, novembra november nov, decembra december dec",
    "ro": "ianuarie ian, februarie feb, martie mar, aprilie apr, mai, iunie iun, iulie iul, august aug, septembrie sept sep, octombrie oct, noiembrie nov noi, decembrie dec",
    "ca": "gener gen, febrer febr, març, abril abr, maig mai, juny jun, juliol jul, agost ago ag, setembre set, octubre oct, novembre nov, desembre des",
    "hu": "január jan, február feb febr, március márc már, április ápr, május máj, június jún, július júl, augusztus aug, szeptember szept, október okt, november nov, december dec",
    "el": "ιανουαρίου ιανουάριος ιαν, φεβρουαρίου φεβρουάριος φεβ, μαρτίου μάρτιος μαρ, απριλίου απρίλιος απρ, μαΐου μάιος μαι, ιουνίου ιούνιος ιουν, ιουλίου ιούλιος ιουλ, αυγούστου αύγουστος αυγ, σεπτεμβρίου σεπτέμβριος σεπτ σεπ, οκτωβρίου οκτώβριος οκτ, νοεμβρίου νοέμβριος νοε, δεκεμβρίου δεκέμβριος δεκ",
    "ar": "يناير كانون_الثاني جانفي, فبراير شباط فيفري, مارس آذار, أبريل إبريل نيسان أفريل, مايو أيار ماي, يونيو يونيه حزيران جوان, يوليو يوليه تموز جويلية, أغسطس آب أوت غشت, سبتمبر أيلول شتنبر, أكتوبر تشرين_الأول, نوفمبر تشرين_الثاني نونبر, ديسمبر كانون_الأول دجنبر",
    "fa": "ژانویه, فوریه, مارس, آوریل, مه می, ژوئن, ژوئیه جولای, اوت آگوست, سپتامبر, اکتبر, نوامبر, دسامبر",
    "he": "ינואר בינואר ינו, פברואר בפברואר פבר, מרץ במרץ מרס במרס, אפריל באפריל אפר, מאי במאי, יוני ביוני, יולי ביולי, אוגוסט באוגוסט אוג, ספטמבר בספטמבר ספט, אוקטובר באוקטובר אוק, נובמבר בנובמבר נוב, דצמבר בדצמבר דצמ",
    "hi": "जनवरी जन, फरवरी फ़रवरी फर, मार्च, अप्रैल, मई, जून, जुलाई, अगस्त, सितंबर सितम्बर, अक्टूबर अक्तूबर, नवंबर नवम्बर, दिसंबर दिसम्बर",
    "bn": "জানুয়ারি জানুয়ারি, ফেব্রুয়ারি ফেব্রুয়ারি, মার্চ, এপ্রিল, মে, জুন, জুলাই, আগস্ট, সেপ্টেম্বর, অক্টোবর, নভেম্বর, ডিসেম্বর",
    "th": "มกราคม ม.ค, กุมภาพันธ์ ก.พ, มีนาคม มี.ค, เมษายน เม.ย, พฤษภาคม พ.ค, มิถุนายน มิ.ย, กรกฎาคม ก.ค, สิงหาคม ส.ค, กันยายน ก.ย, ตุลาคม ต.ค, พฤศจิกายน พ.ย, ธันวาคม ธ.ค",
    "vi": "tháng_một, tháng_hai, tháng_ba, tháng_tư, tháng_năm, tháng_sáu, tháng_bảy, tháng_tám, tháng_chín, tháng_mười, tháng_mười_một, tháng_mười_hai",
    "id": "januari jan, februari feb peb pebruari, maret mar, april apr, mei, juni jun, juli jul, agustus agu agt, september sep, oktober okt, november nov nopember, desember des",
    "ms": "januari, februari, mac, april, mei, jun, julai, ogos ogo, september, oktober, november, disember dis",
    "sv": "januari jan, februari feb, mars, april apr, maj, juni jun, juli jul, augusti aug, september sept sep, oktober okt, november nov, december dec",
    "da": "januar jan, februar feb, marts, april apr, maj, juni jun, juli jul, august aug, september sep, oktober okt, november nov, december dec",
    "nb": "januar jan, februar feb, mars, april apr, mai, juni jun, juli jul, august aug, september sep, oktober okt, november nov, desember des",
    "fi": "tammikuuta tammikuun tammikuu tammi, helmikuuta helmikuun helmikuu helmi, maaliskuuta maaliskuun maaliskuu maalis, huhtikuuta huhtikuun huhtikuu huhti, toukokuuta toukokuun toukokuu touko, kesäkuuta kesäkuun kesäkuu kesä, heinäkuuta heinäkuun heinäkuu heinä, elokuuta elokuun elokuu elo, syyskuuta syyskuun syyskuu syys, lokakuuta lokakuun lokakuu loka, marraskuuta marraskuun marraskuu marras, joulukuuta joulukuun joulukuu joulu",
    "is": "janúar jan, febrúar feb, mars, apríl, maí, júní, júlí, ágúst ágú, september, október, nóvember, desember des",
    "et": "jaanuar, veebruar, märts, aprill, mai, juuni, juuli, august, september, oktoober, november, detsember",
    "lv": "janvāris janvārī, februāris februārī, marts martā, aprīlis aprīlī, maijs maijā, jūnijs jūnijā, jūlijs jūlijā, augusts augustā, septembris septembrī, oktobris oktobrī, novembris novembrī, decembris decembrī",
    "lt": "sausio sausis, vasario vasaris, kovo kovas, balandžio balandis, gegužės gegužė, birželio birželis, liepos liepa, rugpjūčio rugpjūtis rgp, rugsėjo rugsėjis rgs, spalio spalis, lapkričio lapkritis, gruodžio gruodis",
    "sl": "januarja januar, februarja februar, marca marec, aprila april, maja maj, junija junij, julija julij, avgusta avgust, septembra september, oktobra oktober, novembra november, decembra december",
    "hr": "siječnja siječanj, veljače veljača, ožujka ožujak, travnja travanj, svibnja svibanj, lipnja lipanj lip, srpnja srpanj srp, kolovoza kolovoz, rujna rujan, listopada listopad lis, studenoga studenog studeni, prosinca prosinac pro",
    "sr": "januara januar, februara februar, marta mart, aprila april, maja maj, juna jun, jula jul, avgusta avgust, septembra septembar, oktobra oktobar, novembra novembar, decembra decembar",
    "sr-Cyrl": "јануара јануар, фебруара фебруар, марта март, априла април, маја мај, јуна јун, јула јул, августа август, септембра септембар, октобра октобар, новембра новембар, децембра децембар",
    "mk": "јануари, февруари, март, април, мај, јуни, јули, август, септември, октомври, ноември, декември",
    "bg": "януари ян, февруари, март, април, май, юни, юли, август, септември, октомври, ноември, декември",
    "sq": "janar, shkurt, mars, prill, maj, qershor, korrik, gusht, shtator, tetor, nëntor, dhjetor",
    "eu": "urtarrila urtarrilak urtarrilaren, otsaila otsailak otsailaren, martxoa martxoak martxoaren, apirila apirilak apirilaren, maiatza maiatzak maiatzaren, ekaina ekainak ekainaren, uztaila uztailak uztailaren, abuztua abuztuak abuztuaren, iraila irailak irailaren, urria urriak urriaren, azaroa azaroak azaroaren, abendua abenduak abenduaren",
    "gl": "xaneiro, febreiro, marzo, abril, maio, xuño, xullo, agosto, setembro, outubro, novembro, decembro",
    "cy": "ionawr, chwefror, mawrth, ebrill, mai, mehefin, gorffennaf, awst, medi, hydref, tachwedd, rhagfyr",
    "kk": "қаңтар, ақпан, наурыз, сәуір, мамыр, маусым, шілде, тамыз, қыркүйек, қазан, қараша, желтоқсан",
    "az": "yanvar, fevral, mart, aprel, may, iyun, iyul, avqust, sentyabr, oktyabr, noyabr, dekabr",
    "uz": "yanvar, fevral, mart, aprel, may, iyun, iyul, avgust, sentabr sentyabr, oktabr oktyabr, noyabr, dekabr",
    "ka": "იანვარი იანვარს იან, თებერვალი თებერვალს თებ, მარტი მარტს, აპრილი აპრილს აპრ, მაისი მაისს, ივნისი ივნისს ივნ, ივლისი ივლისს ივლ, აგვისტო აგვისტოს აგვ, სექტემბერი სექტემბერს სექ, ოქტომბერი ოქტომბერს ოქტ, ნოემბერი ნოემბერს ნოე, დეკემბერი დეკემბერს დეკ",
    "hy": "հունվարի հունվար, փետրվարի փետրվար, մարտի մարտ, ապրիլի ապրիլ, մայիսի մայիս, հունիսի հունիս, հուլիսի հուլիս, օգոստոսի օգոստոս, սեպտեմբերի սեպտեմբեր, հոկտեմբերի հոկտեմբեր, նոյեմբերի նոյեմբեր, դեկտեմբերի դեկտեմբեր",
}

SHY_ABBREVIATIONS = frozenset("be cs sk hu fi is et lv lt sl hr sr sq eu gl cy kk az uz vi ms".split())
"""Languages whose derived abbreviations count only where the text is known to be theirs: Czech "pro" (December) would make dates of "15 Pro 2024"."""

JALALI_MONTHS = "فروردین, اردیبهشت, خرداد, تیر, مرداد امرداد, شهریور, مهر, آبان, آذر, دی, بهمن, اسفند"

HIJRI_MONTHS = (
    "محرم المحرم, صفر, ربيع_الأول, ربيع_الآخر ربيع_الثاني, جمادى_الأولى جمادى_الأول, جمادى_الآخرة جمادى_الثانية جمادى_الثاني, "
    "رجب, شعبان, رمضان, شوال, ذو_القعدة ذي_القعدة, ذو_الحجة ذي_الحجة"
)

WEEKDAYS = """
monday tuesday wednesday thursday friday saturday sunday mon tue tues wed weds thu thur thurs fri sat sun
montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag mo di mi do fr sa so
lundi mardi mercredi jeudi vendredi samedi dimanche lun mar mer jeu ven sam dim
lunes martes miércoles jueves viernes sábado domingo mié jue vie sáb dom
segunda_feira terça_feira quarta_feira quinta_feira sexta_feira segunda-feira terça-feira quarta-feira quinta-feira sexta-feira segunda terça quarta quinta sexta seg ter qua qui sex
lunedì martedì mercoledì giovedì venerdì sabato domenica gio sab
dilluns dimarts dimecres dijous divendres dissabte diumenge
luni marți miercuri joi vineri sâmbătă duminică
maandag dinsdag woensdag donderdag vrijdag zaterdag zondag ma wo vr za zo
poniedziałek wtorek środa czwartek piątek sobota niedziela pon śr czw pt sob ndz niedz
pondělí úterý středa čtvrtek pátek neděle po út st čt pá ne
pondelok utorok streda štvrtok piatok nedeľa
hétfő kedd szerda csütörtök péntek szombat vasárnap
pazartesi salı çarşamba perşembe cuma cumartesi pazar pzt çar per cmt paz
понедельник вторник среда среду четверг пятница пятницу суббота субботу воскресенье пн вт ср чт пт сб вс
понеділок вівторок середа середу четвер п'ятниця пʼятниця пятниця п’ятниця субота суботу неділя неділю нд
панядзелак аўторак серада чацвер пятніца субота нядзеля
понеделник вторник сряда четвъртък петък събота неделя
понедељак уторак среда четвртак петак субота недеља ponedeljak ponedjeljak utorak sreda srijeda četvrtak petak subota nedelja nedjelja
понеделник вторник среда четврток петок сабота недела
ponedeljek torek četrtek petek nedelja
δευτέρα τρίτη τετάρτη πέμπτη παρασκευή σάββατο κυριακή δευ τρι τετ πεμ παρ σαβ κυρ
الاثنين الإثنين الثلاثاء الأربعاء الخميس الجمعة السبت الأحد
دوشنبه سه_شنبه سه‌شنبه چهارشنبه چهار_شنبه پنجشنبه پنج_شنبه پنج‌شنبه سهشنبه جمعه شنبه یکشنبه یک_شنبه یک‌شنبه
יום_ראשון יום_שני יום_שלישי יום_רביעי יום_חמישי יום_שישי שבת ראשון שני שלישי רביעי חמישי שישי יום
सोमवार मंगलवार बुधवार गुरुवार बृहस्पतिवार शुक्रवार शनिवार रविवार
จันทร์ อังคาร พุธ พฤหัสบดี พฤหัส ศุกร์ เสาร์ อาทิตย์ วันจันทร์ วันอังคาร วันพุธ วันพฤหัสบดี วันพฤหัส วันศุกร์ วันเสาร์ วันอาทิตย์ จ อ พ พฤ ศ ส อา
thứ_hai thứ_ba thứ_tư thứ_năm thứ_sáu thứ_bảy chủ_nhật
senin selasa rabu kamis jumat jum'at sabtu minggu isnin khamis jumaat ahad
måndag tisdag onsdag torsdag fredag lördag söndag mån tis ons tors tor fre lör sön
mandag tirsdag lørdag søndag man tir lør søn
maanantai maanantaina tiistai tiistaina keskiviikko keskiviikkona torstai torstaina perjantai perjantaina lauantai lauantaina sunnuntai sunnuntaina ti ke pe la su
mánudagur þriðjudagur miðvikudagur fimmtudagur föstudagur laugardagur sunnudagur
esmaspäev teisipäev kolmapäev neljapäev reede laupäev pühapäev
pirmdiena otrdiena trešdiena ceturtdiena piektdiena sestdiena svētdiena
pirmadienis antradienis trečiadienis ketvirtadienis penktadienis šeštadienis sekmadienis
e_hënë e_martë e_mërkurë e_enjte e_premte e_shtunë e_diel
дүйсенбі сейсенбі сәрсенбі бейсенбі жұма сенбі жексенбі
"""

FILLERS = """
of the on at a an dated this day
der den am dem vom um von
le la les du de des à ce
el los las del al dia día
il lo dell dello della dal alle ore
o os as às do da no em dia
d l
em
в во от о на с со
у і від о об
w z dnia dn
v ve dne dňa ze
na od dana u
la din de pe anul
op het te om
på den kl
klo
az
στις την η ο το του της
في يوم بتاريخ الموافق من ال
در روز مورخ تاریخ
ב ה ל של
को के दिनांक बजे
ณ ที่ วันที่ เดือน วัน เมื่อวันที่
ngày
pada tanggal tgl hari
nap
"""

YEAR_SUFFIXES = "г гг год года году р рік року рр г. r roku rok god godine година године години гадом gada g m metų god. év évi năm a sh ce ad н.э م ه هـ anul yılı yil il g. жыл жылы ko"
"""What follows a year or a day number in some languages: "28 сентября 2024 г.", "2024 m. rugsėjo 28 d."."""

DAY_SUFFIXES = "st nd rd th er ère ª º ° er. го ое е й ма η ης ος d dieną an aj'a a. -го"

CLOCK_WORDS = "kl klo klokken klockan g godz godzina hod hodin ore ora ώρα เวลา jam pukul pkl lúc saat الساعة ساعت בשעה pokl sat"

HOUR_WORDS = "uhr h hs hrs hours heures heure ч час часов น นาฬิกา giờ uur hours. hod hodin ώρα"

MORNING = "am a.m a.m. de_la_mañana ä.m πμ π.μ π.μ. ص صباحا öö sáng ق.ظ SA पूर्वाह्न du_matin de_la_mañana"

EVENING = "pm p.m p.m. μμ μ.μ μ.μ. م مساء ظهرا ös chiều ب.ظ CH अपराह्न du_soir de_la_tarde de_la_noche tối"

LABELS = """
date dated posted published publish publication released updated update last modified created added issued on-line online time written submitted edited entry
datum veröffentlicht veröffentlichung veröffentlichungsdatum aktualisiert aktualisierung erstellt stand letzte änderung erscheinungsdatum publiziert geändert
publié publiée publie parution mis mise jour modifié dernière modification créé paru
fecha publicado publicada publicación actualizado actualizada actualización última última creado
data publicado publicada publicação atualizado atualizada atualização criado
pubblicato pubblicata pubblicazione aggiornato aggiornata aggiornamento ultimo ultima modifica creato inserito
publicat publicată publicării publicare actualitzat actualització actualizat postat adăugat data
дата публикации опубликовано опубликован опубликована добавлено размещено обновлено обновлен обновлена изменено создано время публикация размещения создания обновления
опубліковано публікації оновлено додано створено дата опублікована апублікавана абноўлена
publikováno zveřejněno aktualizováno vloženo vydáno datum aktualizace zverejnené publikované uverejnené aktualizované pridané
opublikowano opublikowane opublikowany data publikacji dodano utworzono aktualizacja zaktualizowano aktualizacji ostatnia wpisu
közzétéve megjelent frissítve dátum módosítva közzététel utolsó dátuma
yayın tarihi tarih yayınlanma yayınlandı güncelleme güncellendi güncellenme eklenme son oluşturulma yayımlanma
gepubliceerd geplaatst bijgewerkt laatst gewijzigd publicatiedatum datum
publicerad publicerat uppdaterad senast ändrad skapad publiceringsdatum
udgivet offentliggjort opdateret senest oprettet publisert oppdatert sist endret lagt
julkaistu päivitetty viimeksi muokattu julkaisupäivä birt uppfært avaldatud uuendatud publicēts atjaunots paskelbta atnaujinta
objavljeno objavljen ažurirano datum objave datum datumi posodobljeno datumobjave објављено ажурирано датум објаве објавено ажурирано публикувано публикувана обновено обновена botuar përditësuar
ημερομηνία δημοσίευσης δημοσιεύτηκε δημοσιεύθηκε αναρτήθηκε ενημερώθηκε τελευταία ενημέρωση ανάρτησης
تاريخ النشر نشر نُشر نشرت آخر تحديث تم التحديث تاریخ انتشار منتشر شده بروزرسانی آخرین تاريخ_النشر زمان
תאריך פורסם עודכן פרסום עדכון
दिनांक प्रकाशित तिथि प्रकाशन अपडेट अद्यतन
วันที่เผยแพร่ เผยแพร่เมื่อ เผยแพร่ ประกาศเมื่อ ประกาศ อัปเดต ปรับปรุง ล่าสุด โพสต์เมื่อ เมื่อ วันที่ประกาศ ลงวันที่ วันที่โพสต์ วันที่ลงข่าว
đăng cập nhật đăng_lúc ngày_đăng đăng_ngày cập_nhật xuất bản đã lần cuối
diterbitkan dipublikasikan terbit diperbarui terakhir diposting tarikh dikemaskini diposkan dibuat
argitaratua жарияланды yayımlanıb
"""

CATEGORIES = """
news release press announcement announcements notice notices event events blog story article
pressemitteilung meldung beitrag nachricht nachrichten actualité actualités noticia noticias notícia notícias notizie avviso avvisi
новости новость новини объявления aktualności aktuality haber duyuru nyhet nyheter nyhed uutinen berita tin_tức
"""
"""What kind of text it is: may stand before a date, but belongs to the text and not to the date."""

DEADLINES = """
deadline until through due expires closing closes ends by
anmeldeschluss frist bewerbungsfrist bis_zum
срок до дедлайн
plazo prazo scadenza termin
registered registriert joined beigetreten inscrit registrado registrato geregistreerd зарегистрирован регистрация member_since mitglied_seit membre_depuis miembro_desde
截止 截至 截止日期 截止时间 截止時間 締切 締め切り 마감 마감일
"""
"""Words right before a date that make it something else than the day of publication, such as that on which the writer joined a forum: ``find_date`` goes past it."""

RANGE_WORDS = "to till until bis au al hasta até до по do až tot til till đến ถึง إلى تا"

DAYS_AGO = {
    0: "today heute aujourd'hui aujourd’hui aujourdhui hoy hoje oggi сегодня vandaag dzisiaj dziś сьогодні сёння bugün dnes azi astăzi avui σήμερα اليوم امروز היום आज วันนี้ hôm_nay hari_ini idag i_dag tänään í_dag täna šodien šiandien danes danas данас денес днес sot 今天 今日 本日 오늘",
    1: "yesterday gestern hier ayer ontem ieri вчера gisteren wczoraj вчора учора dün včera ahir tegnap χθες χτες أمس البارحة دیروز אתמול เมื่อวาน เมื่อวานนี้ hôm_qua kemarin semalam igår i_går eilen í_gær eile vakar včeraj jučer juče јуче вчера dje 昨天 昨日 어제",
    2: "vorgestern avant-hier anteayer anteontem позавчера eergisteren przedwczoraj позавчора 前天 おととい 그저께 그제",
}

JUST_NOW = "just_now gerade_eben à_l'instant только_что ahora_mismo agora_mesmo щойно 刚刚 剛剛 刚才 たった今 방금 방금전"

AGO = """
ago
vor
il_y_a
hace
há atrás
fa
acum
назад тому
geleden
temu
önce
před pred pre prije пред пре преди przed
ezelőtt napja órája perce hete hónapja éve
πριν πριν_από
منذ قبل
پیش قبل
לפני
पहले
ที่แล้ว ที่ผ่านมา
trước
lalu yang_lalu
sedan siden för
sitten
síðan
tagasi
pirms
prieš
前 之前 以前 전
"""

UNITS = {
    "second": "second seconds sec secs sekunde sekunden seconde secondes segundo segundos secondo secondi secunde секунд секунды секунду сек seconden sekundy sekund sekundę saniye sekund sekunder sekuntia δευτερόλεπτα δευτερόλεπτο ثانية ثوان ثانیه שניות วินาที giây detik sekundi 秒 秒钟 秒鐘 초",
    "minute": "perce minutit minute minutes min mins minuten minuto minutos minuti minuts minut minuty minutę минут минуты минуту мин минута хвилин хвилини хвилину хв minuta dakika perc minuter minutter minuuttia minuutti λεπτά λεπτό דקות دقيقة دقائق دقیقه मिनट นาที phút menit minit minuta 分钟 分鐘 分 분",
    "hour": "tundi hour hours hr hrs std stunde stunden heure heures hora horas ora ore godzin godziny godzinę час часа часов ч часове години годин годину uur uren saat hodin hodinami hodinou óra órája timmar timme timer time tuntia tunti ώρες ώρα שעות שעה ساعة ساعات ساعت घंटे ชั่วโมง giờ jam sati sata hores 小时 小時 时间 時間 个小时 個小時 시간",
    "day": "day days tag tage tagen jour jours día dias días dia giorno giorni dies zile zi день дня дней дні днів дней dag dagen dzień dni gün den dny dnem dní nap napja dagar dage dager päivää päivä päeva ημέρες ημέρα μέρες ימים יום يوم أيام روز दिन วัน ngày hari дана dana ден дни 天 日 일",
    "week": "week weeks woche wochen semaine semaines semana semanas settimana settimane săptămâni неделю недели недель тиждень тижні тижнів weken tydzień tygodnie tygodni hafta týden týdny týdny hét hete vecka veckor uge uger uke uker viikkoa viikko εβδομάδες εβδομάδα שבועות أسبوع أسابيع هفته सप्ताह สัปดาห์ tuần minggu 周 週 星期 个星期 周間 週間 주 주일",
    "month": "month months monat monate monaten mois mes meses mês mese mesi luni месяц месяца месяцев місяць місяці місяців maand maanden miesiąc miesiące miesięcy ay měsíc měsíce měsíců hónap hónapja månad månader måned måneder kuukautta kuukausi μήνες μήνα חודשים شهر أشهر ماه महीने เดือน tháng bulan 个月 個月 か月 ヶ月 カ月 ケ月 개월 달",
    "year": "year years jahr jahre jahren an ans año años ano anos anno anni ani год года лет рік роки років jaar lata lat rok yıl év éve år vuotta vuosi χρόνια χρόνο έτη שנים سنة سنوات سال साल ปี năm tahun 年 年間 년",
}

TWO_UNITS = {
    "second": "ثانيتين שתי_שניות",
    "minute": "دقيقتين שתי_דקות",
    "hour": "ساعتين שעתיים",
    "day": "يومين יומיים",
    "week": "أسبوعين שבועיים",
    "month": "شهرين חודשיים",
    "year": "سنتين عامين שנתיים",
}
"""Two of a unit in one word."""

ONE = "an one ein einem einer eine un une una uno um uma один одну одна ett en et bir jeden jednu yksi"
"""Words for one before a unit: "an hour ago", "vor einem Tag"."""

CJK = {
    "Y": "年 년",
    "K": "月 월",
    "D": "日 号 號 일",
    "H": "时 時 点 點 시",
    "I": "分 분 min мин",
    "S": "秒 초",
    "W": "星期 礼拜 禮拜 周 週 曜 曜日 요일 "
    + " ".join(f"{day}曜日 {day}曜" for day in "月火水木金土日")
    + " "
    + " ".join(f"{prefix}{day}" for prefix in ("星期", "礼拜", "禮拜", "周", "週") for day in "一二三四五六日天")
    + " "
    + " ".join(f"{day}요일" for day in "월화수목금토일"),
    "a": "上午 午前 凌晨 早上 清晨 早晨 오전",
    "p": "下午 午后 午後 晚上 中午 傍晚 夜 오후",
    "B": "发布时间 发布日期 发布于 发布於 发布 发表时间 发表日期 发表于 发表 發佈時間 發佈日期 發布日期 發布時間 發布 發佈 發表 更新时间 更新日期 更新時間 更新于 更新 "
    "最后更新 最近更新 最後更新 最終更新日 最終更新 公告日期 公告时间 公告日 公布日期 公布时间 上传时间 上传日期 录入时间 添加时间 添加日期 编辑时间 编辑日期 创建时间 创建日期 撰写时间 撰稿时间 "
    "文章日期 刊登日期 张贴日期 張貼日期 登载时间 上线时间 上網日期 上版日期 最後修改 修改时间 修改日期 新闻日期 新闻时间 通知时间 时间 時間 日期 日时 日時 于 於 "
    "公開日 公開日時 掲載日 投稿日 投稿 更新日 更新日時 作成日 登録日 発表日 公開 掲載 作成 登録 配信日 発信日 リリース日 日付 "
    "등록일 등록일자 등록일시 작성일 작성일자 작성일시 게시일 게시일자 수정일 수정일시 최종수정일 최종수정 업데이트 입력 수정 등록 작성 게시 날짜 일자 일시 공개일 배포일 보도일 최종 승인",
    "C": "お知らせ ニュース 新闻 新聞 公告 通知 공지 뉴스",
    "N": "截止 截至 截止日期 截止时间 截止時間 注册时间 注册日期 註冊時間 締切 締め切り 마감 마감일",
    "r": "至 到 から 부터 ～",
}

BARE_LABELS = frozenset("时间 時間 日期 日时 日時 일시 일자 날짜".split())
"""Labels that take their sense from the word before: 会议时间 is the time of a meeting."""

ERAS = {
    "民國": 1911, "民国": 1911, "中華民國": 1911, "中华民国": 1911, "令和": 2018, "平成": 1988, "昭和": 1925, "佛历": -543, "佛曆": -543, "西元": 0, "公元": 0, "公历": 0,
    "พ.ศ": -543, "ค.ศ": 0, "พุทธศักราช": -543, "reiwa": 2018,
}  # fmt: skip
"""What to add to a year that follows this word."""

ERA_INITIALS = {"r": 2018, "h": 1988, "s": 1925}
"""The same for the letter right before a Japanese year of one or two digits: R6.9.28 is 令和6年9月28日."""

ZONES = {
    "z": 0, "ut": 0, "utc": 0, "gmt": 0, "wet": 0,
    "est": -300, "edt": -240, "cst": -360, "cdt": -300, "mst": -420, "mdt": -360, "pst": -480, "pdt": -420,
    "et": -300, "ct": -360, "mt": -420, "pt": -480, "at": -240, "ast": -240, "adt": -180, "nst": -210, "ndt": -150,
    "akst": -540, "akdt": -480, "hst": -600, "brt": -180, "art": -180, "clt": -240, "pet": -300, "cot": -300,
    "west": 60, "bst": 60, "cet": 60, "met": 60, "mez": 60, "mewz": 60, "cest": 120, "mest": 120, "mesz": 120, "sast": 120, "cat": 120, "wat": 60,
    "eet": 120, "eest": 180, "idt": 180, "msk": 180, "мск": 180, "msd": 240, "trt": 180, "eat": 180, "gst": 240, "irst": 210, "pkt": 300, "ist": 330, "npt": 345,
    "ict": 420, "wib": 420, "hkt": 480, "sgt": 480, "myt": 480, "pht": 480, "wita": 480, "awst": 480, "wit": 540, "jst": 540, "kst": 540, "acst": 570, "acdt": 630,
    "aest": 600, "aedt": 660, "nzst": 720, "nzdt": 780,
}  # fmt: skip
"""Minutes east of UTC: RFC 822 §5.1, then common use. "PT" and its kin are read as standard time."""

ZONES_AT_HOME = {
    "cst": ("Asia/", 480), "ist": ("Asia/Jerusalem", 120), "bst": ("Asia/", 360), "ast": ("Asia/", 180),
}  # fmt: skip
"""Zone names that mean something else in a source of that region: java.util.Date prints Chinese time as "CST"."""
