"""How well-mannered a feed reader is, judged by what it asks: the traits of `manners_server` and a verdict on each.

The numbers are those of the tests in ``tests/manners``, where a rule that cannot be seen from outside is tested too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from manners_server import BIG, Asked, Trait, always, conditional, feed, in_hours, reply

HOURS = (0.0, 0.2, 1.5, 3.0, 27.0, 52.0, 78.0)
"""When each reader is run: hours of made-up time after its first run."""

_BROWSERS = ("mozilla", "chrome", "safari")
_MOST_SENT = 25_000_000
_LONGEST_DRIP = 65.0
_MOST_HOPS = 12

Verdict = Callable[[list[Asked]], bool]
_Row = tuple[int, str, str, Callable[[Trait, Mapping[str, str], str], bytes], Verdict]
"""A rule's number and words, the name of its trait and how that answers, and the verdict."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule with its number, and the trait that shows whether it is kept."""

    number: int
    words: str
    trait: Trait
    is_kept: Verdict


def _later(asked: list[Asked]) -> list[Asked]:
    return asked[1:]


def _sends(fields: Mapping[str, str | None]) -> Verdict:
    """Every later request carries these headers, None for none; and there is a later request."""
    return lambda asked: (
        len(asked) > 1
        and all(one.headers.get(name) == value for one in _later(asked) for name, value in fields.items())
    )


def _leaves_alone(hours: float) -> Verdict:
    """Between any two requests lie so many hours; and somebody asks again in the end."""

    def is_kept(asked: list[Asked]) -> bool:
        times = [one.hour for one in asked]
        return len(times) > 1 and all(late - early >= hours for early, late in pairwise(times))

    return is_kept


def _asks_again(by: float) -> Verdict:
    return lambda asked: any(0 < one.hour <= by for one in asked)


def _forgets_etag(trait: Trait, headers: Mapping[str, str], path: str) -> bytes:
    del headers, path
    return reply("200 OK", {"ETag": '"a1"'} if not trait.asked else {}, feed(len(trait.asked) + 1))


def _renews_etag(trait: Trait, headers: Mapping[str, str], path: str) -> bytes:
    del trait, path
    if headers.get("if-none-match") in {'"a1"', '"a2"'}:
        return reply("304 Not Modified", {"ETag": '"a2"'})
    return reply("200 OK", {"ETag": '"a1"'}, feed())


def _expires(trait: Trait, headers: Mapping[str, str], path: str) -> bytes:
    del headers, path
    return reply("200 OK", {"ETag": '"e"', "Date": in_hours(trait, 0), "Expires": in_hours(trait, 2.5)}, feed())


def _later_by_date(trait: Trait, headers: Mapping[str, str], path: str) -> bytes:
    del headers, path
    return reply("429 Too Many Requests", {"Retry-After": in_hours(trait, 2.5)})


def _moves(trait: Trait, headers: Mapping[str, str], path: str) -> bytes:
    del headers
    if path == "/feed.xml":
        status = "301 Moved Permanently" if trait.name == "301" else "302 Found"
        return reply(status, {"Location": f"http://{trait.address}:8911/new.xml"})
    return reply("200 OK", {}, feed())


def _loops(trait: Trait, headers: Mapping[str, str], path: str) -> bytes:
    del headers
    return reply("302 Found", {"Location": f"http://{trait.address}:8911{path}x"})


def _hands_over(trait: Trait, headers: Mapping[str, str], path: str) -> bytes:
    del headers
    if path == "/feed.xml" and trait.asked:
        # The same place under another name is another origin.
        return reply("302 Found", {"Location": f"http://localhost:8911/{trait.address}"})
    return reply("200 OK", {"ETag": '"secret"'}, feed())


def _cookie(trait: Trait, headers: Mapping[str, str], path: str) -> bytes:
    del trait, headers, path
    return reply("200 OK", {"Set-Cookie": "track=1; Path=/", "ETag": '"c"'}, feed())


def _breaks_off(trait: Trait, headers: Mapping[str, str], path: str) -> bytes:
    del trait, headers, path
    return reply("200 OK", {"ETag": '"broken"'}, feed(30)[:700], length=len(feed(30)))


