"""Finding the wording for what an agent typed: a situation, the customer's own words, a misspelling, 拼音, 繁體.

Every name of a situation, everything that leads to it and every sentence of it is a line of its own. A question and a
line are compared by the pieces they share, single characters and pairs in writing, pairs of syllables in sound; the
rarer a piece in the book, the more it says. A phrase is as good as its best line and all its lines together: first all
phrases by all their lines together, then the best of them line by line. What a line means counts a little too, for
customers whose words nobody foresaw.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.language.meaning import SIZE, meaning, telling
from bot.language.pinyin import initials
from bot.phrases import pieces as of
from bot.phrases.fill import without_address
from bot.phrases.phrase import Phrase

# How much a match counts by where it was found: a situation's names, what leads to it, the wording itself.
NAME, SAID, WORDING = 1.0, 0.7, 0.4
SINGLE, LETTERS = 1.2, 1.5  # a character or a word in letters says more than a pair
SOUND = 0.85  # a line that only sounds right counts this much of one that is written so
NEAREST = 0.2  # the share of the best line; the rest goes to what all lines of the phrase have between them
FULL = 1.5  # this many lines that have a piece are half of all the proof that further lines could give
SAYING = 2.5  # a question that says little is believed less: as if it had this many unknown pieces more
HEARD = 0.5  # what sounds like the name of a situation from end to end is worth this much more
TRADE = 0.9  # a wording of one trade counts this much unless the question has a pair of its name
ENOUGH = 0.48  # below this an answer is a guess; measured on nonsense, see tests/unit/test_phrases_refusing.py
LONGER, LONG = 0.3, 20  # but a whole sentence shares less with any line: a question this long needs that much less
FOREIGN = 1.6  # what is this much nearer to a topic that isn't ours is refused
RAREST = 25  # of a long complaint, this many pieces are enough to know what it is about
CLAUSES = 3  # and no more of its clauses, the longest, are asked on their own
SLIP = 20  # what is longer than this is known by the rest of it when a character is wrong
CLAUSE = 0.92  # an answer to one clause of a long message counts this much of an answer to all of it
MEANT = 0.35  # what a line means counts this much beside how it is written,
ALIKE = 0.2  # as far as it is more alike than any two sentences are
CLOSE = 10  # this many phrases, the best by all their lines together, are compared line by line
READ = 30_000  # entries read for a question: in a book of a hundred thousand, its commonest pieces are left out

_SLOT = re.compile(r"\{[^{}]*\}")
Floats = NDArray[np.float32]
Ints = NDArray[np.int32]


@dataclass(frozen=True, kw_only=True)
class Hit:
    """A phrase that fits, the number of the text that fits best, and how well, up to 1."""

    phrase: Phrase
    text: int
    score: float


@dataclass(frozen=True)
class Built:
    """An index taken apart so that it can be kept: what is looked up by words (JSON), and what is reckoned with."""

    names: Mapping[str, Any]
    arrays: Mapping[str, NDArray[Any]]


@dataclass(frozen=True)
class _Question:
    """One way to take a query: its known pieces, the weight and the length of all, and what an answer to it counts."""

    pieces: Ints
    weights: Floats
    whole: float
    length: float
    counts: float
    by_sound: int


class Index:
    """All phrases ready for searching. Building takes a moment; asking is quick and never raises."""

    def __init__(
        self,
        phrases: Iterable[Phrase],
        synonyms: Mapping[str, str] | None = None,
        offtopic: Mapping[str, Sequence[str]] | None = None,
        *,
        built: Built | None = None,
        like: "Index | None" = None,
    ) -> None:
        self.phrases = tuple(phrases)
        self._synonyms: _Synonyms = like._synonyms if like else _Synonyms(synonyms or {})
        self._total: int = like._total if like else len(self.phrases)
        foreign = [] if like else [_foreign(topic, lines) for topic, lines in (offtopic or {}).items()]
        self.built = built or _Builder([*self.phrases, *foreign], self._synonyms).built(self._total, like)
        self._names, self._arrays = self.built.names, self.built.arrays
        self._vocabulary = {piece: number for number, piece in enumerate(self._names["vocabulary"])}
        self._weights: Floats = self._arrays["weights"]

    def beside(self, phrases: Iterable[Phrase]) -> "Index":
        """A small index of further phrases, a team's or a person's own, whose hits compare with those of this one."""
        return Index(phrases, like=self)

    def find(self, query: str, limit: int = 3, beside: "Index | None" = None) -> list[Hit]:
        """The phrases that fit, best first; nothing when none fits honestly."""
        least = ENOUGH - LONGER * min(len(of.bare(of.plain(query))), LONG) / LONG
        hits = self._best(query, limit, least)
        if beside is not None:
            hits = sorted([*beside._best(query, limit, least), *hits], key=lambda hit: -hit.score)[: max(0, limit)]
        return hits

    def nearest(self, query: str, limit: int = 3) -> list[Hit]:
        """What comes nearest to a question that `find` has no honest answer to."""
        return self._best(query, limit, ENOUGH / 4)

    def _best(self, query: str, limit: int, least: float) -> list[Hit]:
        if not self.phrases or limit <= 0:
            return []
        all_scores, asked = self._scores(query)
        scores, foreign = all_scores[: len(self.phrases)], all_scores[len(self.phrases) :]
        found = np.flatnonzero(scores >= max(least, FOREIGN * float(foreign.max(initial=0))))
        order = found[np.argsort(-scores[found], kind="stable")][:limit]
        return [
            Hit(
                phrase=self.phrases[place],
                text=self._nearest_text(place, asked),
                score=round(min(1.0, float(scores[place])), 4),
            )
            for place in order.tolist()
        ]

    def _scores(self, query: str) -> tuple[Floats, Floats]:
        """How well each phrase fits, and the weight of each piece that was asked for."""
        plain = of.plain(without_address(query))
        own = self._synonyms.own(plain)
        names = self._names
        named = names["named"].get(of.bare(plain)) or names["renamed"].get(of.bare(own)) or ()
        questions = self._questions(plain, own, 1.0, sounds=not named)
        clauses = {clause for clause in of.clauses(plain) if len(clause.strip()) >= 3} - {plain}
        for clause in sorted(clauses, key=lambda one: (-len(one), one))[:CLAUSES]:
            questions += self._questions(clause, self._synonyms.own(clause), CLAUSE)
        scores = self._compare(questions, () if named else telling(own))
        asked = np.zeros(len(self._weights), np.float32)
        scores *= self._arrays["trade"]
        if questions:
            asked[questions[0].pieces] = questions[0].weights
            own_trade = {
                place for piece in questions[0].pieces.tolist() for place in names["trade"].get(str(piece), ())
            }
            scores[list(own_trade)] /= TRADE
        for said in dict.fromkeys(of.as_said(plain)):
            scores[names["heard"].get(said, [])] += HEARD
        scores[list(named)] += 1.0
        return scores, asked

    def _questions(self, plain: str, own: str, counts: float, *, sounds: bool = True) -> list[_Question]:
        """A text as written and, where wanted, as it sounds."""
        if typed := of.spoken(of.typed_sound(plain)) or of.typed_short(plain):
            asked = [self._question(typed, 0.0, counts, by_sound=1)]
        else:
            asked = [self._question(of.written(own), SAYING, counts, by_sound=0)]
            if sounds and len(plain) <= SLIP:
                asked.append(self._question(of.sounding(plain), SAYING, counts * SOUND, by_sound=1))
        return [question for question in asked if len(question.pieces)]

    def _question(self, pieces: Iterable[str], saying: float, counts: float, *, by_sound: int) -> _Question:
        known: list[int] = []
        whole, square = saying, 0.0
        for piece in dict.fromkeys(pieces):
            number = self._vocabulary.get(piece)
            if number is None:
                weight = _rarity(piece, self._total, 0)
                whole, square = whole + weight, square + weight * weight
            else:
                known.append(number)
        numbers = np.array(known, np.int32)
        weights = self._weights[numbers]
        whole += float(weights.sum())
        length = math.sqrt(square + float(weights @ weights)) or 1.0
        order = np.argsort(-weights, kind="stable")[:RAREST]
        return _Question(numbers[order], weights[order], whole or 1.0, length, counts, by_sound)

    def _compare(self, questions: Sequence[_Question], told: Sequence[str]) -> Floats:
        """How near each phrase is by the question it answers best, and by what the words told mean."""
        arrays = self._arrays
        total = len(arrays["first_line"]) - 1
        if not questions:
            return np.zeros(total, np.float32)
        pieces = np.concatenate([question.pieces for question in questions])
        asking = np.repeat(np.arange(len(questions)), [len(question.pieces) for question in questions])
        weights = np.concatenate([question.weights for question in questions])
        shares = weights * np.array([q.counts / q.whole for q in questions], np.float32)[asking] * (1 - NEAREST)
        starts = arrays["having_starts"][pieces]
        sizes = arrays["having_starts"][pieces + 1] - starts
        if int(sizes.sum()) > READ:
            kept = np.argsort(sizes, kind="stable")
            kept = kept[: max(1, int(np.searchsorted(sizes[kept].cumsum(), READ)))]
            pieces, asking, weights, shares = pieces[kept], asking[kept], weights[kept], shares[kept]
            starts, sizes = starts[kept], sizes[kept]
        entries = _ranges(starts, sizes)
        together = np.bincount(
            arrays["having"][entries] + total * np.repeat(asking, sizes),
            np.repeat(shares, sizes) * arrays["shares"][entries],
            total * len(questions),
        ).reshape(len(questions), total)
        scores: Floats = together.max(axis=0).astype(np.float32)
        close = np.flatnonzero(scores > 0.4 * scores.max())
        if len(close) > CLOSE:
            close = close[np.argpartition(-scores[close], CLOSE)[:CLOSE]]
        first = arrays["first_line"]
        ranges = list(zip(first[close].tolist(), first[close + 1].tolist(), strict=True))
        line_starts = arrays["line_starts"]
        pieces_of = _joined(arrays["lines"], [(line_starts[start], line_starts[end]) for start, end in ranges])
        line_offsets = _offsets(_joined(arrays["sizes"], ranges))
        offsets = _offsets(first[close + 1] - first[close])
        reach = {by_sound: _joined(arrays["reach"][by_sound], ranges) for by_sound in {q.by_sound for q in questions}}
        nearest = np.empty((len(questions), len(close)), np.float32)
        for number, question in enumerate(questions):
            squares = np.zeros(len(self._weights), np.float32)
            squares[question.pieces] = question.weights * question.weights
            dots = np.add.reduceat(squares[pieces_of], line_offsets)
            dots *= reach[question.by_sound]
            np.maximum.reduceat(dots, offsets, out=nearest[number])
            nearest[number] *= NEAREST * question.counts / question.length
        scores[close] = (together[:, close] + nearest).max(axis=0)
        if told:
            asked = meaning(told, [self._telling(word) for word in told])
            # einsum: so small a product is done before BLAS has woken its threads.
            alike = np.einsum("ij,j->i", _joined(arrays["meant"], ranges), asked)
            scores[close] += MEANT * np.maximum(np.maximum.reduceat(alike, offsets) - ALIKE, 0)
        return scores

    def _telling(self, word: str) -> float:
        return _rarity("词语", self._total, self._names["words"].get(word, 0))

    def _nearest_text(self, place: int, asked: Floats) -> int:
        """The text nearest to the question; the first, the book's own favourite, unless another is clearly nearer."""
        arrays = self._arrays
        first, end = arrays["first_text"][place : place + 2].tolist()
        if end - first < 2:
            return 0
        starts = arrays["text_starts"][first : end + 1].tolist()
        shares = [float(asked[arrays["texts"][start:stop]].sum()) for start, stop in pairwise(starts)]
        best = max(range(len(shares)), key=lambda number: (shares[number], -number))
        return best if shares[best] > 1.5 * shares[0] else 0


