"""The Jinja2 environment: where templates are found, and which filters they may use."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

import tocsin
from tocsin.rendering.bidi import isolate
from tocsin.rendering.columns import rule, wrap
from tocsin.rendering.links import contact_link, safe_link
from tocsin.rendering.times import local_clock, local_day, local_span, local_time, rough_length
from tocsin.rendering.words import count, language_name, listed, plural

_FILTERS: dict[str, Callable[..., str]] = {
    "contact_link": contact_link,
    "isolate": isolate,
    "language_name": language_name,
    "listed": listed,
    "local_clock": local_clock,
    "local_day": local_day,
    "local_span": local_span,
    "local_time": local_time,
    "rough_length": rough_length,
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


def environment(folder: Path | None = None) -> Environment:
    """Build the environment; costly (templates are compiled on first use), so one a process.

    HTML is escaped, ``.txt`` is not. An unknown name in a template is an error. ``folder`` takes the place of the
    templates that come with Tocsin.
    """
    built = Environment(
        loader=FileSystemLoader(folder or templates_folder()),
        autoescape=select_autoescape(disabled_extensions=("txt",), default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
    built.filters.update(_FILTERS)
    built.globals.update(count=count, plural=plural)
    return built
