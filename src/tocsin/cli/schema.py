"""`tocsin schema`: what an editor needs to help with a watchlist."""

from __future__ import annotations

import json

import typer


def schema() -> None:
    """Print the JSON Schema of a watchlist, for editors and other programs.

    Example: tocsin schema > watchlist.schema.json
    """
    from tocsin.config.json_schema import watchlist_schema

    typer.echo(json.dumps(watchlist_schema(), indent=2, ensure_ascii=False))
