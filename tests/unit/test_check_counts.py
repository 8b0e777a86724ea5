"""A week's counts, and what an opinion on a request comes to."""

from datetime import datetime

import pytest

from bot.checks.counts import Counts, RuleCount, by_class, this_week
from bot.checks.request import case_in, decision_in
from tests.team import SHANGHAI


def test_a_week_begins_on_monday_and_is_compared_with_the_same_stretch_of_the_last() -> None:
    stretch = this_week(datetime(2026, 6, 11, 10, 0, tzinfo=SHANGHAI), SHANGHAI)
    assert stretch.since == datetime(2026, 6, 8, tzinfo=SHANGHAI)
    assert stretch.before == datetime(2026, 6, 1, tzinfo=SHANGHAI)
    assert stretch.until == datetime(2026, 6, 4, 10, 0, tzinfo=SHANGHAI)


def test_rules_are_added_up_by_class_the_most_frequent_first() -> None:
    counts = by_class(
        [
            RuleCount(rule="a", kind="推诿", times=1, before=4),
            RuleCount(rule="b", kind="推诿", times=2, before=0),
            RuleCount(rule="c", kind="模糊承诺", times=5, before=1),
        ]
    )
    assert [(c.kind, c.times, c.before, c.rule) for c in counts] == [("模糊承诺", 5, 1, "c"), ("推诿", 3, 4, "b")]


@pytest.mark.parametrize(("people", "shown"), [(0, False), (2, False), (3, True)])
def test_of_too_few_nothing_is_shown(people: int, shown: bool) -> None:
    assert Counts(checks=9, checks_before=0, classes=(), people=people).enough is shown


@pytest.mark.parametrize(
    ("opinion", "state"),
    [
        ("同意，最多赔 200 元", "agreed"),
        ("可以", "agreed"),
        ("行，按这个办", "agreed"),
        ("好的", "agreed"),
        ("不同意", "refused"),
        ("不行，先查清楚", "refused"),
        ("不可以", "refused"),
        ("我不同意", "refused"),
        ("先查清楚是谁弄坏的", None),
        ("好像不太合适", None),
        ("同意。", "agreed"),
        ("同意！按这个办", "agreed"),
        ("OK", "agreed"),
        ("我同意 最多賠 200 元", "agreed"),
        ("同意，但不能超过 200 元", "agreed"),
        ("拒绝", "refused"),
        ("不行。怎么能赔双倍？", "refused"),
        ("行不行要看合同", None),
        ("同意不了", None),
        ("可以吗？太多了吧", None),
        ("可以？", None),
        ("同意，客户会接受吗", None),
        ("同意与否要看合同", None),
        ("好的，我问下财务", None),
        ("行，等我看看合同", None),
        ("同意，不对，不同意", None),
        ("不行吗？我看可以", None),
        ("不同意，还是可以吧", None),
        ("不清楚，等我问一下财务", None),
        ("别急，我问下经理", None),
        ("別答應", None),
        ("不用请示，直接赔", None),
        ("不反对", None),
        ("不同意见可以再提", None),
        ("可不可以再等等", None),
        ("", None),
    ],
)
def test_an_opinion_says_yes_or_no_by_its_first_words(opinion: str, state: str | None) -> None:
    assert decision_in(opinion) == state


@pytest.mark.parametrize(
    ("text", "number"),
    [("#0611-01 能减免吗", "0611-01"), ("260611-03 的赔偿", "260611-03"), ("电话 0571-8800", None), ("能减免吗", None)],
)
def test_a_case_may_be_named_by_its_number(text: str, number: str | None) -> None:
    assert case_in(text) == number