def _skips(asked: list[Asked]) -> bool:
    """Once the hours are known, nobody asks in them."""
    return all(one.hour not in {0.2, 1.5} for one in _later(asked)) and len(asked) > 1


def _is_gone(asked: list[Asked]) -> bool:
    """Somebody makes sure a day later, and then nobody asks any more."""
    times = [one.hour for one in asked]
    sure = [hour for hour in times if hour >= 24.0]  # noqa: PLR2004 - a day
    return len(sure) == 1


def _honest(asked: list[Asked]) -> bool:
    agent = asked[0].headers.get("user-agent", "").lower() if asked else ""
    named = ("+http" in agent or "@" in agent) and not any(name in agent for name in _BROWSERS)
    return named and not any("cookie" in one.headers or "referer" in one.headers or "?" in one.path for one in asked)


def _calm(most: int) -> Verdict:
    def is_kept(asked: list[Asked]) -> bool:
        runs = {one.hour for one in asked}
        return bool(runs) and all(sum(one.hour == hour for one in asked) <= most for hour in runs)

    return is_kept


def _of_validators() -> list[_Row]:
    """Give the rules of what is sent back."""
    both = {"ETag": '"a-1"', "Last-Modified": "Thu, 01 Jan 2026 08:00:00 GMT"}
    odd = "Thu, 1 Jan 2026 08:00 (odd)"
    return [
        (1, "both validators are sent back", "both", conditional(both),
         _sends({"if-none-match": both["ETag"], "if-modified-since": both["Last-Modified"]})),
        (2, "a weak ETag goes back whole", "weak", conditional({"ETag": 'W/"abc-1"'}),
         _sends({"if-none-match": 'W/"abc-1"'})),
        (3, "an ETag without quotes too", "bare", conditional({"ETag": "abc-1"}), _sends({"if-none-match": "abc-1"})),
        (4, "an odd date goes back as it came", "odd", conditional({"Last-Modified": odd}),
         _sends({"if-modified-since": odd})),
        (5, "only what was given is sent", "dated", conditional({"Last-Modified": both["Last-Modified"]}),
         _sends({"if-modified-since": both["Last-Modified"], "if-none-match": None})),
        (6, "without validators once a day", "none", always("200 OK"), _leaves_alone(24)),
        (7, "an ETag that is dropped is forgotten", "drops", _forgets_etag,
         lambda asked: len(asked) > 2 and all("if-none-match" not in one.headers for one in asked[2:])),  # noqa: PLR2004 - from the third request on
        (8, "validators of a 304 replace the old", "renews", _renews_etag,
         lambda asked: len(asked) > 2 and all(one.headers.get("if-none-match") == '"a2"' for one in asked[2:])),  # noqa: PLR2004 - from the third request on
    ]  # fmt: skip


def _of_waiting(skipped: str) -> list[_Row]:
    """Give the rules of when somebody comes again."""
    return [
        (14, "max-age is waited for", "max-age", conditional({"ETag": '"m"', "Cache-Control": "max-age=9000"}),
         _leaves_alone(2.5)),
        (15, "an absurd max-age is capped", "year", conditional({"ETag": '"y"', "Cache-Control": "max-age=31536000"}),
         _asks_again(53)),
        (16, "max-age of a 304 is waited for", "304-age",
         conditional({"ETag": '"n"'}, {"Cache-Control": "max-age=9000"}),
         lambda asked: len(asked) > 2 and _leaves_alone(2.5)(asked[1:])),  # noqa: PLR2004 - two answers of 304
        (17, "Expires is waited for", "expires", _expires, _leaves_alone(2.5)),
        (19, "ttl is waited for", "ttl", always("200 OK", {"ETag": '"t"'}, feed(1, "<ttl>150</ttl>")),
         _leaves_alone(2.5)),
        (20, "sy:updatePeriod is waited for", "sy", always("200 OK", {"ETag": '"s"'}, feed(1,
         '<sy:updatePeriod xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">daily</sy:updatePeriod>')),
         _leaves_alone(24)),
        (21, "skipHours are skipped", "skip-hours", always("200 OK", {"ETag": '"h"'},
         feed(1, f"<skipHours>{skipped}</skipHours>")), _skips),
        (22, "Retry-After of a 429 is waited for", "429", always("429 Too Many Requests", {"Retry-After": "9000"}, b""),
         _leaves_alone(2.5)),
        (23, "... as a date too", "429-date", _later_by_date, _leaves_alone(2.5)),
        (24, "Retry-After of a 503 is waited for", "503", always("503 Service Unavailable", {"Retry-After": "9000"},
         b""), _leaves_alone(2.5)),
        (25, "an absurd Retry-After is capped", "429-long", always("429 Too Many Requests", {"Retry-After": "317100"},
         b""), _asks_again(53)),
        (26, "nonsense in Retry-After: backoff", "429-nonsense", always("429 Too Many Requests",
         {"Retry-After": "-soon"}, b""), lambda asked: _asks_again(53)(asked) and _leaves_alone(0.3)(asked)),
        (29, "a used-up rate limit is waited for", "rate-limit", always("200 OK", {"X-RateLimit-Remaining": "0",
         "X-RateLimit-Reset": "9000", "ETag": '"r"'}), _leaves_alone(2.5)),
    ]  # fmt: skip


