"""Where many wordings stand in one draft: their words are looked for all at once, and only what they promise is tried."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from re import Pattern
from typing import TypeAlias

from ahocorasick_rs import AhoCorasick

from bot.checks.literals import needed
from bot.language.pinyin import syllable

Span: TypeAlias = tuple[int, int]
SLURRED = 4  # from so many characters a form is still known when a like character slipped in
_NARROW = 6  # so few places are tried one by one: searching would look beyond them
_PAUSES = ((",", ""), (".", ""))


class Patterns:
    """Regular expressions to be looked for in the same text; those that read alike are one. Pure and safe to share."""

    def __init__(self, patterns: Iterable[Pattern[str]]) -> None:
        unlike = {pattern.pattern: pattern for pattern in patterns}
        self.regexes = list(unlike.values())
        self._numbers = {text: number for number, text in enumerate(unlike)}
        needs = [needed(text) for text in unlike]
        self.everywhere = [number for number, need in enumerate(needs) if not need.words]
        self.reach = [need.reach for need in needs]
        self.also = [need.also for need in needs]
        owners: dict[str, list[tuple[int, int, int]]] = {}
        for number, need in enumerate(needs):
            for word, (least, most) in need.words.items():
                owners.setdefault(word, []).append((number, least, most))
        self.words = AhoCorasick(owners)
        self.owners = list(owners.values())

    def numbers(self, patterns: Iterable[Pattern[str]]) -> tuple[int, ...]:
        return tuple(self._numbers[pattern.pattern] for pattern in patterns)

    def within(self, text: str) -> "Searched":
        return Searched(self, text)


class Searched:
    """A text in which the words of all patterns have been found; a pattern is tried where its words promise a match."""

    def __init__(self, patterns: Patterns, text: str) -> None:
        self._patterns = patterns
        self._text = text
        # Where a match of each pattern could begin.
        self.near: dict[int, list[Span]] = {number: [(0, len(text))] for number in patterns.everywhere}
        for word, start, _end in patterns.words.find_matches_as_indexes(text, overlapping=True):
            for number, least, most in patterns.owners[word]:
                self.near.setdefault(number, []).append((start - most, start - least))
        self._places: dict[int, Sequence[Span]] = {}  # the same in order

    def all(self) -> Iterator[tuple[int, Sequence[Span]]]:
        """Of every pattern that matches, what finditer would find."""
        regexes, also, text = self._patterns.regexes, self._patterns.also, self._text
        for number, near in self.near.items():
            place, last = near[0]
            if len(near) == 1 and place == last and not also[number]:  # most of them by far: worth a shorter way
                if place >= 0 and (match := regexes[number].match(text, place)):
                    yield number, (match.span(),)
            elif spans := self._tried(number):
                yield number, spans

    def stands(self, number: int) -> bool:
        """Whether search would find anything."""
        return bool(self._tried(number, enough=1))

    def covers(self, number: int, low: int, high: int) -> bool:
        """Whether a match, wherever it begins, has a character in common with this span."""
        regex, reach = self._patterns.regexes[number], self._patterns.reach[number]
        near = self.near.get(number)
        if near is None:
            return False
        places = self._places.get(number)
        if places is None:
            places = self._places[number] = _merged(near)
        for at in range(max(0, bisect_left(places, (low - reach,)) - 1), len(places)):
            first, last = places[at]
            if first >= high:
                break
            place, last = max(first, low - reach), min(last, high - 1)
            while place <= last:
                match = (
                    regex.match(self._text, place)
                    if last - place < _NARROW
                    else regex.search(self._text, place, last + reach)
                )
                if match and match.start() <= last and match.end() > low:
                    return True
                place = match.start() + 1 if match else place + 1 if last - place < _NARROW else last + 1
        return False

    def _tried(self, number: int, enough: int | None = None) -> Sequence[Span]:
        regex, near = self._patterns.regexes[number], self.near.get(number)
        if near is None:
            return ()
        spans: list[Span] = []
        place = 0
        also, reach = self._patterns.also[number], self._patterns.reach[number]
        for first, last in near if len(near) == 1 else _merged(near):
            place = max(place, first)
            if also and not _one_of(also, self._text[place : last + reach]):
                continue
            while place <= last and len(spans) != enough:
                if last - place < _NARROW:
                    match = regex.match(self._text, place)
                    place += 1
                else:
                    match = regex.search(self._text, place, last + reach)
                    if match is None or match.start() > last:
                        break
                if match:
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
        return self._marks.setdefault(said, chr(0xE000 + len(self._marks))) if said else char


def _first_of(groups: Iterable[str]) -> tuple[tuple[str, str], ...]:
    return tuple((char, group[0]) for group in groups for char in group[1:])


def _as_one(text: str, alike: Iterable[tuple[str, str]]) -> str:
    for char, first in alike:  # faster by far than str.translate
        text = text.replace(char, first)
    return text


def _one_of(words: Iterable[str], text: str) -> bool:
    for word in words:  # noqa: SIM110 - any() takes three times as long
        if word in text:
            return True
    return False


def _unpaused(text: str) -> list[int]:
    """Where the characters stand that are left without pauses."""
    return [place for place, char in enumerate(text) if char not in ",."]


def _merged(spans: Sequence[Span]) -> Sequence[Span]:
    """The same places in order, those that touch as one."""
    ordered = sorted(spans)
    merged = ordered[:1]
    for low, high in ordered:
        first, last = merged[-1]
        if low > last + 1:
            merged.append((low, high))
        elif high > last:
            merged[-1] = first, high
    return merged
