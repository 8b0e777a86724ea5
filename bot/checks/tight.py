"""A draft as the rules read it: folded, without blanks and ornaments, punctuation reduced to , . ? “ ”."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.language.fold import fold

_PAUSES = ",;、，；"
_STOPS = "。!！"
_OPENING = "“‘「『《〈"
_CLOSING = "”’」』》〉"
_STRAIGHT = "\"'"
# What a point or a colon is depends on its neighbours; until they are looked at, these stand for it.
_POINT, _COLON = "\0", "\1"
# A lone character between two pauses is a word taken apart (不,知,道), unless it is one people do set apart.
_TAKEN_APART = re.compile(r"[,.](?=([一-龥])[,.])")
_SET_APART = "嗯啊哦好对是行喂哎唉那呃额亲切滚"


@dataclass(frozen=True)
class Tight:
    """The reading text; `places[i]` is where its i-th character stood in the draft."""

    text: str
    places: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The draft's [start, end) for a span of the reading text; `start` < `end`."""
        return self.places[start], self.places[end - 1] + 1


class _Readings(dict[str, str]):
    """What each character reads as by itself."""

    def __missing__(self, char: str) -> str:
        letters = fold(char).text
        self[char] = "." if char in "\n\r" else "" if ".." in letters else "".join(map(_alone, letters))
        return self[char]


_READINGS = _Readings()


def tighten(draft: str, slips: Mapping[str, str] | None = None) -> Tight:
    """Read a draft. `slips`: what input methods and dodgers write, and the words that are meant by it."""
    chars: list[str] = []
    places: list[int] = []
    within_straight = False
    for place, read in enumerate(map(_READINGS.__getitem__, draft)):
        if len(read) == 1 and read.isalnum():
            chars.append(read)
            places.append(place)
            continue
        for letter in read:
            if letter in _STRAIGHT:
                letter = "”" if within_straight else "“"
                within_straight = not within_straight
            elif letter in (_POINT, _COLON):
                letter = _between(letter, _neighbour(draft, place, -1), _neighbour(draft, place, 1))
            if letter and not (letter in ",." and chars and chars[-1] in ",."):
                chars.append(letter)
                places.append(place)
    tight = _joined("".join(chars), places)
    return _meant(tight, slips) if slips else tight


def _alone(letter: str) -> str:
    if letter in _PAUSES:
        return ","
    if letter in _STOPS:
        return "."
    if letter in _OPENING:
        return "“"
    if letter in _CLOSING:
        return "”"
    if letter in ".:":
        return _POINT if letter == "." else _COLON
    return letter if letter.isalnum() or letter in "?%@" or letter in _STRAIGHT else ""


def _between(mark: str, before: str, after: str) -> str:
    if mark == _COLON:
        return ":" if before.isdigit() and after.isdigit() else ","
    if before.isascii() and before.isalnum() and after.isascii() and after.isalnum():
        return "."
    return "" if "." in (before, after) else "."


def _neighbour(draft: str, place: int, step: int) -> str:
    """The folded letter beside a place, past a few invisible ones."""
    for at in range(place + step, place + 5 * step, step):
        if not 0 <= at < len(draft):
            break
        if letters := fold(draft[at]).text:
            return letters[0 if step > 0 else -1]
    return ""


def _joined(text: str, places: list[int]) -> Tight:
    """Words taken apart by punctuation put together again."""
    drop: set[int] = set()
    for pause in _TAKEN_APART.finditer(text):
        if pause[1] not in _SET_APART:
            drop |= {pause.start(), pause.start() + 2}
    if not drop:
        return Tight(text, tuple(places))
    kept = [i for i in range(len(text)) if i not in drop]
    return Tight("".join(text[i] for i in kept), tuple(places[i] for i in kept))


def _meant(tight: Tight, slips: Mapping[str, str]) -> Tight:
    """With the words that are meant in the place of the slips."""
    found = [slip for slip in slips if slip in tight.text]
    if not found:
        return tight
    texts: list[str] = []
    places: list[int] = []
    end = 0
    for slip in re.finditer("|".join(map(re.escape, sorted(found, key=len, reverse=True))), tight.text):
        here, word = tight.places[slip.start() : slip.end()], slips[slip[0]]
        texts += [tight.text[end : slip.start()], word]
        places += tight.places[end : slip.start()]
        places += [here[min(i, len(here) - 1)] for i in range(len(word) - 1)] + [here[-1]]
        end = slip.end()
    return Tight("".join(texts) + tight.text[end:], (*places, *tight.places[end:]))
