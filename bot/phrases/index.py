"""Finding the wording for what an agent typed: a situation, the customer's own words, a misspelling, 拼音, 繁體.

Every name of a situation, everything that leads to it and every sentence of it is a line of its own. A question and a
line are compared by the pieces they share, single characters and pairs in writing, pairs of syllables in sound; the
rarer a piece in the book, the more it says; the more lines of a phrase have it, the surer it points there. What the
nearest line means counts too, for customers whose words nobody foresaw.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
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
FULL = 1.5  # this many lines that have a piece are half of all the proof that further lines could give
SAYING = 2.5  # a question that says little is believed less: as if it had this many unknown pieces more
ALARM = 1.0  # a word of danger to life outweighs everything
HEARD = 0.5  # what sounds like the name of a situation from end to end is worth this much more
OWN = 1.3  # what a team or a person made their own has few lines, and was made because it is needed
TRADE = 0.9  # a wording of one trade counts this much unless the question has a pair of its name
ENOUGH = 0.58  # below this an answer is a guess; measured on nonsense, see tests/unit/test_phrases_refusing.py
LONGER, LONG = 0.3, 20  # but a whole sentence shares less with any line: a question this long needs that much less
FOREIGN = 1.6  # what is this much nearer to a topic that isn't ours is refused
RAREST = 25  # of a long complaint, this many pieces are enough to know what it is about
CLAUSES = 12  # and no more of its clauses, the longest, are asked on their own
STORY = 6  # a message of more clauses than this is a story:
AGAIN = 5  # what comes up again in it counts this much, in the mean, beside its best clause
SLIP = 20  # what is longer than this is known by the rest of it when a character is wrong
CLAUSE = 0.92  # an answer to one clause of a long message counts this much of an answer to all of it
MEANT = 0.5  # what the nearest line means counts this much,
ALIKE = 0.2  # as far as it is more alike than any two sentences are
CLOSE = 10  # looked at in this many phrases, the best by their pieces
HOPELESS = 0.4  # and no worse than this share of the best
WORD = "词"  # what stands for any word where only its rarity counts
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
    """One way to take a query: its known pieces, the rarest first, and what each counts of an answer to it."""

    pieces: list[int]
    shares: list[float]


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
        self._weights: list[float] = self._arrays["weights"].tolist()
        self._texts: dict[int, list[frozenset[int]]] = {}

    def beside(self, phrases: Iterable[Phrase]) -> "Index":
        """A small index of further phrases, a team's or a person's own, whose hits compare with those of this one."""
        return Index(phrases, like=self)

    def find(self, query: str, limit: int = 3, *beside: "Index") -> list[Hit]:
        """The phrases that fit, best first; nothing when none fits honestly."""
        least = ENOUGH - LONGER * min(len(of.bare(of.plain(without_address(query)))), LONG) / LONG
        hits = self._best(query, limit, least)
        own = [
            replace(hit, score=min(1.0, OWN * hit.score))
            for index in beside
            for hit in index._best(query, limit, least / OWN)
        ]
        return sorted([*own, *hits], key=lambda hit: -hit.score)[: max(0, limit)] if own else hits

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

    def _scores(self, query: str) -> tuple[Floats, list[int]]:
        """How well each phrase fits, and the pieces that were asked for."""
        plain = of.plain(without_address(query))
        own = self._synonyms.own(plain)
        names = self._names
        named = names["named"].get(of.bare(plain)) or names["renamed"].get(of.bare(own)) or ()
        questions = self._questions(plain, own, 1.0, sounds=not named)
        asked = questions[0].pieces if questions else []
        clauses = {clause for clause in of.breaths(plain) if len(clause.strip()) >= 3} - {plain}
        for clause in sorted(clauses, key=lambda one: (-len(one), one))[:CLAUSES]:
            questions += self._questions(clause, self._synonyms.own(clause), CLAUSE)
        scores = self._compare(questions, () if named else telling(own))
        scores *= self._arrays["trade"]
        scores[list({place for piece in asked for place in names["trade"].get(str(piece), ())})] /= TRADE
        for said in dict.fromkeys(of.as_said(plain)):
            scores[names["heard"].get(said, [])] += HEARD
        scores[list(named)] += 1.0
        scores[[place for word, places in names["alarm"].items() if word in plain for place in places]] += ALARM
        return scores, asked

    def _questions(self, plain: str, own: str, counts: float, *, sounds: bool = True) -> list[_Question]:
        """A text as written and, where wanted, as it sounds."""
        if typed := of.spoken(of.typed_sound(plain)) or of.typed_short(plain):
            asked = [self._question(typed, 0.0, counts)]
        else:
            asked = [self._question(of.written(own), SAYING, counts)]
            if sounds and len(plain) <= SLIP:
                asked.append(self._question(of.sounding(plain), SAYING, counts * SOUND))
        return [question for question in asked if question.pieces]

    def _question(self, pieces: Iterable[str], saying: float, counts: float) -> _Question:
        known: list[tuple[float, int]] = []
        whole = saying
        for piece in dict.fromkeys(pieces):
            number = self._vocabulary.get(piece)
            weight = self._weights[number] if number is not None else _rarity(piece, self._total, 0)
            whole += weight
            if number is not None:
                known.append((-weight, number))
        known.sort()
        del known[RAREST:]
        return _Question([number for _, number in known], [-weight * counts / whole for weight, number in known])

    def _compare(self, questions: Sequence[_Question], told: Sequence[str]) -> Floats:
        """How near each phrase is by the question it answers best, and by what the words told mean."""
        arrays = self._arrays
        total = len(arrays["first_line"]) - 1
        if not questions:
            return np.zeros(total, np.float32)
        pieces = np.array([piece for question in questions for piece in question.pieces])
        shares = np.array([share for question in questions for share in question.shares], np.float32)
        rows = np.repeat(np.arange(0, total * len(questions), total), [len(one.pieces) for one in questions])
        starts = arrays["having_starts"][pieces]
        sizes = arrays["having_starts"][pieces + 1] - starts
        if int(sizes.sum()) > READ:
            kept = np.argsort(sizes, kind="stable")
            kept = kept[: max(1, int(np.searchsorted(sizes[kept].cumsum(), READ)))]
            shares, rows, starts, sizes = shares[kept], rows[kept], starts[kept], sizes[kept]
        ends = sizes.cumsum()
        entries = np.arange(int(ends[-1])) + (starts - ends + sizes).repeat(sizes)
        by_question = np.bincount(
            arrays["having"][entries] + rows.repeat(sizes),
            arrays["shares"][entries] * shares.repeat(sizes),
            total * len(questions),
        ).reshape(len(questions), total)
        scores: Floats = by_question.max(axis=0)
        if len(questions) > STORY:  # what comes up again and again is what a long story is about
            scores = (scores + AGAIN * by_question.mean(axis=0)) / 2
        if told:
            self._add_meaning(scores, meaning(told, [self._telling(word) for word in told]))
        return scores

    def _add_meaning(self, scores: Floats, asked: Floats) -> None:
        """Of the best phrases, the meaning of the line that comes nearest."""
        close = np.flatnonzero(scores > scores.max() * HOPELESS)
        if len(close) > CLOSE:
            close = close[np.argpartition(-scores[close], CLOSE)[:CLOSE]]
        first = self._arrays["first_line"]
        starts, ends = first[close], first[close + 1]
        meant = np.concatenate(
            [self._arrays["meant"][start:end] for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]
        )
        sizes = ends - starts
        # einsum: so small a product is done before BLAS has woken its threads.
        alike = np.einsum("ij,j->i", meant.astype(np.float32), asked / 127)
        scores[close] += MEANT * np.maximum(np.maximum.reduceat(alike, sizes.cumsum() - sizes) - ALIKE, 0)

    def _telling(self, word: str) -> float:
        return _rarity(WORD, self._total, self._names["words"].get(word, 0))

    def _nearest_text(self, place: int, asked: Sequence[int]) -> int:
        """The text nearest to the question; the first, the book's own favourite, unless another is clearly nearer."""
        shares = [sum(self._weights[piece] for piece in asked if piece in text) for text in self._texts_of(place)]
        best = max(range(len(shares)), key=lambda number: (shares[number], -number))
        return best if shares[best] > 1.5 * shares[0] else 0

    def _texts_of(self, place: int) -> list[frozenset[int]]:
        """The pieces of each text of a phrase, put together when they are first asked for."""
        found = self._texts.get(place)
        if found is None:
            arrays = self._arrays
            starts = arrays["text_starts"][arrays["first_text"][place] : arrays["first_text"][place + 1] + 1].tolist()
            found = [frozenset(arrays["texts"][start:end].tolist()) for start, end in pairwise(starts)]
            self._texts[place] = found
        return found


