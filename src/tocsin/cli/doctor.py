"""`tocsin doctor`: looks at everything Tocsin needs and says what to mend."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from tocsin.config import load_settings

if TYPE_CHECKING:
    from tocsin.cli.finding import Finding

_STYLES = {"ok": "green", "look": "yellow", "broken": "bold red"}


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for a program.")] = False,
) -> None:
    """Check settings, watchlist, database, Redis, mail, processes, feeds and deliveries.

    Exit code 1 when something is broken; what is worth a look does not count.

    Example: tocsin doctor
    """
    from tocsin.cli.checkup import examine
    from tocsin.cli.finding import State
    from tocsin.cli.output import print_json

    findings = list(examine(load_settings()))
    if as_json:
        print_json([asdict(finding) for finding in findings])
    else:
        _print(findings)
    if any(finding.state is State.BROKEN for finding in findings):
        raise typer.Exit(1)


def _print(findings: list[Finding]) -> None:
    from rich.text import Text

    from tocsin.cli.output import console
    from tocsin.rendering.clean import one_line

    out = console()
    for finding in findings:
        mark = Text(f"{finding.state.value:<7}", style=_STYLES[finding.state.value])
        out.print(Text.assemble(mark, (f"{finding.what:<11} ", "bold"), one_line(finding.words, 2_000)))
