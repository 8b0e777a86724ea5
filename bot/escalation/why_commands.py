"""/why: how a time came about and why somebody was told. /whatif: what would be, without anything being done."""

import json
import re
from collections.abc import Callable, Sequence
from datetime import datetime

from bot.errors import OutOfDate, Unreadable
from bot.escalation import why_views as views
from bot.escalation.decide import Facts
from bot.escalation.facts import facts_of
from bot.escalation.foresight import NOBODY, foresee, imagined
from bot.escalation.supposing import read_start, split
from bot.inbox.turn import Handler, Routes, Turn
from bot.language.fold import fold
from bot.language.speech import _
from bot.outbox import actions as outbox
from bot.promises import actions as promises
from bot.promises import screens
from bot.promises import views as promise_views
from bot.promises.calendars import Calendars
from bot.promises.clocks import Clocks
from bot.promises.picker import minutes
from bot.promises.promise import Promise
from bot.promises.timewords import read_time
from bot.promises.workdays import Calendar
from bot.shared.database import Statements, Transaction, instant
from bot.shared.message import Message, Rows
from bot.teams import actions as teams
from bot.teams.person import AGENT, OWNER, title

Q = Statements(__file__)
NUMBER = re.compile(r"#? ?(\d{4,6}-\d{2,5})")
ASKED = re.compile(
    r"(?:为什么|为啥|怎么)(?:会|就)?(?:是|定在|算到|到)? ?(.+?)(?:前|之前|答复|到期|截止|呢|啊|呀|的|[?。!])*"
)
WHY = re.compile(r"(?:为什么|为啥)[?。! ]*")
WHY_ME = re.compile(r"(?:为什么|为啥)(?:要)?(?:通知|提醒|告诉|报给?)了?我[?。!呢啊]*")
LONGEST = 60  # characters of what may be supposed


