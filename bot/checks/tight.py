"""A draft as the rules read it: folded, without blanks and ornaments, punctuation reduced to , . ? “ ”."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import compress

from bot.language.fold import fold

_PAUSES = ",;、，；"
_STOPS = "。!！"
_OPENING = "“‘「『《〈"
_CLOSING = "”’」』》〉"
_STRAIGHT = "\"'"
# What a point or a colon is depends on its neighbours; until they are looked at, these stand for it.
_POINT, _COLON, _LONG = "\0", "\1", "\2"
_BY_PLACE = re.compile(f"[{_STRAIGHT}{_POINT}{_COLON}]")
_ROW = re.compile("[,.][,.]+")  # faster by far than [,.]{2,}
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


_readings: dict[str, str] = {}  # what each character met so far reads as by itself


@lru_cache(maxsize=256)  # of one draft the same clauses are read for tone, for promises and for better words
def tighten(draft: str) -> Tight:
    """Read a draft."""
    try:
        reads = list(map(_readings.__getitem__, draft))
    except KeyError:
        _readings.update((char, _read(char)) for char in set(draft))
        reads = [_readings[char] for char in draft]
    text, places = _put_together(reads)
    by_place = list(_BY_PLACE.finditer(text))
    if by_place:
        quoted = False
        for mark in by_place:
            place = places[mark.start()]
            if mark[0] in _STRAIGHT:
                settled = "”" if quoted else "“"
                quoted = not quoted
            else:
                settled = _between(mark[0], _neighbour(draft, place, -1), _neighbour(draft, place, 1))
            reads[place] = reads[place].replace(mark[0], settled)
        text, places = _put_together(reads)
    drop = {place for row in _ROW.finditer(text) for place in range(row.start() + 1, row.end())}
    return _joined(*_without(drop, text, places))


def _put_together(reads: list[str]) -> tuple[str, list[int]]:
    text = "".join(reads)
    if _LONG in text:  # a character that reads as several, such as ㎡ or ⑩
        text = text.replace(_LONG, "")
        return text, [place for place, read in enumerate(reads) for letter in read if letter != _LONG]
    return text, list(compress(range(len(reads)), reads))


def _without(drop: Collection[int], text: str, places: list[int]) -> tuple[str, list[int]]:
    if not drop:
        return text, places
    kept = bytearray(b"\1" * len(text))
    for place in drop:
        kept[place] = 0
    return "".join(compress(text, kept)), list(compress(places, kept))


def _read(char: str) -> str:
    letters = fold(char).text
    read = "." if char in "\n\r" else "" if ".." in letters else "".join(map(_alone, letters))
    return _LONG + read if len(read) > 1 else read


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
    text, places = _without(drop, text, places)
    return Tight(text, tuple(places))


def meant(tight: Tight, slips: Mapping[str, str]) -> Tight:
    """With what is meant in the place of what slipped in: by an input method, or to dodge."""
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
