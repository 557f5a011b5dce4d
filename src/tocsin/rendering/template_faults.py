"""What is wrong with templates of the operator's own: found without a mail where it can be, else when one fails."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, TemplateError, TemplateSyntaxError, nodes
from jinja2.meta import find_referenced_templates, find_undeclared_variables

from tocsin.rendering.clean import one_line
from tocsin.rendering.environment import environment

MAIL_FOLDER = "email"
SUFFIXES = (".html", ".txt", ".css")
GIVEN = frozenset({"view", "subject", "preheader"})
"""The names that every template of a mail gets, beside the globals of the environment."""

_REASON_LIMIT = 300


@dataclass(frozen=True, slots=True)
class TemplateFault:
    """What is wrong with a template of the operator's; ``line`` is 0 where it is not known."""

    file: Path
    line: int
    reason: str

    @property
    def words(self) -> str:
        """Name the place and the error: "/etc/tocsin/email/digest.html, line 7: 'wiev' is undefined"."""
        place = f"{self.file}, line {self.line}" if self.line else str(self.file)
        return f"{place}: {self.reason}"


def overriding(folder: Path) -> list[Path]:
    """Give the operator's templates, sorted."""
    return sorted(file for file in (folder / MAIL_FOLDER).rglob("*") if file.suffix in SUFFIXES and file.is_file())


def fingerprint(folder: Path) -> tuple[tuple[str, int], ...]:
    """Give what changes when one of the operator's templates does: their paths and times of change."""
    found = []
    for file in overriding(folder):
        with suppress(OSError):  # taken away at this moment
            found.append((str(file), file.stat().st_mtime_ns))
    return tuple(found)


def fault_of(error: Exception, folder: Path) -> TemplateFault:
    """Say where in the operator's folder a mail failed, or in which template that its templates were used by."""
    reason = one_line(f"{error}" if isinstance(error, TemplateError) else f"{type(error).__name__}: {error}")
    if isinstance(error, TemplateSyntaxError):
        file = Path(error.filename) if error.filename else folder
        return TemplateFault(file, error.lineno, one_line(error.message or reason, _REASON_LIMIT))
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.endswith(SUFFIXES)]
    own = [frame for frame in frames if Path(frame.filename).is_relative_to(folder)]
    last = next(reversed(own or frames), None)
    place, line = (Path(last.filename), last.lineno or 0) if last else (folder, 0)
    return TemplateFault(place, line, one_line(reason, _REASON_LIMIT))


def faults_of(folder: Path) -> list[TemplateFault]:
    """Find what is wrong without making a mail: files that do not compile, names, templates and files that nobody
    knows. What depends on the values of a mail shows itself only there.
    """
    if not (folder / MAIL_FOLDER).is_dir():
        return [TemplateFault(folder, 0, f"it has no folder {MAIL_FOLDER}/, so none of its files is used")]
    own, shipped = environment(overrides=folder), set(environment().list_templates())
    found, parsed = [], dict[Path, nodes.Template]()
    for file in overriding(folder):
        try:
            parsed[file] = _parsed(file, own)
        except (TemplateError, OSError, UnicodeError) as error:
            found.append(fault_of(error, folder))
    used = {name for tree in parsed.values() for name in find_referenced_templates(tree) if name}
    for file, tree in parsed.items():
        found += _unknown(file, tree, own)
        if (name := file.relative_to(folder).as_posix()) not in shipped | used:
            reason = "it takes the place of none of Tocsin's templates, and no other template of yours includes it"
            found.append(TemplateFault(file, 0, f"{reason}; there is no {name}"))
    return found


def _parsed(file: Path, own: Environment) -> nodes.Template:
    source = file.read_text(encoding="utf-8")
    own.compile(source, filename=str(file))  # knows filters and tests, which parsing does not look at
    return own.parse(source, filename=str(file))


def _unknown(file: Path, tree: nodes.Template, own: Environment) -> Iterator[TemplateFault]:
    """Yield the names and the templates that do not exist."""
    known = set(own.list_templates())
    for name in sorted(find_undeclared_variables(tree) - GIVEN - own.globals.keys() - _set_by(tree)):
        line = min((one.lineno for one in tree.find_all(nodes.Name) if one.name == name), default=0)
        yield TemplateFault(file, line, f"'{name}' is undefined")
    for missing in sorted({one for one in find_referenced_templates(tree) if one} - known):
        yield TemplateFault(file, _line_of(tree, missing), f"there is no template {missing}")


def _set_by(tree: nodes.Template) -> set[str]:
    """Give the names that a template sets or imports somewhere; blocks see those of the top."""
    stored = {one.name for one in tree.find_all(nodes.Name) if one.ctx == "store"}
    return stored | {one.target for one in tree.find_all(nodes.Import)}


def _line_of(tree: nodes.Template, name: str) -> int:
    return min((one.lineno for one in tree.find_all(nodes.Const) if one.value == name), default=0)
