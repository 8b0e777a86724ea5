"""Finding the wording for what an agent typed: a situation, the customer's own words, a misspelling, 拼音, 繁體.

Every name of a situation, everything that leads to it and every sentence of it is a line of its own. A question and a
line are compared by the pieces they share: single characters, pairs and triples, whole words, and pairs of syllables
as they sound; the rarer a piece in the book, the more it says. A phrase is as good as its best line.
"""

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.language.fold import fold
from bot.language.pinyin import blurred, initials, syllable, typed, typed_initials
from bot.language.words import COMMON, words
from bot.phrases.fill import without_address
from bot.phrases.phrase import Phrase

# How much a match counts by where it was found: a situation's names, what leads to it, the wording itself.
NAME, SAID, WORDING = 1.0, 0.7, 0.6
# How much each kind of piece counts: characters one, two and three at a time, words, letters, initials, syllables.
PIECES: dict[str, float] = {"1": 0.8, "2": 1.0, "3": 0.8, "w": 0.8, "a": 1.5, "i": 1.5, "p": 1.0, "q": 1.0}
SOUNDS = frozenset("pq")
SOUND = 0.85  # a line that only sounds right counts this much of one that is written so
NEAREST = 1 / 3  # the share of the best line; the rest goes to what all lines of the phrase have between them
UNSPELLED = 0.25  # typed 拼音 runs over the small words too: pairs the book doesn't know count only this much
ENOUGH = 0.17  # below this an answer is a guess; measured on nonsense, see tests/unit/test_phrases_refusing.py
RAREST = 40  # of a long complaint, this many pieces are enough to know what it is about
CLAUSE = 0.92  # an answer to one clause of a long message counts this much of an answer to all of it

_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff〇]")
_RUNS = re.compile(r"[a-z0-9]+(?:['’ ]+[a-z]+)*|[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff〇]+")
_CLAUSE_ENDS = re.compile(r"[，,。.！!？?；;、\n：:…~]+")
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
        self._named: dict[str, list[int]] = defaultdict(list)  # phrases by the bare names of their situation
        self._owners: list[
            int
        ] = []  # of each line: its phrase, how much it counts, its lengths in writing and in sound
        self._counts: list[float] = []
        self._written: list[float] = []
        self._sounding: list[float] = []
        self._postings: dict[str, list[int]] = defaultdict(list)  # the lines that have a piece
        self._having: dict[str, dict[int, float]] = defaultdict(dict)  # the phrases that have it, by their best line
        self._rarity: dict[str, float] = {}
        self._unknown = math.log(1 + len(self._phrases) / 0.5)
        self._texts: dict[tuple[int, int], frozenset[str]] = {}
        self._build()

    def find(self, query: str, limit: int = 3) -> list[Hit]:
        """The phrases that fit, best first; nothing when none fits honestly."""
        forms = self._synonyms.forms(fold(without_address(query)).text)
        scores: dict[int, float] = {}
        for plain in forms:
            for place, score in self._scores(plain).items():
                scores[place] = max(score, scores.get(place, 0.0))
        for place in {place for plain in forms for place in self._named.get(_bare(plain), ())}:
            scores[place] = 1.0 + scores.get(place, 0.0)
        best = sorted((-score, place) for place, score in scores.items() if score >= ENOUGH)[: max(0, limit)]
        asked = frozenset(piece for plain in forms for piece in _pieces(plain)) if best else frozenset()
        return [
            Hit(phrase=self._phrases[place], text=self._best_text(place, asked), score=round(min(1.0, -score), 4))
            for score, place in best
        ]

    # Building

    def _build(self) -> None:
        lines: list[tuple[int, float, frozenset[str]]] = []
        for place, phrase in enumerate(self._phrases):
            for name in (phrase.situation, *phrase.aliases):
                for plain in self._forms(name):
                    if place not in self._named[_bare(plain)]:
                        self._named[_bare(plain)].append(place)
                    lines.append((place, NAME, frozenset((*_pieces(plain), *_initial_pieces(plain)))))
            for said in phrase.says:
                lines += [(place, SAID, frozenset(_pieces(plain))) for plain in self._forms(said)]
            for number, text in enumerate(phrase.texts):
                clauses = _CLAUSE_ENDS.split(_SLOT.sub(" ", text))
                clause_pieces = [frozenset(_pieces(plain)) for clause in clauses for plain in self._forms(clause)]
                self._texts[place, number] = frozenset().union(*clause_pieces)
                lines += [(place, WORDING, held) for held in clause_pieces]
        self._named.pop("", None)
        for place, counts, pieces in lines:
            for piece in pieces:
                self._having[piece][place] = max(counts, self._having[piece].get(place, 0.0))
        # A piece is rare when few phrases have it, however many lines of one phrase do.
        total = len(self._phrases)
        self._rarity = {p: math.log(1 + (total + 0.5) / (len(places) + 0.5)) for p, places in self._having.items()}
        for place, counts, pieces in lines:
            if pieces:
                self._add(place, counts, pieces)

    def _add(self, place: int, counts: float, pieces: frozenset[str]) -> None:
        number = len(self._owners)
        self._owners.append(place)
        self._counts.append(counts)
        written, sounding = _lengths({piece: self._weight(piece) for piece in pieces})
        self._written.append(written)
        self._sounding.append(sounding)
        for piece in pieces:
            self._postings[piece].append(number)

    def _forms(self, text: str) -> tuple[str, ...]:
        return self._synonyms.forms(fold(text).text)

    def _weight(self, piece: str) -> float:
        return PIECES[piece[0]] * self._rarity.get(piece, self._unknown)

    # Asking

    def _scores(self, plain: str) -> dict[int, float]:
        scores = self._compare(self._asked(plain))
        clauses = [clause for clause in _CLAUSE_ENDS.split(plain) if len(clause.strip()) >= 3]
        if len(clauses) > 1:
            for clause in clauses[:12]:
                for place, score in self._compare(self._asked(clause)).items():
                    scores[place] = max(scores.get(place, 0.0), CLAUSE * score)
        return scores

    def _asked(self, plain: str) -> dict[str, float]:
        """The pieces of a question with their weights; letters that spell 拼音 sound like what they spell."""
        if plain.isascii() and re.search("[a-z]", plain):
            spelled = typed(re.sub(r"[^a-z' ]+", " ", plain))
            if spelled:
                sounds = {piece: self._weight(piece) for piece in _sounds(spelled)}
                return {p: weight * (1 if p in self._postings else UNSPELLED) for p, weight in sounds.items()}
            if short := typed_initials(plain.strip()):
                return {f"i{short}": self._weight(f"i{short}")}
        return {piece: self._weight(piece) for piece in _pieces(plain)}

    def _compare(self, asked: Mapping[str, float]) -> dict[int, float]:
        """How near each phrase is: its best line by cosine, in writing or in sound, and all its lines together."""
        written, sounding = _lengths(asked)
        by_sound = all(piece[0] in SOUNDS for piece in asked)  # typed 拼音
        known = sorted((piece for piece in asked if piece in self._postings), key=lambda p: -asked[p])[:RAREST]
        in_writing: dict[int, float] = defaultdict(float)
        in_sound: dict[int, float] = defaultdict(float)
        together: dict[int, float] = defaultdict(float)
        for piece in known:
            weight = asked[piece]
            square = weight * weight
            if piece[0] in SOUNDS:
                for number in self._postings[piece]:
                    in_sound[number] += square
            else:
                for number in self._postings[piece]:
                    in_writing[number] += square
            if by_sound or piece[0] not in SOUNDS:
                for place, counts in self._having[piece].items():
                    together[place] += weight * counts
        best: dict[int, float] = defaultdict(float)
        for number, dot in in_writing.items():
            score = self._counts[number] * dot / (written * self._written[number])
            if score > best[self._owners[number]]:
                best[self._owners[number]] = score
        for number, dot in in_sound.items():
            score = SOUND * self._counts[number] * dot / (sounding * self._sounding[number])
            if score > best[self._owners[number]]:
                best[self._owners[number]] = score
        whole = sum(weight for piece, weight in asked.items() if by_sound or piece[0] not in SOUNDS) or 1.0
        return {p: NEAREST * score + (1 - NEAREST) * together[p] / whole for p, score in best.items()}

    def _best_text(self, place: int, asked: frozenset[str]) -> int:
        """The text nearest to the question; the first, the book's own favourite, unless another is clearly nearer."""
        shares = [
            sum(self._weight(piece) for piece in asked & self._texts[place, number])
            for number in range(len(self._phrases[place].texts))
        ]
        best = max(range(len(shares)), key=lambda number: (shares[number], -number))
        return best if shares[best] > 1.5 * shares[0] else 0


