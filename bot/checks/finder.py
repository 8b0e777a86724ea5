"""Where many wordings stand in one draft: their words are looked for all at once, and only what they promise is tried."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from threading import Lock
from typing import TypeAlias

from ahocorasick_rs import AhoCorasick

from bot.checks.regex import Regex, one_of
from bot.language.pinyin import syllable

Span: TypeAlias = tuple[int, int]
SLURRED = 4  # from so many characters a form is still known when a like character slipped in
_PAUSES = ((",", ""), (".", ""))


class Patterns:
    """Regular expressions to be looked for in the same text; those that read alike are one. Pure and safe to share."""

    def __init__(self, regexes: Iterable[Regex]) -> None:
        unlike = {regex.pattern: regex for regex in regexes}
        self.regexes = list(unlike.values())
        self._numbers = {pattern: number for number, pattern in enumerate(unlike)}
        self.everywhere = [number for number, regex in enumerate(self.regexes) if not regex.need.words]
        owners: dict[str, list[tuple[int, int, int]]] = defaultdict(list)
        for number, regex in enumerate(self.regexes):
            for word, (least, most) in regex.need.words.items():
                owners[word].append((number, least, most))
        self._words = AhoCorasick(owners)
        self._owners = list(owners.values())

    def numbers(self, regexes: Iterable[Regex]) -> tuple[int, ...]:
        return tuple(self._numbers[regex.pattern] for regex in regexes)

    def within(self, text: str) -> Iterator[tuple[int, Sequence[Span]]]:
        """Of every pattern that matches, what finditer would find."""
        for number, near in self.near(text).items():
            if spans := _tried(self.regexes[number], text, near):
                yield number, spans

    def near(self, text: str) -> dict[int, list[Span]]:
        """Where a match of each pattern could begin, by the words that have been found."""
        near = {number: [(0, len(text))] for number in self.everywhere}
        owners = self._owners
        for word, start, _end in self._words.find_matches_as_indexes(text, overlapping=True):
            for number, least, most in owners[word]:
                if number in near:
                    near[number].append((start - most, start - least))
                else:
                    near[number] = [(start - most, start - least)]
        return near


def _tried(regex: Regex, text: str, near: list[Span]) -> list[Span]:
    """The matches that begin near there."""
    spans: list[Span] = []
    place, also, reach = 0, regex.need.also, regex.need.reach
    if len(near) > 1:
        near.sort()
    for first, last in near:
        if place < first:
            place = first
        if also and not one_of(also, text[place : last + reach]):
            continue
        while place <= last:
            if place == last:  # often, and searching would look beyond it
                match = regex.compiled.match(text, place)
            else:
                match = regex.compiled.search(text, place, last + reach)
            if match is None or match.start() > last:
                place = last + 1
            else:
                spans.append(match.span())
                place = max(match.end(), match.start() + 1)
    return spans


class Forms:
    """Near-literal wordings: like characters are one, and between the characters of a longer one a pause may stand."""

    def __init__(self, forms: Iterable[str], alike: Sequence[str], mixed_up: Sequence[str]) -> None:
        """`alike`: groups of characters that are one everywhere; `mixed_up`: in longer forms only."""
        self._numbers = {form: number for number, form in enumerate(dict.fromkeys(forms))}
        self._alike = _first_of(alike)
        self._loose = (*_first_of([*alike, *mixed_up]), *_PAUSES)
        self._strict = [_as_one(form, self._alike) for form in self._numbers]
        self._owners: dict[str, list[int]] = defaultdict(list)
        for number, form in enumerate(self._numbers):
            self._owners[_as_one(form, self._loose)].append(number)
        self._keys = list(self._owners)
        self._words = AhoCorasick(self._keys)

    def numbers(self, forms: Iterable[str]) -> tuple[int, ...]:
        return tuple(self._numbers[form] for form in forms)

    def within(self, text: str) -> Iterable[tuple[int, Span]]:
        """Each occurrence of each form, the overlapping ones too."""
        key = _as_one(text, self._loose)
        hits = self._words.find_matches_as_indexes(key, overlapping=True)
        if not hits:
            return
        places = _unpaused(text)
        strict = _as_one(text, self._alike)
        for hit, start, end in hits:
            low, high = places[start], places[end - 1] + 1
            for number in self._owners[self._keys[hit]]:
                form = self._strict[number]
                typed = strict[low:high]
                if len(form) >= SLURRED or typed == form or (len(form) > 2 and _as_one(typed, _PAUSES) == form):
                    yield number, (low, high)


class Sounds:
    """Forms known by their sound: at least half of the characters are right and all sound right, tones aside."""

    def __init__(self, forms: Iterable[str]) -> None:
        long = (form for form in dict.fromkeys(forms) if len(form) >= SLURRED and all(map(syllable, form)))
        self._forms = list(long)
        self._marks: dict[str, str] = {}
        self._marking = Lock()
        self._words = AhoCorasick(map(self._heard, self._forms))

    def numbers(self, forms: Iterable[str]) -> tuple[int, ...]:
        return tuple(self._forms.index(form) for form in forms if form in self._forms)

    def within(self, text: str) -> Iterable[tuple[int, Span]]:
        if not self._forms:
            return
        hits = self._words.find_matches_as_indexes(self._heard(text), overlapping=True)
        places = _unpaused(text) if hits else []
        for number, start, end in hits:
            form = self._forms[number]
            same = sum(text[place] == char for place, char in zip(places[start:end], form, strict=True))
            if 2 * same >= len(form):
                yield number, (places[start], places[end - 1] + 1)

    def _heard(self, text: str) -> str:
        """One mark for each syllable; what has no sound stays itself."""
        return "".join(self._mark(char) for char in text if char not in ",.")

    def _mark(self, char: str) -> str:
        said = syllable(char)
        if not said:
            return char
        mark = self._marks.get(said)
        if mark is None:
            with self._marking:  # else two syllables met at once would be one for good
                mark = self._marks.setdefault(said, chr(0xE000 + len(self._marks)))
        return mark


def _first_of(groups: Iterable[str]) -> tuple[tuple[str, str], ...]:
    return tuple((char, group[0]) for group in groups for char in group[1:])


def _as_one(text: str, alike: Iterable[tuple[str, str]]) -> str:
    for char, first in alike:  # faster by far than str.translate
        text = text.replace(char, first)
    return text


def _unpaused(text: str) -> list[int]:
    """Where the characters stand that are left without pauses."""
    return [place for place, char in enumerate(text) if char not in ",."]
