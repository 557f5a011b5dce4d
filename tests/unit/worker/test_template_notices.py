"""The operator is told once of a template that fails, and that it is over."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path

import pytest

from digest_samples import a_digest_of
from tocsin.digests.render import render_digest
from tocsin.models.alerts import NoticeKind
from tocsin.rendering.template_faults import TemplateFault
from tocsin.rendering.templates import Templates
from tocsin.store.database import Database
from tocsin.store.notices import open_notices
from tocsin_worker.template_notices import REMEDY, TemplateNotices


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "email").mkdir()
    (tmp_path / "email" / "digest.txt").write_text("{{ wiev }}")
    return tmp_path


def fault(folder: Path) -> TemplateFault:
    return TemplateFault(folder / "email" / "digest.txt", 1, "'wiev' is undefined")


def changed(folder: Path) -> None:
    os.utime(folder / "email" / "digest.txt", (1, 1))


def told(sqlite: Database) -> list[tuple[str, NoticeKind, str]]:
    with sqlite.read() as connection:
        return [(notice.key, notice.kind, notice.text) for notice in open_notices(connection)]


def test_a_template_that_fails_is_told_once_with_file_line_and_remedy(sqlite: Database, folder: Path) -> None:
    notices = TemplateNotices(sqlite, folder)
    notices("digest", fault(folder))
    notices("digest", fault(folder))
    text = (
        f"The template {folder}/email/digest.txt, line 1: 'wiev' is undefined. Mails of the kind digest are made with "
        f"the templates that come with Tocsin; {REMEDY}."
    )
    assert told(sqlite) == [("template:digest", NoticeKind.TEMPLATE_FAILS, text)]


def test_it_is_over_when_a_mail_succeeds_with_changed_templates(sqlite: Database, folder: Path) -> None:
    notices = TemplateNotices(sqlite, folder)
    notices("digest", fault(folder))
    notices("digest", None)  # another mail, in which the same template happens to work
    assert len(told(sqlite)) == 1
    changed(folder)
    notices("digest", None)
    assert told(sqlite) == []


def test_a_process_that_starts_anew_ends_what_is_over(sqlite: Database, folder: Path) -> None:
    TemplateNotices(sqlite, folder)("digest", fault(folder))
    TemplateNotices(sqlite, folder)("digest", None)
    assert told(sqlite) == []


def test_kinds_of_mail_are_told_apart(sqlite: Database, folder: Path) -> None:
    notices = TemplateNotices(sqlite, folder)
    notices("digest", fault(folder))
    notices("alert", None)
    assert [key for key, _, _ in told(sqlite)] == ["template:digest"]


def test_a_template_that_fails_again_after_a_change_is_told_again_only_when_it_was_over(
    sqlite: Database, folder: Path
) -> None:
    notices = TemplateNotices(sqlite, folder)
    notices("digest", fault(folder))
    changed(folder)
    notices("digest", fault(folder))
    assert len(told(sqlite)) == 1


def test_a_mail_is_made_and_the_operator_told_while_the_mailer_reads(sqlite: Database, folder: Path) -> None:
    templates = Templates(folder, TemplateNotices(sqlite, folder))
    digest = partial(render_digest, a_digest_of(1))
    with sqlite.read():
        made = templates.mail("digest", digest)
    assert made == Templates().mail("digest", digest)
    assert [text.partition(". ")[0] for _, _, text in told(sqlite)] == [
        f"The template {folder}/email/digest.txt, line 1: 'wiev' is undefined"
    ]
