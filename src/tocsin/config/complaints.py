"""From pydantic's errors to faults that a person can mend: where it stands, what it is, what to do.

Knows the shape's keys. No rules of its own.
"""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from tocsin.config import feed_shape, shape, subscriber_shape
from tocsin.config.tree import ListNode, MapNode, Node, Position, Scalar, find, key_position, plain, position_of
from tocsin.config.wording import Suggestions, UnknownWord, quoted

Place = tuple[str, ...]
Steps = tuple[str | int, ...]
Finding = tuple[Position, str]

# The parts of a file by their place; "*" stands for any id or index.
PARTS: dict[Place, type[BaseModel]] = {
    (): shape.FileShape,
    ("defaults",): shape.DefaultsShape,
    ("feeds", "*"): feed_shape.FeedShape,
    ("regions", "*"): shape.BoxShape,
    ("watches", "*"): shape.WatchShape,
    ("watches", "*", "alert"): shape.AlertShape,
    ("watches", "*", "tests"): shape.TestsShape,
    ("channels", "*"): shape.ChannelShape,
    ("subscribers", "*"): subscriber_shape.SubscriberShape,
    ("subscribers", "*", "digest"): subscriber_shape.DigestShape,
    ("self_service",): subscriber_shape.SelfServiceShape,
}

EXPECTED = {
    "string_type": "text",
    "tuple_type": "a list",
    "list_type": "a list",
    "bool_type": "true or false",
    "dict_type": "a mapping of names, such as 'name: ...'",
    "model_type": "a mapping of keys, such as 'key: value'",
    "model_attributes_type": "a mapping of keys, such as 'key: value'",
}


def findings(errors: Iterable[ErrorDetails], root: Node, suggestions: Suggestions) -> list[Finding]:
    """Turn all errors of one validation into places and words."""
    told = (_finding(error, root, suggestions) for error in errors)
    return [finding for finding in told if finding is not None]


def _finding(error: ErrorDetails, root: Node, suggestions: Suggestions) -> Finding | None:
    steps = _steps(error)
    match error["type"]:
        case "extra_forbidden":
            return key_position(root, steps), _unknown_key(steps, suggestions)
        case "missing":
            return _missing(steps, root)
        case "value_error":
            return _spot(root, steps), _value(error, suggestions)
        case "too_short":
            return _empty(steps, root)
        case kind:
            return _spot(root, steps), _wrong_type(kind, steps, root, error["msg"])


def _steps(error: ErrorDetails) -> Steps:
    """Say where in the file an error stands; pydantic puts in between which form of an own region it has tried."""
    steps = tuple(error["loc"])
    return (*steps[:2], *steps[3:]) if steps[:1] == ("regions",) and steps[2:3] != ("[key]",) else steps


def _empty(steps: Steps, root: Node) -> Finding | None:
    """Tell of an empty list or mapping; pydantic says so too of one whose items are all faulty."""
    match find(root, *steps):
        case ListNode(items=[]) | MapNode() as node if plain(node) in ([], {}):
            return node.position, f"'{_key(steps)}' is empty; {_filling(steps)}"
    return None


def _filling(steps: Steps) -> str:
    """Say what to do about an empty list or mapping; not every one may be left out."""
    place, key = _place(steps[:-1]), str(steps[-1])
    if place in PARTS and key in PARTS[place].model_fields and PARTS[place].model_fields[key].is_required():
        return f"write something in it, such as {_example(place, key)}"
    return "put something in it or remove the key"


def _spot(root: Node, steps: Steps) -> Position:
    """Point at the value or, where pydantic speaks of a mapping's key, at that key."""
    if steps and steps[-1] == "[key]":
        return key_position(root, steps[:-1])
    return position_of(root, steps)


def _value(error: ErrorDetails, suggestions: Suggestions) -> str:
    cause = error.get("ctx", {}).get("error")
    return suggestions.complete(cause) if isinstance(cause, UnknownWord) else str(cause)


def _unknown_key(steps: Steps, suggestions: Suggestions) -> str:
    place, key = _place(steps[:-1]), str(steps[-1])
    known = list(PARTS[place].model_fields)
    return suggestions.complete(UnknownWord("key", key, known, f"the keys here are {', '.join(known)}"))


def _missing(steps: Steps, root: Node) -> Finding:
    key = str(steps[-1])
    return _spot(root, steps[:-1]), f"'{key}' is missing; add it, such as {_example(_place(steps[:-1]), key)}"


def _wrong_type(kind: str, steps: Steps, root: Node, message: str) -> str:
    node = find(root, *steps)
    if node is None:  # a single value stands where a list is meant
        node = find(root, *steps[:-1])
    key, expected = _key(steps), EXPECTED.get(kind)
    if expected is None:
        return f"{quoted(key)}: {message}; see the reference of the watchlist"
    if isinstance(node, Scalar) and node.value is None and (not node.text or kind != "string_type"):
        nothing = f"an item of {quoted(key)} is empty" if isinstance(steps[-1], int) else f"{quoted(key)} has no value"
        place = _place(steps[:-1])
        field = PARTS[place].model_fields.get(str(steps[-1])) if place in PARTS else None
        return f"{nothing}; write {expected}" + ("" if field and field.is_required() else ", or remove it")
    if isinstance(node, Scalar) and not isinstance(node.value, str) and kind == "string_type":
        return f'YAML does not take {node.text} for a word; put it in quotes: "{node.text}"'
    return f"{quoted(key)}: expected {expected}, found {_kind_of(node)}"


def _kind_of(node: Node | None) -> str:
    match node:
        case Scalar():
            return quoted(node.text)
        case MapNode():
            return "a mapping; text that holds ': ' needs quotes"
        case _:
            return "a list"


def _place(steps: Steps) -> Place:
    """Say which part of the file the steps lead to, whatever the id or index."""
    return tuple("*" if depth == 1 else str(step) for depth, step in enumerate(steps))


def _key(steps: Steps) -> str:
    """Give the last key on the way, which is what the reader sees in the file."""
    keys = [step for step in steps if isinstance(step, str) and step != "[key]"]
    return keys[-1] if keys else "watchlist"


def _example(place: Place, key: str) -> str:
    """Write the key with the first example that its description gives."""
    examples = PARTS[place].model_fields[key].examples or ["..."]
    return f"'{key}: {_flow(examples[0])}'"


def _flow(value: object) -> str:
    """Write an example on one line, as it would stand in the file."""
    match value:
        case list():
            return f"[{', '.join(map(_flow, value))}]"
        case dict():
            return "{" + ", ".join(f"{key}: {_flow(inner)}" for key, inner in value.items()) + "}"
        case _:
            return str(value)
