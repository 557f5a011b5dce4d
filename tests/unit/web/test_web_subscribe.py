from __future__ import annotations

import time
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from page_reader import every, links, shown, texts
from records import subscriber
from subscribing_reader import OPEN, WISH, ZOE, Visitor, is_gone, parts, watched
from tocsin.models.deliveries import DeliveryState
from tocsin.models.ids import SignupId
from tocsin.models.subscribers import Owner, SubscriberState
from tocsin.models.watchlist import DigestSchedule, QuietPolicy, SelfService, Subscriber
from tocsin.store.database import Database
from tocsin.store.signups import get_signup
from tocsin.store.subscriber_states import pause, suppress, unsubscribe
from tocsin_web.security import FORM_POLICY
from tocsin_web.subscriber_pages import accepted
from web_samples import EURO, GROUP, SYRIA

SENT = "Look into your mailbox"


@pytest.fixture
def visitor(sqlite: Database) -> Visitor:
    return Visitor(sqlite)


def chosen(html: str, name: str) -> list[str]:
    """The values of the boxes of a name that are ticked."""
    ticked = every(html, f"input[name={name}][checked]")
    return [box.attributes["value"] or "" for box in ticked]


def faults(html: str) -> list[tuple[str, str]]:
    return [(link.attributes["href"] or "", link.text()) for link in every(html, ".faults a")]


def test_the_form_offers_the_open_topics_with_what_they_ask_for(visitor: Visitor) -> None:
    answer = visitor.get("/subscribe")
    assert (answer.status, texts(answer.text, "h1")) == (200, ["News digests by mail"])
    assert texts(answer.text, ".topics li") == [
        "Islamic State Islamic State · IS · داعش · Daesh",
        "Syria all news about: Syria",
        "The euro interest rate · inflation",
    ]
    assert [box.attributes["value"] for box in every(answer.text, "input[name=watch]")] == [GROUP.id, SYRIA.id, EURO.id]
    assert (chosen(answer.text, "which"), chosen(answer.text, "watch")) == (["all"], [])
    [zone] = every(answer.text, "option[selected]")
    assert zone.attributes["value"] == "Europe/Berlin"
    assert (chosen(answer.text, "day"), chosen(answer.text, "language")) == (list("1234567"), ["en"])


def test_a_link_may_name_the_topic_that_is_chosen_first(visitor: Visitor) -> None:
    page = visitor.get("/subscribe?watch=syria").text
    assert (chosen(page, "which"), chosen(page, "watch")) == (["some"], ["syria"])
    assert chosen(visitor.get("/subscribe?watch=berlin").text, "which") == ["all"]


def test_the_form_speaks_the_language_of_the_browser_or_the_one_that_is_asked_for(visitor: Visitor) -> None:
    found = []
    for path, header in (("/subscribe", "fr-CH, de;q=0.5"), ("/subscribe?language=ar", "fr"), ("/subscribe", "tlh")):
        page = visitor.get(path, **{"accept-language": header}).text
        [html] = every(page, "html")
        found.append((html.attributes["lang"], html.attributes["dir"], chosen(page, "language")))
    assert found == [("fr", "ltr", ["fr"]), ("ar", "rtl", ["ar"]), ("en", "ltr", ["en"])]


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ("", "en"),
        ("de", "de"),
        ("DE-at", "de"),
        ("da, fr;q=0.8, ar;q=0.9", "ar"),
        ("de;q=0", "en"),
        ("*, fr;q=x", "en"),
        ("de,fr", "de"),
        (",".join(["a"] * 10_000) + ",de", "en"),
    ],
    ids=["none", "one", "country", "order", "unwanted", "damaged", "first", "endless"],
)
def test_the_language_that_a_browser_likes_most_is_found(header: str, found: str) -> None:
    assert accepted(header, "en") == found


def test_what_is_asked_for_is_noted_and_a_mail_asks_the_address(visitor: Visitor) -> None:
    answer = visitor.subscribe()
    assert (answer.status, texts(answer.text, "h1")) == (200, [SENT])
    assert f"A mail goes to {ZOE} ." in shown(answer.text) or f"A mail goes to {ZOE}." in shown(answer.text)
    [mail] = visitor.confirmations()
    assert (mail.target, mail.state) == (ZOE, DeliveryState.PENDING)
    assert mail.signup_id is not None
    with visitor.database.read() as connection:
        signup = get_signup(connection, mail.signup_id)
    schedule = DigestSchedule((1, 2, 5), ("07:00", "18:30"), QuietPolicy.WEEKLY)
    assert signup is not None
    assert signup.wanted == Subscriber(ZOE, "Asia/Beirut", (SYRIA.id, EURO.id), schedule, "en")
    assert visitor.stored() is None


