from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from jinja2 import UndefinedError

from tocsin.rendering.environment import environment, templates_folder


def test_the_templates_of_the_checkout_or_the_package_are_found() -> None:
    assert (templates_folder() / "email" / "digest.html").is_file()


def test_everything_is_escaped_but_plain_text(tmp_path: Path) -> None:
    names = ("a.html", "a.svg", "a.txt")
    for name in names:
        (tmp_path / name).write_text("{{ word }}")
    templates = environment(tmp_path)
    shown = [templates.get_template(name).render(word="<b>") for name in names]
    assert shown == ["&lt;b&gt;", "&lt;b&gt;", "<b>"]


def test_a_name_that_is_not_there_is_an_error_and_not_a_gap(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("{{ titel }}")
    with pytest.raises(UndefinedError, match="titel"):
        environment(tmp_path).get_template("a.html").render(title="x")


def test_filters_work_in_templates(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(
        '{{ at|local_time("Europe/Berlin") }}; {{ count("story", 2) }}; {{ "x:y"|safe_link }}'
    )
    shown = environment(tmp_path).get_template("a.html").render(at=datetime(2017, 9, 5, 14, 42, tzinfo=UTC))
    assert shown == "Tue 5 Sep, 16:42; 2 stories; "
