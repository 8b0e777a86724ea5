"""Who hears what and when: a promise replayed minute by minute, with outages, refusals and people who take it on."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from math import ceil

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from bot.escalation.decide import Decision, Facts, Notice, Told, decide
from bot.promises.clocks import Level, Policy
from bot.promises.promise import KEPT, OPEN, Promise

LI, CHEN, ZHOU, OWNER = 1, 2, 3, 4
NAMES = {LI: "小李", CHEN: "陈主管", ZHOU: "周副总", OWNER: "机主"}
START = datetime(2026, 6, 11, 10, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
OWNERS = ("before", "due", "after")
DAILY = Policy(
    remind_before=30, remind_before_share=0.5, remind_after=10, escalate_after=20, follow_up=30, follow_up_times=3,
    repeat_top=30, repeat_top_times=3,
    levels=(Level(post="supervisor", acknowledge_within=20), Level(post="deputy", acknowledge_within=20)),
)  # fmt: skip
FULL = ((CHEN,), (ZHOU,))
Levels = Sequence[Sequence[int]]


def clock(text: str) -> datetime:
    """10:00 is the start; the next day is written 34:00."""
    hour, minute = map(int, text.split(":"))
    return START.replace(hour=0) + timedelta(hours=hour, minutes=minute)


def promise(due: str = "15:00", policy: Policy = DAILY) -> Promise:
    return Promise(
        id=1, number="0611-01", state=OPEN, version=1, team_id=1, owner_id=LI, complaint_id=None, customer="张先生",
        gist="电梯坏了", due=clock(due), due_says="", set_at=START, look_at=START, policy=policy, extended=0,
        raised_at=None, taken_by=None, taken_at=None, answered_by=None, answered_at=None, answer=None, progress=None,
        progress_at=None, card_chat=None, card_message=None,
    )  # fmt: skip


@dataclass(kw_only=True)
class Story:
    """What happens to one promise: the sweep and the outbox as small as they can be."""

    promise: Promise
    levels: Levels = FULL
    told: list[Told] = field(default_factory=list)
    said: list[tuple[datetime, Notice]] = field(default_factory=list)
    look_at: datetime | None = START

    def looks(self, now: datetime) -> Decision:
        """One look, whether it is time or not; what it decides is remembered."""
        facts = Facts(promise=self.promise, told=tuple(self.told), levels=self.levels)
        decision = decide(facts, now)
        assert decide(facts, now) == decision
        self.look_at = decision.look_at
        for notice in decision.notices:
            self.said.append((now, notice))
            self.told.append(Told(kind=notice.kind, level=notice.level, turn=notice.turn, at=now))
        return decision

    def lives(self, *, until: str | datetime, asleep: Callable[[datetime], bool] = lambda now: False) -> "Story":
        """On from wherever it stands, a minute at a time, looking when it is time and somebody is awake."""
        end = clock(until) if isinstance(until, str) else until
        now = max((at for at, _ in self.said), default=START)
        while now <= end and self.look_at is not None:
            if self.look_at <= now and not asleep(now):
                self.looks(now)
            wait = (self.look_at - now) / MINUTE if self.look_at else 0
            now += max(1, ceil(wait)) * MINUTE
        return self

    def happens(self, at: str | datetime, **changed: object) -> None:
        """Something happens to the promise, and it is looked at again, as every change does."""
        now = clock(at) if isinstance(at, str) else at
        self.promise = replace(self.promise, **changed)
        self.look_at = now if self.promise.is_open else None

    def heard(self) -> list[str]:
        """13:30 before 小李"""
        return [
            f"{at:%H:%M} {n.kind}{f' {n.level}' * (n.kind in ('raise', 'escalate'))} {'、'.join(NAMES[who] for who in n.people)}"
            for at, n in self.said
        ]

    def of(self, *kinds: str) -> list[tuple[datetime, Notice]]:
        return [(at, notice) for at, notice in self.said if notice.kind in kinds]


def asleep_between(start: str, end: str) -> Callable[[datetime], bool]:
    return lambda now: clock(start) <= now < clock(end)


# The day as it should go

OWNERS_DAY = ["14:30 before 小李", "15:00 due 小李", "15:10 after 小李"]


def test_nobody_answers_and_everybody_hears_of_it_in_order() -> None:
    assert Story(promise=promise()).lives(until="34:00").heard() == [
        *OWNERS_DAY, "15:20 escalate 1 陈主管", "15:40 escalate 2 周副总", "16:10 escalate 2 周副总",
        "16:40 escalate 2 周副总", "17:10 escalate 2 周副总",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("levels", "climb"),
    [
        (((CHEN,), ()), ["15:20 escalate 1 陈主管", "15:50 escalate 1 陈主管", "16:20 escalate 1 陈主管", "16:50 escalate 1 陈主管"]),
        (((), (ZHOU,)), ["15:20 escalate 2 周副总", "15:50 escalate 2 周副总", "16:20 escalate 2 周副总", "16:50 escalate 2 周副总"]),
        (((), (), (OWNER,)), ["15:20 escalate 3 机主", "15:50 escalate 3 机主", "16:20 escalate 3 机主", "16:50 escalate 3 机主"]),
        (((CHEN, ZHOU), ()), ["15:20 escalate 1 陈主管、周副总", "15:50 escalate 1 陈主管、周副总",
                              "16:20 escalate 1 陈主管、周副总", "16:50 escalate 1 陈主管、周副总"]),
        (((), ()), []),
    ],
)  # fmt: skip
def test_an_empty_level_is_passed_over(levels: Levels, climb: list[str]) -> None:
    assert Story(promise=promise(), levels=levels).lives(until="34:00").heard() == [*OWNERS_DAY, *climb]


@pytest.mark.parametrize(
    ("due", "reminders"),
    [
        ("10:01", ["10:01 due 小李", "10:11 after 小李"]),  # half of a minute is not on the minute grid
        ("10:10", ["10:05 before 小李", "10:10 due 小李", "10:20 after 小李"]),
        ("10:30", ["10:15 before 小李", "10:30 due 小李", "10:40 after 小李"]),
        ("11:00", ["10:30 before 小李", "11:00 due 小李", "11:10 after 小李"]),
        ("12:00", ["11:30 before 小李", "12:00 due 小李", "12:10 after 小李"]),
    ],
)
def test_the_owner_is_reminded_at_half_time_but_not_sooner_than_half_an_hour_before(
    due: str, reminders: list[str]
) -> None:
    story = Story(promise=promise(due), levels=((), ())).lives(until="34:00")
    assert story.heard()[-len(reminders) :] == reminders


@pytest.mark.parametrize(
    ("asleep", "heard"),
    [
        (("14:00", "14:45"), ["14:45 before 小李", "15:00 due 小李", "15:10 after 小李"]),
        (("14:00", "15:00"), ["15:00 due 小李", "15:10 after 小李"]),
        (("14:00", "15:05"), ["15:05 due 小李", "15:10 after 小李"]),
        (("14:00", "15:15"), ["15:15 after 小李"]),
        (("14:00", "18:00"), ["18:00 after 小李"]),
        (("15:05", "34:00"), ["14:30 before 小李", "15:00 due 小李", "10:00 after 小李"]),
    ],
)
def test_after_an_outage_the_owner_hears_one_reminder(asleep: tuple[str, str], heard: list[str]) -> None:
    story = Story(promise=promise(), levels=((), ())).lives(until="36:00", asleep=asleep_between(*asleep))
    assert story.heard() == heard


def test_after_an_outage_every_level_still_gets_its_time() -> None:
    story = Story(promise=promise()).lives(until="19:00", asleep=asleep_between("14:00", "18:00"))
    assert story.heard() == [
        "18:00 after 小李", "18:00 escalate 1 陈主管", "18:20 escalate 2 周副总", "18:50 escalate 2 周副总",
    ]  # fmt: skip
    first = story.of("escalate")[0][1]
    assert first.planned == clock("15:20")  # so that it can say how late it is
    assert (first.next_level, first.next_at) == (2, clock("18:20"))


def test_raised_before_it_is_due() -> None:
    story = Story(promise=promise()).lives(until="11:00")
    story.happens("11:00", raised_at=clock("11:00"))
    assert story.lives(until="11:25").heard() == ["11:00 raise 1 陈主管", "11:20 raise 2 周副总"]


def test_having_raised_it_does_not_hide_that_it_was_broken() -> None:
    story = Story(promise=promise()).lives(until="11:00")
    story.happens("11:00", raised_at=clock("11:00"))
    assert story.lives(until="15:40").heard()[-2:] == ["15:20 escalate 1 陈主管", "15:40 escalate 2 周副总"]


def test_whoever_takes_it_on_is_reminded_three_times_and_the_climb_rests() -> None:
    story = Story(promise=promise()).lives(until="15:25")
    story.happens("15:25", taken_by=CHEN, taken_at=clock("15:25"))
    assert story.lives(until="34:00").heard()[4:] == [
        "15:55 follow 陈主管", "16:25 follow 陈主管", "16:55 follow 陈主管",
    ]  # fmt: skip
    assert story.look_at is None


def test_taken_on_long_before_it_is_due_is_followed_up_after_it_is_due() -> None:
    story = Story(promise=promise()).lives(until="11:00")
    story.happens("11:00", raised_at=clock("11:00"))
    story.lives(until="11:10")
    story.happens("11:10", taken_by=CHEN, taken_at=clock("11:10"))
    assert story.lives(until="15:59").heard() == [
        "11:00 raise 1 陈主管", *OWNERS_DAY[:2], "15:00 follow 陈主管", OWNERS_DAY[2], "15:30 follow 陈主管",
    ]  # fmt: skip


def test_a_level_told_that_blocks_the_bot_is_passed_over_at_once() -> None:
    story = Story(promise=promise()).lives(until="15:20")
    story.levels = ((), (ZHOU,))
    story.look_at = clock("15:21")
    assert story.lives(until="15:30").heard()[3:] == ["15:20 escalate 1 陈主管", "15:21 escalate 2 周副总"]


def test_when_the_top_blocks_the_bot_the_highest_that_is_left_is_told_again() -> None:
    story = Story(promise=promise()).lives(until="15:40")
    story.levels = ((CHEN,), ())
    story.look_at = clock("15:41")
    assert story.lives(until="34:00").heard()[5:] == [
        "15:50 escalate 1 陈主管", "16:20 escalate 1 陈主管", "16:50 escalate 1 陈主管",
    ]  # fmt: skip


def test_when_everybody_blocks_the_bot_its_owners_are_told_at_once() -> None:
    story = Story(promise=promise()).lives(until="15:40")
    story.levels = ((), (), (OWNER,))
    story.look_at = clock("15:41")
    assert story.lives(until="15:50").heard()[5:] == ["15:41 escalate 3 机主"]


def test_a_new_deadline_starts_afresh() -> None:
    story = Story(promise=promise()).lives(until="15:25")
    story.happens("15:25", version=2, due=clock("17:00"), set_at=clock("15:25"))
    story.told.clear()  # the outbox is asked for the notices of this version only
    assert story.lives(until="17:20").heard()[4:] == [
        "16:30 before 小李", "17:00 due 小李", "17:10 after 小李", "17:20 escalate 1 陈主管",
    ]  # fmt: skip


# What holds whatever the policy, the people and the outages

minutes = some.integers(1, 60)
policies = some.builds(
    Policy, remind_before=minutes, remind_before_share=some.sampled_from((0.05, 0.25, 0.5, 0.95)), remind_after=minutes,
    escalate_after=minutes, follow_up=minutes, follow_up_times=some.integers(0, 3), repeat_top=minutes,
    repeat_top_times=some.integers(0, 3),
    levels=some.lists(some.builds(Level, post=some.just("supervisor"), acknowledge_within=minutes), min_size=1,
                      max_size=3).map(tuple),
)  # fmt: skip
outages = some.lists(some.tuples(some.integers(0, 600), some.integers(1, 200)), max_size=3)
moments = some.integers(0, 500).map(lambda after: START + after * MINUTE)
END = START + timedelta(hours=14)  # every clock has run out by then unless somebody slept


@some.composite
def stories(draw: some.DrawFn) -> Story:
    policy = draw(policies)
    due = START + draw(some.integers(1, 180)) * MINUTE
    people = iter(range(10, 100))
    sizes = draw(some.lists(some.integers(0, 2), min_size=len(policy.levels), max_size=len(policy.levels)))
    levels = [tuple(next(people) for _ in range(size)) for size in sizes]
    return Story(promise=replace(promise(policy=policy), due=due), levels=levels)


def asleep_in(outages: Sequence[tuple[int, int]]) -> Callable[[datetime], bool]:
    spans = [(START + start * MINUTE, START + (start + length) * MINUTE) for start, length in outages]
    return lambda now: any(start <= now < end for start, end in spans)


often = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@often
@given(stories(), outages)
def test_every_filled_level_is_told_once_in_order_and_never_before_its_time(
    story: Story, outages: list[tuple[int, int]]
) -> None:
    story.lives(until=START + timedelta(hours=40), asleep=asleep_in(outages))
    policy, climb = story.promise.policy, story.of("escalate")
    filled = [level for level, people in enumerate(story.levels, 1) if people]
    turns = range(1, policy.repeat_top_times + 1)
    assert [(n.level, n.turn) for _, n in climb] == [(level, 0) for level in filled] + [
        (filled[-1], turn) for turn in turns if filled
    ]
    earliest = story.promise.due + policy.escalate_after * MINUTE
    for at, notice in climb:
        assert at >= earliest
        assert notice.planned == earliest
        assert notice.people == story.levels[notice.level - 1]
        last = notice.level == filled[-1]
        earliest = at + (policy.repeat_top if last else policy.levels[notice.level - 1].acknowledge_within) * MINUTE
        assert notice.next_at == (None if last else earliest)
    assert (story.look_at is None) == bool(filled)  # while nobody can be told, it keeps looking


@often
@given(stories(), outages)
def test_the_owner_hears_each_reminder_at_most_once_in_order_and_at_its_time_while_the_bot_is_awake(
    story: Story, outages: list[tuple[int, int]]
) -> None:
    asleep = asleep_in(outages)
    story.lives(until=START + timedelta(hours=40), asleep=asleep)
    kinds = [notice.kind for _, notice in story.of(*OWNERS)]
    assert kinds == [kind for kind in OWNERS if kind in kinds]
    assert kinds[-1] == "after"
    for at, notice in story.of(*OWNERS):
        assert notice.people == (LI,)
        assert at >= notice.planned
        on_the_minute = notice.planned - timedelta(
            seconds=notice.planned.second, microseconds=notice.planned.microsecond
        )
        assert at - notice.planned < MINUTE or asleep(on_the_minute) or asleep(at - MINUTE)


@often
@given(stories(), outages)
def test_when_the_bot_wakes_the_owner_hears_one_reminder_and_each_lead_one_notice(
    story: Story, outages: list[tuple[int, int]]
) -> None:
    story.lives(until=END, asleep=asleep_in(outages))
    for now in {at for at, _ in story.said}:
        together = [notice for at, notice in story.said if at == now]
        assert sum(notice.kind in OWNERS for notice in together) <= 1
        assert sum(notice.kind not in OWNERS for notice in together) <= 1


@settings(often, max_examples=12)
@given(stories(), outages)
def test_looking_every_minute_says_no_more_than_looking_when_it_is_time(
    story: Story, outages: list[tuple[int, int]]
) -> None:
    """So the time to look is never too late, and a look too many does no harm."""
    asleep = asleep_in(outages)
    eager = Story(promise=story.promise, levels=story.levels)
    story.lives(until=END, asleep=asleep)
    now = START
    while now <= END:
        if not asleep(now):
            eager.looks(now)
        now += MINUTE
    assert eager.said == story.said


@often
@given(stories(), moments, some.lists(moments, max_size=4).map(sorted))
def test_the_time_to_look_is_to_come_or_something_was_said_and_none_means_never(
    story: Story, now: datetime, looked: list[datetime]
) -> None:
    for at in [*looked, max([now, *looked])]:
        decision = story.looks(at)
        assert decision.look_at is None or decision.look_at > at
        if decision.look_at is None:
            later = decide(Facts(promise=story.promise, told=tuple(story.told), levels=story.levels), at + 900 * MINUTE)
            assert later == Decision(notices=(), look_at=None)


@often
@given(stories(), moments, outages)
def test_nothing_more_is_said_once_it_is_answered(story: Story, at: datetime, outages: list[tuple[int, int]]) -> None:
    story.lives(until=at, asleep=asleep_in(outages))
    before = list(story.said)
    story.happens(at, state=KEPT)
    assert story.looks(at) == story.looks(END) == Decision(notices=(), look_at=None)
    assert story.said == before


@often
@given(stories(), moments, outages)
def test_nothing_climbs_once_it_is_taken_on_and_the_taker_is_reminded_as_often_as_agreed(
    story: Story, at: datetime, outages: list[tuple[int, int]]
) -> None:
    asleep = asleep_in(outages)
    story.lives(until=at, asleep=asleep)
    climbed = story.of("escalate")
    story.happens(at, taken_by=CHEN, taken_at=at)
    story.lives(until=START + timedelta(hours=40), asleep=asleep)
    policy, follows = story.promise.policy, story.of("follow")
    assert story.of("escalate") == climbed
    assert [notice.turn for _, notice in follows] == list(range(policy.follow_up_times))
    earliest = story.promise.due if at < story.promise.due else at + policy.follow_up * MINUTE
    for when, notice in follows:
        assert when >= notice.planned == earliest
        assert notice.people == (CHEN,)
        earliest = when + policy.follow_up * MINUTE
    assert story.look_at is None


@often
@given(stories(), some.integers(0, 239))
def test_raised_its_first_level_hears_at_once(story: Story, minute: int) -> None:
    overdue = story.promise.due + story.promise.policy.escalate_after * MINUTE
    at = START + minute % ((overdue - START) // MINUTE) * MINUTE
    story.lives(until=at)
    assert not story.of("raise", "escalate")
    story.happens(at, raised_at=at)
    story.lives(until=at)
    first = next(((at, level) for level, people in enumerate(story.levels, 1) if people), None)
    assert [(when, notice.level) for when, notice in story.of("raise", "escalate")] == ([first] if first else [])


@often
@given(stories(), some.lists(some.tuples(moments, some.integers(0, 2), some.integers(0, 2)), max_size=6))
def test_people_come_and_go_and_a_notice_always_has_somebody_to_hear_it(
    story: Story, changes: list[tuple[datetime, int, int]]
) -> None:
    """When somebody blocks the bot the promise is looked at at once; told once, nobody hears the same turn again."""
    levels = [list(people) for people in story.levels]
    for at, place, size in sorted(changes):
        story.lives(until=at)
        levels[place % len(levels)] = [100 + place * 10 + number for number in range(size)]
        story.levels = [tuple(people) for people in levels]
        story.look_at = at
    story.lives(until=START + timedelta(hours=40))
    climb = [notice for _, notice in story.of("escalate")]
    assert all(notice.people for notice in climb)
    assert len({(notice.level, notice.turn) for notice in climb}) == len(climb)
    if any(story.levels):
        assert climb, "somebody could be told and nobody was"
