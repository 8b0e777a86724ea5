"""How Chinese sounds: the toneless syllable of each character, and typed 拼音 or its initials taken apart."""

import json
import re
import unicodedata
from functools import cache
from importlib.util import find_spec
from pathlib import Path

# What southern speakers, and everybody's input method, mix up: 安府/安抚, 崔单/催单, 五会/误会.
_MIXED_UP = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ang", "an"), ("eng", "en"), ("ing", "in"))
# Interjections that would let any string of letters pass for 拼音.
_NOT_TYPED = frozenset({"n", "m", "ng", "hm", "hng", "g", "k", "o", "e", "a", "ei", "en"})
_LONGEST = 6
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff〇]")


def syllables(text: str) -> tuple[str, ...]:
    """One toneless syllable for each Chinese character of the text; everything else is skipped."""
    return tuple(said for char in text if (said := syllable(char)))


@cache
def syllable(char: str) -> str:
    """The commonest syllable of one character, without its tone, or nothing."""
    return _without_tone(_readings().get(str(ord(char)), "").partition(",")[0]) if _HAN.match(char) else ""


@cache
def near(char: str) -> str:
    """The syllable of one character as people mix it up."""
    return blurred(syllable(char))


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
def _readings() -> dict[str, str]:
    """pypinyin's table, code to readings, without pypinyin: importing that reads its phrases too, for half a second."""
    package = find_spec("pypinyin")
    assert package is not None and package.origin is not None
    table: dict[str, str] = json.loads(Path(package.origin).with_name("pinyin_dict.json").read_text(encoding="utf-8"))
    return table


@cache
def _without_tone(toned: str) -> str:
    letters = unicodedata.normalize("NFD", toned).replace("u\u0308", "v")
    return "".join(letter for letter in letters if letter.isascii() and letter.isalpha())


@cache
def _typable() -> frozenset[str]:
    said = {_without_tone(readings.partition(",")[0]) for readings in _readings().values()}
    spoken = said - _NOT_TYPED - {""}
    # lv and nv are also typed lu:e's way: nue, lue.
    return frozenset(spoken | {one.replace("ve", "ue") for one in spoken} | {"e", "en"})
