"""The Jinja2 environment: where templates are found, which filters they may use, and the language they speak."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_eval_context, select_autoescape
from jinja2.nodes import EvalContext
from markupsafe import Markup

import tocsin
from tocsin.rendering.bidi import foreign, isolate, plain_foreign, plain_isolate
from tocsin.rendering.columns import rule, wrap
from tocsin.rendering.links import contact_link, safe_link
from tocsin.rendering.locales import ENGLISH, Locale
from tocsin.rendering.nouns import plural

_FILTERS: dict[str, Callable[..., str]] = {
    "contact_link": contact_link,
    "rule": rule,
    "safe_link": safe_link,
    "wrap": wrap,
}


def templates_folder() -> Path:
    """Give the folder of the templates: inside the installed package, or beside ``src`` in a checkout.

    Raises FileNotFoundError with the remedy when the package was installed without them.
    """
    package = Path(tocsin.__file__).resolve().parent
    for folder in (package / "templates", package.parents[1] / "templates"):
        if (folder / "email").is_dir():
            return folder
    raise FileNotFoundError(f"no templates beside {package}: the installation is not complete; install tocsin again")


def environment(folder: Path | None = None, *, locale: Locale = ENGLISH, overrides: Path | None = None) -> Environment:
    """Build the environment of a language; costly (templates are compiled on first use), so one a process and language:
    see `tocsin.rendering.templates`.

    HTML is escaped, ``.txt`` is not. An unknown name in a template is an error. ``folder`` takes the place of the
    templates that come with Tocsin; files in ``overrides`` that of single ones, and are read anew when they change.
    """
    shipped = folder or templates_folder()
    built = Environment(
        loader=FileSystemLoader([overrides, shipped] if overrides else shipped),
        autoescape=select_autoescape(disabled_extensions=("txt",), default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=overrides is not None,
        extensions=["jinja2.ext.i18n"],
    )
    built.newstyle_gettext = True  # type: ignore[attr-defined]  # set by the extension: {% trans %} calls what is below
    built.policies["ext.i18n.trimmed"] = True
    built.filters.update(_FILTERS | _filters(locale))
    built.globals.update(locale=locale, count=locale.count, plural=plural, **_sides(locale), **_messages(locale))
    return built


def _sides(locale: Locale) -> dict[str, str]:
    """Name the sides at which a line starts and ends: mail programs do not know "text-align: start"."""
    return {"start": "left", "end": "right"} if locale.direction == "ltr" else {"start": "right", "end": "left"}


def _filters(locale: Locale) -> dict[str, Callable[..., str]]:
    """Give the filters that say something in a language."""

    @pass_eval_context
    def foreign_words(context: EvalContext, text: str) -> str:
        return foreign(text) if context.autoescape else plain_foreign(text, locale.direction)

    @pass_eval_context
    def isolated(context: EvalContext, text: str) -> str:
        return (isolate if context.autoescape else plain_isolate)(text, locale.direction)

    def local_span(start: datetime, end: datetime, zone: str) -> str:
        return locale.span(start, end, zone)

    def rough_length(length: timedelta) -> str:
        return locale.length(length)

    return {
        "foreign": foreign_words,
        "isolate": isolated,
        "language_name": locale.language_name,
        "listed": locale.listed,
        "local_clock": locale.clock,
        "local_day": locale.day,
        "local_span": local_span,
        "local_time": locale.moment,
        "number": locale.number,
        "rough_length": rough_length,
    }


def _messages(locale: Locale) -> Mapping[str, Callable[..., str]]:
    """Give what says messages in templates. In HTML a message is markup, as the catalogs are our own, and what is put
    into its placeholders is escaped.
    """

    @pass_eval_context
    def gettext(context: EvalContext, message: str, /, **values: object) -> str:
        return _filled(context, locale.translated(message), values)

    @pass_eval_context
    def ngettext(context: EvalContext, one: str, many: str, number: int, /, **values: object) -> str:
        return _filled(context, locale.translated_count(one, many, number), {"num": locale.number(number)} | values)

    return {"_": gettext, "gettext": gettext, "ngettext": ngettext}


def _filled(context: EvalContext, message: str, values: Mapping[str, object]) -> str:
    return (Markup(message) if context.autoescape else message) % values  # noqa: S704 - the catalogs are our own
