"""One spelling for matching: 繁體, full width, capitals and Kangxi radicals fold to plain Simplified; places stay known."""

import unicodedata
from dataclasses import dataclass
from functools import cache

from opencc import OpenCC

_TO_SIMPLIFIED = OpenCC("t2s")
# Characters that OpenCC leaves alone because both forms are correct somewhere; in what agents type they are not.
_BY_HAND = {"著": "着", "妳": "你", "您": "您", "麽": "么"}


@dataclass(frozen=True)
class Folded:
    """Folded text; `places[i]` is where its i-th character stood in the original (one more entry for the end)."""

    text: str
    places: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The original's [start, end) for a span of the folded text."""
        if start >= end:
            return self.places[start], self.places[start]
        return self.places[start], self.places[end - 1] + 1


def fold(text: str) -> Folded:
    """Fold for matching. Invisible and control characters vanish; white space becomes single plain blanks' width."""
    letters: list[str] = []
    places: list[int] = []
    for place, char in enumerate(text):
        for letter in _fold_char(char):
            letters.append(letter)
            places.append(place)
    return Folded("".join(letters), (*places, len(text)))


@cache
def _fold_char(char: str) -> str:
    if char.isspace():
        return " "
    if unicodedata.category(char) in ("Cc", "Cf", "Mn", "Cs"):
        return ""
    plain = unicodedata.normalize("NFKC", char).lower()
    return "".join(_BY_HAND.get(c) or (_TO_SIMPLIFIED.convert(c) if c >= "\u3400" else c) for c in plain)
