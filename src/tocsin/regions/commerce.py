"""Legal forms of companies, currencies and listings: weak evidence of a country where a report names no place.

A report on a company says "Inc" or "plc" and counts in dollars or pence, and leaves the country to the reader. The
forms are those of company law, each with the countries that have it and their shares of its use in the news.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from functools import lru_cache

from tocsin.regions.word_sets import words
from tocsin.text.fold import Folded
from tocsin.text.patterns import padded
from tocsin.text.scanner import Scanner

_FORMS = """
inc: US 9 CA 1 | incorporated: US 9 CA 1 | corp: US 8 CA 1 | corporation: US 8 CA 1 | llc: US 8 RU 1 |
bancorp: US | bancorporation: US | bancshares: US | bankshares: US | thrift: US | savings and loan: US |
federal savings: US | co: US 7 JP 1 CA 1 GB 1 | co ltd: JP 4 GB 2 CA 1 HK 1 KR 1 TW 1 |
ltd: GB 3 CA 3 AU 2 HK 1 IN 1 | ltd plc: GB | cos: US | plc: GB 9 IE 1 | pty: AU 8 ZA 2 | pty ltd: AU 8 ZA 2 |
pvt ltd: IN | private limited: IN 8 SG 2 | gmbh: DE 8 AT 2 | kgaa: DE | ag: DE 7 CH 3 | e v: DE |
sarl: FR 8 LU 1 | s a r l: FR | sas: FR | nv: NL 8 BE 2 | n v: NL 8 BE 2 | bv: NL | b v: NL | sprl: BE |
bvba: BE | spa: IT 9 CL 1 | s p a: IT | srl: IT 6 RO 2 AR 2 | oy: FI | oyj: FI | ab: SE | aktiebolag: SE |
asa: NO | aps: DK | kk: JP | kabushiki kaisha: JP | bhd: MY | sdn bhd: MY | berhad: MY | pte ltd: SG | tbk: ID |
ltda: BR 6 CO 2 CL 2 | sa de cv: MX | s a de c v: MX | lda: PT | ooo: RU | oao: RU | pao: RU | sp z o o: PL |
kft: HU | nyrt: HU | zrt: HU | doo: RS 4 HR 3 SI 3 | d o o: RS 4 HR 3 SI 3 | s r o: CZ 6 SK 4 | ead: BG |
ood: BG | jsc: RU 5 KZ 2 VN 2 | saog: OM | kscp: KW
"""
_MONEY = """
dlrs: US | dlr: US | cts: US | pence: GB | sterling: GB | stg: GB | pounds: GB | yen: JP | marks: DE |
deutsche marks: DE | yuan: CN | renminbi: CN | rmb: CN | francs: FR 5 CH 3 BE 2 | lire: IT | guilders: NL |
kronor: SE | kroner: NO 5 DK 5 | crowns: SE 4 NO 3 DK 3 | markka: FI | pesetas: ES | escudos: PT | drachmas: GR
| schillings: AT | punts: IE | zlotys: PL | zloty: PL | forints: HU | forint: HU | korunas: CZ | roubles: RU |
rubles: RU | rouble: RU | ruble: RU | hryvnias: UA | hryvnia: UA | lari: GE | tenge: KZ | rupees: IN 7 PK 3 |
crore: IN | lakh: IN | taka: BD | ringgit: MY | rupiah: ID | baht: TH | dong: VN | won: KR | shekels: IL |
lira: TR | liras: TR | riyals: SA 8 QA 2 | rials: IR 8 OM 2 | dirhams: AE 7 MA 3 | dinars: KW 3 IQ 2 JO 2 DZ 2 |
rand: ZA | naira: NG | cedis: GH | birr: ET | reais: BR | cruzados: BR | bolivars: VE | australs: AR | soles: PE
| us dlrs: US | canadian dlrs: CA | canadian dollars: CA | australian dlrs: AU | australian dollars: AU |
hong kong dollars: HK | hk dlrs: HK | singapore dollars: SG | new zealand dollars: NZ | swiss francs: CH |
belgian francs: BE | luxembourg francs: LU | danish crowns: DK | swedish crowns: SE | norwegian crowns: NO
"""
_LISTED = """
a: US | n: US | o: US | oq: US | p: US | l: GB | to: CA | v: CA | ax: AU | nz: NZ | ir: IE | i: IE | t: JP |
os: JP | hk: HK | si: SG | ks: KR | kq: KR | tw: TW | ss: CN | sz: CN | bk: TH | kl: MY | jk: ID | ps: PH |
ns: IN | bo: IN | ka: PK | de: DE | f: DE | d: DE | vi: AT | s: CH | vx: CH | z: CH | pa: FR | br: BE | as: NL |
lu: LU | mi: IT | mc: ES | ls: PT | st: SE | co: DK | ol: NO | he: FI | ic: IS | wa: PL | pr: CZ | bu: HU |
at: GR | is: TR | ta: IL | sa: BR | mx: MX | ba: AR | sn: CL | j: ZA | se: SA | qa: QA | ca: EG | mm: RU |
me: RU | nyse: US | nasdaq: US | amex: US | otc: US | otcqb: US | lse: GB | aim: GB | tsx: CA | tsxv: CA |
asx: AU | nzx: NZ | tse: JP | tyo: JP | hkex: HK | sehk: HK | sgx: SG | krx: KR | kosdaq: KR | twse: TW |
sse: CN | szse: CN | nse: IN | bse: IN | idx: ID | bursa: MY | fra: DE | xetra: DE | epa: FR | ebr: BE | ams: NL
| bit: IT | bme: ES | sto: SE | osl: NO | swx: CH | jse: ZA | bist: TR | moex: RU | bmv: MX
"""
"""Exchanges, by the suffix of a Reuters code (<BMWG.DE>) or as the name before a symbol ("NYSE: T"); a bare code in
angle brackets is one of the United States.
"""

_TICKER = re.compile(r"<[A-Z]{1,5}(?:\.([A-Z]{1,2}))?>|\(([A-Za-z]{3,6}): ?[A-Z0-9.]{1,6}\)")

_OTHER_WORDS = words("won dong marks rand pounds crowns lira soles ab as ag oy co cos spa ooo pao sas asa kk")
"""Forms and currencies that are also words: they count with a number before them, or written with a capital."""

Shares = Mapping[str, float]


def commerce_of(folded: Folded) -> tuple[dict[str, float], dict[str, float]]:
    """Return by country how often a text has a legal form of its companies, and its money."""
    scanner, meanings = _forms()
    companies: dict[str, float] = defaultdict(float)
    money: dict[str, float] = defaultdict(float)
    done = 0
    scan = folded.scan
    hits = sorted(scanner.find(scan), key=_by_start)
    for index, start, end in hits:
        shares, is_money, doubtful = meanings[index]
        if start < done or (doubtful and not _is_meant(scan, start, end, folded.text, is_money=is_money)):
            continue
        done = end - 1
        for country, share in shares.items():
            (money if is_money else companies)[country] += share
    for listing in _TICKER.finditer(folded.text):
        exchange = _exchanges().get((listing[1] or listing[2] or "n").lower())
        if exchange:
            companies[exchange] += 1.0
    return companies, money


def _is_meant(scan: str, start: int, end: int, text: str, *, is_money: bool) -> bool:
    if is_money:
        word = scan[max(0, start - 12) : start + 1].rsplit(None, 1)[-1:]
        return bool(word) and (word[0][-1].isdigit() or word[0] in {"mln", "million", "billion", "bn", "m"})
    written = scan[start + 1 : end - 1]
    return f" {written.upper()}" in text or f" {written.capitalize()}" in text


def _by_start(hit: tuple[int, int, int]) -> tuple[int, int]:
    return hit[1], -hit[2]


@lru_cache(maxsize=1)
def _exchanges() -> Mapping[str, str]:
    pairs = (entry.partition(":") for entry in _LISTED.split("|"))
    return {suffix.strip(): country.strip() for suffix, _, country in pairs}


@lru_cache(maxsize=1)
def _forms() -> tuple[Scanner, list[tuple[Shares, bool, bool]]]:
    patterns: list[str] = []
    meanings: list[tuple[Shares, bool, bool]] = []
    for table, is_money in ((_FORMS, False), (_MONEY, True)):
        for entry in table.split("|"):
            form, _, shares = entry.partition(":")
            patterns.append(padded(form.strip())[1])
            meanings.append((_shares(shares.split()), is_money, form.strip() in _OTHER_WORDS))
    return Scanner(patterns), meanings


def _shares(written: list[str]) -> Shares:
    counts: dict[str, float] = {}
    for word in written:
        if word.isdigit():
            counts[next(reversed(counts))] = float(word)
        else:
            counts[word] = 1.0
    total = sum(counts.values())
    return {country: count / total for country, count in counts.items()}
