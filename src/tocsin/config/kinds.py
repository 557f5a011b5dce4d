"""The kinds of values in a watchlist file, as annotated types: how each is checked, and how the JSON Schema says it.

The checks themselves are plain functions in `values`; the keys that hold these kinds are in `shape`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any, TypeVar

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    ValidationInfo,
    WithJsonSchema,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from tocsin.config import addresses, boxes, rates, spans, values
from tocsin.config.own_regions import RegionNames
from tocsin.config.wording import quoted
from tocsin.models.watchlist import LANGUAGES, QuietHours, Rate

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What single values are checked against: the regions that may be named, and whether the watchlist was accepted
    before, as the last good one of the database.
    """

    regions: RegionNames
    is_accepted: bool = False


class OneOrMany:
    """Lets a single value stand where a list is meant, in reading and in the JSON Schema alike."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_before_validator_function(_listed, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        array = handler(schema)
        return {"anyOf": [array["items"], array]}


def _listed(value: Any) -> Any:
    return value if value is None or isinstance(value, list | dict) else [value]


def _known_region(name: str, info: ValidationInfo) -> str:
    """Ask the `RegionNames` of the validation's context; what they answer is the fault."""
    problem = info.context.regions.problem(name) if info.context else None
    if problem:
        raise ValueError(problem)
    return name


def _known_home(name: str, info: ValidationInfo) -> str:
    if info.context and info.context.regions.is_own(name):
        raise ValueError(f"{quoted(name)} is a region of your own; a feed's home is a country, province or city")
    return _known_region(name, info)


def _known_zone(name: str, info: ValidationInfo) -> str:
    """Check a time zone, unless the watchlist was accepted before: then the machine's zone data has dropped it."""
    return name if info.context and info.context.is_accepted else values.time_zone(name)


# What YAML takes for a number is text to us, so an editor must not complain of an unquoted 2024.
_TEXT = WithJsonSchema({"type": ["string", "number"], "minLength": 1})

Listed = Annotated[tuple[Item, ...], Field(min_length=1), OneOrMany()]
Words = Annotated[str, AfterValidator(values.words), _TEXT]
Term = Annotated[str, AfterValidator(values.term), _TEXT]
Sentence = Annotated[str, AfterValidator(values.sentence), _TEXT]
Query = Annotated[str, AfterValidator(values.query), _TEXT]
Region = Annotated[str, AfterValidator(values.words), AfterValidator(_known_region), WithJsonSchema({"type": "string"})]
Home = Annotated[str, AfterValidator(values.words), AfterValidator(_known_home), WithJsonSchema({"type": "string"})]
Longitude = Annotated[float, BeforeValidator(boxes.longitude), WithJsonSchema({"type": "number"})]
Latitude = Annotated[float, BeforeValidator(boxes.latitude), WithJsonSchema({"type": "number"})]
Box = Annotated[
    tuple[Longitude, Latitude, Longitude, Latitude],
    BeforeValidator(boxes.four_sides),
    AfterValidator(boxes.box),
    WithJsonSchema(
        {
            "type": "array",
            "prefixItems": [
                {"type": "number", "description": side, "minimum": -most, "maximum": most}
                for side, most in zip(boxes.SIDES, (boxes.FARTHEST_EAST, boxes.FARTHEST_NORTH) * 2, strict=True)
            ],
            "minItems": len(boxes.SIDES),
            "maxItems": len(boxes.SIDES),
        }
    ),
]
AboutChoice = Annotated[
    str,
    AfterValidator(values.about),
    WithJsonSchema({"type": "string", "enum": ["focus", "mention"]}),
]
Slug = Annotated[str, AfterValidator(values.slug), WithJsonSchema({"type": "string", "pattern": values.SLUG})]
TimeZone = Annotated[str, AfterValidator(_known_zone), WithJsonSchema({"type": "string"})]
Time = Annotated[str, AfterValidator(values.time_of_day), WithJsonSchema({"type": "string", "pattern": values.TIME})]
FormVersion = Annotated[str, AfterValidator(values.version), WithJsonSchema({"const": 1})]
Language = Annotated[
    str,
    AfterValidator(values.language),
    WithJsonSchema({"type": "string", "pattern": "^[A-Za-z]{2,3}$"}),
]
Day = Annotated[
    str,
    AfterValidator(values.day),
    WithJsonSchema({"type": "string", "enum": [*values.DAY_WORDS, *values.WEEKDAYS]}),
]
Quiet = Annotated[
    str,
    AfterValidator(values.quiet_policy),
    WithJsonSchema({"type": "string", "enum": ["skip", "short", "weekly"]}),
]
MailLanguage = Annotated[
    str,
    AfterValidator(values.mail_language),
    WithJsonSchema({"type": "string", "enum": list(LANGUAGES)}),
]
Cron = Annotated[
    str,
    AfterValidator(values.cron),
    WithJsonSchema({"type": "string", "pattern": r"^\S+(\s+\S+){4}$"}),
]
Switch = Annotated[bool, Field(strict=True)]
Domain = Annotated[
    str,
    AfterValidator(addresses.mail_domain),
    WithJsonSchema({"type": "string", "pattern": r"^[^@\s,;<>*]+\.[^@\s,;<>*]+$"}),
]
Email = Annotated[
    str,
    AfterValidator(addresses.mail_address),
    WithJsonSchema({"type": "string", "pattern": r"^[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>]+$"}),
]
FeedUrl = Annotated[
    str,
    AfterValidator(addresses.feed_url),
    WithJsonSchema({"type": "string", "pattern": r"^[Hh][Tt][Tt][Pp][Ss]?://[^\s/@]+(/\S*|\?\S*)?$"}),
]
FileName = Annotated[str, AfterValidator(values.file_name), WithJsonSchema({"type": "string", "minLength": 1})]
# None is a span that was left out; an empty one is a fault.
_SPAN = WithJsonSchema({"type": "string", "pattern": spans.SPAN})
Every = Annotated[timedelta | None, BeforeValidator(spans.every), _SPAN]
Retention = Annotated[timedelta | None, BeforeValidator(spans.retention), _SPAN]
Backlog = Annotated[
    timedelta | None,
    BeforeValidator(spans.backlog),
    WithJsonSchema({"anyOf": [{"type": "string", "pattern": spans.SPAN_OR_NOTHING}, {"const": 0}]}),
]
EnvironmentName = Annotated[
    str,
    AfterValidator(values.environment_name),
    WithJsonSchema({"type": "string", "pattern": "^env:[A-Za-z_][A-Za-z0-9_]*$"}),
]
SecretName = Annotated[
    str,
    AfterValidator(values.secret_name),
    WithJsonSchema({"type": "string", "pattern": "^env:[A-Za-z_][A-Za-z0-9_]*$"}),
]
When = Annotated[
    str,
    AfterValidator(values.alert_when),
    WithJsonSchema({"type": "string", "enum": ["story", "burst"]}),
]
# None is what was left out; an empty one is a fault.
AtMost = Annotated[Rate | None, BeforeValidator(rates.rate), WithJsonSchema({"type": "string", "pattern": rates.RATE})]
QuietTimes = Annotated[
    QuietHours | None,
    BeforeValidator(rates.quiet_hours),
    WithJsonSchema({"type": "string", "pattern": rates.QUIET_HOURS}),
]
Outlets = Annotated[
    int | None,
    BeforeValidator(rates.outlets),
    WithJsonSchema({"type": "integer", "minimum": 1, "maximum": rates.MOST}),
]
