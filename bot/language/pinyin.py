"""How Chinese sounds: the toneless syllable of each character, and typed 拼音 or its initials taken apart."""

import re
import unicodedata
from functools import cache

# What southern speakers, and everybody's input method, mix up: 安府/安抚, 崔单/催单, 五会/误会.
_MIXED_UP = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ang", "an"), ("eng", "en"), ("ing", "in"))
# Interjections that would let any string of letters pass for 拼音.
_NOT_TYPED = frozenset({"n", "m", "ng", "hm", "hng", "g", "k", "o", "e", "a", "ei", "en"})
_LONGEST = 6
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff〇]")


def syllables(text: str) -> tuple[str, ...]:
    """One toneless syllable for each Chinese character of the text; everything else is skipped."""
    table = _table()
    return tuple(table[char] for char in text if char in table)


def syllable(char: str) -> str:
    """The toneless syllable of one character, or nothing."""
    return _table().get(char, "")


@cache
def blurred(said: str) -> str:
    """The syllable with the sounds people mix up made one: zhang, zang and zan are all zan."""
    for full, short in _MIXED_UP[:3]:
        if said.startswith(full):
            said = short + said[len(full) :]
            break
    for full, short in _MIXED_UP[3:]:
        if said.endswith(full):
            return said[: -len(full)] + short
    return said


def initials(text: str) -> str:
    """The first letters, as people type them: 退款 is tk."""
    return "".join(said[0] for said in syllables(text))


def typed(letters: str) -> tuple[str, ...]:
    """Typed 拼音 as syllables, fewest first: "qing shao deng" or "daoqian"; nothing when it isn't 拼音.

    An apostrophe or a blank always separates: "xi'an" is two syllables, "xian" one.
    """
    split: list[str] = []
    for run in re.split(r"[\s'’·\-]+", letters.lower().replace("ü", "v").strip()):
        parts = _split(run)
        if not parts:
            return ()
        split.extend(parts)
    return tuple(split)


def typed_initials(letters: str) -> str:
    """The letters, when they could be the first letters of Chinese words: no syllable begins with i, u or v."""
    run = letters.lower()
    return run if re.fullmatch(r"[a-hj-tw-z]{2,8}", run) else ""


def _split(run: str) -> tuple[str, ...]:
    """The split into the fewest syllables, the earlier ones long: fangan is fang an, as input methods read it."""
    known = _typable()
    best: list[tuple[str, ...] | None] = [None] * (len(run) + 1)
    best[len(run)] = ()
    for start in range(len(run) - 1, -1, -1):
        for end in range(min(len(run), start + _LONGEST), start, -1):
            rest = best[end]
            if rest is not None and run[start:end] in known:
                found = (run[start:end], *rest)
                held = best[start]
                if held is None or len(found) < len(held):
                    best[start] = found
    return best[0] or ()


@cache
def _table() -> dict[str, str]:
    """Character to its commonest syllable. Built at the first question: the import takes a third of a second."""
    from pypinyin.pinyin_dict import pinyin_dict

    plain: dict[str, str] = {}
    table: dict[str, str] = {}
    for code, readings in pinyin_dict.items():
        char = chr(code)
        if not _HAN.match(char):
            continue
        toned = readings.split(",", 1)[0]
        said = plain.get(toned)
        if said is None:
            said = plain[toned] = _without_tone(toned)
        table[char] = said
    return table


def _without_tone(toned: str) -> str:
    letters = unicodedata.normalize("NFD", toned).replace("u\u0308", "v")
    return "".join(letter for letter in letters if letter.isascii() and letter.isalpha())


@cache
def _typable() -> frozenset[str]:
    spoken = {said for said in _table().values() if said and said not in _NOT_TYPED}
    # lv and nv are also typed lu:e's way: nue, lue.
    return frozenset(spoken | {said.replace("ve", "ue") for said in spoken} | {"e", "en"})