def _foreign(topic: str, lines: Sequence[str]) -> Phrase:
    """A topic that isn't ours, to be compared with like a phrase and never found."""
    return Phrase(id="", situation=topic, group="", texts=(), says=tuple(lines))


class _Builder:
    """Phrases taken apart into lines of pieces."""

    def __init__(self, phrases: Sequence[Phrase], synonyms: "_Synonyms") -> None:
        self._synonyms = synonyms
        self._numbers: dict[str, int] = {}
        self._lines: list[list[int]] = []
        self._counts: list[float] = []
        self._told: list[list[str]] = []
        self._texts: list[list[int]] = []
        self._first_line, self._first_text, self._trade = [0], [0], list[float]()
        named, renamed, heard, trade = (defaultdict[str, list[int]](list) for _ in range(4))
        for place, phrase in enumerate(phrases):
            for name in dict.fromkeys((phrase.situation, *phrase.aliases)) if phrase.texts else ():
                plain = of.plain(name)
                _note(named, of.bare(plain), place)
                _note(renamed, of.bare(synonyms.own(plain)), place)
                said = of.said(plain)
                _note(heard, " ".join(said) if len(said) > 1 else "", place)
                short = initials(plain)
                self._add_line(NAME, plain, [f"={short}"] if 2 <= len(short) <= 8 else [])
                if phrase.tags:
                    for piece in of.written(synonyms.own(plain)):
                        _note(trade, str(self._numbers[piece]) if len(piece) == 2 else "", place)
            self._trade.append(TRADE if phrase.tags else 1.0)
            for saying in phrase.says:
                self._add_line(SAID, of.plain(saying))
            for text in phrase.texts:
                plain = of.plain(_SLOT.sub(" ", text))
                for sentence in of.clauses(plain):
                    self._add_line(WORDING, sentence)
                self._texts.append(self._number(of.written(synonyms.own(plain))))
            if self._first_line[-1] == len(self._lines):
                self._add_line(NAME, "", ["="])  # so that no phrase is without a line
            self._first_line.append(len(self._lines))
            self._first_text.append(len(self._texts))
        self._names: dict[str, Any] = {
            "vocabulary": list(self._numbers), "named": named, "renamed": renamed, "heard": heard, "trade": trade,
        }  # fmt: skip

    def _number(self, pieces: Iterable[str]) -> list[int]:
        numbers = self._numbers
        return sorted({numbers.setdefault(piece, len(numbers)) for piece in pieces})

    def _add_line(self, counts: float, plain: str, more: Sequence[str] = ()) -> None:
        own = self._synonyms.own(plain)
        line = self._number((*of.written(own), *of.sounding(plain), *more))
        if line:
            self._lines.append(line)
            self._counts.append(counts)
            self._told.append(telling(own))

    def built(self, total: int, like: Index | None) -> Built:
        """`total` is how many phrases count for how rare a piece is; `like` knows the weights of its own pieces."""
        line_starts, lines = _rows(self._lines)
        text_starts, texts = _rows(self._texts)
        first_line = np.array(self._first_line, np.int32)
        places = len(first_line) - 1
        of_line = np.repeat(np.arange(len(self._lines)), np.diff(line_starts))
        owners = np.repeat(np.arange(places), np.diff(first_line))
        counts = np.array(self._counts, np.float32)
        # Which phrases have a piece, and how surely it points to each: more lines prove more, each further one less.
        keys, where = np.unique(lines.astype(np.int64) * max(places, 1) + owners[of_line], return_inverse=True)
        proof = np.bincount(where, counts[of_line], len(keys))
        having, pieces = keys % max(places, 1), keys // max(places, 1)
        sizes = np.bincount(pieces, minlength=len(self._numbers))
        weights = np.zeros(len(self._numbers), np.float32)
        for (piece, number), size in zip(self._numbers.items(), sizes.tolist(), strict=True):
            known = like._vocabulary.get(piece) if like else None
            weights[number] = like._weights[known] if like and known is not None else _rarity(piece, total, size)
        by_sound = np.fromiter((of.is_sound(piece) for piece in self._numbers), bool, len(weights))
        squares = weights * weights
        lengths = np.stack(
            [np.bincount(of_line, squares[lines] * kind[lines], len(counts)) for kind in (~by_sound, by_sound)]
        )
        words = (
            like._names["words"]
            if like
            else Counter(
                word
                for first, end in pairwise(self._first_line)
                for word in {w for told in self._told[first:end] for w in told}
            )
        )
        self._names["words"] = words
        meant = np.zeros((len(counts), SIZE), np.float32)
        for number, told in enumerate(self._told):
            if told:
                meant[number] = meaning(told, [_rarity("词语", total, words.get(word, 0)) for word in told])
        arrays: dict[str, NDArray[Any]] = {
            "weights": weights, "meant": meant, "trade": np.array(self._trade, np.float32),
            "having_starts": np.concatenate([[0], np.cumsum(sizes)]).astype(np.int32), "having": having.astype(np.int32),
            "shares": ((1 + FULL) * proof / (proof + FULL)).astype(np.float32),
            "first_line": first_line, "line_starts": line_starts, "sizes": np.diff(line_starts), "lines": lines,
            "reach": (counts / np.sqrt(np.where(lengths > 0, lengths, 1))).astype(np.float32),
            "first_text": np.array(self._first_text, np.int32), "text_starts": text_starts, "texts": texts,
        }  # fmt: skip
        return Built(self._names, arrays)


