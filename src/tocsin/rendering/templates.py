"""Environments by language, and templates of the operator's own that stand in for those of Tocsin's mails.

An operator's templates are the operator's own code: they run without a sandbox, as who writes the settings may do
anything here anyway.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from jinja2 import Environment

from tocsin.rendering.environment import environment
from tocsin.rendering.locales import ENGLISH, Locale
from tocsin.rendering.rendered import Rendered
from tocsin.rendering.template_faults import TemplateFault, fault_of

Told = Callable[[str, TemplateFault | None], None]
"""Is told of each mail made with the operator's templates: its kind, and what failed in them, if anything."""


def nobody(kind: str, fault: TemplateFault | None) -> None:
    """Tell nobody."""


class Templates:
    """The environments of one process; ``overrides`` is the operator's folder of templates, or None."""

    def __init__(self, overrides: Path | None = None, told: Told = nobody) -> None:
        self._overrides = overrides
        self._told = told
        self._shipped: dict[str, Environment] = {}
        self._own: dict[str, Environment] = {}

    def environment(self, locale: Locale = ENGLISH) -> Environment:
        """Give the environment of a language with the templates that come with Tocsin; built once."""
        return _kept(self._shipped, locale, None)

    def mail(self, kind: str, make: Callable[[Environment], Rendered], locale: Locale = ENGLISH) -> Rendered:
        """Make a mail with the operator's templates; where they fail, with those that come with Tocsin.

        A failure that is not the fault of the operator's templates is raised: those of Tocsin fail as well.
        """
        if self._overrides is None:
            return make(self.environment(locale))
        try:
            rendered, fault = make(_kept(self._own, locale, self._overrides)), None
        except Exception as error:  # noqa: BLE001 - a template raises whatever an expression in it does
            rendered, fault = make(self.environment(locale)), fault_of(error, self._overrides)
        self._told(kind, fault)
        return rendered


def _kept(known: dict[str, Environment], locale: Locale, overrides: Path | None) -> Environment:
    if locale.code not in known:
        known[locale.code] = environment(locale=locale, overrides=overrides)
    return known[locale.code]
