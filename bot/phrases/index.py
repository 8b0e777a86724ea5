"""Finding the wording for what an agent typed: a situation, the customer's own words, a misspelling, 拼音, 繁體.

Every name of a situation, everything that leads to it and every sentence of it is a line of its own. A question and a
line are compared by the pieces they share, single characters and pairs in writing, pairs of syllables in sound; the
rarer a piece in the book, the more it says. A phrase is as good as its best line and all its lines together.
"""

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.language.fold import fold
from bot.language.pinyin import blurred, initials, near, typed, typed_initials
from bot.language.words import without_common
from bot.phrases.fill import without_address
from bot.phrases.phrase import Phrase

# How much a match counts by where it was found: a situation's names, what leads to it, the wording itself.
NAME, SAID, WORDING = 1.0, 0.7, 0.4
SINGLE, LETTERS = 1.2, 1.5  # a character or a word in letters says more than a pair
SOUND = 0.85  # a line that only sounds right counts this much of one that is written so
NEAREST = 1 / 3  # the share of the best line; the rest goes to what all lines of the phrase have between them
FULL = 1.5  # this many lines that have a piece are half of all the proof that further lines could give
SAYING = 2.5  # a question that says little is believed less: as if it had this many unknown pieces more
HEARD = 0.5  # what sounds like the name of a situation from end to end is worth this much more
TRADE = 0.9  # a wording of one trade counts this much unless the question has a pair of its name
ENOUGH = 0.235  # below this an answer is a guess; measured on nonsense, see tests/unit/test_phrases_refusing.py
RAREST = 25  # of a long complaint, this many pieces are enough to know what it is about
MOST = 0.8  # its lines are compared by the rarest pieces that make up this much of its length
CLAUSES = 3  # and no more of its clauses, the longest, are asked on their own
SLIP = 20  # what is longer than this is known by the rest of it when a character is wrong
CLAUSE = 0.92  # an answer to one clause of a long message counts this much of an answer to all of it

_WORD = re.compile(r"[a-z0-9]+")
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff〇]+")
_CLAUSE_ENDS = re.compile(r"[，,。.！!？?；;、\n：:…~]+")
_NOT_BARE = re.compile(r"[\W_]+")
_SLOT = re.compile(r"\{[^{}]*\}")
_NUMBER = r"(?:[0-9]+|[一二两三四五六七八九十百半几多好]+)"
_DURATION = re.compile(rf"{_NUMBER}个?(?:来|多|半)?(?:分钟|刻钟|小时|钟头|天|星期|礼拜|周|月|年)")


@dataclass(frozen=True, kw_only=True)
class Hit:
    """A phrase that fits, the number of the text that fits best, and how well, up to 1."""

    phrase: Phrase
    text: int
    score: float