def _of_addresses() -> list[_Row]:
    """Give the rules of where the feed is."""
    return [
        (30, "a 301 is not believed at once", "301", _moves,
         lambda asked: [one.path for one in asked if 0 < one.hour < 30][:1] == ["/feed.xml"]),  # noqa: PLR2004 - the first days
        (30, "a 302 is never stored", "302", _moves,
         lambda asked: [one.path for one in asked if one.hour > 0][:1] == ["/feed.xml"]),
        (31, "a loop ends", "loop", _loops, _calm(_MOST_HOPS)),
        (33, "validators stay with their origin", "origin", _hands_over,
         lambda asked: any(one.hour > 0 for one in asked) and all(one.headers.get("if-none-match") != '"secret"'
         for one in asked if one.path != "/feed.xml")),
        (34, "gone twice is gone", "410", always("410 Gone", {}, b""), _is_gone),
        (35, "a 404 is asked again, and never dropped", "404", always("404 Not Found", {}, b""),
         lambda asked: any(one.hour >= 27 for one in asked)),  # noqa: PLR2004 - a day later
        (36, "a challenge is left alone for a day", "challenge", always("403 Forbidden",
         {"cf-mitigated": "challenge"}, b""), _leaves_alone(20)),
    ]  # fmt: skip


def _of_transfers() -> list[_Row]:
    """Give the rules of what is sent, and what is borne."""
    return [
        (37, "an honest name with an address, no cookies", "cookie", _cookie, _honest),
        (38, "compression is accepted", "plain", conditional({"ETag": '"p"'}),
         lambda asked: bool(asked) and "gzip" in asked[0].headers.get("accept-encoding", "")),
        (39, "a body without end is cut", "big", always("200 OK", {}, b"<rss>" + b" " * BIG),
         lambda asked: bool(asked) and max(one.sent for one in asked) < _MOST_SENT),
        (40, "nothing is kept of a broken body", "broken", _breaks_off,
         lambda asked: len(asked) > 1 and all("if-none-match" not in one.headers for one in asked)),
        (42, "only the difference is asked for", "delta", conditional({"ETag": '"d"'}),
         lambda asked: len(asked) > 1 and all("feed" in one.headers.get("a-im", "") for one in asked[1:])),
    ]  # fmt: skip


def rules(skipped: str) -> list[Rule]:
    """Give all rules; ``skipped`` are the hours of the day of the second and third run, as RSS writes them."""
    listed = [*_of_validators(), *_of_waiting(skipped), *_of_addresses(), *_of_transfers()]
    found = [Rule(number, words, Trait(name, answer), kept) for number, words, name, answer, kept in listed]
    drip = Trait("drip", always("200 OK", {}, feed(30)))
    found.append(Rule(39, "an answer without end is left", drip, lambda _: 0 < drip.longest_open < _LONGEST_DRIP))
    return found
