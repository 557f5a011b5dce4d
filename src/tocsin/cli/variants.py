"""`tocsin watch variants`: the family of a name, by the rules that made it, and what its members collide with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import typer

from tocsin.cli.output import console, heading, print_json
from tocsin.matching.names import Collision, Variant, collisions_of, family, risks_of
from tocsin.text.fold import fold_term

_BAD_INPUT = 2
_SEVERAL = "several rules at once"


def watch_variants(
    name: Annotated[str, typer.Argument(help="A name as a watch has it under `names`.", show_default=False)],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document, for programs.")] = False,
) -> None:
    """List the spellings that a name is found under.

    Grouped by the rule that made them, with those that are also common words or places.

    Example: tocsin watch variants "Muammar Gaddafi"
    """
    if not fold_term(name):
        typer.echo(f"{name!r} has no letter or digit to look for; give a name", err=True)
        raise typer.Exit(_BAD_INPUT)
    members, collisions = family(name), collisions_of(name)
    if as_json:
        print_json(_record(name, members, collisions))
    else:
        _print(name, members, collisions)


def _record(name: str, members: Sequence[Variant], collisions: Sequence[Collision]) -> dict[str, Any]:
    return {
        "name": name,
        "variants": [
            {
                "written": one.written,
                "pattern": one.pattern,
                "rules": list(one.rules),
                "languages": sorted(one.languages),
            }
            for one in members
        ],
        "collisions": [{"variant": one.variant.written, "with": one.what} for one in collisions],
        "risks": list(risks_of(name)),
    }


def _print(name: str, members: Sequence[Variant], collisions: Sequence[Collision]) -> None:
    out = console()
    spellings = "spelling" if len(members) == 1 else "spellings"
    out.print(f"{name}: {len(members)} {spellings}", style="bold", markup=False)
    for rule, written in _by_rule(members):
        heading(out, rule)
        out.print(", ".join(written), markup=False)
    if collisions:
        heading(out, "collisions")
        for one in collisions:
            out.print(f"{one.variant.written}: {one.what}", markup=False)
    for risk in risks_of(name):
        out.print(f"warning: {risk}", style="yellow", markup=False)


def _by_rule(members: Sequence[Variant]) -> list[tuple[str, list[str]]]:
    """Return the generated members by their rule, those that took several rules last."""
    groups: dict[str, list[str]] = {}
    for one in sorted(members[1:], key=lambda one: len(one.rules) > 1):
        rule = _SEVERAL if len(one.rules) > 1 else one.rule
        languages = f" ({', '.join(sorted(one.languages))})" if one.languages else ""
        groups.setdefault(rule, []).append(f"{one.written}{languages}")
    return list(groups.items())
