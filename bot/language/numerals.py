"""Numbers as they are written in chats: 3, ３, 三, 叁, 两, 俩, 仨, 廿五, 卅, 1.5, 一点五, 半."""

import re
from fractions import Fraction

_DIGITS = {
    char: value
    for value, chars in enumerate(
        ("零〇○", "一壹", "二贰两俩", "三叁仨", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖")
    )
    for char in chars
}
_TENS = {"廿": 20, "卅": 30, "卌": 40}
_UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}

CHARS = "".join((*_DIGITS, *_TENS, *_UNITS))
"""Every Chinese character a whole number is written with (of folded text); for a class in a regular expression."""


def number(text: str) -> Fraction | None:
    """The number written in folded text; None when it is no proper number ("两三" is not 23, and nobody knows which)."""
    if text == "半":
        return Fraction(1, 2)
    if re.fullmatch(r"\d+(\.\d+)?", text, re.ASCII):
        return Fraction(text)
    before, dot, after = text.partition("点")
    if dot:
        head, tail = _chinese(before), spelled(after)
        return None if head is None or tail is None else head + Fraction(int(tail), 10 ** len(tail))
    value = _chinese(text)
    return None if value is None else Fraction(value)


def whole(text: str) -> int | None:
    """The whole number written in folded text, or None."""
    if text.isascii() and text.isdigit():
        return int(text)
    value = number(text)
    return int(value) if value is not None and value.denominator == 1 else None


def spelled(text: str) -> str | None:
    """Digits said one by one, as years are: 二零二六 → "2026"; None when anything else is among them."""
    if text.isascii() and text.isdigit():
        return text
    digits = [str(_DIGITS[char]) for char in text if char in _DIGITS]
    return "".join(digits) if digits and len(digits) == len(text) else None


def zeros(text: str) -> str:
    """The letter O typed for a nought beside digits becomes one: 1O:3O → 10:30. Length is kept."""
    nought = re.compile(r"(?<=\d)o(?=o*(?:\d|[:点时分号日月年天小个]|$|\W))|(?<=[\d:])o(?=\d)", re.ASCII)
    while (better := nought.sub("0", text)) != text:
        text = better
    return text


def _chinese(text: str) -> int | None:
    """The value of a whole number below ten thousand in Chinese characters, strictly: 一百二十, 十五, 廿五, 零五."""
    if not text or any(char not in CHARS for char in text):
        return None
    total, digit, ceiling, gap = 0, None, 10_000, False
    for place, char in enumerate(text):
        if char in _TENS:
            if digit is not None or ceiling <= 10:
                return None
            total, ceiling, gap = total + _TENS[char], 10, False
        elif char in _UNITS:
            unit = _UNITS[char]
            if unit >= ceiling or digit == 0 or (digit is None and (unit != 10 or place)):
                return None
            total, digit, ceiling, gap = total + (1 if digit is None else digit) * unit, None, unit, False
        elif _DIGITS[char] == 0 and len(text) > 1:
            if digit is not None or gap:
                return None
            gap = True
        elif digit is not None:
            return None
        else:
            digit = _DIGITS[char]
    if digit is None:
        return None if gap else total
    if 100 <= ceiling < 10_000 and not gap:  # 二百五 is 250 to some and 205 to others
        return None
    return total + digit
