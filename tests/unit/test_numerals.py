"""Numbers as people type them."""

from fractions import Fraction

import pytest

from bot.language.fold import fold
from bot.language.numerals import number, spelled, whole, zeros


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("3", 3), ("３", 3), ("1.5", Fraction(3, 2)), ("三", 3), ("十", 10), ("十五", 15), ("二十", 20), ("一百二十", 120),
        ("一百零五", 105), ("零五", 5), ("〇", 0), ("两", 2), ("俩", 2), ("倆", 2), ("仨", 3), ("廿", 20), ("廿五", 25), ("卅", 30),
        ("卅一", 31), ("贰", 2), ("貳", 2), ("叁", 3), ("拾贰", 12), ("半", Fraction(1, 2)), ("一点五", Fraction(3, 2)), ("两千", 2000),
    ],
)  # fmt: skip
def test_what_a_number_is_worth(written: str, value: Fraction) -> None:
    assert number(fold(written).text) == value


@pytest.mark.parametrize(
    "written", ["", "两三", "三五", "二零二六", "十十", "百", "二百五", "五廿", "三.五", "abc", "十来", "一点", "零零"]
)
def test_what_is_no_proper_number(written: str) -> None:
    assert number(written) is None


def test_a_half_is_not_whole() -> None:
    assert whole("1.5") is None
    assert whole("2.0") == 2


def test_years_are_said_digit_by_digit() -> None:
    assert spelled("二〇二六") == "2026"
    assert spelled("2026") == "2026"
    assert spelled("十二") is None


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("1o:3o", "10:30"), ("1o点", "10点"), ("2oo分", "200分"), ("o2", "o2"), ("ok3", "ok3"), ("3ok", "3ok")],
)
def test_the_letter_o_beside_digits_is_a_nought(typed: str, meant: str) -> None:
    assert zeros(typed) == meant
