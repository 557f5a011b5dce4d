"""The application: all commands under one roof, and errors as words and exit codes."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from tocsin import __version__
from tocsin.cli import (
    articles,
    channel_trial,
    channels,
    check,
    demo,
    digest,
    digest_archive,
    digest_send,
    doctor,
    feed_add,
    feed_discovery,
    feed_health,
    feed_lists,
    feed_trial,
    feeds,
    init,
    processes,
    regions,
    schema,
    story,
    story_cluster,
    story_edit,
    subscriber_add,
    subscriber_edit,
    subscriber_lists,
    subscribers,
    up,
    variants,
    watch,
    why,
)
from tocsin.cli.output import complain
from tocsin.errors import TocsinError

app = typer.Typer(
    name="tocsin",
    help="Tocsin watches the news: it says which articles meet your watches, and why.",
    epilog="Start with `tocsin demo`, or with `tocsin init` and `tocsin up`.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"tocsin {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    _: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")] = False,
) -> None:
    """Set up logs for commands that end; those that run on set up their own."""
    from tocsin.logs import configure_logging

    configure_logging("console", "WARNING")


for command in (init.init, check.check, schema.schema, up.up, demo.demo, doctor.doctor, why.why):
    app.command()(command)
for command in (processes.redis, processes.scheduler, processes.web):
    app.command(rich_help_panel="Single processes")(command)
app.add_typer(processes.worker_app, name="worker", rich_help_panel="Single processes")
app.add_typer(processes.db_app, name="db")
for name, of_feeds in (
    ("discover", feed_discovery.discover_feeds),
    ("add", feed_add.add_feed),
    ("test", feed_trial.try_feed),
    ("health", feed_health.feed_health),
    ("import", feed_lists.import_feeds),
    ("export", feed_lists.export_feeds),
):
    feeds.feeds_app.command(name)(of_feeds)
app.add_typer(feeds.feeds_app, name="feeds")
app.add_typer(articles.articles_app, name="articles")
channels.channels_app.command("test")(channel_trial.try_channel)
app.add_typer(channels.channels_app, name="channels")
watch.watch_app.command("variants")(variants.watch_variants)
app.add_typer(watch.watch_app, name="watch")
digest.digest_app.command("send")(digest_send.send)
digest.digest_app.command("list")(digest_archive.list_digests)
app.add_typer(digest.digest_app, name="digest")
for name, of_subscribers in (
    ("add", subscriber_add.add_subscriber),
    ("pause", subscriber_edit.pause_subscriber),
    ("resume", subscriber_edit.resume_subscriber),
    ("remove", subscriber_edit.remove_subscriber),
    ("export", subscriber_lists.export_subscribers),
    ("import", subscriber_lists.import_subscribers),
):
    subscribers.subscribers_app.command(name)(of_subscribers)
app.add_typer(subscribers.subscribers_app, name="subscribers")
for name, of_stories in (
    ("cluster", story_cluster.cluster_archive),
    ("compare", story_edit.compare),
    ("merge", story_edit.merge),
    ("split", story_edit.split),
):
    story.story_app.command(name)(of_stories)
app.add_typer(story.story_app, name="story")
app.add_typer(regions.regions_app, name="regions")


def main() -> None:
    """Run the command line; an error of ours is one message on standard error and an exit code."""
    try:
        app()
    except TocsinError as error:
        complain(error)
        sys.exit(error.exit_code)
