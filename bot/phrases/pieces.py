"""What a text is compared by: pieces of its writing (characters, pairs, words in letters) and of its sound. Pure."""

import re
from collections.abc import Sequence
from itertools import pairwise

from bot.language.fold import fold
from bot.language.pinyin import blurred, near, typed, typed_initials
from bot.language.words import without_common

BREATH, OVERLAP = 14, 4  # characters
_WORD = re.compile(r"[a-z0-9]+")
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff〇]+")
_CLAUSE_ENDS = re.compile(r"[，,。.！!？?；;、\n：:…~]+")
_NOT_BARE = re.compile(r"[\W_]+")
_NUMBER = r"(?:[0-9]+|[一二两三四五六七八九十百半几多好]+)"
_DURATION = re.compile(rf"{_NUMBER}个?(?:来|多|半)?(?:分钟|刻钟|小时|钟头|天|星期|礼拜|周|月|年)")


class _Folding(dict[int, str]):
    """How each character folds, found when it is first met: a whole book folds in a few hundredths of a second."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = fold(chr(code)).text
        return folded


_FOLDING = _Folding()


def plain(text: str) -> str:
    """The text folded: one script, one width, one case."""
    return text.translate(_FOLDING)


def bare(folded: str) -> str:
    """Nothing but letters, digits and characters: what two names have to share to be the same name."""
    return _NOT_BARE.sub("", folded)


def clauses(folded: str) -> list[str]:
    """What stands between the punctuation."""
    return _CLAUSE_ENDS.split(folded)


def breaths(folded: str) -> list[str]:
    """A long message in pieces of a breath: its clauses, and what was typed without any punctuation in stretches."""
    return [
        clause[at : at + BREATH]
        for clause in clauses(folded)
        for at in ([0] if len(clause) <= 2 * BREATH else range(0, len(clause) - BREATH // 2, BREATH - OVERLAP))
    ]


def written(folded: str) -> list[str]:
    """A text as written: letters, single characters and pairs, without the words of every conversation."""
    folded = _DURATION.sub("时长", folded)
    pieces = [word for word in _WORD.findall(folded) if not word.isdigit()]
    for run in _HAN.findall(folded):
        for stretch in without_common(run):
            pieces += stretch
            pieces += [stretch[at : at + 2] for at in range(len(stretch) - 1)]
    return pieces


def sounding(folded: str) -> list[str]:
    """A text as it sounds, in pairs of syllables."""
    return [pair for run in _HAN.findall(folded) for pair in spoken([near(char) for char in run])]


def said(folded: str) -> list[str]:
    """Everything in a text that sounds, syllable by syllable."""
    return [near(char) for run in _HAN.findall(folded) for char in run]


def as_said(folded: str) -> list[str]:
    """What the whole text sounds like, all of it and without the words of every conversation; nothing beside 拼音."""
    if folded.isascii():
        return [" ".join(typed_sound(folded))]
    telling = "".join(stretch for run in _HAN.findall(folded) for stretch in without_common(run))
    return [" ".join(said(text)) for text in (bare(folded), telling) if _HAN.fullmatch(text)]


def typed_sound(folded: str) -> list[str]:
    """The syllables of typed 拼音; nothing when it isn't any."""
    if not folded.isascii() or not re.search("[a-z]", folded):
        return []
    return [blurred(one) for one in typed(re.sub(r"[^a-z' ]+", " ", folded))]


def typed_short(folded: str) -> list[str]:
    """The initials of typed 拼音, which stand for a whole name."""
    short = typed_initials(folded.strip())
    return [f"={short}"] if short else []


def spoken(syllables: Sequence[str]) -> list[str]:
    """Pairs of syllables."""
    return [f"{first} {then}" for first, then in pairwise(syllables)]
