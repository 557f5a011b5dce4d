"""The judge in a process of its own: what it reads, and what may kill it."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tocsin.feeds.judge_process import JudgeProcess
from tocsin.feeds.parse import Doubt, parse_feed
from tocsin.feeds.parser import Parser
from tocsin.models.feeds import ParsedFeed, Problem, ProblemKind

URL = "https://wire.example/rss"
WELL = b"<rss version='2.0'><channel><title>t</title><item><title>well</title></item></channel></rss>"
ILL = b"<rss><channel><item><title>ill</tilte></item><item><title>formed</title></item></channel></rss>"
# As survey.danger knows them; given to the judge without asking it.
SLOW = Doubt(
    b"<rss><channel><item " + b" ".join(b'a%d="1"' % i for i in range(40_000)) + b"/></channel></rss>", URL, (), True
)
LARGE = Doubt(b"<rss><channel>" + b"<item><title>x</title></item>" * 300_000 + b"</channel></rss>", URL, (), True)


@pytest.fixture(scope="module")
def parser() -> Iterator[Parser]:
    with Parser() as started:
        yield started


@pytest.fixture
def judge() -> Iterator[JudgeProcess]:
    started = JudgeProcess(seconds=1, memory=192 << 20)
    yield started
    started.close()


def test_the_parser_says_what_parse_feed_says(parser: Parser) -> None:
    for body in (WELL, ILL, b"", b"<html></html>"):
        assert parser.parse(body, "", URL) == parse_feed(body, "", URL)


def test_notes_and_completeness_come_back_from_the_judge(parser: Parser) -> None:
    found = parser.parse(ILL, "", URL)
    assert isinstance(found, ParsedFeed)
    assert (found.note or "").startswith("not well-formed XML")


def test_several_threads_share_the_judges(parser: Parser) -> None:
    expected = parse_feed(ILL, "", URL)
    found: list[ParsedFeed | Problem] = []
    threads = [threading.Thread(target=lambda: found.append(parser.parse(ILL, "", URL))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [expected] * 8


@pytest.mark.parametrize("doubt", [SLOW, LARGE], ids=["time", "memory"])
def test_a_document_that_costs_the_judge_its_life_is_a_problem_and_the_next_is_read(
    judge: JudgeProcess, doubt: Doubt
) -> None:
    found = judge.judge(doubt)
    assert isinstance(found, Problem)
    assert found.kind is ProblemKind.MALFORMED
    assert found.message == (f"{URL} is not read: it took a feed parser more than 1 s or 192 MB; tell the publisher")
    assert isinstance(judge.judge(Doubt(WELL, URL, (), True)), ParsedFeed)


def test_a_judge_that_dies_between_two_documents_is_started_again(judge: JudgeProcess) -> None:
    first = judge.judge(Doubt(ILL, URL, (), True))
    assert judge.pid is not None
    os.kill(judge.pid, signal.SIGKILL)
    assert judge.judge(Doubt(ILL, URL, (), True)) in {first, judge.died(URL)}
    assert judge.judge(Doubt(ILL, URL, (), True)) == first


def test_a_judge_that_cannot_start_is_no_fault_of_the_document() -> None:
    greedy = JudgeProcess(memory=1 << 80)  # more than a limit can say
    with pytest.raises(ChildProcessError, match="the judge of feeds did not start"):
        greedy.judge(Doubt(ILL, URL, (), True))
    assert greedy.pid is None


def test_no_judge_outlives_its_parser() -> None:
    with Parser() as started:
        started.parse(ILL, "", URL)
        [pid] = started.judges
        assert Path(f"/proc/{pid}").exists()
    assert started.judges == []
    assert not Path(f"/proc/{pid}").exists()


def test_no_judge_is_started_for_what_the_fast_lane_reads() -> None:
    with Parser() as started:
        started.parse(WELL, "", URL)
        assert started.judges == []


def test_the_judge_sees_nothing_of_our_environment(judge: JudgeProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOCSIN_SMTP_PASSWORD", "secret")
    judge.judge(Doubt(ILL, URL, (), True))
    assert b"secret" not in Path(f"/proc/{judge.pid}/environ").read_bytes()


def test_at_once_only_what_is_small_and_sound_is_read() -> None:
    with Parser() as parser:
        assert parser.parse_at_once(WELL, "", URL) == parse_feed(WELL, "", URL)
        assert parser.parse_at_once(WELL.replace(b"well", b"well " * 60_000), "", URL) is None
        assert parser.parse_at_once(ILL, "", URL) is None
        assert parser.judges == []