def test_the_mailer_is_woken_for_it(sqlite: Database) -> None:
    woken: list[object] = []
    visitor = Visitor(sqlite, changes={"wake_mailer": woken.append})
    visitor.subscribe()
    assert woken == [[mail.id for mail in visitor.confirmations()]]


def test_the_link_shows_what_was_asked_for_and_its_button_starts_it(visitor: Visitor) -> None:
    visitor.subscribe()
    path = visitor.link()
    page = visitor.get(path)
    assert page.status == 200
    assert shown(page.text) == (
        f"Do you want these news digests? Mail address {ZOE} Topics Syria · The euro "
        "When 07:00 and 18:30 Asia/Beirut on Mon, Tue and Fri Yes, send them to me "
        "Was it not you? Then close this page: no digest will come."
    )
    assert visitor.stored() is None
    [form] = every(page.text, "form")
    assert (form.attributes["method"], form.attributes["action"]) == ("post", path)
    done = visitor.post(path)
    assert (done.status, texts(done.text, "h1")) == (200, ["Your digests are on their way"])
    stored = visitor.stored()
    assert stored is not None
    assert (stored.owner, stored.state, stored.subscriber.watches) == (
        Owner.READER,
        SubscriberState.ACTIVE,
        (SYRIA.id, EURO.id),
    )
    [settings] = [link for link in links(done.text) if link.startswith("/subscription/")]
    assert texts(visitor.get(settings).text, "h1") == ["Your news digests"]


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_looking_at_the_link_starts_nothing(visitor: Visitor, method: str) -> None:
    visitor.subscribe()
    path, before = visitor.link(), visitor.content()
    assert visitor.get(path, method).status == 200
    assert visitor.content() == before


def test_a_link_that_is_used_again_changes_nothing(visitor: Visitor) -> None:
    visitor.subscribe()
    path = visitor.link()
    visitor.post(path)
    before = visitor.content()
    again = visitor.post(path)
    assert (again.status, texts(again.text, "h1")) == (200, ["Nothing was left to do"])
    assert visitor.content() == before


def test_a_link_that_is_used_again_brings_nobody_back_who_left(visitor: Visitor) -> None:
    visitor.subscribe()
    path = visitor.link()
    visitor.post(path)
    stored = visitor.stored()
    assert stored is not None
    with visitor.database.write() as connection:
        unsubscribe(connection, stored.id, visitor.now(), because="a test")
    answer = visitor.post(path)
    assert "You have unsubscribed: no digests go to" in shown(answer.text)
    left = visitor.stored()
    assert left is not None
    assert left.state is SubscriberState.UNSUBSCRIBED


def test_a_link_that_ran_out_says_so_and_leads_back(visitor: Visitor) -> None:
    visitor.subscribe()
    path = visitor.link()
    visitor.late = timedelta(days=3, minutes=1)
    before = visitor.content()
    for answer in (visitor.get(path), visitor.post(path)):
        assert (answer.status, texts(answer.text, "h1")) == (410, ["This link has run out"])
        assert "/subscribe?language=en" in links(answer.text)
    assert visitor.content() == before


@pytest.mark.parametrize("what", ["cut", "made up", "of a subscription"])
def test_a_link_that_is_none_is_not_found_and_does_nothing(visitor: Visitor, what: str) -> None:
    visitor.joined(subscriber("omar@example.org", (SYRIA.id,)))
    visitor.subscribe()
    path = {
        "cut": visitor.link()[:-3],
        "made up": "/subscribe/confirm/abc.def.ghi",
        "of a subscription": visitor.link().replace("/subscribe/confirm", "/subscription"),
    }[what]
    before = visitor.content()
    answers = [visitor.get(path), visitor.post(path)]
    assert [(answer.status, texts(answer.text, "h1")) for answer in answers] == [(404, ["This link is not whole"])] * 2
    assert visitor.content() == before


def test_the_mail_says_nothing_that_the_asker_typed_but_the_address(visitor: Visitor) -> None:
    visitor.subscribe(language="en")
    message = visitor.mail()
    assert (message["To"], message["Subject"]) == (ZOE, "Please confirm: news digests from news.example.org")
    text, page = parts(message)
    for part in (text, page):
        assert "Do nothing" not in part
        assert "Then do nothing" in " ".join(part.split())
        assert "Syria" in part
        assert "07:00 and 18:30 Asia/Beirut" in " ".join(part.split())
    assert "List-Unsubscribe" not in message
    assert message["Auto-Submitted"] == "auto-generated"


