"""Sentences of our own in many languages: which countries they name, in whatever case and script."""

from __future__ import annotations

import pytest

from tocsin.regions import load_gazetteer, locator_of
from tocsin.text.fold import fold


@pytest.mark.parametrize(
    ("language", "text", "countries"),
    [
        (
            "pl",
            "Rosyjskie wojska ostrzelały Charków. Premier Węgier rozmawiał w Brukseli z szefem MSZ Niemiec.",
            "BE DE HU RU UA",
        ),
        (
            "cs",
            "Vláda v Kyjevě jednala s Varšavou o dodávkách z Jižní Koreje. Do Íránu odletěl ministr Saúdské Arábie.",
            "IR KR PL SA UA",
        ),
        ("sk", "V Bratislave rokovali ministri z Maďarska a Rakúska o situácii v Sýrii.", "AT HU SK SY"),
        ("sl", "V Zagrebu so se srečali predsedniki Slovenije, Srbije in Črne gore.", "HR ME RS SI"),
        ("hr", "U Beogradu su razgovarali ministri iz Njemačke i Sjedinjenih Država.", "DE RS US"),
        ("sr", "У Београду су разговарали министри из Немачке и Турске.", "DE RS TR"),
        (
            "bg",
            "В Сирия загинаха трима руски войници, съобщиха от Москва. Германският канцлер е в Анкара.",
            "DE RU SY TR",
        ),
        ("mk", "Во Скопје пристигна министерот од Германија.", "DE MK"),
        (
            "ru",
            (
                "В Дейр-эз-Зоре и Алеппо идут бои. Власти Ирака и Саудовской Аравии обсудили "
                "ситуацию в Йемене с президентом Египта."
            ),
            "EG IQ SA SY YE",
        ),
        (
            "uk",
            "У Харкові та Одесі пролунали вибухи. Уряд Польщі скликав нараду щодо Білорусі та Словаччини.",
            "BY PL SK UA",
        ),
        ("lt", "Lietuvos prezidentas Vilniuje susitiko su Lenkijos ir Vokietijos vadovais.", "DE LT PL"),
        ("lv", "Latvijas valdība Rīgā apsprieda situāciju Ukrainā un Krievijā.", "LV RU UA"),
        ("et", "Eesti valitsus arutas Tallinnas olukorda Ukrainas ja Venemaal.", "EE RU UA"),
        (
            "fi",
            (
                "Suomen hallitus keskusteli Helsingissä tilanteesta Ukrainassa ja Venäjällä. "
                "Ruotsin pääministeri saapui Saksasta."
            ),
            "DE FI RU SE UA",
        ),
        ("hu", "A magyar kormány Budapesten tárgyalt a Szíriában és Törökországban történtekről.", "HU SY TR"),
        (
            "ro",
            "Guvernul României a discutat la București despre situația din Ucraina și Republica Moldova.",
            "MD RO UA",
        ),
        (
            "el",
            "Η κυβέρνηση της Τουρκίας συζήτησε στην Άγκυρα για τη Συρία. Ο πρωθυπουργός της Γερμανίας πήγε στην Αθήνα.",
            "DE GR SY TR",
        ),
        ("tr", "Suriye'nin Deyrizor kentinde çatışma çıktı. Alman bakan Ankara'dan Irak'a geçti.", "DE IQ SY TR"),
        (
            "de",
            (
                "Die syrische Armee rückt auf Deir es-Sor vor. Der Präsident Frankreichs "
                "traf Ungarns Regierungschef in Wien."
            ),
            "AT FR HU SY",
        ),
        ("sv", "Sveriges regering talade om Syriens framtid. Den tyske ministern kom från Köpenhamn.", "DE DK SE SY"),
        ("no", "Norges statsminister møtte den franske presidenten i Brussel.", "BE FR NO"),
        ("da", "Danmarks regering mødte tyske ministre i Bruxelles.", "BE DE DK"),
        ("nl", "De Syrische regering sprak in Den Haag met de Duitse minister.", "DE NL SY"),
        (
            "fr",
            "L'armée syrienne avance vers Deir ez-Zor. Le ministre allemand a quitté Ankara pour Bagdad.",
            "DE IQ SY TR",
        ),
        (
            "es",
            "El ejército sirio avanza hacia Deir ez Zor. El ministro alemán viajó de Ankara a Bagdad.",
            "DE IQ SY TR",
        ),
        (
            "it",
            "L'esercito siriano avanza verso Deir ez-Zor. Il ministro tedesco è partito da Ankara per Baghdad.",
            "DE IQ SY TR",
        ),
        (
            "pt",
            "O exército sírio avança em direção a Deir ez-Zor. O ministro alemão viajou de Ancara para Bagdá.",
            "DE IQ SY TR",
        ),
        ("fa", "ارتش سوریه به سوی دیرالزور پیشروی کرد. وزیر آلمانی از آنکارا به بغداد رفت.", "DE IQ SY TR"),
        (
            "he",
            "צבא סוריה מתקדם לעבר דיר א-זור. השר הגרמני טס מאנקרה לבגדאד ונפגש בירושלים עם ראש הממשלה.",
            "DE IL IQ SY TR",
        ),
        ("zh", "叙利亚军队向代尔祖尔推进。德国部长从安卡拉飞往巴格达。", "DE IQ SY TR"),
        ("ko", "시리아군이 데이르에조르로 진격했다. 독일의 장관은 앙카라에서 바그다드로 이동했다.", "DE IQ SY TR"),
        ("id", "Tentara Suriah maju ke Deir ez-Zor. Menteri Jerman terbang dari Ankara ke Baghdad.", "DE IQ SY TR"),
        ("hi", "सीरिया की सेना दीर एज़-ज़ोर की ओर बढ़ी। जर्मनी के मंत्री अंकारा से बगदाद गए।", "DE IQ SY TR"),
        ("bn", "সিরিয়ার সেনাবাহিনী এগিয়ে গেছে। জার্মানির মন্ত্রী বাংলাদেশের রাজধানী ঢাকায় এসেছেন।", "BD DE SY"),
        ("ur", "شام کی فوج دیر الزور کی طرف بڑھی۔ جرمنی کے وزیر انقرہ سے بغداد گئے۔", "DE IQ SY TR"),
        ("sw", "Jeshi la Syria lilisonga mbele. Waziri wa Ujerumani alitoka Ankara kwenda Baghdad.", "DE IQ SY TR"),
        (
            "ar",
            "تقدم الجيش السوري نحو دير الزور وغادر الوزير الألماني أنقرة إلى بغداد والتقى مسؤولين في السعودية",
            "DE IQ SA SY TR",
        ),
        ("ja", "シリア軍がデリゾールに進軍した。ドイツの大臣はアンカラからパキスタンへ向かった。", "DE PK SY TR"),
        ("th", "กองทัพซีเรียรุกคืบ รัฐมนตรีเยอรมนีเดินทางจากอังการาไปอิหร่าน", "DE IR SY TR"),
        ("vi", "Quân đội Syria tiến về Deir ez-Zor. Bộ trưởng bay từ Ankara đến Baghdad.", "IQ SY TR"),
    ],
)
def test_the_countries_of_a_sentence_are_known_by_its_language(language: str, text: str, countries: str) -> None:
    located = locator_of(load_gazetteer()).locate(fold(""), fold(text), language=language, home=None)

    assert {mention.country for mention in located.mentions if mention.country} == set(countries.split())


@pytest.mark.parametrize(
    ("language", "text", "written"),
    [
        ("cs", "Jednaly o tom Spojené státy i vláda České republiky.", ["Spojené státy", "České republiky"]),
        ("pl", "Premier Węgier przyjechał we wtorek.", ["Węgier"]),
        ("de", "Gestern sprach der Präsident Frankreichs.", ["Frankreichs"]),
    ],
)
def test_a_mention_is_the_whole_name_as_it_is_written(language: str, text: str, written: list[str]) -> None:
    located = locator_of(load_gazetteer()).locate(fold(""), fold(text), language=language, home=None)

    assert [mention.span.text for mention in located.mentions] == written


def test_an_adjective_in_small_letters_is_a_mention_but_no_proper_name() -> None:
    located = locator_of(load_gazetteer()).locate(
        fold(""), fold("Včera tam zahynuli tři syrští vojáci."), language="cs", home=None
    )

    assert [mention.country for mention in located.mentions] == ["SY"]
    assert located.countries == ()
