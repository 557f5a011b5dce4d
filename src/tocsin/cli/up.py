"""`tocsin up`: all processes under supervision."""

from __future__ import annotations

import typer

from tocsin.errors import TocsinError


class UpError(TocsinError):
    """The whole cannot run, since one of its processes cannot."""

    exit_code = 2


def up() -> None:
    """Run everything: the embedded Redis (unless REDIS_URL is set), scheduler, classifier, mailer, reader, web pages.

    A process that ends is started again; SIGTERM or Ctrl-C stops all within ten seconds.

    Example: tocsin init && tocsin up
    """
    from tocsin.cli.processes import started_settings
    from tocsin.service import commands, prepare
    from tocsin.supervision import Supervisor

    settings = started_settings()
    prepare(settings)
    typer.echo(f"Tocsin runs; look at {settings.base_url} - stop it with Ctrl-C.", err=True)
    code = Supervisor(commands(settings)).run()
    if code != 0:
        raise UpError("a process cannot run as things are; its message stands above")
