"""The order learns, gently: nothing is lost, nothing passes what was called by its name or fits much better."""

from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.phrases.index import Hit
from bot.phrases.liking import NAMED, WITHIN, Liking, reorder, seasonal, timely
from bot.phrases.phrase import Phrase, Valid, When

likings = st.builds(Liking, team=st.integers(-50, 50), person=st.integers(-20, 20), here=st.integers(-5, 5))
scores = st.lists(st.floats(0.2, 1.0), min_size=1, max_size=9).map(lambda found: sorted(found, reverse=True))
NOON = datetime(2026, 6, 11, 12, 0, tzinfo=UTC)


def phrase(id: str, when: When | None = None) -> Phrase:
    return Phrase(id=id, situation=id, group="样例", texts=("好",), when=when)


def hits(found: list[float]) -> list[Hit]:
    return [Hit(phrase=phrase(str(place)), text=0, score=score) for place, score in enumerate(found)]


@given(scores, st.lists(likings, min_size=9, max_size=9))
def test_everything_found_is_still_there_and_only_near_neighbours_change_places(
    found: list[float], liked: list[Liking]
) -> None:
    before = hits(found)
    after = reorder(before, {str(place): liking.factor for place, liking in enumerate(liked)})
    assert sorted(hit.phrase.id for hit in after) == sorted(hit.phrase.id for hit in before)
    for place, hit in enumerate(after):
        for below in after[place + 1 :]:
            assert hit.score >= WITHIN * below.score
            assert not (below.score >= NAMED > hit.score)


@given(scores)
def test_without_choices_nothing_moves(found: list[float]) -> None:
    assert reorder(hits(found), {}) == hits(found)
    assert reorder(hits(found), {str(place): Liking().factor for place in range(9)}) == hits(found)


@given(likings, likings)
def test_more_liked_counts_more(one: Liking, other: Liking) -> None:
    if one.team >= other.team and one.person >= other.person and one.here >= other.here:
        assert one.factor >= other.factor
    assert 0.7 < one.factor < 1.3


@pytest.mark.parametrize(
    ("found", "liked", "order"),
    [
        ([0.60, 0.59], {"1": Liking(team=1, person=1, here=1)}, "10"),  # one 👍 decides between equals
        ([0.60, 0.50], {"1": Liking(team=1, person=1, here=1)}, "01"),  # and not more
        ([0.60, 0.50], {"1": Liking(team=9, person=9, here=9)}, "10"),
        ([0.60, 0.45], {"1": Liking(team=99, person=99, here=99)}, "01"),  # never over what fits much better
        ([1.0, 0.95], {"1": Liking(team=99, person=99, here=99)}, "01"),  # never over what was called by its name
        ([1.0, 1.0], {"1": Liking(person=1)}, "10"),
        ([0.60, 0.59], {"0": Liking(team=-1, person=-1, here=-1)}, "10"),
    ],
)
def test_how_much_a_choice_counts(found: list[float], liked: dict[str, Liking], order: str) -> None:
    after = reorder(hits(found), {name: liking.factor for name, liking in liked.items()})
    assert "".join(hit.phrase.id for hit in after) == order


@pytest.mark.parametrize(
    ("when", "moment", "holiday", "fits"),
    [
        (When(start=time(5), end=time(11, 30)), datetime(2026, 6, 11, 11, 29, tzinfo=UTC), None, True),
        (When(start=time(5), end=time(11, 30)), datetime(2026, 6, 11, 11, 30, tzinfo=UTC), None, False),
        (When(start=time(22), end=time(5)), datetime(2026, 6, 11, 4, 0, tzinfo=UTC), None, True),
        (When(season="夏"), datetime(2026, 8, 31, tzinfo=UTC), None, True),
        (When(season="夏"), datetime(2026, 9, 1, tzinfo=UTC), None, False),
        (When(season="冬"), datetime(2026, 1, 1, tzinfo=UTC), None, True),
        (When(holiday="中秋"), NOON, "中秋节", True),
        (When(holiday="春节"), NOON, "春节", True),
        (When(holiday="春节"), NOON, "中秋节", False),
        (When(holiday="春节"), NOON, None, False),
        (When(), NOON, None, True),
    ],
)
def test_when_a_wording_fits(when: When, moment: datetime, holiday: str | None, fits: bool) -> None:
    assert when.fits(moment, holiday) is fits


@pytest.mark.parametrize(
    ("when", "query", "named"),
    [
        (When(holiday="中秋节"), "中秋给客户发什么", True),
        (When(season="冬"), "冬天提醒防冻", True),
        (When(start=time(18), end=time(5)), "晚上好", True),
        (When(start=time(5), end=time(11)), "晚上好", False),
        (When(holiday="中秋节"), "节日祝福", False),
    ],
)
def test_a_question_can_name_a_time(when: When, query: str, named: bool) -> None:
    assert when.named_in(query) is named


def test_a_greeting_of_another_hour_is_left_out_a_holiday_never() -> None:
    evening = phrase("evening", When(start=time(18), end=time(5)))
    moon = phrase("moon", When(holiday="中秋"))
    found = [Hit(phrase=one, text=0, score=0.5) for one in (evening, moon)]
    assert [hit.phrase.id for hit in timely(found, "问候", NOON)] == ["moon"]
    assert [hit.phrase.id for hit in timely(found, "晚间问候", NOON)] == ["evening", "moon"]
    assert seasonal(found, "祝福", NOON, "中秋节")["moon"] > 1 > seasonal(found, "祝福", NOON, None)["moon"]
    assert "moon" not in seasonal(found, "中秋祝福", NOON, None)


def test_a_wording_may_be_said_from_its_first_day_to_its_last() -> None:
    valid = Valid(start=date(2026, 6, 1), until=date(2026, 6, 30))
    days = [date(2026, 5, 31), date(2026, 6, 1), date(2026, 6, 30), date(2026, 7, 1)]
    assert [valid.on(day) for day in days] == [False, True, True, False]
    assert Valid().on(date(2026, 6, 1))
