# ruff: noqa: RUF001 - the texts are in many scripts
"""What folding costs: microseconds a text of 3 kB, for several scripts, and how time grows with hostile texts.

The texts are made up. ``str.lower`` on the same text is printed beside, to compare machines::

    python benchmarks/bench_fold.py
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from statistics import median

from tocsin.text.fold import fold

_WORDS = {
    "English": "the of and to in that army said city people for police minister village hospital talks with from",
    "German": "die der und in den Armee sagte Städte Menschen für Polizei Präsident Dörfer Gespräche mit von nach über",
    "Polish": "i w na do że armia powiedział miasta ludzie dla policja minister wsi szpital rozmowy się został przez",
    "Russian": "и в на что армия города сказал люди для полиция министр деревня больница переговоры с из после",
    "Arabic": "و في من الجيش مدينة الناس قال الشرطة الوزير قرية المستشفى المحادثات مع على بعد",
    "Chinese": "军队 在 城市 表示 人们 警察 部长 村庄 医院 谈判",
}
_SIGNS = {
    "English": ["U.S.", "Assad’s", "“peace”", "3.5", "IS", "–", "Syria,", "it;"],
    "Russian": ["США", "«мир»", "3,5", "–", "Сирия,"],
    "Chinese": ["叙利亚，", "“和平”"],
}
_SIGN_SHARE = 0.06
"""Of the words: as news has them."""

_BYTES = 3_000
_ROUNDS, _REPEATS = 9, 40
_SHORT, _LONG = 20_000, 100_000
_BOMBS = (
    "U.",
    "&amp;",
    "<a ",
    "a/",
    "Image: a/",
    "www.",
    "@a.",
    "\n ",
    "Аa",
    "\u0301",
    "\ufdfa",
    "(",
    "1,1",
    "- ",
    "n't ",
    "A. ",
)


def text_of(language: str, rng: random.Random) -> str:
    """Return made-up sentences of a language, about 3 kB in UTF-8."""
    words, signs = _WORDS[language].split(), _SIGNS.get(language, _SIGNS["English"])
    sentences: list[str] = []
    while len(". ".join(sentences).encode()) < _BYTES:
        count = rng.randint(8, 24)
        sentences.append(" ".join(rng.choice(signs if rng.random() < _SIGN_SHARE else words) for _ in range(count)))
    return ". ".join(sentences)


def cost(step: Callable[[str], object], text: str) -> float:
    """Return the CPU time of a step in microseconds, the median of some rounds."""
    rounds = []
    for _ in range(_ROUNDS):
        started = time.thread_time()
        for _ in range(_REPEATS):
            step(text)
        rounds.append((time.thread_time() - started) / _REPEATS)
    return median(rounds) * 1e6


def growth(bomb: str) -> float:
    """Return how many times longer a text of five times the length takes."""
    times = []
    for length in (_SHORT, _LONG):
        text = bomb * (length // len(bomb))
        started = time.thread_time()
        fold(text).span(0, 1)
        times.append(time.thread_time() - started)
    return times[1] / max(times[0], 1e-6)


def main() -> None:
    """Print both tables."""
    rng = random.Random(1)
    print(f"{'text of 3 kB':<18}{'fold µs':>9}{'lower µs':>10}")
    for name in _WORDS:
        text = text_of(name, rng)
        fold(text)
        print(f"{name:<18}{cost(fold, text):>9.1f}{cost(str.lower, text):>10.1f}")
    print(f"\n{'repeated to 100 kB':<20}{'times 20 kB (linear: 5)':>24}")
    for bomb in _BOMBS:
        print(f"{bomb!r:<20}{growth(bomb):>24.1f}")


if __name__ == "__main__":
    main()
