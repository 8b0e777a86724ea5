"""What a pattern cannot match without: a few words to look for first, so that most patterns need not be tried at all."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from itertools import chain
from math import prod
from typing import Any, NamedTuple, TypeAlias

# How often, at most, what is repeated without end may be repeated: no pattern reaches over a whole draft.
OFTEN = 8  # a group, such as (?:也|都)*
MANY = 20  # a character, such as [0-9]+
LONG = 60  # any character, such as [^,.?]*
_FEW = 256  # wordings spelt out; of more only parts are looked for
_ALSO, _RARE = 24, 0.03  # other words are looked for as well when they are so few, and so rare
_FAR = 4096  # the longest message there is, for what has no other bound
_COMMON = "的我您你他她它们是不了在有这那到就请好一给会个为没都也要说来去能可以上人还得对自己吧吗啊呢么"
_PIECE = re.compile(r"[^\\\[\](){}*+?|.]+|\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\?|(?P<times>[*+?]|\{\d*,?\d*\})|.", re.S)
_sre: Any = import_module("re._parser")  # the reading of a pattern that re itself works from

Words: TypeAlias = Mapping[str, tuple[int, int]]  # a word → how many characters of a match can stand before it
Placed: TypeAlias = list[tuple[str, int, int]]  # the same, a word perhaps several times


@dataclass(frozen=True)
class Needed:
    """Every match contains one of `words`, and one of `also`, if there are any; with what it looks ahead to it has
    `reach` characters at most."""

    words: Words
    also: tuple[str, ...]
    reach: int


class _Part(NamedTuple):
    """A piece of a pattern: all that it can match (if that is few), how long that is, how far it looks ahead, and the
    words in it, one of each."""

    exact: Sequence[str] | None
    least: int
    most: int
    ahead: int = 0
    words: Sequence[Placed] = ()


_EMPTY: Sequence[str] = ("",)
_NOTHING = _Part(_EMPTY, 0, 0)


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
        text = piece[0]
        if text == "|" and depth == 0:
            found.append("")
        else:
            depth += (text[0] == "(") - (text == ")")
            found[-1] += text
    return found


def parsed(pattern: str) -> Any:
    """A pattern as re reads it. Raises re.error for whatever is written wrong."""
    if "(?<" in pattern:  # only compiling tells whether what it looks back at has one length
        re.compile(pattern)
    return _sre.parse(pattern)


def needed(tree: Any) -> Needed:
    """The words to look for, of a parsed pattern; one without any has to be tried everywhere."""
    part = _sequence(tree.data)
    words = [] if tree.state.flags & re.IGNORECASE else [_fewest(more) for more in sorted(part.words, key=_cost)[:2]]
    also = next((tuple(more) for more in words[1:] if len(more) <= _ALSO and sum(map(_rate, more)) < _RARE), ())
    return Needed(words[0] if words else {}, also, min(part.most + part.ahead + 1, _FAR))  # $ asks for one more


def careless(pattern: str) -> bool:
    """Whether a repetition without end holds another, or stands beside one that takes the same characters."""
    return _careless(parsed(pattern), within=False)


def _ended(times: str, repeated: str) -> str:
    """How often, with an end: * is {0,20} for a character."""
    if times not in "*+" and not times.endswith(",}"):
        return times
    least = int(times[1:-2] or 0) if times.endswith(",}") else int(times == "+")
    most = OFTEN if repeated == ")" else LONG if repeated == "." or repeated.startswith("[^") else MANY
    return f"{{{least},{max(least, most)}}}"


def _sequence(items: Iterable[tuple[Any, Any]]) -> _Part:
    run = sure = _EMPTY  # the wordings of the stretch being spelt out, and those of it up to what can't be left out
    begun = (0, 0)  # where it can begin
    lead: Sequence[str] | None = _EMPTY  # what else can stand before it, if that is all there is
    least = most = ahead = 0
    words: list[Placed] = []
    for op, given in items:
        if op is _sre.LITERAL:  # most are, by far
            char = chr(given)
            run = sure = [before + char for before in run]
            least, most = least + 1, most + 1
            continue
        for part in _parts(op, given):
            after = least + part.least, min(most + part.most, _FAR)
            if part.exact is None:
                words += _words_of(sure, *begun)
                words += [[(word, least + lo, most + hi) for word, lo, hi in inner] for inner in part.words]
                run, sure, begun, lead = _EMPTY, _EMPTY, after, None
            elif run is _EMPTY and not part.least:
                begun, lead = after, _joined(lead, part.exact)
            elif longer := _joined(run, part.exact):
                run, sure = longer, longer if part.least else sure
            else:
                words += _words_of(sure, *begun)
                run = sure = part.exact if part.least else _EMPTY
                begun, lead = (least, most) if part.least else after, None
            least, most = after
            ahead = max(ahead, part.ahead)
    return _Part(_joined(lead, run), least, most, ahead, (*words, *_words_of(sure, *begun)))


def _joined(before: Sequence[str] | None, after: Sequence[str]) -> Sequence[str] | None:
    """Each followed by each, if these are few."""
    if before is None or len(before) * len(after) > _FEW:
        return None
    return [one + other for one in before for other in after]


def _parts(op: Any, given: Any) -> Sequence[_Part]:
    """One item of a pattern, as one piece or, for a repetition, as the first time and the rest."""
    match op:
        case _sre.IN:
            return (_Part(_characters(given), 1, 1),)
        case _sre.MAX_REPEAT | _sre.MIN_REPEAT | _sre.POSSESSIVE_REPEAT:
            return _repeated(*given)
        case _sre.BRANCH:
            return (_either([_sequence(way.data) for way in given[1]]),)
        case _sre.SUBPATTERN:
            return (_sequence(given[3].data),)
        case _sre.ATOMIC_GROUP:
            return (_sequence(given.data),)
        case _sre.ASSERT | _sre.ASSERT_NOT:
            looked = _sequence(given[1].data)
            return (_NOTHING._replace(ahead=looked.ahead + (looked.most if given[0] > 0 else 0)),)
        case _sre.AT:
            return (_NOTHING,)
        case _sre.ANY | _sre.NOT_LITERAL:
            return (_Part(None, 1, 1),)
        case _:
            return (_Part(None, 0, _FAR),)


def _repeated(least: int, most: Any, item: Any) -> Sequence[_Part]:
    once = _sequence(item.data)
    most = min(int(most), _FAR)
    if least:
        spelt = 1  # times that are spelt out: of seven digits two
        while once.exact and spelt < least and len(once.exact) ** (spelt + 1) <= _FEW:
            spelt += 1
        rest = _Part(None, (least - spelt) * once.least, min((most - spelt) * once.most, _FAR))
        return [once] * spelt + [rest] * (most > spelt)
    if most == 1 and once.exact is not None:
        return (once._replace(exact=(*once.exact, ""), least=0, words=()),)
    return (_Part(None, 0, min(most * once.most, _FAR), once.ahead),)


def _either(ways: Sequence[_Part]) -> _Part:
    least, most, ahead = min(way.least for way in ways), max(way.most for way in ways), max(way.ahead for way in ways)
    exact = [way.exact for way in ways if way.exact is not None]
    if len(exact) == len(ways) and sum(map(len, exact)) <= _FEW:
        return _Part(tuple(dict.fromkeys(chain(*exact))), least, most, ahead)
    if not all(way.words for way in ways):
        return _Part(None, least, most, ahead)
    return _Part(None, least, most, ahead, (list(chain(*(min(way.words, key=_cost) for way in ways))),))


def _words_of(run: Sequence[str], least: int, most: int) -> Sequence[Placed]:
    """The words that one of all these wordings must contain; none when nothing at all is among them."""
    return () if "" in run else ([(word, least, most) for word in run],)


def _fewest(words: Placed) -> Words:
    """Without the words that contain another of them: where they stand, it stands too."""
    kept: dict[str, tuple[int, int]] = {}
    for word, least, most in words:
        lo, hi = kept.get(word, (least, most))
        kept[word] = min(lo, least), max(hi, most)
    written = "\n".join(kept)
    for inner in sorted(kept, key=len):
        if written.count(inner) > 1 and inner in kept:
            for word in [word for word in kept if inner in word and word != inner]:
                at, (least, most), (lo, hi) = word.find(inner), kept.pop(word), kept[inner]
                kept[inner] = min(lo, least + at), max(hi, most + at)
    return kept


def _cost(words: Placed) -> float:
    """How much is tried in vain for words: how often they are met, and how far from where a match begins."""
    return sum([_rate(word) * (20 + most - least) for word, least, most in words])


def _rate(word: str) -> float:
    """About how often a word is met, per character of a draft."""
    return 0.1 * prod(map(_commonness, word))


@cache
def _commonness(char: str) -> float:
    return 0.3 if char in _COMMON else 0.1 if char.isascii() else 0.03


def _characters(given: Iterable[tuple[Any, Any]]) -> Sequence[str] | None:
    characters: dict[str, None] = {}
    for op, what in given:
        if op is _sre.LITERAL:
            characters[chr(what)] = None
        elif op is _sre.RANGE and what[1] - what[0] < _FEW:
            characters |= dict.fromkeys(map(chr, range(what[0], what[1] + 1)))
        else:
            return None
    return tuple(characters)


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
