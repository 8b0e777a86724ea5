"""推演 foresees what the rules would decide, minute by minute, and imagines a complaint as it would be logged."""

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import assume, given
from hypothesis import strategies as some

from bot.app import Norms
from bot.escalation.decide import Facts, Told
from bot.escalation.foresight import NOBODY, Said, foresee, imagined
from bot.promises.calendars import EVERYBODY, Calendars
from bot.promises.clocks import AGENT
from bot.promises.promise import Promise
from tests.conftest import THURSDAY
from tests.unit.test_decide import FULL, LI, START, Story, moments, often, promise, stories

A_WEEK, MILLISECOND = timedelta(days=7), timedelta(milliseconds=1)


def facts(story: Story) -> Facts:
    return Facts(promise=story.promise, told=tuple(story.told), levels=story.levels)


def lives(story: Story, until: datetime) -> Story:
    """Every look at its exact time."""
    while story.look_at and story.look_at <= until:
        story.looks(story.look_at)
    return story


def heard(said: list[Said]) -> list[tuple[datetime, str, int, int, tuple[int, ...]]]:
    return [(one.at, one.kind, one.level, one.turn, one.people) for one in said if not one.kind.endswith("_told")]


def test_nobody_does_anything() -> None:
    story = Story(promise=promise("15:00"), levels=FULL)
    assert [f"{one.at:%H:%M} {one.kind}" for one in foresee([facts(story)], START)] == [
        "14:30 before", "15:00 due", "15:10 after", "15:20 escalate", "15:20 escalate_told", "15:40 escalate",
        "15:40 escalate_told", "16:10 escalate", "16:10 escalate_told", "16:40 escalate", "16:40 escalate_told",
        "17:10 escalate", "17:10 escalate_told",
    ]  # fmt: skip


def test_its_owner_hears_who_was_told() -> None:
    said = foresee([facts(Story(promise=promise(), levels=FULL))], START)
    assert {one.people for one in said if one.kind == "escalate_told"} == {(LI,)}


def test_nothing_is_foreseen_of_what_nobody_looks_at_any_more() -> None:
    assert foresee([facts(Story(promise=replace(promise(), look_at=None)))], START) == []


def test_with_nobody_to_tell_it_comes_to_an_end() -> None:
    said = foresee([facts(Story(promise=promise(), levels=((), ())))], START)
    assert [one.kind for one in said] == ["before", "due", "after"]


def test_an_earlier_promise_of_the_agent_speaks_for_the_norm() -> None:
    own, norm = promise("15:00"), replace(promise("15:15"), id=2, clock="first_reply")
    both = [
        Facts(promise=own, told=(), levels=FULL, others=[norm]),
        Facts(promise=norm, told=(), levels=FULL, others=[own]),
    ]
    assert {one.clock.id for one in foresee(both, START)} == {own.id}


@often
@given(stories())
def test_it_says_what_living_through_it_says(story: Story) -> None:
    assume(any(story.levels))  # with nobody there, somebody is looked for for ever
    foreseen = foresee([facts(story)], START)
    lives(story, until=START + A_WEEK)
    assert heard(foreseen) == [(at, n.kind, n.level, n.turn, n.people) for at, n in story.said]


@often
@given(stories(), moments)
def test_foreseen_later_it_goes_on_as_foreseen_at_first(story: Story, now: datetime) -> None:
    whole = foresee([facts(story)], START)
    before = [one for one in whole if one.at < now]
    told = [Told(kind=one.kind, level=one.level, turn=one.turn, at=one.at) for one in before]
    lives(story, until=now - MILLISECOND)
    late = replace(facts(story), told=told, promise=replace(story.promise, look_at=story.look_at))
    assert foresee([late], now) == [replace(one, clock=late.promise) for one in whole if one.at >= now]


@often
@given(stories(), some.integers(0, 3))
def test_clocks_of_other_complaints_change_nothing(story: Story, more: int) -> None:
    others = [replace(facts(story), promise=replace(story.promise, id=10 + n)) for n in range(more)]
    said = foresee([facts(story), *others], START)
    assert [one for one in said if one.clock.id == story.promise.id] == foresee([facts(story)], START)


# A complaint that nobody logged


def case(norms: Norms, due: str = "15:15") -> list[Promise]:
    hour, minute = map(int, due.split(":"))
    calendar = Calendars(norms.calendar).of(EVERYBODY)
    at = THURSDAY.replace(hour=hour, minute=minute)
    return imagined(norms.clocks, at=THURSDAY, due=at, owner_id=NOBODY, team_id=1, calendar=calendar)


def test_an_imagined_complaint_has_the_clocks_of_the_norms(norms: Norms) -> None:
    own, *beside = case(norms)
    assert own.own and own.due == THURSDAY.replace(hour=15, minute=15)
    assert [(one.clock, f"{one.due:%H:%M}", one.who == AGENT) for one in beside] == [
        ("report_up", "11:00", False), ("first_reply", "15:15", True), ("resolve_own", "18:00", True),
    ]  # fmt: skip
    assert [f"{at:%H:%M}" for one in beside for at in one.warn_at] == ["14:30", "16:42"]


def test_nothing_on_record_is_about_an_imagined_complaint(norms: Norms) -> None:
    ids = [one.id for one in case(norms)]
    assert max(ids) < 0 and len(set(ids)) == len(ids)
