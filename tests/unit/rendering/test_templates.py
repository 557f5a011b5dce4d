"""Templates of the operator's own: used while they work, left alone where they do not, and told of."""

from __future__ import annotations

import os
import shutil
from functools import partial
from pathlib import Path

import pytest
from jinja2 import Environment, UndefinedError

from digest_samples import a_digest_of
from tocsin.digests.render import render_digest
from tocsin.rendering.environment import templates_folder
from tocsin.rendering.locales import ENGLISH, locale_of
from tocsin.rendering.rendered import Rendered
from tocsin.rendering.template_faults import TemplateFault, faults_of, fingerprint
from tocsin.rendering.templates import Templates

VIEW = a_digest_of(2)
DIGEST = partial(render_digest, VIEW)


def own(folder: Path, **files: str) -> Path:
    (folder / "email").mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / "email" / name.replace("_", ".")).write_text(text)
    return folder


def made_with(folder: Path | None) -> tuple[Rendered, list[TemplateFault | None]]:
    told: list[TemplateFault | None] = []
    templates = Templates(folder, lambda _, fault: told.append(fault))
    return templates.mail("digest", DIGEST), told


@pytest.fixture(scope="module")
def shipped() -> Rendered:
    return made_with(None)[0]


def test_a_file_takes_the_place_of_ours_and_the_others_stay(tmp_path: Path, shipped: Rendered) -> None:
    mail, told = made_with(own(tmp_path, digest_txt="{{ view.heading }} for {{ view.email }}\n"))
    assert mail.text == f"{VIEW.heading} for zoe@example.org\n"
    assert (mail.html, told) == (shipped.html, [None])


def test_a_style_sheet_may_be_the_operators_own(tmp_path: Path) -> None:
    folder = own(tmp_path, mail_css=(templates_folder() / "email" / "mail.css").read_text() + "h1 { color: #abcdef; }")
    assert "#abcdef" in made_with(folder)[0].html


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("one\n{% if view %}\nnever closed", 3, "Unexpected end of template"),
        ("one\ntwo {{ wiev.heading }}", 2, "'wiev' is undefined"),
        ("{{ view.heeding }}", 1, "has no attribute 'heeding'"),
        ("one\n\n{% include 'email/footer.txt' %}", 3, "email/footer.txt"),
        ("{{ view.heading|shout }}", 1, "No filter named 'shout'"),
        ("{{ 1 // (view.hidden * 0) }}", 1, "ZeroDivisionError"),
        ("{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}", 1, "RecursionError"),
    ],
    ids=["syntax", "name", "attribute", "include", "filter", "division", "recursion"],
)
def test_where_one_fails_ours_is_used_and_file_line_and_reason_are_told(
    tmp_path: Path, shipped: Rendered, text: str, line: int, reason: str
) -> None:
    mail, told = made_with(own(tmp_path, digest_txt=text))
    [fault] = told
    assert mail == shipped
    assert fault is not None
    assert (fault.file, fault.line) == (tmp_path / "email" / "digest.txt", line)
    assert reason in fault.reason
    assert fault.words.startswith(f"{tmp_path}/email/digest.txt, line {line}: ")


def test_a_file_that_cannot_be_read_as_text_is_told_of(tmp_path: Path, shipped: Rendered) -> None:
    own(tmp_path)
    (tmp_path / "email" / "digest.txt").write_bytes(b"\xff\xfe\x00")
    mail, told = made_with(tmp_path)
    assert (mail, len(told)) == (shipped, 1)
    assert told[0] is not None


def test_what_ours_lacks_in_the_operators_parts_is_told_as_the_operators_fault(
    tmp_path: Path, shipped: Rendered
) -> None:
    mail, told = made_with(own(tmp_path, story_html="{% macro nothing() %}{% endmacro %}"))
    assert mail == shipped
    assert told[0] is not None


def test_a_failure_that_is_not_the_templates_is_raised(tmp_path: Path) -> None:
    def fails(_: Environment) -> Rendered:
        raise UndefinedError("ours")

    with pytest.raises(UndefinedError, match="ours"):
        Templates(own(tmp_path)).mail("digest", fails)


def test_a_file_that_is_put_right_is_used_at_once(tmp_path: Path) -> None:
    told: list[TemplateFault | None] = []
    templates = Templates(own(tmp_path, digest_txt="{{ wiev }}"), lambda _, fault: told.append(fault))
    templates.mail("digest", DIGEST)
    own(tmp_path, digest_txt="right")
    os.utime(tmp_path / "email" / "digest.txt", (1, 1))
    assert templates.mail("digest", DIGEST).text == "right"
    assert (told[0] is None, told[1] is None) == (False, True)


def test_values_are_escaped_in_the_operators_pages_too(tmp_path: Path) -> None:
    html = made_with(own(tmp_path, digest_html="{{ '<script>' ~ view.heading }}"))[0].html
    assert "&lt;script&gt;" in html


def test_there_is_one_environment_a_language() -> None:
    templates = Templates()
    assert templates.environment(ENGLISH) is templates.environment(ENGLISH)
    assert templates.environment(locale_of("de")) is not templates.environment(ENGLISH)


def test_ours_have_no_faults_when_they_are_the_operators(tmp_path: Path) -> None:
    shutil.copytree(templates_folder() / "email", tmp_path / "email")
    assert faults_of(tmp_path) == []


def test_faults_are_found_without_a_mail(tmp_path: Path) -> None:
    folder = own(
        tmp_path,
        digest_txt="{{ view }}\n{{ wiev }}\n{% include 'email/footer.txt' %}{% include 'email/part.txt' %}",
        part_txt="a part",
        digset_html="a misspelt name",
        alert_txt="{{ view|shout }}",
    )
    useless = "it takes the place of none of Tocsin's templates, and no other template of yours includes it"
    assert [fault.words.removeprefix(f"{tmp_path}/email/") for fault in faults_of(folder)] == [
        "alert.txt, line 1: No filter named 'shout'.",
        "digest.txt, line 2: 'wiev' is undefined",
        "digest.txt, line 3: there is no template email/footer.txt",
        f"digset.html: {useless}; there is no email/digset.html",
    ]


def test_a_folder_without_a_folder_for_mails_is_told_of(tmp_path: Path) -> None:
    assert [fault.words for fault in faults_of(tmp_path)] == [
        f"{tmp_path}: it has no folder email/, so none of its files is used"
    ]


def test_a_changed_file_changes_the_fingerprint(tmp_path: Path) -> None:
    own(tmp_path, digest_txt="a")
    before = fingerprint(tmp_path)
    os.utime(tmp_path / "email" / "digest.txt", (1, 1))
    assert fingerprint(tmp_path) != before
