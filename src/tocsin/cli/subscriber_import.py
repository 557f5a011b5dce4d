"""What becomes of each line of a file of subscribers. Pure but for `take`, which writes it.

Nobody is brought back by an import: who ended it here stays away, and who had ended it there stays away here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from tocsin.cli.subscriber_records import SubscriberLine, subscriber_record
from tocsin.models.ids import SubscriberId, WatchId
from tocsin.models.subscribers import Owner, StoredSubscriber, SubscriberState
from tocsin.models.watchlist import Subscriber

if TYPE_CHECKING:
    import sqlalchemy as sa

_ENDED = frozenset({SubscriberState.UNSUBSCRIBED, SubscriberState.SUPPRESSED})
_BECAUSE = "so it was in the file that was imported"


@dataclass(frozen=True, slots=True)
class Add:
    """Add a subscriber, in the state that the line has; ``lost`` are watches that are not open to readers here."""

    wanted: Subscriber
    lost: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class End:
    """Bring somebody who gets digests here into the state that the line has: they have ended it, or are not reached."""

    id: SubscriberId


@dataclass(frozen=True, slots=True)
class Keep:
    """Change nothing; ``why`` is "" where the line says what is here anyway."""

    why: str = ""


Verdict = Add | End | Keep


def judged(
    line: SubscriberLine, stored: StoredSubscriber | None, open_watches: Sequence[WatchId], *, is_deleted: bool
) -> Verdict:
    """Decide on a line; ``stored`` is who has the address here, and ``is_deleted`` whether its owner had everything
    about them deleted.
    """
    if line.state is SubscriberState.REMOVED:
        return Keep("had been removed where the file comes from; add them if they are wanted here")
    if is_deleted:
        return Keep("had everything about them deleted here; only they themselves can come back")
    if stored is None or stored.state is SubscriberState.REMOVED:
        return _judged_new(line, open_watches)
    if line.state not in _ENDED:
        return Keep(_difference(line, stored))
    return _judged_end(line, stored) if _ends(line.state, stored.state) else Keep()


def _ends(there: SubscriberState, here: SubscriberState) -> bool:
    """Tell whether an end there is more than what is here: a wish to be left in peace weighs more than a refusal."""
    return here.is_owed and here is not there


def _judged_new(line: SubscriberLine, open_watches: Sequence[WatchId]) -> Verdict:
    if line.owner is Owner.WATCHLIST and line.state not in _ENDED:
        return Keep("belongs to the watchlist where the file comes from; put them into the watchlist here")
    named = open_watches if line.watches == "all" else line.watches
    watches = tuple(watch for watch in open_watches if watch in named)
    lost = tuple(watch for watch in named if watch not in open_watches)
    if not watches and line.state not in _ENDED:
        return Keep(f"none of their watches is open to readers here: {', '.join(lost) or 'they have none'}")
    return Add(line.wanted(watches), lost)


def _judged_end(line: SubscriberLine, stored: StoredSubscriber) -> Verdict:
    """Let the end hold, unless the subscriber came back after it: by their own sign-up, or by hand."""
    never_changed = stored.owner is Owner.WATCHLIST and stored.state_since == stored.joined_at
    if never_changed or (line.since is not None and line.since > stored.state_since):
        return End(stored.id)
    since = f"{stored.state_since:%Y-%m-%d %H:%M}Z"
    return Keep(f"is {stored.state.value} here since {since}, which is later than they are {line.state.value} there")


def _difference(line: SubscriberLine, stored: StoredSubscriber) -> str:
    """Say that somebody is here with other settings, "" if with the same."""
    here = SubscriberLine.model_validate(subscriber_record(stored))
    ignored = {"because", "since", "joined_at", "owner", "email"}
    if here.model_dump(exclude=ignored) == line.model_dump(exclude=ignored):
        return ""
    if here.state is not line.state:
        return f"is {here.state.value} here; an import changes nobody who is here"
    return "is here with other settings; an import changes nobody who is here"


def take(connection: sa.Connection, line: SubscriberLine, verdict: Add | End, now: datetime, *, secret: bytes) -> bool:
    """Do what was decided; False where somebody else was faster."""
    from tocsin.store.subscriber_changes import add_subscriber

    if isinstance(verdict, Add):
        added = add_subscriber(connection, verdict.wanted, now, secret=secret, all_watches=line.all_watches)
        if added is None:
            return False
        _bring_into_state(connection, added, line, now)
    else:
        _bring_into_state(connection, verdict.id, line, now)
    return True


def _bring_into_state(
    connection: sa.Connection, subscriber_id: SubscriberId, line: SubscriberLine, now: datetime
) -> None:
    from tocsin.store.subscriber_states import pause, suppress, unsubscribe

    match line.state:
        case SubscriberState.PAUSED:
            # A pause whose time is over ends at the scheduler's next look.
            pause(connection, subscriber_id, now, line.paused_until)
        case SubscriberState.SUPPRESSED:
            suppress(connection, subscriber_id, now, because=line.because or _BECAUSE)
        case SubscriberState.UNSUBSCRIBED:
            unsubscribe(connection, subscriber_id, now, because=line.because or _BECAUSE)
