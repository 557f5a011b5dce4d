from __future__ import annotations

import pytest

from matching_setup import matcher_of
from tocsin.models.articles import Document
from tocsin.models.ids import WatchId
from tocsin.models.watchlist import Watch


def is_found(keyword: str, text: str) -> bool:
    matcher = matcher_of(Watch(WatchId("w"), "", keywords=(keyword,)))
    return matcher.explain(Document("", text), WatchId("w")).matched


@pytest.mark.parametrize(
    ("keyword", "text"),
    [
        ("京都", "首相在京都会见记者"),
        ("京都", "京都府警が発表した"),
        ("印度", "印度总理访问东京"),
        ("中国", "中国银行宣布"),
        ("シリア", "シリア北部で"),
        ("イスラム国", "過激派組織イスラム国がシリアで"),
        ("ロシア", "ロシアウクライナ戦争"),
        ("ซีเรีย", "กองทัพซีเรียยึดเมือง"),
        ("จีน", "รัฐบาลจีนประกาศ"),
        ("海地", "海地总统遇刺"),
    ],
)
def test_a_term_of_a_script_without_spaces_is_found_within_a_line(keyword: str, text: str) -> None:
    assert is_found(keyword, text)


@pytest.mark.parametrize(
    ("keyword", "text"),
    [
        ("京都", "东京都政府宣布"),
        ("京都", "東京都知事選"),
        ("印度", "印度尼西亚总统"),
        ("海地", "上海地区今日"),
        ("インド", "インドネシアの首都"),
        ("スーダン", "南スーダンの首都"),
        ("ヨーク", "ニューヨークで"),
        ("จีน", "จีนาเป็นชื่อ"),
        ("ลา", "เลาเดินทาง"),
    ],
)
def test_a_term_is_not_cut_out_of_a_longer_word_or_name(keyword: str, text: str) -> None:
    assert not is_found(keyword, text)