class Index:
    """All phrases ready for searching. Building takes a moment; asking is quick and never raises."""

    def __init__(self, phrases: Iterable[Phrase], synonyms: Mapping[str, str] | None = None) -> None:
        self._phrases = tuple(phrases)
        self._synonyms = _Synonyms(synonyms or {})
        self._named: dict[str, set[int]] = defaultdict(set)  # phrases by the bare names of their situation
        self._renamed: dict[str, set[int]] = defaultdict(set)  # the same in the book's own words
        self._heard: dict[tuple[str, ...], set[int]] = defaultdict(set)  # the same by their sound
        self._pairs: dict[int, set[str]] = {}  # of a phrase of one trade: the pairs of characters in its names
        self._owners: list[int] = []  # of each line: its phrase and how much it counts
        self._counts: list[float] = []
        self._having: dict[str, list[int]] = defaultdict(list)  # the lines that have a piece
        for place, phrase in enumerate(self._phrases):
            self._add(place, phrase)
        self._weights: dict[str, float] = {}
        # Of each line: how much it counts over its length, in writing and in sound.
        self._written, self._sounding = [0.0] * len(self._owners), [0.0] * len(self._owners)
        for piece, numbers in self._having.items():
            self._weigh(piece, numbers)
        for reach in (self._written, self._sounding):
            reach[:] = [count / (math.sqrt(square) or 1.0) for count, square in zip(self._counts, reach, strict=True)]
        self._shares: dict[str, dict[int, float]] = {}  # of a piece, by phrase: worked out when it is first asked for

    def find(self, query: str, limit: int = 3) -> list[Hit]:
        """The phrases that fit, best first; nothing when none fits honestly."""
        plain = _plain(without_address(query))
        own = self._synonyms.own(plain)
        asked = frozenset(_pieces(own))
        scores = self._compare(plain)
        clauses = {clause for clause in _CLAUSE_ENDS.split(plain) if len(clause.strip()) >= 3} - {plain}
        for clause in sorted(clauses, key=lambda one: (-len(one), one))[:CLAUSES]:
            for place, score in self._compare(clause).items():
                scores[place] = max(scores.get(place, 0.0), CLAUSE * score)
        for place, pairs in self._pairs.items():
            if place in scores and pairs.isdisjoint(asked):
                scores[place] *= TRADE
        for place in self._heard.get(tuple(_typed(plain) or _said(plain))) or ():
            scores[place] = HEARD + scores.get(place, 0.0)
        for place in self._named.get(_bare(plain)) or self._renamed.get(_bare(own)) or ():
            scores[place] = 1.0 + scores.get(place, 0.0)
        best = sorted((-score, place) for place, score in scores.items() if score >= ENOUGH)[: max(0, limit)]
        return [
            Hit(phrase=self._phrases[place], text=self._best_text(place, asked), score=round(min(1.0, -score), 4))
            for score, place in best
        ]

    # Building

    def _add(self, place: int, phrase: Phrase) -> None:
        pairs: set[str] = set()
        for name in (phrase.situation, *phrase.aliases):
            plain = _plain(name)
            if bare := _bare(plain):
                self._named[bare].add(place)
                self._renamed[_bare(self._synonyms.own(plain))].add(place)
            if len(heard := _said(plain)) > 1:
                self._heard[tuple(heard)].add(place)
            if 2 <= len(short := initials(plain)) <= 8:
                self._having[f"={short}"].append(len(self._owners))
            pairs.update(piece for piece in self._add_line(place, NAME, plain) if len(piece) == 2)
        if phrase.tags:
            self._pairs[place] = pairs
        for saying in phrase.says:
            self._add_line(place, SAID, _plain(saying))
        for text in phrase.texts:
            for sentence in _CLAUSE_ENDS.split(_plain(_SLOT.sub(" ", text))):
                self._add_line(place, WORDING, sentence)

    def _add_line(self, place: int, counts: float, plain: str) -> set[str]:
        number = len(self._owners)
        self._owners.append(place)
        self._counts.append(counts)
        written = set(_pieces(self._synonyms.own(plain)))
        for piece in (*written, *set(_sounds(plain))):
            self._having[piece].append(number)
        return written

    def _weigh(self, piece: str, numbers: Sequence[int]) -> None:
        # A piece is rare when few phrases have it, however many lines of one phrase do.
        places = len({self._owners[number] for number in numbers})
        weight = self._weights[piece] = _rarity(piece, len(self._phrases), places)
        lengths = self._sounding if _is_sound(piece) else self._written
        for number in numbers:
            lengths[number] += weight * weight

    # Asking

    def _compare(self, plain: str) -> dict[int, float]:
        """How near each phrase is, in writing or in sound, whichever is nearer."""
        if heard := _spoken(_typed(plain)) or _short(plain):
            return self._near(heard, self._sounding, 0.0)
        scores = self._near(_pieces(self._synonyms.own(plain)), self._written, SAYING)
        sounds = _sounds(plain) if len(plain) <= SLIP else []
        for place, score in self._near(sounds, self._sounding, SAYING).items():
            scores[place] = max(scores.get(place, 0.0), SOUND * score)
        return scores

    def _near(self, pieces: Iterable[str], reach: Sequence[float], saying: float) -> dict[int, float]:
        """How near each phrase is: its best line by cosine and all its lines together."""
        asked = {piece: self._weights.get(piece) or _rarity(piece, len(self._phrases), 0) for piece in pieces}
        rarest = sorted((piece for piece in asked if piece in self._weights), key=lambda p: -asked[p])[:RAREST]
        whole = sum(asked.values()) + saying or 1.0
        left = sum(weight * weight for weight in asked.values())
        length, enough = math.sqrt(left) or 1.0, (1 - MOST) * left
        shared: dict[int, float] = defaultdict(float)
        scores: dict[int, float] = defaultdict(float)
        for piece in rarest:
            weight = asked[piece]
            if left > enough:
                square = weight * weight
                left -= square
                for number in self._having[piece]:
                    shared[number] += square
            part = (1 - NEAREST) * weight / whole
            for place, share in self._shares_of(piece).items():
                scores[place] += part * share
        best: dict[int, float] = defaultdict(float)
        owners = self._owners
        for number, dot in shared.items():
            score = dot * reach[number]
            if score > best[owners[number]]:
                best[owners[number]] = score
        for place, score in best.items():
            scores[place] += NEAREST * score / length
        return scores

    def _shares_of(self, piece: str) -> dict[int, float]:
        """How surely a piece points to each phrase that has it: more lines prove more, each further one less."""
        shares = self._shares.get(piece)
        if shares is None:
            proof: dict[int, float] = defaultdict(float)
            for number in self._having[piece]:
                proof[self._owners[number]] += self._counts[number]
            shares = self._shares[piece] = {p: (1 + FULL) * sum_ / (sum_ + FULL) for p, sum_ in proof.items()}
        return shares

    def _best_text(self, place: int, asked: frozenset[str]) -> int:
        """The text nearest to the question; the first, the book's own favourite, unless another is clearly nearer."""
        shares = [
            sum(self._weights.get(piece, 0.0) for piece in asked & set(_pieces(self._synonyms.own(_plain(text)))))
            for text in self._phrases[place].texts
        ]
        best = max(range(len(shares)), key=lambda number: (shares[number], -number))
        return best if shares[best] > 1.5 * shares[0] else 0


