"""What a pattern cannot match without: a few words to look for first, so that most patterns need not be tried at all."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any, TypeAlias

# How often, at most, what is repeated without end may be repeated: no pattern reaches over a whole draft.
OFTEN = 8  # a group, such as (?:也|都)*
MANY = 20  # a character, such as [0-9]+
LONG = 60  # any character, such as [^,.?]*
_FEW = 256  # wordings spelt out; of more only parts are looked for
_ALSO, _RARE = 24, 0.03  # other words are looked for as well when they are so few, and so rare
_FAR = 4096  # the longest message there is, for what has no other bound
_COMMON = "的我您你他她它们是不了在有这那到就请好一给会个为没都也要说来去能可以上人还得对自己吧吗啊呢么"
_PIECE = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\?|(?P<times>[*+?]|\{\d*,?\d*\})|.", re.S)
_sre: Any = import_module("re._parser")  # the reading of a pattern that re itself works from

Words: TypeAlias = Mapping[str, tuple[int, int]]  # a word → how many characters of a match can stand before it


@dataclass(frozen=True)
class Needed:
    """Every match contains one of `words`, and one of `also`, if there are any; with what it looks ahead to it has
    `reach` characters at most."""

    words: Words
    also: tuple[str, ...]
    reach: int


@dataclass(frozen=True)
class _Part:
    """A piece of a pattern: all that it can match (if that is few), how long that is, the words in it, one of each."""

    exact: frozenset[str] | None
    least: int
    most: int
    words: tuple[Words, ...] = ()


_NOTHING = _Part(frozenset({""}), 0, 0)


def bounded(pattern: str) -> str:
    """The pattern with an end to every repetition, so that its cost does not grow with the draft."""
    pieces: list[str] = []
    before, settled = "", False  # a mark right behind a repetition says how it is repeated, not how often
    for piece in _PIECE.finditer(pattern):
        times = piece["times"]
        if times and not settled:
            pieces.append(_ended(times, before))
            settled = True
        else:
            pieces.append(piece[0])
            before, settled = piece[0], False
    return "".join(pieces)


def alternatives(pattern: str) -> list[str]:
    """A pattern that is a choice of whole patterns, as these; each then has words of its own."""
    found = [""]
    depth = 0
    for piece in _PIECE.finditer(pattern):
        depth += piece[0].startswith("(") - (piece[0] == ")")
        if piece[0] == "|" and depth == 0:
            found.append("")
        else:
            found[-1] += piece[0]
    return found


def needed(pattern: str) -> Needed:
    """The words to look for; a pattern without any has to be tried everywhere."""
    tree = _sre.parse(pattern)
    part = _sequence(tree)
    words: list[Words] = [] if tree.state.flags & re.IGNORECASE else sorted(part.words, key=_cost)
    also = next((tuple(more) for more in words[1:] if len(more) <= _ALSO and sum(map(_rate, more)) < _RARE), ())
    return Needed(words[0] if words else {}, also, min(part.most + _ahead(tree), _FAR))


def careless(pattern: str) -> bool:
    """Whether a repetition without end holds another, or stands beside one that takes the same characters."""
    return _careless(_sre.parse(pattern), within=False)


def _ended(times: str, repeated: str) -> str:
    """How often, with an end: * is {0,20} for a character."""
    if times not in "*+" and not times.endswith(",}"):
        return times
    least = int(times[1:-2] or 0) if times.endswith(",}") else int(times == "+")
    most = OFTEN if repeated == ")" else LONG if repeated == "." or repeated.startswith("[^") else MANY
    return f"{{{least},{max(least, most)}}}"


def _sequence(items: Iterable[tuple[Any, Any]]) -> _Part:
    run, begun = frozenset({""}), (0, 0)  # the wordings of the stretch being spelt out, and where it can begin
    least = most = 0
    words: list[Words] = []
    whole = True
    for item in items:
        for part in _parts(*item):
            if part.exact is not None and len(run) * len(part.exact) <= _FEW:
                run = frozenset(before + after for before in run for after in part.exact)
            else:
                whole = False
                words += _words_of(run, *begun)
                if part.exact is not None:
                    run, begun = part.exact, (least, most)
                else:
                    run, begun = frozenset({""}), (least + part.least, most + part.most)
                    words += [{w: (least + lo, most + hi) for w, (lo, hi) in inner.items()} for inner in part.words]
            least, most = least + part.least, min(most + part.most, _FAR)
    return _Part(run if whole else None, least, most, (*words, *_words_of(run, *begun)))


def _parts(op: Any, given: Any) -> list[_Part]:
    """One item of a pattern, as one piece or, for a repetition, as the first time and the rest."""
    match str(op):
        case "LITERAL":
            return [_Part(frozenset({chr(given)}), 1, 1)]
        case "IN":
            return [_Part(_characters(given), 1, 1)]
        case "ANY" | "NOT_LITERAL":
            return [_Part(None, 1, 1)]
        case "AT" | "ASSERT" | "ASSERT_NOT":
            return [_NOTHING]
        case "SUBPATTERN":
            return [_sequence(given[3])]
        case "ATOMIC_GROUP":
            return [_sequence(given)]
        case "BRANCH":
            return [_either([_sequence(way) for way in given[1]])]
        case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
            return _repeated(*given)
        case _:
            return [_Part(None, 0, _FAR)]


def _repeated(least: int, most: Any, item: Any) -> list[_Part]:
    once = _sequence(item)
    most = min(int(most), _FAR)
    if least:
        spelt = 1  # times that are spelt out: of seven digits two
        while once.exact and spelt < least and len(once.exact) ** (spelt + 1) <= _FEW:
            spelt += 1
        rest = _Part(None, (least - spelt) * once.least, min((most - spelt) * once.most, _FAR))
        return [once] * spelt + [rest] * (most > spelt)
    if most == 1 and once.exact is not None:
        return [_Part(once.exact | {""}, 0, once.most)]
    return [_Part(None, 0, min(most * once.most, _FAR))]


def _either(ways: list[_Part]) -> _Part:
    least, most = min(way.least for way in ways), max(way.most for way in ways)
    exact = [way.exact for way in ways if way.exact is not None]
    if len(exact) == len(ways) and sum(map(len, exact)) <= _FEW:
        return _Part(frozenset().union(*exact), least, most)
    if not all(way.words for way in ways):
        return _Part(None, least, most)
    words = [(word, lo, hi) for way in ways for word, (lo, hi) in min(way.words, key=_cost).items()]
    return _Part(None, least, most, (_fewest(words),))


def _words_of(run: frozenset[str], least: int, most: int) -> tuple[Words, ...]:
    """The words that one of all these wordings must contain; none when nothing at all is among them."""
    return () if "" in run else (_fewest([(word, least, most) for word in run]),)


def _fewest(words: list[tuple[str, int, int]]) -> Words:
    """Without the words that contain another of them: where they stand, it stands too."""
    kept: dict[str, tuple[int, int]] = {}
    for word, least, most in sorted(words, key=lambda one: len(one[0])):
        inner = next((short for short in kept if short in word), word)
        at = word.find(inner)
        lo, hi = kept.get(inner, (least + at, most + at))
        kept[inner] = min(lo, least + at), max(hi, most + at)
    return kept


def _cost(words: Words) -> float:
    """How much is tried in vain for words: how often they are met, and how far from where a match begins."""
    return sum(_rate(word) * (20 + most - least) for word, (least, most) in words.items())


def _rate(word: str) -> float:
    """About how often a word is met, per character of a draft."""
    rate = 0.1
    for char in word:
        rate *= 0.3 if char in _COMMON else 0.1 if char.isascii() else 0.03
    return rate


def _characters(given: Iterable[tuple[Any, Any]]) -> frozenset[str] | None:
    characters: set[str] = set()
    for op, what in given:
        match str(op):
            case "LITERAL":
                characters.add(chr(what))
            case "RANGE" if what[1] - what[0] < _FEW:
                characters |= set(map(chr, range(what[0], what[1] + 1)))
            case _:
                return None
    return frozenset(characters)


def _ahead(items: Iterable[tuple[Any, Any]]) -> int:
    """How far the items look beyond what they match, at most."""
    far = 0
    for op, given in items:
        match str(op):
            case "ASSERT" | "ASSERT_NOT" if given[0] > 0:
                far += _sequence(given[1]).most + _ahead(given[1])
            case "SUBPATTERN":
                far += _ahead(given[3])
            case "ATOMIC_GROUP":
                far += _ahead(given)
            case "BRANCH":
                far += max(map(_ahead, given[1]))
            case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
                far += _ahead(given[2])
            case _:
                pass
    return min(far, _FAR) + 1  # and $ asks whether there is one more


def _careless(items: Iterable[tuple[Any, Any]], *, within: bool) -> bool:
    before: frozenset[str] | None = frozenset()  # what endless repetitions just before take; None for anything
    for op, given in items:
        endless, inner = False, []
        match str(op):
            case "MAX_REPEAT" | "MIN_REPEAT":
                endless, inner = int(given[1]) > LONG, [given[2]]
            case "SUBPATTERN":
                inner = [given[3]]
            case "BRANCH":
                inner = given[1]
            case "AT" | "ASSERT" | "ASSERT_NOT":
                continue
            case _:
                pass
        if (endless and within) or any(_careless(way, within=within or endless) for way in inner):
            return True
        if endless:
            taken = _taken(given[2])
            if _meet(before, taken):
                return True
            before = None if before is None or taken is None else before | taken
        elif _sequence([(op, given)]).least:
            before = frozenset()
    return False


def _taken(items: Iterable[tuple[Any, Any]]) -> frozenset[str] | None:
    """The characters a piece can take; None for any."""
    part = _sequence(items)
    return None if part.exact is None else frozenset("".join(part.exact))


def _meet(one: frozenset[str] | None, other: frozenset[str] | None) -> bool:
    if one is None or other is None:
        return (one is None or bool(one)) and (other is None or bool(other))
    return bool(one & other)
