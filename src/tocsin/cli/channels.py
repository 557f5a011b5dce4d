"""`tocsin channels list`: where alerts go, and how that works."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from tocsin.config import Settings, load_settings, read_watchlist
from tocsin.models.watchlist import Channel, Watchlist

if TYPE_CHECKING:
    from tocsin.store.lanes import Standing

channels_app = typer.Typer(help="Look after the channels that alerts go to.", no_args_is_help=True)


@dataclass(frozen=True, slots=True)
class _Told:
    """A channel with how it stands; ``notice`` is what the operator was told of it, "" for nothing."""

    channel: Channel
    standing: Standing
    notice: str = ""


@channels_app.command("list")
def list_channels(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for a program.")] = False,
) -> None:
    """List the channels of the watchlist: kind, quiet hours, limits, what waits, and how the last messages went.

    Exit code 1 when one of them fails.

    Example: tocsin channels list --json
    """
    from tocsin.cli.output import print_json

    settings = load_settings()
    told = _told(settings, watchlist_of(settings))
    if as_json:
        print_json([_plain(one) for one in told])
    else:
        _print_table(told)
    if any(one.notice for one in told):
        raise typer.Exit(1)


def watchlist_of(settings: Settings) -> Watchlist:
    """Read the watchlist, which may hold faults that are told."""
    from tocsin.regions import load_gazetteer

    return read_watchlist(settings.watchlist, check_region=load_gazetteer().check)


def _told(settings: Settings, watchlist: Watchlist) -> list[_Told]:
    from tocsin.bootstrap import has_store, open_store
    from tocsin.store.lanes import Standing, standing_of
    from tocsin.store.notices import channel_key, open_notices

    if not has_store(settings):
        return [_Told(channel, Standing()) for channel in watchlist.channels]
    database = open_store(settings)
    with database.read() as connection:
        notices = {notice.key: notice.text for notice in open_notices(connection)}
        told = [
            _Told(channel, standing_of(connection, channel.name), notices.get(channel_key(channel.name), ""))
            for channel in watchlist.channels
        ]
    database.close()
    return told


def _plain(told: _Told) -> dict[str, object]:
    channel, standing = told.channel, told.standing
    return {
        "name": channel.name,
        "kind": channel.kind.value,
        "target": channel.target,
        "timezone": channel.timezone,
        "quiet_hours": _quiet_hours(channel) or None,
        "at_most": _at_most(channel) or None,
        "waiting": standing.waiting,
        "to_bundle": standing.to_bundle,
        "last_sent_at": standing.sent_at,
        "last_problem": standing.problem,
        "last_problem_of": standing.problem_of,
        "fails": told.notice or None,
    }


def _quiet_hours(channel: Channel) -> str:
    quiet = channel.quiet_hours
    return f"{quiet.start}-{quiet.end}" if quiet else ""


def _at_most(channel: Channel) -> str:
    from tocsin.config.rates import written

    return written(channel.at_most) if channel.at_most else ""


def _print_table(told: list[_Told]) -> None:
    from rich.table import Table
    from rich.text import Text

    from tocsin.cli.output import console, short_time
    from tocsin.rendering.clean import one_line

    table = Table(box=None, pad_edge=False)
    for heading in ("Channel", "Kind", "Zone", "Quiet hours", "At most", "Waiting", "Last sent", "Last problem"):
        table.add_column(heading, overflow="fold")
    for one in told:
        channel, standing = one.channel, one.standing
        waiting = f"{standing.waiting} + {standing.to_bundle} to bundle" if standing.to_bundle else standing.waiting
        problem = f"{short_time(standing.problem_of)}: {standing.problem}" if standing.problem else "-"
        cells = (
            channel.name,
            channel.kind.value,
            channel.timezone,
            _quiet_hours(channel) or "-",
            _at_most(channel) or "-",
            waiting,
        )
        # Text, since a problem may hold what Rich takes for markup.
        table.add_row(*(Text(one_line(str(cell))) for cell in (*cells, short_time(standing.sent_at), problem)))
    out = console()
    out.print(table if told else "No channels: define one under `channels:` in the watchlist.")
    for one in told:
        if one.notice:
            out.print(Text(one_line(one.notice)))