def test_the_mail_speaks_the_language_that_was_chosen(visitor: Visitor) -> None:
    visitor.subscribe(language="ar")
    [html] = every(parts(visitor.mail())[1], "html")
    assert (html.attributes["lang"], html.attributes["dir"]) == ("ar", "rtl")


def test_a_mail_whose_sign_up_is_gone_is_not_sent(visitor: Visitor) -> None:
    visitor.subscribe()
    [delivery] = visitor.confirmations()
    assert is_gone(visitor.written(replace(delivery, signup_id=SignupId(10**9))))


def test_whoever_subscribes_already_gets_the_link_to_their_settings_and_keeps_what_they_have(visitor: Visitor) -> None:
    before = visitor.joined()
    answer = visitor.subscribe()
    assert texts(answer.text, "h1") == [SENT]
    assert visitor.mail()["Subject"] == "Your news digests from news.example.org"
    assert visitor.link().startswith("/subscription/")
    assert visitor.get(visitor.link()).status == 200
    assert visitor.stored() == before


def test_whom_the_watchlist_names_is_told_who_sets_what_they_get(visitor: Visitor) -> None:
    visitor.named()
    visitor.subscribe()
    assert "set by whoever runs this site" in " ".join(parts(visitor.mail())[0].split())
    assert visitor.link().startswith("/subscription/")


def test_whoever_pauses_is_told_so(visitor: Visitor) -> None:
    stored = visitor.joined()
    with visitor.database.write() as connection:
        pause(connection, stored.id, visitor.now())
    visitor.subscribe()
    assert "the digests are paused" in " ".join(parts(visitor.mail())[0].split())


@pytest.mark.parametrize("how", ["unsubscribed", "suppressed"])
def test_whoever_left_is_asked_again_and_comes_back_by_the_link(visitor: Visitor, how: str) -> None:
    stored = visitor.joined()
    with visitor.database.write() as connection:
        end = unsubscribe if how == "unsubscribed" else suppress
        end(connection, stored.id, visitor.now(), because="a test")
    visitor.subscribe()
    assert texts(visitor.post(visitor.link()).text, "h1") == ["Welcome back"]
    back = visitor.stored()
    assert back is not None
    assert back.state is SubscriberState.ACTIVE


def test_the_answer_is_the_same_for_known_and_unknown_addresses(visitor: Visitor) -> None:
    addresses = [f"{letter}@example.org" for letter in "abcd"]
    visitor.joined(subscriber(addresses[0], (SYRIA.id,)))
    gone = visitor.joined(subscriber(addresses[1], (SYRIA.id,)))
    visitor.named(subscriber(addresses[2], (SYRIA.id,)))
    with visitor.database.write() as connection:
        unsubscribe(connection, gone.id, visitor.now(), because="a test")
    answers = [visitor.subscribe(email=address) for address in addresses]
    said = {(answer.status, answer.text.replace(email, "x")) for answer, email in zip(answers, addresses, strict=True)}
    assert len(said) == 1
    assert [mail.target for mail in visitor.confirmations()] == addresses


def test_the_work_is_the_same_for_known_and_unknown_addresses(visitor: Visitor, sqlite: Database) -> None:
    visitor.joined(subscriber("a@example.org", (SYRIA.id,)))
    statements = []
    for email in ("a@example.org", "b@example.org"):
        with watched(sqlite) as said:
            visitor.subscribe(email=email)
        statements.append(said)
    assert statements[0] == statements[1] != []


def test_at_most_one_mail_a_day_goes_to_an_address_and_the_page_says_the_same(visitor: Visitor) -> None:
    answers = [visitor.subscribe() for _ in range(3)]
    assert {answer.text for answer in answers} == {answers[0].text}
    assert len(visitor.confirmations()) == 1
    assert "At most one such mail a day goes to an address." in shown(answers[0].text)


def test_where_the_database_fails_a_reader_is_asked_to_wait_and_may_ask_again(
    visitor: Visitor, sqlite: Database
) -> None:
    with sqlite.write() as connection:
        connection.execute(sa.text("ALTER TABLE signups RENAME TO elsewhere"))
    failed = visitor.post("/subscribe", WISH, **{"accept-language": "de"})
    assert (failed.status, failed.headers["retry-after"]) == (503, "30")
    assert "Bitte versuchen Sie es in einigen Minuten wieder." in shown(failed.text)
    assert not any(word in failed.text for word in ("sqlite", "signups", "DATABASE_URL"))
    with sqlite.write() as connection:
        connection.execute(sa.text("ALTER TABLE elsewhere RENAME TO signups"))
    assert visitor.subscribe().status == 200
    assert len(visitor.confirmations()) == 1


