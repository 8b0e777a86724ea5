"""A complaint with several clocks: which of them speaks, to whom, and when the others take over."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as some

from bot.escalation.decide import Facts, Notice, Told, decide
from bot.promises.clocks import Level
from bot.promises.promise import KEPT, Promise
from tests.unit.test_decide import CHEN, DAILY, FULL, LI, MINUTE, START, ZHOU, Story, clock, promise

REPORT = replace(
    DAILY, name="上报主管", repeat_top_times=0, until=("received",),
    levels=(Level(post="supervisor", acknowledge_within=60), Level(post="deputy", acknowledge_within=60)),
)  # fmt: skip
FIRST = replace(DAILY, name="首次答复", until=("answered",))
END = START + timedelta(hours=30)


def own(due: str) -> Promise:
    return replace(promise(due), complaint_id=1)


def norm(id: int, due: str, *, warn: str = "", who: str = "agent", policy=FIRST) -> Promise:
    at = (clock(warn),) if warn else ()
    return replace(promise(due, policy), id=id, clock=f"norm{id}", who=who, complaint_id=1, warn_at=at)


@dataclass(kw_only=True)
class Case:
    """The sweep over all clocks of a complaint, a minute at a time."""

    clocks: list[Promise]
    now: datetime = START
    looks: dict[int, datetime | None] = field(default_factory=dict)
    told: dict[int, list[Told]] = field(default_factory=dict)
    said: list[tuple[datetime, int, Notice]] = field(default_factory=list)

    def lives(self, until: str | datetime, *, eager: bool = False) -> "Case":
        end = clock(until) if isinstance(until, str) else until
        while self.now <= end:
            for one in self.clocks:
                look = self.looks.get(one.id, START)
                if eager or (look and look <= self.now):
                    self._look(one)
            self.now += MINUTE
        return self

    def _look(self, one: Promise) -> None:
        told = self.told.setdefault(one.id, [])
        others = [other for other in self.clocks if other.id != one.id]
        decision = decide(Facts(promise=one, told=tuple(told), levels=FULL, others=others), self.now)
        self.looks[one.id] = decision.look_at
        for notice in decision.notices:
            told.append(Told(kind=notice.kind, level=notice.level, turn=notice.turn, at=self.now))
            self.said.append((self.now, one.id, notice))

    def settle(self, *ids: int) -> None:
        """These clocks stop now, and the others are looked at again."""
        self.clocks = [replace(one, state=KEPT, answered_at=self.now) if one.id in ids else one for one in self.clocks]
        self.looks = {one.id: self.now if one.is_open else None for one in self.clocks}

    def happens(self, *ids: int, **changed: object) -> None:
        """Something happens to these clocks, and all of the case are looked at again."""
        self.clocks = [replace(one, **changed) if one.id in ids else one for one in self.clocks]
        self.looks = {one.id: self.now for one in self.clocks}

    def heard(self) -> list[str]:
        return [f"{at:%H:%M} {id} {notice.kind}" for at, id, notice in self.said]


def test_only_the_earliest_clock_reminds_its_owner_before_it_is_due() -> None:
    case = Case(clocks=[own("12:00"), norm(2, "11:45", warn="11:15")]).lives("12:00")
    assert case.heard() == ["11:15 2 warn", "11:45 1 before", "11:45 2 due", "11:55 2 after", "12:00 1 due"]


def test_the_promise_covers_a_norm_that_ends_with_it_or_later() -> None:
    case = Case(clocks=[own("12:00"), norm(2, "12:00"), norm(3, "12:10")]).lives("13:00")
    assert {id for _, id, _ in case.said} == {1}


def test_what_was_covered_speaks_once_the_promise_is_kept() -> None:
    case = Case(clocks=[own("12:00"), norm(2, "12:00", policy=replace(FIRST, until=("resolved",)))]).lives("12:30")
    case.settle(1)
    case.lives("12:52")
    assert case.heard()[-2:] == ["12:31 2 after", "12:51 2 escalate"]
    late = [now - notice.planned for now, id, notice in case.said if id == 2]
    assert max(late) <= MINUTE  # nobody is told that the bot was late


def test_an_overdue_norm_does_not_hush_the_promise() -> None:
    case = Case(clocks=[own("14:00"), norm(2, "11:00")]).lives("14:20")
    assert [line for line in case.heard() if " 1 " in line] == [
        "13:30 1 before", "14:00 1 due", "14:10 1 after", "14:20 1 escalate",
    ]  # fmt: skip


def test_a_report_goes_to_its_post_at_once_and_up_when_nobody_says_received() -> None:
    case = Case(clocks=[own("15:00"), norm(2, "11:00", who="supervisor", policy=REPORT)]).lives("14:00")
    assert [(f"{at:%H:%M}", notice.kind, notice.people) for at, _, notice in case.said] == [
        ("10:00", "report", (CHEN,)), ("11:00", "report", (ZHOU,)),
    ]  # fmt: skip


def test_asked_for_help_the_first_level_hears_at_once_whatever_the_norms_ask_for_first() -> None:
    case = Case(clocks=[own("34:00"), norm(2, "15:00")]).lives("10:30")
    case.happens(1, raised_at=case.now)
    assert case.lives("10:40").heard() == ["10:31 1 raise"]


def test_whoever_took_on_a_broken_norm_is_reminded_before_the_promise_is_due() -> None:
    case = Case(clocks=[own("15:00"), norm(2, "12:00")]).lives("12:29")
    case.happens(1, 2, taken_by=CHEN, taken_at=case.now)
    heard = case.lives("15:35").heard()
    assert [line for line in heard if "follow" in line] == [
        "13:00 2 follow", "13:30 2 follow", "14:00 2 follow", "15:00 1 follow", "15:30 1 follow",
    ]  # fmt: skip


minutes = some.integers(5, 600)
norms = some.lists(some.tuples(minutes, some.booleans()), max_size=3)
often = settings(max_examples=25, deadline=None)


def case_of(due: int, beside: list[tuple[int, bool]]) -> Case:
    clocks = [replace(own("15:00"), due=START + due * MINUTE)]
    for id, (ends, warned) in enumerate(beside, 2):
        at = START + ends * MINUTE
        warn = (START + ends * MINUTE / 2,) if warned else ()
        clocks.append(replace(norm(id, "15:00"), due=at, warn_at=warn))
    return Case(clocks=clocks)


@often
@given(minutes, norms)
def test_a_broken_promise_climbs_as_if_it_were_alone(due: int, beside: list[tuple[int, bool]]) -> None:
    case = case_of(due, beside).lives(END)
    alone = Story(promise=case.clocks[0]).lives(until=END)
    mine = [(at, notice) for at, id, notice in case.said if id == 1]
    assert [found for found in mine if found[1].kind != "before"] == alone.of("due", "after", "escalate")


@often
@given(minutes, norms, some.integers(0, 900))
def test_every_clock_that_stays_open_is_told_to_somebody_above(
    due: int, beside: list[tuple[int, bool]], kept: int
) -> None:
    """The customer is answered at some time; what the norms still ask for is not forgotten, one after the other."""
    case = case_of(due, beside).lives(START + kept * MINUTE)
    case.settle(1)
    for one in sorted(case.clocks[1:], key=lambda clock: (clock.due, clock.id)):
        before = [at for at, id, notice in case.said if id == one.id and notice.kind == "escalate"]
        free = case.now
        case.lives(max(one.due, case.now) + timedelta(hours=1))
        climbed = before or [at for at, id, notice in case.said if id == one.id and notice.kind == "escalate"]
        latest = max(one.due, free) + (DAILY.escalate_after + 1) * MINUTE
        assert climbed and one.due + DAILY.escalate_after * MINUTE <= climbed[0] <= latest
        assert all(notice.people == (LI,) for _, id, notice in case.said if id == one.id and notice.level == 0)
        case.settle(one.id)


@often
@given(minutes, norms)
def test_after_an_outage_a_case_speaks_with_two_voices_at_most(due: int, beside: list[tuple[int, bool]]) -> None:
    """What the customer was promised, and the earliest of the norms."""
    case = case_of(due, beside)
    case.now = START + timedelta(days=2)
    case.lives(case.now)
    assert len([id for _, id, notice in case.said if notice.level == 0]) <= 2
    assert len([id for _, id, notice in case.said if notice.level > 0]) <= 2


@settings(often, max_examples=10)
@given(minutes, norms, some.integers(0, 900))
def test_looking_every_minute_says_no_more_than_looking_when_it_is_time(
    due: int, beside: list[tuple[int, bool]], kept: int
) -> None:
    told = []
    for eager in (False, True):
        case = case_of(due, beside).lives(START + kept * MINUTE, eager=eager)
        case.settle(1)
        told.append(case.lives(START + timedelta(hours=18), eager=eager).said)
    assert told[0] == told[1]