def _foreign(topic: str, lines: Sequence[str]) -> Phrase:
    """A topic that isn't ours, to be compared with like a phrase and never found."""
    return Phrase(id="", situation=topic, group="", texts=(), says=tuple(lines))


class _Builder:
    """Phrases taken apart into pieces and meanings."""

    def __init__(self, phrases: Sequence[Phrase], synonyms: "_Synonyms") -> None:
        self._synonyms = synonyms
        self._numbers: dict[str, int] = {}
        # Of each piece: the phrases that have it, and how much speaks for each.
        self._proof: list[dict[int, float]] = []
        self._told: list[list[str]] = []  # the telling words of each line
        self._texts: list[list[int]] = []
        self._first_line, self._first_text, self._trade = [0], [0], list[float]()
        named, renamed, heard, trade, alarm = (defaultdict[str, list[int]](list) for _ in range(5))
        for place, phrase in enumerate(phrases):
            for name in dict.fromkeys((phrase.situation, *phrase.aliases)) if phrase.texts else ():
                plain = of.plain(name)
                _note(named, of.bare(plain), place)
                _note(renamed, of.bare(synonyms.own(plain)), place)
                said = of.said(plain)
                _note(heard, " ".join(said) if len(said) > 1 else "", place)
                short = initials(plain)
                self._add_line(place, NAME, plain, [f"={short}"] if 2 <= len(short) <= 8 else [])
                if phrase.tags:
                    for piece in of.written(synonyms.own(plain)):
                        _note(trade, str(self._numbers[piece]) if len(piece) == 2 else "", place)
            for saying in phrase.says:
                self._add_line(place, SAID, of.plain(saying))
            for text in phrase.texts:
                plain = of.plain(_SLOT.sub(" ", text))
                for sentence in of.clauses(plain):
                    self._add_line(place, WORDING, sentence)
                self._texts.append(self._number(of.written(synonyms.own(plain))))
            for word in phrase.alarm:
                _note(alarm, of.plain(word), place)
            self._trade.append(TRADE if phrase.tags else 1.0)
            self._first_line.append(len(self._told))
            self._first_text.append(len(self._texts))
        self._names: dict[str, Any] = {
            "vocabulary": list(self._numbers), "named": named, "renamed": renamed, "heard": heard, "trade": trade,
            "alarm": alarm,
        }  # fmt: skip

    def _number(self, pieces: Iterable[str]) -> list[int]:
        numbers = self._numbers
        found = sorted({numbers.setdefault(piece, len(numbers)) for piece in pieces})
        self._proof.extend({} for _ in range(len(numbers) - len(self._proof)))
        return found

    def _add_line(self, place: int, counts: float, plain: str, more: Sequence[str] = ()) -> None:
        own = self._synonyms.own(plain)
        for piece in self._number((*of.written(own), *of.sounding(plain), *more)):
            proof = self._proof[piece]
            proof[place] = proof.get(place, 0.0) + counts
        self._told.append(telling(own))

    def built(self, total: int, like: Index | None) -> Built:
        """`total` is how many phrases count for how rare a piece is; `like` knows the weights of its own pieces."""
        weights = [
            like._weights[like._vocabulary[piece]]
            if like and piece in like._vocabulary
            else _rarity(piece, total, len(self._proof[number]))
            for piece, number in self._numbers.items()
        ]
        words = like._names["words"] if like else self._words()
        self._names["words"] = words
        meant = np.zeros((len(self._told), SIZE), np.int8)
        for number, told in enumerate(self._told):
            if told:
                line = meaning(told, [_rarity(WORD, total, words.get(word, 0)) for word in told])
                meant[number] = np.round(line * 127)
        having_starts, having = _rows([list(proof) for proof in self._proof])
        proof = np.fromiter((counts for one in self._proof for counts in one.values()), np.float32, len(having))
        text_starts, texts = _rows(self._texts)
        arrays: dict[str, NDArray[Any]] = {
            "weights": np.array(weights, np.float32), "having_starts": having_starts, "having": having,
            # More lines prove more, each further one less.
            "shares": (1 + FULL) * proof / (proof + FULL),
            "trade": np.array(self._trade, np.float32),
            "meant": meant, "first_line": np.array(self._first_line, np.int32),
            "texts": texts, "text_starts": text_starts, "first_text": np.array(self._first_text, np.int32),
        }  # fmt: skip
        return Built(self._names, arrays)

    def _words(self) -> Counter[str]:
        """In how many phrases each word is."""
        return Counter(
            word
            for first, end in pairwise(self._first_line)
            for word in {word for told in self._told[first:end] for word in told}
        )


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
