"""What is remembered of an article so that others can be compared with it: small, packed, and the same everywhere."""

from __future__ import annotations

import struct
from dataclasses import dataclass

_VERSION = 1
_HEAD = struct.Struct("<BBqqQQQQQ")
_PARTS = 7
_SEPARATOR = "\n"


class UnknownSignatureError(ValueError):
    """A packed signature is of another version, or cut off: it is to be made anew from the article."""


@dataclass(frozen=True, slots=True)
class Signature:
    """The marks of an article.

    ``at`` is when it was published, in seconds since 1970 UTC. ``outlet``, ``url``, ``title`` and ``frame`` are hashes
    of 64 bits: of who published it, of its canonical address (0 without one), of its folded title, and of that without
    its date; ``kicker`` is one of what stands before the title's colon, 0 if nothing does. ``words`` are its rarest
    words, folded, the title's first; ``weights`` has for each its rarity in eighths of a nat, ``marks`` its bits (see
    `tocsin.stories.reading`). ``places`` are ids of the gazetteer; ``numbers`` are values with what they count
    ("12 death"); ``concepts`` are indices, each with a count; ``days`` are proleptic ordinals of days named. ``sketch``
    is of its text, see `tocsin.stories.sketches`, empty for a short one. ``meaning`` is its vector, see
    `tocsin.stories.meanings`. ``is_roundup`` tells that it is of several events.
    """

    key: int
    at: int
    language: str
    outlet: int
    url: int
    title: int
    frame: int
    kicker: int = 0
    words: tuple[str, ...] = ()
    weights: bytes = b""
    marks: bytes = b""
    places: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    concepts: bytes = b""
    days: tuple[int, ...] = ()
    sketch: bytes = b""
    meaning: bytes = b""
    is_roundup: bool = False

    def pack(self) -> bytes:
        """Return the signature as bytes; the first is the version."""
        head = _HEAD.pack(
            _VERSION, self.is_roundup, self.key, self.at, self.outlet, self.url, self.title, self.frame, self.kicker
        )
        texts = _SEPARATOR.join(
            (self.language, " ".join(self.words), " ".join(self.places), _SEPARATOR.join(self.numbers))
        ).encode("utf-8", "surrogatepass")
        days = struct.pack(f"<{len(self.days)}i", *self.days)
        parts = (texts, self.weights, self.marks, self.concepts, days, self.sketch, self.meaning)
        return head + b"".join(struct.pack("<H", len(part)) + part for part in parts)

    @classmethod
    def unpack(cls, packed: bytes) -> Signature:
        """Return the signature that was packed. Raises `UnknownSignatureError` for anything else."""
        if not packed or packed[0] != _VERSION:
            raise UnknownSignatureError(
                f"signature of version {packed[:1].hex() or 'none'}; this is version {_VERSION}"
            )
        try:
            return cls._unpacked(packed)
        except (struct.error, UnicodeError, ValueError) as error:
            raise UnknownSignatureError(f"signature of {len(packed)} bytes is damaged: {error}") from error

    @classmethod
    def _unpacked(cls, packed: bytes) -> Signature:
        _, is_roundup, key, at, outlet, url, title, frame, kicker = _HEAD.unpack_from(packed)
        parts, offset = [], _HEAD.size
        for _ in range(_PARTS):
            (length,) = struct.unpack_from("<H", packed, offset)
            offset += 2 + length
            if offset > len(packed):
                raise ValueError("its end is missing")
            parts.append(packed[offset - length : offset])
        texts, weights, marks, concepts, days, sketch, meaning = parts
        language, words, places, *numbers = texts.decode("utf-8", "surrogatepass").split(_SEPARATOR)
        return cls(
            key=key,
            at=at,
            language=language,
            outlet=outlet,
            url=url,
            title=title,
            frame=frame,
            kicker=kicker,
            words=tuple(words.split(" ")) if words else (),
            weights=weights,
            marks=marks,
            places=tuple(places.split(" ")) if places else (),
            numbers=tuple(filter(None, numbers)),
            concepts=concepts,
            days=struct.unpack(f"<{len(days) // 4}i", days),
            sketch=sketch,
            meaning=meaning,
            is_roundup=bool(is_roundup),
        )