class _Synonyms:
    """Words put into the phrasebook's own: 客诉 is 投诉, 当机 is 死机."""

    def __init__(self, pairs: Mapping[str, str]) -> None:
        self._pairs = {of.plain(word): of.plain(own) for word, own in pairs.items()}
        longest_first = sorted(self._pairs, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, longest_first)) or r"(?!)")

    def own(self, plain: str) -> str:
        """The text in the book's words."""
        return self._pattern.sub(lambda m: self._pairs[m[0]], plain)


def _note(notes: dict[str, list[int]], key: str, place: int) -> None:
    if key and place not in notes[key]:
        notes[key].append(place)


def _rarity(piece: str, total: int, places: int) -> float:
    kind = SINGLE if len(piece) == 1 else LETTERS if piece.isascii() and " " not in piece else 1.0
    return kind * math.log(1 + (total + 0.5) / (places + 0.5)) / math.log(2 + 2 * total)


def _rows(lists: Sequence[Sequence[int]]) -> tuple[Ints, Ints]:
    """Lists one after the other, and where each starts."""
    starts = np.zeros(len(lists) + 1, np.int32)
    np.cumsum([len(one) for one in lists], out=starts[1:])
    return starts, np.fromiter((number for one in lists for number in one), np.int32, int(starts[-1]))


def _ranges(starts: NDArray[Any], sizes: NDArray[Any]) -> NDArray[Any]:
    """The numbers of each range, one range after the other."""
    numbers: NDArray[Any] = np.arange(int(sizes.sum())) + np.repeat(starts - _offsets(sizes), sizes)
    return numbers


def _joined(values: NDArray[Any], ranges: Iterable[tuple[int, int]]) -> NDArray[Any]:
    return np.concatenate([values[start:end] for start, end in ranges])


def _offsets(sizes: NDArray[Any]) -> NDArray[Any]:
    """Where each of the ranges starts when they stand one after the other."""
    offsets: NDArray[Any] = sizes.cumsum() - sizes
    return offsets