class _Synonyms:
    """Words put into the phrasebook's own: 客诉 is 投诉, 当机 is 死机."""

    def __init__(self, pairs: Mapping[str, str]) -> None:
        self._pairs = {_plain(word): _plain(own) for word, own in pairs.items()}
        longest_first = sorted(self._pairs, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, longest_first)) or r"(?!)")

    def own(self, plain: str) -> str:
        """The text in the book's words."""
        return self._pattern.sub(lambda m: self._pairs[m[0]], plain)


class _Folding(dict[int, str]):
    """How each character folds, found when it is first met: a whole book folds in a few hundredths of a second."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = fold(chr(code)).text
        return folded


_FOLDING = _Folding()


def _plain(text: str) -> str:
    return text.translate(_FOLDING)


def _bare(plain: str) -> str:
    """Nothing but letters, digits and characters: what two names have to share to be the same name."""
    return _NOT_BARE.sub("", plain)


def _rarity(piece: str, total: int, places: int) -> float:
    kind = SINGLE if len(piece) == 1 else LETTERS if piece.isascii() and " " not in piece else 1.0
    return kind * math.log(1 + (total + 0.5) / (places + 0.5)) / math.log(2 + 2 * total)


def _pieces(plain: str) -> list[str]:
    """A text as written, in pieces: letters, single characters and pairs, without the words of every conversation."""
    plain = _DURATION.sub("时长", plain)
    pieces = [word for word in _WORD.findall(plain) if not word.isdigit()]
    for run in _HAN.findall(plain):
        for stretch in without_common(run):
            pieces += stretch
            pieces += [stretch[at : at + 2] for at in range(len(stretch) - 1)]
    return pieces


def _sounds(plain: str) -> list[str]:
    """A text as it sounds, in pairs of syllables."""
    return [pair for run in _HAN.findall(plain) for pair in _spoken([near(char) for char in run])]


def _said(plain: str) -> list[str]:
    """Everything in a text that sounds, syllable by syllable."""
    return [near(char) for run in _HAN.findall(plain) for char in run]


def _typed(plain: str) -> list[str]:
    """The syllables of typed 拼音; nothing when it isn't any."""
    if not plain.isascii() or not re.search("[a-z]", plain):
        return []
    return [blurred(one) for one in typed(re.sub(r"[^a-z' ]+", " ", plain))]


def _short(plain: str) -> list[str]:
    """The initials of typed 拼音, which stand for a whole name."""
    short = typed_initials(plain.strip())
    return [f"={short}"] if short else []


def _spoken(said: Sequence[str]) -> list[str]:
    return [f"{first} {then}" for first, then in pairwise(said)]


def _is_sound(piece: str) -> bool:
    return " " in piece or piece[0] == "="
