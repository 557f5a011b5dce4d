from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from eventually import eventually
from tocsin import bootstrap
from tocsin.bootstrap import Heart, WatchlistDesk
from tocsin.config import Settings, load_settings
from tocsin.delivery import FolderSender, Letterhead, SmtpSender
from tocsin.embedded_redis import MAX_SOCKET_PATH, socket_of
from tocsin.errors import MailSetupError, QueueError, StoreError, WatchlistError
from tocsin.models.articles import Document
from tocsin.service import prepare
from tocsin.store.database import Database, database_now
from tocsin.store.processes import Heartbeat, heartbeats
from tocsin.store.watchlists import accept_watchlist

GOOD = """\
version: 1
feeds: [https://wire.example/rss]
watches:
  siege: {keywords: [siege]}
"""
BETTER = GOOD.replace("[siege]", "[siege, blockade]")
FAULTY = GOOD.replace("keywords", "keyword")


@dataclass(frozen=True, slots=True)
class Home:
    """A home with a watchlist that can be rewritten, and a database."""

    settings: Settings
    database: Database

    def write(self, text: str) -> None:
        self.settings.watchlist.write_text(text, encoding="utf-8")

    def desk(self) -> WatchlistDesk:
        return WatchlistDesk(self.settings, self.database)


def settings_in(folder: Path, **variables: str) -> Settings:
    home = {"TOCSIN_HOME": str(folder), "TOCSIN_WATCHLIST": str(folder / "watchlist.yaml")}
    return load_settings(home | variables)


@pytest.fixture
def home(database: Database, tmp_path: Path) -> Home:
    return Home(settings_in(tmp_path), database)


def test_a_good_file_is_in_force_at_once(home: Home) -> None:
    home.write(GOOD)
    desk = home.desk()
    assert desk.watchlist.source == GOOD
    assert desk.file.faults == ()


@pytest.mark.parametrize("absent", [True, False])
def test_a_process_that_starts_on_a_faulty_or_missing_file_goes_on_with_the_last_good_one(
    home: Home, absent: bool
) -> None:
    home.write(GOOD)
    home.desk().accept()
    if absent:
        home.settings.watchlist.unlink()
    else:
        home.write(FAULTY)
    desk = home.desk()
    assert desk.watchlist.source == GOOD
    [fault] = desk.file.faults
    assert ("no such file" in fault.message) is absent
    assert ("unknown key 'keyword'; did you mean 'keywords'?" in fault.message) is not absent


def test_a_process_without_any_good_watchlist_ends_with_all_faults(home: Home) -> None:
    home.write(FAULTY.replace("version: 1", "version: 9"))
    with pytest.raises(WatchlistError) as caught:
        home.desk()
    assert [fault.line for fault in caught.value.faults] == [1, 4]


def test_what_another_version_of_the_program_accepted_may_be_of_no_use(home: Home) -> None:
    with home.database.write() as connection:
        accept_watchlist(connection, "0123456789ab", FAULTY, database_now(connection))
    home.write(FAULTY)
    with pytest.raises(WatchlistError):
        home.desk()


def test_a_faulty_change_keeps_the_last_good_one_until_the_file_is_mended(home: Home) -> None:
    home.write(GOOD)
    desk = home.desk()
    home.write(FAULTY)
    assert (desk.poll(), desk.watchlist.source, len(desk.file.faults)) == (False, GOOD, 1)
    home.write(BETTER)
    assert (desk.poll(), desk.watchlist.source, desk.file.faults) == (True, BETTER, ())
    assert desk.poll() is False


def test_the_matcher_is_compiled_once_a_version(home: Home) -> None:
    home.write(GOOD)
    desk = home.desk()
    first = desk.desk()
    assert desk.desk() is first
    desk.poll()
    assert desk.desk() is first
    home.write(BETTER)
    desk.poll()
    [second] = eventually(lambda: [found for found in (desk.desk(),) if found is not first])
    blockade = Document("The blockade holds", "")
    assert [len(one.matcher.match(blockade)) for one in (first, second)] == [0, 1]


