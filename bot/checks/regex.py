"""A regular expression of the book, with what it cannot match without; compiled when a draft first calls for it."""

import re
from collections.abc import Iterable
from functools import cached_property
from re import Pattern

from bot.checks.literals import needed, parsed


class Regex:
    """Pure and safe to share. Raises re.error at once when it is written wrong."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.need = needed(parsed(pattern))

    @cached_property
    def compiled(self) -> Pattern[str]:
        return re.compile(self.pattern)

    def promised(self, text: str) -> bool:
        """Whether the words for it are there; most often they aren't, and that is quickly seen."""
        return not self.need.words or one_of(self.need.words, text)

    def stands(self, text: str) -> bool:
        return self.promised(text) and self.compiled.search(text) is not None

    def covers(self, text: str, low: int, high: int) -> bool:
        """Whether a match, wherever it begins, has a character in common with this span."""
        place, end = max(0, low - self.need.reach), high - 1 + self.need.reach
        if not self.promised(text[place:end]):
            return False
        while match := self.compiled.search(text, place, end):
            if match.start() >= high or match.end() > low:
                return match.start() < high
            place = match.start() + 1
        return False


def one_of(words: Iterable[str], text: str) -> bool:
    for word in words:  # noqa: SIM110 - any() takes three times as long
        if word in text:
            return True
    return False
