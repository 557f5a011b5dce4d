from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from jinja2 import UndefinedError

from tocsin.rendering.environment import environment, templates_folder
from tocsin.rendering.locales import ENGLISH, Locale, locale_of


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


def shown(folder: Path, name: str, template: str, locale: Locale = ENGLISH, **values: object) -> str:
    (folder / name).write_text(template)
    return environment(folder, locale=locale).get_template(name).render(**values)


def test_messages_are_said_in_the_language_and_their_values_are_escaped(tmp_path: Path) -> None:
    template = '{{ _("Untitled, from %(outlet)s", outlet=outlet) }}'
    german = locale_of("de")
    assert shown(tmp_path, "a.html", template, german, outlet="<b>") == "Ohne Titel, von &lt;b&gt;"
    assert shown(tmp_path, "a.txt", template, german, outlet="<b>") == "Ohne Titel, von <b>"


def test_a_value_with_a_per_cent_sign_or_a_placeholder_is_only_a_value(tmp_path: Path) -> None:
    template = '{{ _("Untitled, from %(outlet)s", outlet=outlet) }}'
    assert shown(tmp_path, "a.html", template, outlet="100% %(outlet)s") == "Untitled, from 100% %(outlet)s"


def test_numbers_in_messages_have_groups_and_the_form_that_goes_with_them(tmp_path: Path) -> None:
    template = (
        '{{ ngettext("also in %(num)s outlet", "also in %(num)s outlets", number) }}, {{ count("story", number) }}'
    )
    assert shown(tmp_path, "a.html", template, number=1200) == "also in 1,200 outlets, 1,200 stories"
    assert shown(tmp_path, "a.html", template, locale_of("ar"), number=2) == "أيضًا في وسيلتي إعلام أخريين, خبران"


def test_blocks_of_text_are_messages_too(tmp_path: Path) -> None:
    template = "{% trans outlet=outlet %}\n  Untitled, from {{ outlet }}\n{% endtrans %}"
    assert shown(tmp_path, "a.html", template, locale_of("fr"), outlet="<b>") == "Sans titre, source\u00a0: &lt;b&gt;"


def test_foreign_words_are_set_apart_in_pages_always_and_in_text_where_directions_mix(tmp_path: Path) -> None:
    template = "{{ word|foreign }} {{ said|isolate }}"
    words = {"word": "Homs <1>", "said": "«zoe@example.org, Homs» (3 مرات)"}
    arabic = locale_of("ar")
    assert shown(tmp_path, "a.html", template, arabic, **words) == (
        "<bdi>Homs &lt;1&gt;</bdi> «<bdi>zoe@example.org, Homs</bdi>» (3 مرات)"
    )
    assert shown(tmp_path, "a.txt", template, arabic, **words) == (
        "\u2068Homs <1>\u2069 «\u2068zoe@example.org, Homs\u2069» (3 مرات)"
    )
    assert shown(tmp_path, "a.txt", template, word="Homs 1", said="in Homs") == "Homs 1 in Homs"


def test_the_sides_of_a_line_are_those_of_the_language(tmp_path: Path) -> None:
    sides = [shown(tmp_path, "a.html", "{{ start }} {{ end }}", locale_of(code)) for code in ("de", "ar")]
    assert sides == ["left right", "right left"]