class WhyCommands:
    """`clocks` is called when needed, so that a changed phrasebook counts at once; `otherwise` answers a text that asks
    about no deadline."""

    def __init__(self, clocks: Callable[[], Clocks], calendars: Calendars, otherwise: Handler) -> None:
        self._clocks, self._calendars, self._otherwise = clocks, calendars, otherwise

    def routes(self) -> Routes:
        return Routes(
            commands={"why": self.why, "whatif": self.suppose},
            words={"为什么": "why", "为啥": "why", "推演": "whatif"},
            presses={
                "w.why": self.asked_on_card,
                "w.case": self.show_case,
                "w.clock": self.show_clock,
                "w.told": self.show_told,
                "w.if": self.suppose_pressed,
                "w.from": self.start_pressed,
            },
            answers={"whatif.start": self.start_typed},
        )

    # 为什么

    async def why(self, turn: Turn) -> None:
        """/why 0611-01, 为什么是周四11:30, or as a reply to a notice"""
        async with turn.save() as tx:
            if turn.rest and (found := NUMBER.match(fold(turn.rest).text)):
                await turn.leave(tx, await self._numbered(tx, turn, found[1]))
            elif turn.heard.reply_to and (clock := await self._told_by(tx, turn, turn.heard.reply_to)):
                await turn.leave(tx, await self._why(tx, turn, clock))
            else:
                await turn.leave(tx, await self._asked_of(tx, turn, turn.rest))

    async def text(self, turn: Turn) -> None:
        """Plain words: a question about a deadline is answered, anything else goes on."""
        said = fold(turn.rest).text.strip()
        if WHY.fullmatch(said):
            await self.why(turn.about(""))
        elif WHY_ME.fullmatch(said):
            await self._why_me(turn)
        elif not await self._asked(turn, said):
            await self._otherwise(turn)

    async def _why_me(self, turn: Turn) -> None:
        """为什么通知我: the notice replied to, else the newest about something open."""
        async with turn.save() as tx:
            clock = await self._told_by(tx, turn, turn.heard.reply_to) if turn.heard.reply_to else None
            clock = clock or await self._told_last(tx, turn)
            await turn.leave(tx, await self._told(tx, turn, clock) if clock else await self._which(tx, turn))

    async def _asked(self, turn: Turn, said: str) -> bool:
        """为什么是周四11:30: False when it asks about no time, or nothing is open."""
        found = ASKED.fullmatch(said)
        if found is None:
            return False
        reading = read_time(found[1], now=turn.now, calendar=self._calendar(turn))
        if reading.span is None or reading.span != (0, len(found[1])):
            return False
        async with turn.database.reading() as tx:
            if not await self._cases(tx, turn):
                return False
            message = await self._asked_of(tx, turn, found[1])
        await turn.say(message)
        return True

    async def _asked_of(self, tx: Transaction, turn: Turn, words: str) -> Message:
        """The steps of the deadline that is meant; without words the only case; else which."""
        cases = await self._cases(tx, turn)
        if not words and len(cases) == 1:
            return await self._overview(tx, turn, cases[0][0])
        clock = self._meant(cases, turn, words) if words else None
        return await (self._steps(tx, turn, clock) if clock else self._which(tx, turn))

    def _meant(self, cases: Sequence[Sequence[Promise]], turn: Turn, words: str) -> Promise | None:
        """The one open clock with that deadline, as it reads now or read when it was set."""
        calendar = self._calendar(turn)

        def due_at(clock: Promise) -> bool:
            readings = [read_time(words, now=at, calendar=calendar) for at in (turn.now, clock.set_at)]
            times = [at for reading in readings for at in (reading.due, *reading.choices) if at]
            return minutes(clock.due) in map(minutes, times)

        found = [clock for case in cases for clock in case if due_at(clock)]
        one_case = len({clock.number for clock in found}) == 1
        return found[0] if one_case else None

    async def asked_on_card(self, turn: Turn) -> None:
        """为什么 on a card or a notice, which stays as it is."""
        async with turn.save() as tx:
            clock = await self._seen(tx, turn, turn.heard.number)
            await turn.leave_new(tx, await self._why(tx, turn, clock))
        await turn.toast()

    async def show_case(self, turn: Turn) -> None:
        async with turn.save() as tx:
            clock = await self._seen(tx, turn, turn.heard.number)
            await turn.leave(tx, await self._overview(tx, turn, clock))
        await turn.toast()

    async def show_clock(self, turn: Turn) -> None:
        async with turn.save() as tx:
            clock = await self._seen(tx, turn, turn.heard.number)
            await turn.leave(tx, await self._steps(tx, turn, clock))
        await turn.toast()

    async def show_told(self, turn: Turn) -> None:
        async with turn.save() as tx:
            clock = await self._seen(tx, turn, turn.heard.number)
            await turn.leave(tx, await self._told(tx, turn, clock))
        await turn.toast()

    async def _numbered(self, tx: Transaction, turn: Turn, number: str) -> Message:
        found = await promises.find(tx, number, turn.person)
        if found is None or not found.may_be_handled_by(turn.person):
            return views.not_there(number, await self._listed(tx, turn))
        return await self._overview(tx, turn, found)

    async def _why(self, tx: Transaction, turn: Turn, clock: Promise) -> Message:
        """What the question on a message is about: having been told, a norm's time, the times of the case."""
        if await self._was_told(tx, turn, clock):
            return await self._told(tx, turn, clock)
        return await (self._overview(tx, turn, clock) if clock.own else self._steps(tx, turn, clock))

    async def _overview(self, tx: Transaction, turn: Turn, clock: Promise) -> Message:
        case = await promises.case(tx, clock)
        if len(case) == 1:
            return await self._steps(tx, turn, clock)
        told = await self._told_of(tx, turn, case)
        return views.clocks(case, told=told, now=turn.now, zone=self._calendar(turn).zone)

    async def _steps(self, tx: Transaction, turn: Turn, clock: Promise) -> Message:
        case = await promises.case(tx, clock)
        moved = [
            views.Moved(
                at=instant(row["at"]), who=row["who"] or "", due=instant(detail["due"]),
                reason=detail.get("reason", ""), late=detail.get("late", False),
            )
            for row in await Q.moved(tx, subject=clock.subject)
            for detail in [json.loads(row["detail"])]
        ]  # fmt: skip
        told = await self._told_of(tx, turn, [clock])
        return views.steps(clock, case, moved, told=told, now=turn.now, zone=self._calendar(turn).zone)

    async def _told(self, tx: Transaction, turn: Turn, clock: Promise) -> Message:
        case = await promises.case(tx, clock)
        heard = []
        for row in await outbox.left_about(tx, subject=clock.subject, keys=f"{clock.subject}:v{clock.version}:%"):
            _subject, _id, _version, kind, level, _turn, person = row["key"].split(":")
            if not kind.endswith("_told"):
                who = (await teams.get(tx, int(person))).name
                arrived = {"sent": True, "failed": False, "superseded": False}.get(row["state"])
                at = instant(row["created_at"])
                heard.append(views.Heard(at=at, kind=kind, level=int(level), who=who, arrived=arrived))
        said = foresee([await facts_of(tx, one, case) for one in case if one.is_open], turn.now)
        ahead = next(
            (one for one in said if one.clock.id == clock.id and one.kind in views.LADDERS and one.at > turn.now), None
        )
        names = [(await teams.get(tx, person)).name for person in ahead.people] if ahead else []
        taker = (await teams.get(tx, clock.taken_by)).name if clock.taken_by else ""
        return views.why_told(
            clock, heard, posts=[title(level.post) for level in clock.policy.levels],
            ahead=(ahead, names) if ahead else None, taker=taker, now=turn.now, zone=self._calendar(turn).zone,
        )  # fmt: skip

    async def _seen(self, tx: Transaction, turn: Turn, id: int) -> Promise:
        """The owners of the bot also see what they were told of. Raises OutOfDate when it is not theirs to see."""
        if turn.person.role == OWNER:
            clock = await promises.get(tx, id)
            if await self._was_told(tx, turn, clock):
                return clock
        return await promises.seen_by(tx, id, turn.person)

    async def _was_told(self, tx: Transaction, turn: Turn, clock: Promise) -> bool:
        """Whether this person was asked to take it on, or to say 收到, for the present deadline."""
        keys = f"{clock.subject}:v{clock.version}:%:{turn.person.id}"
        left = await outbox.left_about(tx, subject=clock.subject, keys=keys)
        return any(screens.asks_to_take(row["key"]) for row in left)

    async def _told_of(self, tx: Transaction, turn: Turn, clocks: Sequence[Promise]) -> Promise | None:
        """A clock among these that this person was told of."""
        for clock in reversed(clocks):
            if await self._was_told(tx, turn, clock):
                return clock
        return None

    async def _told_by(self, tx: Transaction, turn: Turn, message: int) -> Promise | None:
        """The clock that a message in this chat was about."""
        row = await outbox.told_by(tx, chat=turn.heard.chat, message=message)
        if row is None or not row["subject"].startswith("promise:"):
            return None
        try:
            return await self._seen(tx, turn, int(row["subject"].removeprefix("promise:")))
        except OutOfDate:
            return None

    async def _told_last(self, tx: Transaction, turn: Turn) -> Promise | None:
        for row in await outbox.told_lately(tx, chat=turn.heard.chat):
            if screens.asks_to_take(row["key"]):
                clock = await promises.get(tx, int(row["subject"].removeprefix("promise:")))
                if clock.is_open and clock.version == screens.version_in(row["key"]):
                    return clock
        return None

    async def _which(self, tx: Transaction, turn: Turn) -> Message:
        return views.which(await self._listed(tx, turn))

    async def _listed(self, tx: Transaction, turn: Turn) -> Message:
        cases = await self._cases(tx, turn)
        return promise_views.listed(cases, now=turn.now, zone=self._calendar(turn).zone, verb="w.case")

    async def _cases(self, tx: Transaction, turn: Turn) -> list[list[Promise]]:
        """What this person may ask about, by case, the most urgent first: an agent's own, a lead's team's."""
        if not turn.person.leads:
            return await promises.open_of(tx, turn.person)
        cases: dict[str, list[Promise]] = {}
        for row in await Q.open_of_team(tx, team_id=turn.person.team_id):
            clock = promises.promise_of(row)
            cases.setdefault(clock.number, []).append(clock)
        return [sorted(case, key=lambda clock: not clock.own) for case in cases.values()]

    # 推演

    async def suppose(self, turn: Turn) -> None:
        """/whatif, /whatif 半个工作日内, /whatif 周五16:00登记，半个工作日内答复, /whatif 0611-01"""
        if len(turn.rest) > LONGEST:
            raise Unreadable(_("太长了，推演一次只算一个时间，如：推演 周四16:45登记，三个工作日内答复"))
        async with turn.save() as tx:
            if not turn.rest:
                await turn.leave(tx, await self._new_case(tx, turn, 0, views.HALF_A_DAY))
            elif found := NUMBER.fullmatch(fold(turn.rest).text.strip()):
                await turn.leave(tx, await self._open_case(tx, turn, found[1]))
            else:
                calendar = self._calendar(turn)
                begins, words = split(turn.rest, now=turn.now, calendar=calendar)
                await self._suppose(tx, turn, begins, words)

    async def suppose_pressed(self, turn: Turn) -> None:
        async with turn.save() as tx:
            await turn.leave(tx, await self._new_case(tx, turn, turn.heard.number, turn.heard.int_arg(1)))
        await turn.toast()

    async def start_pressed(self, turn: Turn) -> None:
        """The beginning that was missing; the words for how long stand in the open question."""
        async with turn.save() as tx:
            kind, words = await teams.question(tx, turn.person, turn.now) or ("", "")
            if kind != "whatif.start":
                raise OutOfDate(_("这一步已过期，请再发一次 /whatif。"))
            await self._counted(tx, turn, words, self._start(turn, turn.heard.number))
        await turn.toast()

    async def start_typed(self, turn: Turn) -> None:
        """The beginning in words; anything that names no time is a new thing."""
        start = read_start(turn.rest, now=turn.now, calendar=self._calendar(turn))
        if not (start.at or start.choices or start.error):
            async with turn.database.transaction() as tx:
                await teams.drop_question(tx, turn.person)
            await self._otherwise(turn)
            return
        async with turn.save() as tx:
            await self._suppose(tx, turn, turn.rest, turn.subject)

    async def _suppose(self, tx: Transaction, turn: Turn, begins: str, words: str) -> None:
        """What was typed, counted from its beginning; which is asked about when it is not clear."""
        calendar = self._calendar(turn)
        if not begins:
            await self._counted(tx, turn, words, self._start(turn, 0))
            return
        start = read_start(begins, now=turn.now, calendar=calendar)
        if start.at:
            await self._counted(tx, turn, words, start.at)
            return
        await teams.ask(tx, turn.person, "whatif.start", words, turn.now)
        zone = calendar.zone
        await turn.leave(tx, views.ask_start(words, start.choices, told=start.error, now=turn.now, zone=zone))

    async def _counted(self, tx: Transaction, turn: Turn, words: str, start: datetime) -> None:
        calendar = self._calendar(turn)
        await teams.drop_question(tx, turn.person)
        if not words:  # from then on, and no word about how long
            await turn.leave(tx, await self._new_case(tx, turn, minutes(start), views.HALF_A_DAY))
            return
        reading = read_time(words, now=start, calendar=calendar)
        if reading.due is None:
            await turn.leave(tx, views.ask_length(reading.error or reading.ask or ""))
            return
        await turn.leave(tx, views.counted(words, reading, start=start, now=turn.now, zone=calendar.zone))

    def _start(self, turn: Turn, number: int) -> datetime:
        """The beginning a button carries, in minutes since 1970; 0 is this minute. Raises Unreadable when it is over."""
        number = number or minutes(turn.now)
        try:
            start = datetime.fromtimestamp(number * 60, tz=self._calendar(turn).zone)
        except (ValueError, OverflowError, OSError):
            raise Unreadable(_("这个按钮已经不能用了，请再发一次 /whatif。")) from None
        if number < minutes(turn.now):
            raise Unreadable(_("这个时间已经过了，请另选一个。"))
        return start

    async def _new_case(self, tx: Transaction, turn: Turn, number: int, answer: int) -> Message:
        """As if an agent logged a complaint then and nobody did anything. `answer` is the place of a length, or the
        instant promised in minutes since 1970."""
        calendar = self._calendar(turn)
        start = self._start(turn, number)
        if 0 <= answer < len(views.LENGTHS):
            due = read_time(views.LENGTHS[answer], now=start, calendar=calendar).due
        else:
            due = self._start(turn, answer)
        if due is None or due <= start:
            raise Unreadable(_("答复时间要比登记晚，请另选一个。"))
        owner = turn.person.id if turn.person.role == AGENT else NOBODY
        case = imagined(
            self._clocks(), at=start, due=due, owner_id=owner, team_id=turn.person.team_id, calendar=calendar
        )
        buttons = views.choices(views.starts(turn.now, calendar), start=number, answer=answer)
        facts = [await facts_of(tx, clock, case) for clock in case]
        return await self._timetable(tx, turn, facts, case, start=start, buttons=buttons)

    async def _open_case(self, tx: Transaction, turn: Turn, number: str) -> Message:
        found = await promises.find(tx, number, turn.person)
        if found is None or not found.may_be_handled_by(turn.person):
            return views.not_there(number, await self._listed(tx, turn))
        case = await promises.case(tx, found)
        facts = [await facts_of(tx, clock, case) for clock in case if clock.is_open]
        return await self._timetable(tx, turn, facts, case)

    async def _timetable(
        self, tx: Transaction, turn: Turn, facts: Sequence[Facts], case: Sequence[Promise], *,
        start: datetime | None = None, buttons: Rows = (),
    ) -> Message:  # fmt: skip
        said = foresee(facts, start or turn.now)
        names = {NOBODY: title(AGENT)}
        for id in {person for one in said for person in one.people} - {NOBODY}:
            person = await teams.get(tx, id)
            names[id] = person.name
            if person.left:  # who left is told nothing
                said = [one for one in said if id not in one.people]
        return views.timetable(
            said, case, names=names, empty=[title(post) for post in await promises.holes(tx, case[0])], now=turn.now,
            zone=self._calendar(turn).zone, start=start, buttons=buttons,
        )  # fmt: skip

    def _calendar(self, turn: Turn) -> Calendar:
        return self._calendars.of(turn.person.team_id)
