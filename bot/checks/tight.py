"""A draft as the rules read it: folded, without blanks and ornaments, punctuation reduced to , . ? “ ”."""

import re
from dataclasses import dataclass

from bot.language.fold import fold

_PAUSES = ",;、，；"
_STOPS = "。!！"
_OPENING = "“‘「『《〈"
_CLOSING = "”’」』》〉"
_STRAIGHT = "\"'"
# A lone character between two pauses is a word taken apart (不,知,道), unless it is one people do set apart.
_TAKEN_APART = re.compile(r"(?<=[,.])[一-龥](?=[,.])")
_SET_APART = "嗯啊哦好对是行喂哎唉那呃额亲切滚"


@dataclass(frozen=True)
class Tight:
    """The reading text; `places[i]` is where its i-th character stood in the draft."""

    text: str
    places: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The draft's [start, end) for a span of the reading text; `start` < `end`."""
        return self.places[start], self.places[end - 1] + 1


def tighten(draft: str) -> Tight:
    """Read a draft."""
    folded = fold(draft)
    chars: list[str] = []
    places: list[int] = []
    within_straight = False
    for i, char in enumerate(folded.text):
        place = folded.places[i]
        before = folded.text[i - 1] if i else ""
        after = folded.text[i + 1] if i + 1 < len(folded.text) else ""
        if char in _STRAIGHT:
            read = "”" if within_straight else "“"
            within_straight = not within_straight
        else:
            read = _read(char, before, after, draft[place])
        if not read or (read in ",." and chars and chars[-1] in ",."):
            continue
        chars.append(read)
        places.append(place)
    return _joined(Tight("".join(chars), tuple(places)))


def _read(char: str, before: str, after: str, typed: str) -> str:
    if typed in "\n\r" or char in _STOPS:
        return "."
    if char == "?":
        return "?"
    if char in _OPENING:
        return "“"
    if char in _CLOSING:
        return "”"
    if char == ".":
        if before.isascii() and before.isalnum() and after.isascii() and after.isalnum():
            return "."
        return "" if "." in (before, after) else "."
    if char == ":":
        return ":" if before.isdigit() and after.isdigit() else ","
    if char in _PAUSES:
        return ","
    return char if char.isalnum() or char in "%@" else ""


def _joined(tight: Tight) -> Tight:
    """Words taken apart by punctuation put together again."""
    drop: set[int] = set()
    for lone in _TAKEN_APART.finditer(tight.text):
        if lone[0] not in _SET_APART:
            drop |= {lone.start() - 1, lone.end()}
    kept = [i for i in range(len(tight.text)) if i not in drop]
    return Tight("".join(tight.text[i] for i in kept), tuple(tight.places[i] for i in kept))