def test_too_many_from_one_place_are_told_to_wait(visitor: Visitor) -> None:
    answers = [visitor.subscribe(email=f"reader{number}@example.org") for number in range(21)]
    assert [answer.status for answer in answers] == [200] * 20 + [429]
    assert int(answers[-1].headers["retry-after"]) > 0
    assert "Too many mails were asked for. Please try again in" in shown(answers[-1].text)
    assert len(visitor.confirmations()) == 20


def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(visitor: Visitor) -> None:
    answer = visitor.subscribe(
        email="zoe@<script>", timezone="Europe/Atlantis", at=["25:00", "07:00"], day=[], quiet="never", which="some"
    )
    assert answer.status == 422
    assert faults(answer.text) == [
        ("#email", "This is not a mail address. Write one such as zoe@example.org."),
        ("#at", "Write a time of day as hours and minutes, such as 07:30."),
        ("#timezone", "There is no time zone of this name. Choose one from the list."),
        ("#day", "Choose at least one day of the week."),
        ("#quiet", "Choose what happens when there is no news."),
    ]
    for field, _ in faults(answer.text):
        assert len(every(answer.text, field)) == 1
        assert len(every(answer.text, f"{field}-fault")) == 1
    [email] = every(answer.text, "#email")
    assert (email.attributes["value"], email.attributes["aria-describedby"]) == ("zoe@<script>", "email-fault")
    times = [field.attributes["value"] for field in every(answer.text, "input[name=at]")]
    assert times == ["25:00", "07:00", ""]
    [zone] = every(answer.text, "option[selected]")
    assert zone.attributes["value"] == "Europe/Atlantis"
    assert chosen(answer.text, "watch") == [SYRIA.id, EURO.id]
    assert visitor.confirmations() == []


def test_whoever_chooses_no_topic_or_one_that_is_closed_is_told_so(visitor: Visitor) -> None:
    found = [faults(visitor.subscribe(watch=watch).text) for watch in ([], ["berlin"], ["syria", "no-such"])]
    closed = ("#watch", "A topic that you chose is no longer offered. Look over your choice.")
    assert found == [[("#watch", "Choose at least one topic, or all of them.")], [closed], [closed]]


def test_all_topics_are_those_that_are_open_now_and_those_to_come(visitor: Visitor) -> None:
    visitor.subscribe(which="all", watch=[])
    assert "all of them, and those added later" in " ".join(parts(visitor.mail())[0].split())
    visitor.post(visitor.link())
    stored = visitor.stored()
    assert stored is not None
    assert (stored.all_watches, stored.subscriber.watches) == (True, (GROUP.id, SYRIA.id, EURO.id))


def test_more_times_than_anybody_needs_are_refused(visitor: Visitor) -> None:
    found = faults(visitor.subscribe(at=[f"{hour:02}:00" for hour in range(24)]).text)
    assert found == [("#at", "No more than 6 times a day.")]


def test_only_the_domains_that_may_subscribe_do_and_the_page_says_which(sqlite: Database) -> None:
    service = SelfService(domains=("example.org", "example.net"), watches=(SYRIA.id,))
    visitor = Visitor(sqlite, replace(OPEN, self_service=service))
    told = "Only addresses at example.org and example.net can subscribe here."
    assert told in shown(visitor.get("/subscribe").text)
    refused = visitor.subscribe(email="zoe@example.com", watch=["syria"])
    assert (refused.status, faults(refused.text)) == (422, [("#email", told)])
    assert visitor.subscribe(email="Zoe@EXAMPLE.org", watch=["syria"]).status == 200
    assert visitor.subscribe(email="zoe@sub.example.org", watch=["syria"]).status == 422


@pytest.mark.parametrize("contact", ["help@example.org", None])
def test_where_nobody_may_subscribe_on_the_web_the_page_says_whom_to_ask(sqlite: Database, contact: str | None) -> None:
    closed = replace(OPEN, self_service=SelfService(is_open=False, watches=(SYRIA.id,)))
    visitor = Visitor(sqlite, closed, changes={"contact": contact})
    for answer in (visitor.get("/subscribe"), visitor.subscribe()):
        assert answer.status == 403
        assert "Here nobody can subscribe on the web." in shown(answer.text)
        assert (contact or "Ask whoever runs this site.") in shown(answer.text)
    assert visitor.confirmations() == []