def test_a_heartbeat_tells_the_version_in_force_and_the_faults_of_the_file(home: Home) -> None:
    home.write(GOOD)
    desk = home.desk()
    heart = Heart("mailer", home.database, desk)
    news = [heart.has_news]
    heart.beat()
    news.append(heart.has_news)
    home.write(FAULTY)
    desk.poll()
    news.append(heart.has_news)
    heart.beat()
    assert news == [True, False, True]
    with home.database.read() as connection:
        [told] = heartbeats(connection)
    assert told == Heartbeat("mailer", told.seen_at, desk.watchlist.version, str(desk.file.faults[0]))


def test_a_database_that_is_empty_is_refused_with_the_command_that_mends_it(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"the database is empty.*run `tocsin db upgrade`"):
        bootstrap.open_store(settings_in(tmp_path))


def test_a_redis_that_is_not_there_is_told_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(QueueError, match=r"does not answer at .*redis\.sock: start it with `tocsin redis`"):
        bootstrap.connect_redis(settings_in(tmp_path))


def test_a_home_too_deep_for_a_socket_is_told_as_such_unless_redis_is_elsewhere(tmp_path: Path) -> None:
    deep = tmp_path / ("d" * MAX_SOCKET_PATH)
    with pytest.raises(QueueError, match="is too long for a socket; set TOCSIN_HOME to a shorter one"):
        bootstrap.connect_redis(settings_in(deep))
    with pytest.raises(QueueError, match="at the address of REDIS_URL"):
        bootstrap.connect_redis(settings_in(deep, REDIS_URL="redis://127.0.0.1:1/0"))


def test_the_socket_is_the_same_from_wherever_it_is_looked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert socket_of(Path("here")) == socket_of(tmp_path / "here")


def test_mail_goes_to_a_folder_unless_a_server_is_named(tmp_path: Path) -> None:
    folder = bootstrap.mail_opener(settings_in(tmp_path))
    server = bootstrap.mail_opener(settings_in(tmp_path, SMTP_URL="smtps://user:secret@mail.example.org"))
    assert isinstance(folder(), FolderSender)
    assert isinstance(server(), SmtpSender)


def test_a_mail_server_address_that_cannot_be_used_is_refused_before_anything_runs(tmp_path: Path) -> None:
    settings = settings_in(tmp_path, SMTP_URL="smtps://user@mail.example.org")
    with pytest.raises(MailSetupError, match="must name both user and password"):
        bootstrap.mail_opener(settings)


def test_message_ids_are_made_under_the_senders_domain(tmp_path: Path) -> None:
    settings = settings_in(tmp_path, TOCSIN_MAIL_FROM="Tocsin <tocsin@news.example.org>")
    assert bootstrap.domain_of_mail(settings) == "news.example.org"


def test_mails_come_from_the_sender_alone_where_nothing_else_is_set(tmp_path: Path) -> None:
    settings = settings_in(tmp_path, TOCSIN_MAIL_FROM="Tocsin <t@news.example.org>", TOCSIN_CONTACT="desk@example.org")
    assert bootstrap.letterhead_of(settings) == Letterhead("Tocsin <t@news.example.org>", "desk@example.org")
    assert bootstrap.bounce_box_of(settings) is None


@pytest.mark.parametrize(
    ("name", "value"), [("TOCSIN_BOUNCE_BOX", "maildir:///var/mail/bounces"), ("TOCSIN_BOUNCE_TOKEN", "t" * 32)]
)
def test_an_address_for_leaving_stands_in_mails_where_somebody_reads_what_comes_back(
    tmp_path: Path, name: str, value: str
) -> None:
    bounces = {"TOCSIN_BOUNCES": "bounces@news.example.org"}
    unread = bootstrap.letterhead_of(settings_in(tmp_path, **bounces))
    read = bootstrap.letterhead_of(settings_in(tmp_path, **bounces, **{name: value}))
    assert unread.verp == read.verp == bootstrap.verp_of(settings_in(tmp_path, **bounces))
    assert (unread.reads_replies, read.reads_replies) == (False, True)


def test_a_sender_or_a_key_that_no_mail_can_have_is_refused_before_anything_runs(tmp_path: Path) -> None:
    dkim = {"TOCSIN_DKIM_KEY_FILE": str(tmp_path / "dkim.pem"), "TOCSIN_DKIM_SELECTOR": "mail2026"}
    with pytest.raises(MailSetupError, match=r"TOCSIN_DKIM_KEY_FILE: the file .* cannot be read"):
        prepare(settings_in(tmp_path, **dkim))
