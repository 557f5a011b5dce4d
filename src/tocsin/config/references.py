"""Faults that concern several places of a file at once: unknown ids, duplicates, keys that need or exclude each other.

Works on the tree, so that these faults are found even where others stand beside them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tocsin.config.addresses import same_feed
from tocsin.config.feed_shape import EXAMPLE_FEED, FeedShape
from tocsin.config.shape import ChannelShape, WatchShape
from tocsin.config.tree import ListNode, MapNode, Node, Position, Scalar, find, key_position, members, scalars_in
from tocsin.config.wording import Suggestions, UnknownWord, quoted

Finding = tuple[Position, str]

ALL_WATCHES = "all"
SOUGHT = frozenset({"keywords", "names", "query", "regions"})
WATCH_KEYS = frozenset(WatchShape.model_fields)
FEED_PLACES = frozenset({"url", "opml"})
FEED_KEYS = frozenset(FeedShape.model_fields)
CHANNEL_WAYS = frozenset({"mail", "apprise", "webhook"})
CHANNEL_FORMS = "'mail: ADDRESS', 'apprise: env:NAME' and 'webhook: env:NAME'"
CHANNEL_KEYS = frozenset(ChannelShape.model_fields)


def findings(root: Node, suggestions: Suggestions) -> list[Finding]:
    """Find all faults between the places of the file."""
    return [
        *_watches(root),
        *_queries(root),
        *_about(root),
        *_channels(root),
        *_feeds(root),
        *_duplicates(_feed_addresses(root), same_feed, "feed"),
        *_duplicates(_subscriber_addresses(root), str.casefold, "subscriber"),
        *_unknown_channels(root, suggestions),
        *_schedules(root),
        *_unknown_watches(root, suggestions),
    ]


def _watches(root: Node) -> Iterator[Finding]:
    for watch, node in members(find(root, "watches")):
        position = key_position(root, ("watches", watch))
        if watch == ALL_WATCHES:
            yield position, "the id 'all' stands for every watch; choose another one"
        if isinstance(node, MapNode) and not node.keys.keys() & SOUGHT and node.keys.keys() <= WATCH_KEYS:
            # With an unknown key beside, that one is the fault: it most likely is a misspelt one of these.
            yield (
                position,
                f"the watch {quoted(watch)} looks for nothing; give it 'keywords', 'names', 'query' or 'regions'",
            )


def _queries(root: Node) -> Iterator[Finding]:
    for watch, node in members(find(root, "watches")):
        beside = [key for key in ("keywords", "names") if isinstance(node, MapNode) and key in node.keys]
        if beside and find(node, "query") is not None:
            position = key_position(root, ("watches", watch, "query"))
            yield position, f"a query beside '{beside[0]}'; write those words into the query, with OR between them"


def _about(root: Node) -> Iterator[Finding]:
    for watch, node in members(find(root, "watches")):
        if isinstance(node, MapNode) and "about" in node.keys and "regions" not in node.keys:
            yield (
                key_position(root, ("watches", watch, "about")),
                "'about' says what an article must do with the watch's 'regions'; add those, or remove it",
            )


def _channels(root: Node) -> Iterator[Finding]:
    for channel, node in members(find(root, "channels")):
        position = key_position(root, ("channels", channel))
        keys = node.keys.keys() if isinstance(node, MapNode) else set()
        ways = keys & CHANNEL_WAYS
        if len(ways) > 1 or (isinstance(node, MapNode) and not ways and keys <= CHANNEL_KEYS):
            # With an unknown key beside, that one is the fault: it most likely is a misspelt one of these.
            yield position, f"the channel {quoted(channel)} needs one of {CHANNEL_FORMS}"
        elif ways == {"webhook"} and "secret" not in keys:
            message = f"the webhook {quoted(channel)} has no key to sign its messages with; add 'secret: env:NAME'"
            yield position, message
        elif ways and "secret" in keys and "webhook" not in ways:
            message = "'secret' signs what is sent to a webhook, and this channel is none; remove it"
            yield key_position(root, ("channels", channel, "secret")), message


def _feeds(root: Node) -> Iterator[Finding]:
    for index, node in enumerate(_items(find(root, "feeds"))):
        if not isinstance(node, MapNode):
            continue
        here = node.keys.keys() & FEED_PLACES
        if len(here) > 1:
            yield key_position(root, ("feeds", index, "opml")), "'opml' beside 'url'; make them two items of the list"
        elif not here and node.keys.keys() <= FEED_KEYS:
            # With an unknown key beside, that one is the fault: it most likely is a misspelt one of these.
            yield node.position, f"'url' is missing; add it, such as 'url: {EXAMPLE_FEED}', or 'opml: FILE'"
        elif here == {"opml"} and "title" in node.keys:
            message = "'title' names one feed, and a list has many; put the title into the list, or remove it"
            yield key_position(root, ("feeds", index, "title")), message


def _duplicates(values: Iterator[Scalar], essence: Callable[[str], str], kind: str) -> Iterator[Finding]:
    """Find values that say the same thing twice, the second at its place."""
    first: dict[str, int] = {}
    for value in values:
        same = essence(value.text)
        if same in first:
            yield (
                value.position,
                f"duplicate {kind}: {quoted(value.text)} already stands in line {first[same]}; remove one",
            )
        first.setdefault(same, value.position.line)


def _feed_addresses(root: Node) -> Iterator[Scalar]:
    for feed in _items(find(root, "feeds")):
        address = find(feed, "url") if isinstance(feed, MapNode) else feed
        if isinstance(address, Scalar) and isinstance(address.value, str):
            yield address


def _subscriber_addresses(root: Node) -> Iterator[Scalar]:
    for subscriber in _items(find(root, "subscribers")):
        address = find(subscriber, "email")
        if isinstance(address, Scalar) and isinstance(address.value, str):
            yield address


def _unknown_channels(root: Node, suggestions: Suggestions) -> Iterator[Finding]:
    known = [name for name, _ in members(find(root, "channels"))]
    remedy = "define it under 'channels:', such as 'desk: {mail: desk@example.org}'"
    named = [find(watch, "alert", "to") for _, watch in members(find(root, "watches"))]
    for names in (*named, find(root, "operator")):
        for name in scalars_in(names):
            yield from _unknown("channel", name, known, remedy, suggestions)


def _schedules(root: Node) -> Iterator[Finding]:
    for index, subscriber in enumerate(_items(find(root, "subscribers"))):
        digest = find(subscriber, "digest")
        beside = [key for key in ("days", "at") if isinstance(digest, MapNode) and key in digest.keys]
        if beside and find(digest, "cron") is not None:
            position = key_position(root, ("subscribers", index, "digest", "cron"))
            yield position, f"'cron' beside '{beside[0]}', which it stands in place of; remove one of them"


def _unknown_watches(root: Node, suggestions: Suggestions) -> Iterator[Finding]:
    known = [watch for watch, _ in members(find(root, "watches"))]
    for wanting in (*_items(find(root, "subscribers")), find(root, "self_service")):
        wanted = find(wanting, "watches")
        for name in scalars_in(wanted):
            if name.text == ALL_WATCHES and isinstance(wanted, ListNode) and len(wanted.items) > 1:
                yield name.position, "'all' stands for every watch; write 'watches: all', or list ids"
            elif name.text != ALL_WATCHES:
                yield from _unknown("watch", name, known, "define it under 'watches:'", suggestions)


def _unknown(kind: str, name: Scalar, known: list[str], remedy: str, suggestions: Suggestions) -> Iterator[Finding]:
    if isinstance(name.value, str) and name.value.strip() not in known:
        yield name.position, suggestions.complete(UnknownWord(kind, name.value, known, remedy))


def _items(node: Node | None) -> list[Node]:
    return node.items if isinstance(node, ListNode) else []