HOSTILE = [
    "zoe@example.org\r\nBcc: victim@example.org",
    "zoe@example.org\0",
    "zoe\0@example.org",
    "zoe@example.org,victim@example.org",
    "Zoe <zoe@example.org>",
    '"zoe\\"@example.org',
    "zoe@example.org%0d%0aBcc:x",
    "zoe@localhost",
    "zoe@[127.0.0.1]",
    "zoe@exa\u202emple.org",
    "zoe\u00a0@example.org",
    "z" * 65 + "@example.org",
    "zoe@" + "a" * 1000 + ".org",
    "",
    "@",
]


def test_no_hostile_address_is_taken(visitor: Visitor) -> None:
    for email in HOSTILE:
        answer = visitor.subscribe(email=email)
        found = answer.status, [field for field, _ in faults(answer.text)], "\0" in answer.text
        assert (email, found) == (email, (422, ["#email"], False))
    assert visitor.confirmations() == []


def test_control_characters_in_any_field_are_refused_without_harm(visitor: Visitor) -> None:
    for field in ("timezone", "at", "day", "quiet", "language", "watch"):
        answer = visitor.subscribe(**{field: "a\0b\r\nBcc: victim@example.org"})
        assert (field, [one for one, _ in faults(answer.text)]) == (field, [f"#{field}"])
        assert "\0" not in answer.text
    assert visitor.confirmations() == []


def test_forms_beyond_all_measure_are_refused(visitor: Visitor) -> None:
    before = visitor.content()
    many = "&".join(f"watch=w{number}" for number in range(10_000)).encode()
    answers = [
        visitor.send("/subscribe", b"email=" + b"x" * 10_000_000),
        visitor.send("/subscribe", many),
        visitor.send("/subscribe", b"&".join([b"day=1"] * 5_000)),
        visitor.send("/subscribe", b"{}", "application/json"),
        visitor.send("/subscribe", b"--x\r\ngarbage", "multipart/form-data; boundary=x"),
        visitor.send("/subscribe", b"", ""),
    ]
    assert [answer.status for answer in answers] == [413, 413, 413, 415, 422, 422]
    assert visitor.content() == before


def test_a_form_in_parts_is_taken_as_well(visitor: Visitor) -> None:
    fields = [(name, one) for name, value in WISH.items() for one in (value if isinstance(value, list) else [value])]
    pieces = [f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in fields]
    answer = visitor.send("/subscribe", ("".join(pieces) + "--b--\r\n").encode(), "multipart/form-data; boundary=b")
    assert (answer.status, len(visitor.confirmations())) == (200, 1)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
@pytest.mark.parametrize("path", ["/subscribe", "/subscribe/confirm/x"])
def test_other_methods_are_refused(visitor: Visitor, path: str, method: str) -> None:
    assert visitor.get(path, method).status == 405


def test_a_form_that_another_site_sends_is_refused(visitor: Visitor) -> None:
    answer = visitor.post("/subscribe", WISH, **{"sec-fetch-site": "cross-site"})
    assert (answer.status, visitor.confirmations()) == (403, [])


def test_the_pages_may_run_our_own_script_alone_and_are_never_stored(visitor: Visitor) -> None:
    answer = visitor.get("/subscribe")
    assert answer.headers["content-security-policy"] == f"{FORM_POLICY}; script-src 'self'"
    assert answer.headers["cache-control"] == "no-store"
    assert "set-cookie" not in answer.headers
    [script] = every(answer.text, "script")
    assert script.text() == ""
    served = visitor.get(script.attributes["src"] or "")
    assert (served.status, served.headers["content-type"].partition(";")[0]) == (200, "text/javascript")


def test_the_pages_go_below_the_path_of_the_base_url(sqlite: Database) -> None:
    visitor = Visitor(sqlite, changes={"base_url": "https://news.example.org/tocsin"})
    [form] = every(visitor.get("/subscribe").text, "form")
    assert form.attributes["action"] == "/tocsin/subscribe"


def test_filling_the_form_in_takes_little_time(visitor: Visitor) -> None:
    visitor.get("/subscribe")
    began = time.process_time()
    visitor.subscribe(email="x")
    assert time.process_time() - began < 0.5


def test_where_all_that_was_chosen_was_closed_meanwhile_nothing_is_started_and_the_page_says_so(
    visitor: Visitor,
) -> None:
    visitor.subscribe()
    path = visitor.link()
    visitor.watchlist = replace(OPEN, self_service=SelfService(watches=(GROUP.id,)))
    answer = visitor.post(path)
    assert (answer.status, texts(answer.text, "h1")) == (409, ["Not open for subscriptions"])
    assert "A topic that you chose is no longer offered" in shown(answer.text)
    assert "/subscribe?language=en" in links(answer.text)
    assert visitor.stored() is None
