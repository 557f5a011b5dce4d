"""Where a term of a script without spaces really stands as a word: 京都 is not in 东京都, nor インド in インドネシア.

There is no dictionary of the languages here. What is known are the gazetteer's names, the provinces and prefectures of
East Asia, and the rules of the scripts: a Thai vowel belongs to its consonant, and a run of katakana is one word.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from tocsin.regions import load_gazetteer
from tocsin.text.fold import fold
from tocsin.text.patterns import is_unspaced

_LEADING_VOWELS = frozenset("เแโใไ" + "\u0ec0\u0ec1\u0ec2\u0ec3\u0ec4")
_FOLLOWING_VOWELS = frozenset("ะาำๅ" + "\u0eb0\u0eb2\u0eb3")
_ADMINISTRATIVE = frozenset("市县縣区區省州府都道郡国國镇鎮町村人語语")  # "京都府" is the same place, "中国人" of it

# The first-level divisions of China, Japan and Korea and the seats of their governments (ISO 3166-2), as written there
# and, where that differs, in the other form of the script; without the word for province.
_DIVISIONS = (
    "北京 天津 上海 重庆 重慶 河北 山西 辽宁 遼寧 吉林 黑龙江 黑龍江 江苏 江蘇 "
    "浙江 安徽 福建 江西 山东 山東 河南 湖北 湖南 广东 廣東 海南 四川 贵州 貴州 "
    "云南 雲南 陕西 陝西 甘肃 甘肅 青海 台湾 臺灣 台灣 台北 臺北 内蒙古 內蒙古 "
    "广西 廣西 西藏 宁夏 寧夏 新疆 香港 澳门 澳門 南京 北海道 青森 岩手 宮城 秋田 "
    "山形 福島 福岛 茨城 栃木 群馬 群马 埼玉 千葉 千叶 東京 东京 神奈川 新潟 富山 "
    "石川 福井 山梨 長野 长野 岐阜 静岡 静冈 愛知 爱知 三重 滋賀 滋贺 京都 大阪 "
    "兵庫 兵库 奈良 和歌山 鳥取 鸟取 島根 岛根 岡山 冈山 広島 广岛 廣島 山口 徳島 "
    "德岛 香川 愛媛 爱媛 高知 福岡 福冈 佐賀 佐贺 長崎 长崎 熊本 大分 宮崎 宫崎 "
    "鹿児島 鹿儿岛 沖縄 冲绳 首尔 首爾 平壤 釜山 仁川 大邱 光州 大田 蔚山 江原 "
    "忠清 全罗 慶尚 庆尚 济州 濟州"
)
_LONGEST = 8
"""Characters of the names that are looked for around a term; longer ones hardly hold another name by chance."""


def is_cut_out(scan: str, start: int, end: int) -> bool:
    """Whether ``scan[start:end]``, which has no gaps around it, is only a part of a word or of a longer name."""
    if is_unspaced(scan[start]) and _cuts_before(scan, start):
        return True
    if is_unspaced(scan[end - 1]) and _cuts_after(scan, end):
        return True
    return _is_in_a_longer_name(scan, start, end)


def _cuts_before(scan: str, start: int) -> bool:
    before = scan[start - 1 : start]
    if before in _LEADING_VOWELS or unicodedata.category(scan[start])[0] == "M":
        return True
    if not (_is_katakana(before) and _is_katakana(scan[start])):
        return False
    first = start - 1
    while first and _is_katakana(scan[first - 1]):
        first -= 1
    return scan[first:start] not in _known()


def _cuts_after(scan: str, end: int) -> bool:
    after = scan[end : end + 1]
    if after in _FOLLOWING_VOWELS or (after and unicodedata.category(after)[0] == "M"):
        return True
    if not (_is_katakana(after) and _is_katakana(scan[end - 1])):
        return False
    last = end + 1
    while _is_katakana(scan[last : last + 1]):
        last += 1
    return scan[end:last] not in _known()


def _is_katakana(character: str) -> bool:
    return "\u30a1" <= character <= "\u30fa" or character == "ー"


def _is_in_a_longer_name(scan: str, start: int, end: int) -> bool:
    """Whether a name begins before the term and reaches into it, or begins with it, goes on, and means another place.

    Of names that overlap the first is read, as people read: 东京|都, 上海|地区 (not 海地).
    """
    known = _known()
    for first in range(max(0, start - _LONGEST), start):
        if any(scan[first:last] in known for last in range(max(first + 2, start + 1), first + _LONGEST + 1)):
            return True
    term = scan[start:end]
    return any(
        scan[start:last] in known and not _is_same(term, scan[start:last])
        for last in range(end + 1, min(start + _LONGEST, len(scan)) + 1)
    )


def _is_same(term: str, longer: str) -> bool:
    if longer[len(term) :] in _ADMINISTRATIVE:
        return True
    ids = _known().get(term, frozenset())
    return not ids.isdisjoint(_known()[longer])


@lru_cache(maxsize=1)
def _known() -> dict[str, frozenset[str]]:
    """Return names of two or more characters in scripts without spaces, with the ids of the places that bear them."""
    known: dict[str, frozenset[str]] = dict.fromkeys(fold(_DIVISIONS).scan.split(), frozenset())
    gazetteer = load_gazetteer()
    for index, folded in enumerate(gazetteer.patterns()):
        if len(folded) > 1 and is_unspaced(folded[0]):
            known[folded] = frozenset(place.id for place in gazetteer.name(index).places)
    return known
