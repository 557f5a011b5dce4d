"""From the mail of an alert by its links to their pages, and to what rings afterwards."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.message import EmailMessage
from functools import partial

import pytest

from alerting_house import HOUR, AlertHouse, Told
from page_reader import texts
from records import NOW, SIEGE
from tocsin.delivery import Letterhead, Mail
from tocsin.delivery.feedback import feedback_links
from tocsin.models.stories import Join
from tocsin.rendering.templates import Templates
from tocsin.store.database import Database
from tocsin.store.dismissals import latest_dismissals
from tocsin_web.app import build_app
from tocsin_worker.messages import Composer
from web_client import SECRET, ask, house_on

ROOT = "https://news.example.org"


@dataclass(frozen=True, slots=True)
class Reader:
    """Someone who gets the mails of a house, and presses the buttons on the pages that these lead to."""

    house: AlertHouse

    def mail(self) -> EmailMessage:
        """Give the mail that was entered last."""
        links = partial(feedback_links, base_url=ROOT, secret=SECRET)
        composer = Composer(
            Templates(), lambda: self.house.watchlist, Letterhead("t@example.org"), None, ROOT, links, SECRET
        )
        with self.house.database.read() as connection:
            message = composer.compose(connection, self.house.messages()[-1])
        assert isinstance(message, Mail)
        return message.message

    def links(self, purpose: str) -> list[str]:
        """Give the paths of the links for a purpose, in the mail's text and in its page."""
        parts = [part.get_content() for part in self.mail().walk() if part.get_content_maintype() == "text"]
        return [link for part in parts for link in re.findall(rf"{ROOT}(/alerts/{purpose}/[\w.-]+)", part)]

    def press(self, path: str) -> list[str]:
        """Press the button of a page, and give the headline of the one that answers."""
        pages = house_on(self.house.database, watchlist=lambda: self.house.watchlist, now=lambda: NOW + HOUR)
        return texts(ask(build_app(pages), path, method="POST").text, "h1")


@pytest.fixture
def house(database: Database) -> AlertHouse:
    return AlertHouse(database)


def develop(house: AlertHouse, told: Told, hours: int) -> tuple[str, str]:
    """Let something new happen in a story, and give what was decided of its alert."""
    again = house.publish(NOW + hours * HOUR, of=told, join=Join.DEVELOPMENT, news=("new place: Homs",))
    alert = house.alert(again)
    return alert.decision.value, alert.rule.value


def test_who_mutes_a_story_by_its_mail_hears_no_more_of_it_and_of_others_still(house: AlertHouse) -> None:
    told = house.publish()
    reader = Reader(house)
    [by_text, by_page] = reader.links("mute")
    assert by_text == by_page
    assert reader.press(by_text) == ["This story is muted"]
    assert develop(house, told, 2) == ("suppress", "muted")
    assert house.alert(house.publish(NOW + 3 * HOUR)).decision.value == "ring"


def test_who_unmutes_it_is_told_what_happens_next(house: AlertHouse) -> None:
    told = house.publish()
    reader = Reader(house)
    mute = reader.links("mute")[0]
    reader.press(mute)
    assert reader.press(f"{mute}/undo") == ["The story is no longer muted"]
    assert develop(house, told, 2) == ("ring", "development")


def test_what_a_reader_calls_not_relevant_is_noted_with_the_match_and_silences_nothing(house: AlertHouse) -> None:
    told = house.publish()
    reader = Reader(house)
    assert reader.press(reader.links("dismiss")[0]) == ["Noted as not relevant"]
    assert develop(house, told, 2) == ("ring", "development")
    with house.database.read() as connection:
        assert [one.match.id for one in latest_dismissals(connection, [SIEGE])] == [told.match_id]
