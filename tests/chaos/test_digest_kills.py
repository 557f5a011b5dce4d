"""The mailer is killed while it sends digests: none is lost, and what comes twice does so for one reason alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from mailing_house import MailingHouse


@pytest.mark.timeout(120)
def test_a_killed_mailer_loses_no_digest_and_sends_twice_only_what_it_could_not_note(tmp_path: Path) -> None:
    with MailingHouse(tmp_path) as house:
        ids = house.filling.close_windows(40)
        house.send(ids, kills=1)
        accounts = house.accounts(ids)
    assert (accounts.sent, accounts.lost, accounts.foreign, accounts.unexplained) == (40, 0, 0, 0)
    assert accounts.kills == 1
    # The kill falls while the database is held: what was on its way over each of two connections comes again.
    assert accounts.twice <= 2
