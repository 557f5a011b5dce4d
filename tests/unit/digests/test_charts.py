from __future__ import annotations

from tocsin.digests.charts import HIGHEST, chart
from tocsin.digests.view import Chart
from tocsin.rendering.locales import ENGLISH


def test_the_highest_bar_is_the_day_with_most_and_one_article_can_be_seen() -> None:
    assert chart((0, 1, 1000, 500), ENGLISH) == Chart(
        days=(0, 1, 1000, 500),
        heights=(0, 1, HIGHEST, HIGHEST // 2),
        words="Last 4 days: up to 1,000 articles a day, 500 on the last",
    )


def test_days_without_anything_and_a_watch_without_days_have_no_chart() -> None:
    assert chart((0,) * 14, ENGLISH) is None
    assert chart((), ENGLISH) is None
