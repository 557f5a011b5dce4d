"""`tocsin redis|scheduler|worker|web`: the single processes, in the foreground; `tocsin db upgrade`."""

from __future__ import annotations

from typing import Annotated

import typer

from tocsin.config import Settings, load_settings

worker_app = typer.Typer(help="Run one worker in the foreground.", no_args_is_help=True)
db_app = typer.Typer(help="Look after the database.", no_args_is_help=True)


def started_settings() -> Settings:
    """Load the settings for a process that runs on, and set up its logs."""
    from tocsin.logs import configure_logging

    settings = load_settings()
    configure_logging("json" if settings.log_format == "json" else "console", settings.log_level.upper())
    return settings


def redis() -> None:
    """Run the embedded Redis in the foreground, on a socket in TOCSIN_HOME.

    Example: tocsin redis
    """
    from tocsin.embedded_redis import run_embedded_redis

    run_embedded_redis(load_settings().home)


def scheduler() -> None:
    """Run the scheduler: polls feeds, closes digest windows, sweeps.

    Example: TOCSIN_POLL_MINUTES=15 tocsin scheduler
    """
    from tocsin_scheduler.main import run_scheduler

    run_scheduler(started_settings())


@worker_app.command()
def classify() -> None:
    """Run the classifier: decides which articles meet which watches.

    Example: tocsin worker classify
    """
    from tocsin.queueing import CLASSIFY
    from tocsin_worker.main import run_worker

    run_worker(started_settings(), CLASSIFY)


@worker_app.command()
def deliver() -> None:
    """Run the mailer: sends alerts and digests.

    Example: SMTP_URL=smtps://user:password@mail.example.org tocsin worker deliver
    """
    from tocsin.queueing import DELIVER
    from tocsin_worker.main import run_worker

    run_worker(started_settings(), DELIVER)


@worker_app.command()
def read() -> None:
    """Run the reader: reads the pages of articles whose feeds have `full_text`.

    Example: tocsin worker read
    """
    from tocsin.queueing import READ
    from tocsin_worker.main import run_worker

    run_worker(started_settings(), READ)


def web() -> None:
    """Run the web pages.

    Example: TOCSIN_WEB_PORT=8081 tocsin web
    """
    from tocsin_web.main import serve

    serve(started_settings())


@db_app.callback()
def _db() -> None:
    """Keep `upgrade` a command of its own: Typer would make an only command the whole."""


@db_app.command()
def upgrade(
    quiet: Annotated[bool, typer.Option("--quiet", help="Print nothing.")] = False,
) -> None:
    """Bring the database to the version that this program needs.

    Example: DATABASE_URL=postgresql://localhost/tocsin tocsin db upgrade
    """
    from tocsin.store.database import open_database
    from tocsin.store.migrate import upgrade as upgrade_database

    database = open_database(load_settings().database_url.get_secret_value())
    version = upgrade_database(database)
    database.close()
    if not quiet:
        typer.echo(f"The database is at version {version}.")
