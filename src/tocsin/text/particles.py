"""What Korean writes onto the end of a word: particles of case and topic, and the copula, a closed set.

Which of two forms stands is decided by the last syllable: "북한은" after a consonant, "러시아는" after a vowel. Nothing
else is taken off a word, so that "북한산" (North Korean made) is another.
"""

from __future__ import annotations

_FIRST, _LAST = "\uac00", "\ud7a3"
_CODAS, _RIEUL = 28, 8
"""A syllable of Unicode has one of 28 codas, by its number; the eighth, r, is followed by "로" as a vowel is."""

_FEWEST = 2
"""Syllables of a term: shorter ones are the beginning of too many words."""

_ANY = (
    "의 에 에는 에도 에만 에서 에서는 에서도 에서의 에선 엔 에게 에게는 에게도 에게서 께서 께서는 도 만 만의 만이 만을 "
    "만은 까지 까지도 까지는 까지의 부터 부터는 부터의 보다 보다는 보다도 처럼 만큼 조차 마저 마다 밖에 뿐 하고 "
    "이다 인 이었다 입니다 등 등의 등이 등은 등을 등에 등과 등에서 들 들의 들이 들은 들을 들도 들과 들에게"
)
_AFTER_CONSONANT = (
    "은 이 을 과 과는 과도 과의 이나 이라 이라고 이라는 이란 이며 이고 이라도 "
    "으로 으로는 으로도 으로서 으로써 으로부터 으로의"
)
_AFTER_VOWEL = "는 가 를 와 와는 와도 와의 라고 라는 라도 였다 로 로는 로도 로서 로써 로부터 로의"

_OTHER_WORDS = "경기도 강원도 충청도 전라도 경상도 함경도 평안도 황해도 고양이"
"""Words that look like another and its particle: provinces ("경기" is a match), and the cat."""


def with_particles(folded: str) -> tuple[str, ...]:
    """Return a term of Korean, of two syllables or more, with each particle; nothing for any other.

    >>> with_particles("북한")[0], with_particles("러시아")[-1], with_particles("is")
    ('북한의', '러시아로의', ())
    """
    if len(folded) < _FEWEST or not all(_FIRST <= letter <= _LAST for letter in folded[-_FEWEST:]):
        return ()
    coda = (ord(folded[-1]) - ord(_FIRST)) % _CODAS
    particles = f"{_ANY} {_AFTER_CONSONANT if coda else _AFTER_VOWEL}".split()
    if coda == _RIEUL:
        particles += [particle.removeprefix("으") for particle in particles if particle.startswith("으")]
    others = _OTHER_WORDS.split()
    return tuple(folded + particle for particle in particles if folded + particle not in others)
