"""`tocsin articles`: what can be done about articles that the classifier could not read."""

from __future__ import annotations

import typer

from tocsin.config import load_settings

articles_app = typer.Typer(help="Look after the articles.", no_args_is_help=True)


@articles_app.callback()
def _articles() -> None:
    """Keep `release` a command of its own: Typer would make an only command the whole."""


@articles_app.command()
def release() -> None:
    """Have articles that were put aside classified again.

    An article over which the classifier died five times is put aside; `tocsin doctor` names it. Once the cause is
    mended, such as too little memory or a fault of this program, it gets as many attempts again.

    Example: tocsin articles release
    """
    from tocsin.bootstrap import open_store
    from tocsin.rendering.words import count
    from tocsin.store.quarantine import release_quarantined

    database = open_store(load_settings())
    with database.write() as connection:
        released = release_quarantined(connection)
    database.close()
    if released:
        typer.echo(f"{count('article', released)} released, to be classified within seconds while Tocsin runs.")
    else:
        typer.echo("No article is put aside.")
