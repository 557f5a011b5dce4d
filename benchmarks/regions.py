"""How often the places of an article are right, set by set, beside three other tools, and what that costs.

Accuracy: one of the countries that people found an article to be about is in the focus set. F: micro F1, of the focus
sets or of all countries mentioned. Stories with traps are right where the focus set is exactly theirs. Times are CPU
milliseconds an article, folding included. The sets are not part of the project; see `region_sets`::

    python benchmarks/regions.py DATA_DIR --page page.txt
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from statistics import median, quantiles

from region_sets import (
    SETS,
    SLAVIC,
    TRAPS,
    WITH_HOME,
    Sample,
    Verdict,
    accuracy,
    by_tag,
    focus_f,
    is_exact,
    mention_f,
    read_set,
)
from region_tools import Tool, located, others, ours, ours_without_home

_HEADINGS = ("set", "articles", "tool", "accuracy", "focus F", "mention F", "ms median", "ms p99")
_WIDTHS = (28, 9, 14, 9, 8, 10, 10, 8)
_GALLERY = ("Image: ", "7 images")


def main() -> None:
    """Print the figures of every set that the directory has."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("directory", type=Path, help="where the sets lie")
    parser.add_argument("--page", type=Path, help="the text of a page, its title in the first line, to judge as well")
    parser.add_argument("--only", nargs="*", help="names of sets")
    parser.add_argument("--ours", action="store_true", help="leave out the other tools")
    arguments = parser.parse_args()
    tools = [] if arguments.ours else list(others())
    if not tools:
        print("the other tools are not installed (dependency group 'benchmark') or left out\n")
    _row(_HEADINGS)
    for name in arguments.only or (*SETS, SLAVIC, TRAPS):
        _print_set(name, read_set(arguments.directory, name), tools)
    if arguments.page:
        _print_page(arguments.page)


def _print_set(name: str, samples: Sequence[Sample], tools: Iterable[tuple[str, Tool]]) -> None:
    if not samples:
        return
    for language in sorted({one.language or "" for one in samples}) if name == SLAVIC else ("",):
        part = [one for one in samples if not language or one.language == language]
        titled = f"{name} {language}".strip()
        if name in WITH_HOME:
            _print_tool(f"{titled} with home", part, "tocsin", ours)
        for tool, find in (("tocsin", ours_without_home), *tools):
            _print_tool(titled, part, tool, find)


def _print_tool(title: str, samples: Sequence[Sample], tool: str, find: Tool) -> None:
    find(samples[0])
    pairs, times = [], []
    for sample in samples:
        began = time.process_time_ns()
        verdict = find(sample)
        times.append((time.process_time_ns() - began) / 1e6)
        pairs.append((sample, verdict))
    figures = (accuracy(pairs), focus_f(pairs), mention_f(pairs))
    speeds = (f"{median(times):.2f}", f"{quantiles(times, n=100)[98]:.2f}")
    _row((title, str(len(samples)), tool, *(f"{one:.3f}" for one in figures), *speeds))
    if samples[0].tags:
        _print_traps(pairs)


def _print_traps(pairs: Sequence[tuple[Sample, Verdict]]) -> None:
    exact = sum(is_exact(*pair) for pair in pairs)
    print(f"    exactly right: {exact / len(pairs):.3f}")
    for tag, (right, of) in by_tag(pairs).items():
        print(f"    {tag:24} {right:3} of {of:3}  {right / of:.2f}")


def _print_page(path: Path) -> None:
    title, _, text = path.read_text(encoding="utf-8").partition("\n")
    for name, changed in _without_and_with_gallery(text).items():
        found = located(Sample(path.stem, title, changed, None, None, None, None))
        ranked = " ".join(f"{one.place}{'*' if one.met else ''} {one.score:.2f}" for one in found.focus.countries[:6])
        inside = [one.place for one in (*found.focus.provinces, *found.focus.cities) if one.met]
        print(f"page {name}: {ranked}; {' '.join(inside)}")
    times = []
    for _ in range(200):
        began = time.process_time_ns()
        located(Sample(path.stem, title, text, "en", None, None, None))
        times.append((time.process_time_ns() - began) / 1e6)
    print(f"page of {len(text)} characters: median {median(times):.2f} ms CPU, p99 {quantiles(times, n=100)[98]:.2f}")


def _without_and_with_gallery(text: str) -> dict[str, str]:
    """Return the text as it is, without its picture gallery, with it twice, and with it first."""
    start = text.index("\n", text.rfind("\n", 0, text.rfind("\n", 0, text.find(_GALLERY[0])))) + 1
    end = text.index("\n", text.find(_GALLERY[1])) + 1
    gallery, rest = text[start:end], text[:start] + text[end:]
    return {
        "as it is": text,
        "without gallery": rest,
        "with the gallery twice": text[:end] + gallery + text[end:],
        "with the gallery first": gallery + rest,
    }


def _row(cells: Iterable[str]) -> None:
    print("  ".join(f"{cell:{width}}" for cell, width in zip(cells, _WIDTHS, strict=True)).rstrip(), flush=True)


if __name__ == "__main__":
    main()