def _lengths(weights: Mapping[str, float]) -> tuple[float, float]:
    """The lengths of the written and of the sounding half; never nought, they divide."""
    written = sum(weight * weight for piece, weight in weights.items() if piece[0] not in SOUNDS)
    sounding = sum(weight * weight for piece, weight in weights.items() if piece[0] in SOUNDS)
    return math.sqrt(written) or 1.0, math.sqrt(sounding) or 1.0


class _Synonyms:
    """Words put into the phrasebook's own: 客诉 is 投诉, 当机 is 死机."""

    def __init__(self, pairs: Mapping[str, str]) -> None:
        self._pairs = {fold(word).text: fold(own).text for word, own in pairs.items()}
        longest_first = sorted(self._pairs, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, longest_first))) if longest_first else None

    def forms(self, folded: str) -> tuple[str, ...]:
        """The text as it is and, where that differs, in the book's words. As it is, because it may be misspelt."""
        if self._pattern is None:
            return (folded,)
        own = self._pattern.sub(lambda m: self._pairs[m[0]], folded)
        return (folded,) if own == folded else (folded, own)


def _bare(plain: str) -> str:
    """Nothing but letters, digits and characters: what two names have to share to be the same name."""
    return re.sub(r"[\W_]+", "", plain)


def _pieces(plain: str) -> Iterator[str]:
    """The pieces of a line of the book, or of a question without its 拼音."""
    plain = _DURATION.sub("时长", plain)
    for run in _RUNS.findall(plain):
        if not _HAN.match(run):
            yield from (f"a{word}" for word in run.split() if not word.isdigit())
            continue
        yield from (f"w{word}" for word in words(run) if len(word) > 1 and word not in COMMON)
        for stretch in _stretches(run):
            for size in (1, 2, 3):
                for start in range(len(stretch) - size + 1):
                    yield f"{size}{stretch[start : start + size]}"
        yield from _sounds([syllable(char) for char in run])


def _stretches(run: str) -> list[str]:
    """The run without the words of every conversation, cut where they stood; all of it when nothing else is left."""
    stretches = [""]
    for word in words(run):
        if word in COMMON:
            stretches.append("")
        else:
            stretches[-1] += word
    kept = [stretch for stretch in stretches if stretch]
    return kept or [run]


def _sounds(said: Sequence[str]) -> Iterator[str]:
    near = [blurred(one) for one in said]
    for first, then in pairwise(near):
        yield f"p{first} {then}"
    for first, then, last in zip(near, near[1:], near[2:], strict=False):
        yield f"q{first} {then} {last}"


def _initial_pieces(plain: str) -> Iterator[str]:
    short = initials(plain)
    if 2 <= len(short) <= 8:
        yield f"i{short}"
