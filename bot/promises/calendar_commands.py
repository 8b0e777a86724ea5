"""/settings in chat: a team's calendar, its hours and its zone, and a year's holidays sent as a file."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Literal, Protocol
from zoneinfo import ZoneInfo

from bot.errors import NotAllowed, OutOfDate, Unreadable
from bot.inbox.turn import Routes, Turn
from bot.language.fold import fold
from bot.language.speech import _, zone_named
from bot.promises import actions, calendar_actions
from bot.promises import calendar_views as views
from bot.promises.calendar_file import Layer
from bot.promises.calendar_import import MOST_BYTES, Imported, NotACalendar, read_import
from bot.promises.calendar_views import Desk
from bot.promises.calendars import EVERYBODY, Calendars
from bot.promises.hours import periods_of, read_hours, read_periods
from bot.promises.workdays import Period
from bot.shared.database import Transaction
from bot.shared.message import Message
from bot.shared.telegram import Refused, SlowDown, Uncertain
from bot.teams import actions as teams
from bot.teams.person import OWNER, Person
from bot.teams.zones import read_zone

ENDINGS = ("ics", "csv", "tsv", "json", "yaml", "yml")
A_DAYS_HOURS, THE_HOURS, THE_ZONE = "settings.day", "settings.hours", "settings.zone"  # what was asked


class SentFiles(Protocol):
    """Files that were sent to the bot, as rows until they are settled (bot.collecting.file_actions)."""

    async def file_sent(
        self, tx: Transaction, id: int, by: Person, *, file: str, name: str, now: datetime
    ) -> None: ...  # fmt: skip
    async def sent_file(self, tx: Transaction, id: int, by: Person) -> tuple[str, str]: ...
    async def settle(self, tx: Transaction, id: int, by: Person, now: datetime) -> None: ...


class CalendarCommands:
    """Every button carries the team it is for, so that a screen of yesterday can't change another team's calendar."""

    def __init__(self, calendars: Calendars, files: SentFiles) -> None:
        self._calendars, self._files = calendars, files

    def routes(self) -> Routes:
        return Routes(
            commands={"settings": self.settings, "calendar": self.calendar},
            words={"设置": "settings", "日历": "calendar"},
            presses={
                "w.teams": self.choose_team,
                "w.open": self.open,
                "w.cal": self.show_month,
                "w.day": self.show_day,
                "w.rest": self.rest,
                "w.work": self.work,
                "w.hours": self.ask_day_hours,
                "w.part": self.half_chosen,
                "w.clear": self.clear_day,
                "w.week": self.show_week,
                "w.retype": self.ask_hours,
                "w.ready": self.hours_chosen,
                "w.keep": self.keep_hours,
                "w.default": self.ask_default,
                "w.undo": self.clear_hours,
                "w.zone": self.show_zone,
                "w.to_zone": self.zone_chosen,
                "w.ask_zone": self.ask_zone,
                "w.zoned": self.keep_zone,
                "w.ask_file": self.ask_file,
                "w.take": self.take,
                "w.drop": self.drop,
            },
            answers={A_DAYS_HOURS: self.day_hours_typed, THE_HOURS: self.hours_typed, THE_ZONE: self.zone_typed},
        )

    # Getting there

    async def settings(self, turn: Turn) -> None:
        """/settings, /settings 日历 …"""
        desk, about = await self._home(turn), fold(turn.rest).text
        if about == "日历" or not desk.may_change:
            await self.calendar(turn)
        elif desk.may_turn:
            await self._show(turn, views.choose_team(desk, "w.open"))
        elif about == "工作时间":
            await self._show(turn, self._week(turn, desk))
        elif about == "时区":
            await self._show(turn, self._zone(turn, desk))
        else:
            await self._show(turn, self._menu(turn, desk))

    async def calendar(self, turn: Turn) -> None:
        """日历"""
        desk = await self._home(turn)
        await self._show(turn, views.choose_team(desk, "w.cal") if desk.may_turn else self._month(turn, desk))

    async def choose_team(self, turn: Turn) -> None:
        await self._show(turn, views.choose_team(await self._home(turn), "w.open"))

    async def open(self, turn: Turn) -> None:
        await self._show(turn, self._menu(turn, await self._leads_desk(turn)))

    # A month and its days

    async def show_month(self, turn: Turn) -> None:
        await self._show(turn, self._month(turn, await self._desk(turn, turn.heard.number), turn.heard.int_arg(1)))

    async def show_day(self, turn: Turn) -> None:
        desk = await self._desk(turn, turn.heard.number)
        await self._show(turn, self._day(turn, desk, _date_of(turn.heard.int_arg(1))))

    async def rest(self, turn: Turn) -> None:
        await self._set_day(turn, turn.heard.number, turn.heard.int_arg(1), "rest")
        await turn.toast(_("已改"))

    async def work(self, turn: Turn) -> None:
        await self._set_day(turn, turn.heard.number, turn.heard.int_arg(1), "work")
        await turn.toast(_("已改"))

    async def half_chosen(self, turn: Turn) -> None:
        periods = periods_of([":".join(turn.heard.args[2:])])
        await self._set_day(turn, turn.heard.number, turn.heard.int_arg(1), "work", periods)
        await turn.toast(_("已改"))

    async def clear_day(self, turn: Turn) -> None:
        await self._set_day(turn, turn.heard.number, turn.heard.int_arg(1), None)
        await turn.toast(_("已恢复"))

    async def ask_day_hours(self, turn: Turn) -> None:
        desk = await self._leads_desk(turn)
        at = self._to_come(turn, desk, turn.heard.int_arg(1))
        about = json.dumps([desk.team_id, turn.heard.int_arg(1)])
        await self._ask(turn, A_DAYS_HOURS, about, views.ask_day_hours(desk, self._calendars.of(desk.team_id), at))

    async def day_hours_typed(self, turn: Turn) -> None:
        team_id, number = json.loads(turn.subject)
        await self._set_day(turn, team_id, number, "work", read_periods(turn.rest))

    async def _set_day(
        self,
        turn: Turn,
        team_id: int,
        number: int,
        kind: Literal["rest", "work"] | None,
        hours: tuple[Period, ...] | None = None,
    ) -> None:
        """None gives the day back to the arrangement."""
        desk = await self._leads_desk(turn, team_id)
        at = self._to_come(turn, desk, number)
        async with turn.save() as tx:
            if kind:
                await calendar_actions.set_day(
                    tx, team_id=team_id, day=at, kind=kind, hours=hours, by=turn.person, now=turn.now
                )
            else:
                await calendar_actions.clear_day(tx, team_id=team_id, day=at, by=turn.person, now=turn.now)
            await self._changed(tx, turn)
            calendar = self._calendars.of(team_id)
            due = await actions.due_between(
                tx, team_id, calendar.at(at, time()), calendar.at(at + timedelta(days=1), time())
            )
            await turn.leave(tx, self._day(turn, desk, at, changed=True, due=due))

    # The hours of the week

    async def show_week(self, turn: Turn) -> None:
        await self._show(turn, self._week(turn, await self._leads_desk(turn)))

    async def ask_hours(self, turn: Turn) -> None:
        desk = await self._leads_desk(turn)
        await self._ask(turn, THE_HOURS, json.dumps([desk.team_id, ""]), views.ask_hours(desk))

    async def hours_typed(self, turn: Turn) -> None:
        team_id, _words = json.loads(turn.subject)
        await self._echo_hours(turn, await self._leads_desk(turn, team_id), turn.rest)

    async def hours_chosen(self, turn: Turn) -> None:
        await self._echo_hours(
            turn, await self._leads_desk(turn), views.READY[turn.heard.int_arg(1) % len(views.READY)]
        )

    async def _echo_hours(self, turn: Turn, desk: Desk, words: str) -> None:
        hours, seasons = read_hours(words)
        calendar = replace(self._calendars.of(desk.team_id), hours=hours, seasons=seasons)
        about = json.dumps([desk.team_id, words], ensure_ascii=False)
        await self._ask(turn, THE_HOURS, about, views.echo_hours(desk, calendar, words))

    async def keep_hours(self, turn: Turn) -> None:
        """确定: what counts is what stood above the button, not what was typed since."""
        desk = await self._leads_desk(turn)
        async with turn.save() as tx:
            kind, subject = await teams.question(tx, turn.person, turn.now) or ("", "")
            team_id, words = json.loads(subject) if kind == THE_HOURS else (None, "")
            if team_id != desk.team_id or turn.heard.args[1:] != (views.mark_of(words),):
                raise OutOfDate(_("这一步已过期，什么都没有改。请再点“改”。"))
            hours, seasons = read_hours(words)
            await calendar_actions.set_hours(
                tx, team_id=desk.team_id, hours=hours, seasons=seasons, by=turn.person, now=turn.now
            )
            await self._changed(tx, turn)
            await turn.leave(tx, self._week(turn, desk, changed=True))
        await turn.toast(_("已改"))

    async def ask_default(self, turn: Turn) -> None:
        desk = await self._leads_desk(turn)
        calendar, under = self._calendars.of(desk.team_id), self._calendars.under(desk.team_id)
        await self._show(turn, views.ask_default(desk, calendar, under, now=turn.now))

    async def clear_hours(self, turn: Turn) -> None:
        desk = await self._leads_desk(turn)
        async with turn.save() as tx:
            await calendar_actions.clear_hours(tx, team_id=desk.team_id, by=turn.person, now=turn.now)
            await self._changed(tx, turn)
            await turn.leave(tx, self._week(turn, desk, changed=True))
        await turn.toast(_("已恢复"))

    # The zone

    async def show_zone(self, turn: Turn) -> None:
        await self._show(turn, self._zone(turn, await self._leads_desk(turn)))

    async def ask_zone(self, turn: Turn) -> None:
        desk = await self._leads_desk(turn)
        await self._ask(turn, THE_ZONE, str(desk.team_id), views.ask_zone(desk))

    async def zone_typed(self, turn: Turn) -> None:
        await self._echo_zone(turn, await self._leads_desk(turn, int(turn.subject)), read_zone(turn.rest))

    async def zone_chosen(self, turn: Turn) -> None:
        await self._echo_zone(turn, await self._leads_desk(turn), _zone_in(turn))

    async def _echo_zone(self, turn: Turn, desk: Desk, name: str) -> None:
        calendar = replace(self._calendars.of(desk.team_id), zone=ZoneInfo(name))
        await self._show(turn, views.echo_zone(desk, calendar, name, now=turn.now))

    async def keep_zone(self, turn: Turn) -> None:
        desk = await self._leads_desk(turn)
        async with turn.save() as tx:
            await calendar_actions.set_hours(
                tx, team_id=desk.team_id, zone=_zone_in(turn), by=turn.person, now=turn.now
            )
            await self._changed(tx, turn)
            await turn.leave(tx, self._zone(turn, desk, changed=True))
        await turn.toast(_("已改"))

    # A year's file

    async def ask_file(self, turn: Turn) -> None:
        await self._show(turn, views.ask_file(await self._leads_desk(turn)))

    async def filed(self, turn: Turn) -> bool:
        """A file with a year's holidays, in private: what is in it, and a button to take it in. Others are not ours."""
        heard = turn.heard
        ending = heard.file_name.lower().rpartition(".")[2]
        if ending not in ENDINGS or (heard.file_size > MOST_BYTES and ending != "ics"):
            return False
        try:
            imported = await self._read(turn, heard.file, heard.file_name, heard.file_size)
        except NotACalendar:
            if ending == "ics":
                raise
            return False
        desk = await self._import_desk(turn)
        message = views.found_in(
            heard.file_name, imported, desk, file=heard.update_id,
            replaced=[year for year in sorted(imported.years) if self._calendars.of(desk.team_id).has_table(year)],
            differing=self._differing(desk, imported),
        )  # fmt: skip
        async with turn.save() as tx:
            if not imported.problems:
                await self._files.file_sent(
                    tx, heard.update_id, turn.person, file=heard.file, name=heard.file_name, now=turn.now
                )
            await turn.leave_new(tx, message)
        return True

    async def take(self, turn: Turn) -> None:
        """导入."""
        desk = await self._import_desk(turn)
        async with turn.database.reading() as tx:
            file, name = await self._files.sent_file(tx, turn.heard.number, turn.person)
        imported = await self._read(turn, file, name)
        async with turn.save() as tx:
            await self._files.settle(tx, turn.heard.number, turn.person, turn.now)
            await calendar_actions.import_days(tx, imported, team_id=desk.team_id, by=turn.person, now=turn.now)
            await self._changed(tx, turn)
            apart = self._apart(desk, lambda own: not own.years.keys().isdisjoint(imported.years))
            look = desk.team_id if desk.may_turn else turn.person.team_id
            await turn.leave(tx, views.taken(imported, desk, look=look, apart=apart))
        await turn.toast(_("已导入"))

    async def drop(self, turn: Turn) -> None:
        """取消."""
        async with turn.save() as tx:
            _file, name = await self._files.sent_file(tx, turn.heard.number, turn.person)
            await self._files.settle(tx, turn.heard.number, turn.person, turn.now)
            await turn.leave(tx, views.put_away(name))
        await turn.toast()

    async def _read(self, turn: Turn, file: str, name: str, size: int = 0) -> Imported:
        if size > MOST_BYTES:
            raise Unreadable(_("文件太大，一年的放假安排不到 100 KB。请检查是不是发错了文件。"))
        try:
            data = await turn.telegram.download(file)
        except (Refused, Uncertain, SlowDown) as problem:
            raise Unreadable(_("文件没取下来，请再发一次。")) from problem
        return await asyncio.to_thread(read_import, name, data)

    async def _import_desk(self, turn: Turn) -> Desk:
        """Whom a file is for: an owner's for all teams, another lead's for their own."""
        return await self._leads_desk(turn, EVERYBODY if turn.person.role == OWNER else turn.person.team_id)

    def _differing(self, desk: Desk, imported: Imported) -> list[date]:
        """The days of years that were there already which are worked now and would not be, or the other way round."""
        now, then = self._calendars.of(desk.team_id), self._calendars.with_import(desk.team_id, imported)
        days = sorted(
            day for day in {*now.days, *imported.days} if day.year in imported.years and now.has_table(day.year)
        )
        return [day for day in days if now.is_working(day) != then.is_working(day)]

    # Screens

    def _menu(self, turn: Turn, desk: Desk) -> Message:
        return views.menu(desk, self._calendars.of(desk.team_id), now=turn.now)

    def _month(self, turn: Turn, desk: Desk, number: int = 0) -> Message:
        """The month of that number (202606), from this January to the next year's end; any other is this month."""
        calendar = self._calendars.of(desk.team_id)
        today = turn.now.astimezone(calendar.zone).date()
        since, until = date(today.year, 1, 1), date(today.year + 1, 12, 31)
        year, month = divmod(number, 100)
        asked = date(year, month, 1) if since.year <= year <= until.year and 1 <= month <= 12 else today.replace(day=1)
        return views.month(desk, calendar, asked, now=turn.now, since=since, until=until)

    def _week(self, turn: Turn, desk: Desk, *, changed: bool = False) -> Message:
        own = self._calendars.own(desk.team_id)
        return views.week(
            desk, self._calendars.of(desk.team_id),
            own=any(part is not None for part in (own.zone, own.hours, own.seasons)), changed=changed,
            apart=self._apart(desk, lambda own: own.hours is not None or own.seasons is not None),
        )  # fmt: skip

    def _zone(self, turn: Turn, desk: Desk, *, changed: bool = False) -> Message:
        apart = self._apart(desk, lambda own: own.zone is not None)
        return views.zone(desk, self._calendars.of(desk.team_id), now=turn.now, changed=changed, apart=apart)

    def _day(self, turn: Turn, desk: Desk, at: date, *, changed: bool = False, due: int = 0) -> Message:
        return views.day(
            desk, self._calendars.of(desk.team_id), at, under=self._calendars.under(desk.team_id),
            own=at in self._calendars.own(desk.team_id).days, now=turn.now, changed=changed, due=due,
            apart=self._apart(desk, lambda own: at in own.days),
        )  # fmt: skip

    # Shared steps

    async def _home(self, turn: Turn) -> Desk:
        """The reader's own team's."""
        return await self._desk(turn, turn.person.team_id)

    async def _desk(self, turn: Turn, team_id: int) -> Desk:
        """To look at. Raises NotAllowed when this is not the reader's."""
        person, own = turn.person, {turn.person.team_id: turn.person.team}
        if person.role == OWNER:
            async with turn.database.reading() as tx:
                own |= {one.team_id: one.team for one in await teams.everybody(tx)}
        if team_id not in own and not (team_id == EVERYBODY and person.role == OWNER):
            raise NotAllowed(_("这是别的团队的日历。发“设置”看本团队的。"))
        return Desk(
            team_id=team_id, name=views.desk_name(own.get(team_id)), teams=tuple(sorted(own.items())),
            may_change=calendar_actions.may_change(person, team_id),
        )  # fmt: skip

    async def _leads_desk(self, turn: Turn, team_id: int | None = None) -> Desk:
        """To change; of the team in the pressed button when none is given. Raises NotAllowed."""
        desk = await self._desk(turn, turn.heard.number if team_id is None else team_id)
        if not desk.may_change:
            raise NotAllowed(_("日历由主管来改。要调整请找主管。"))
        return desk

    def _apart(self, desk: Desk, sets: Callable[[Layer], bool]) -> list[str]:
        """Teams that have set the same for themselves, so that what is set for EVERYBODY does not reach them."""
        if desk.team_id != EVERYBODY:
            return []
        return [name for team_id, name in desk.teams if sets(self._calendars.own(team_id))]

    def _to_come(self, turn: Turn, desk: Desk, number: int) -> date:
        """The day of that number. Raises OutOfDate when it is over."""
        at = _date_of(number)
        if at < turn.now.astimezone(self._calendars.of(desk.team_id).zone).date():
            raise OutOfDate(_("这天已经过去，不能再改。"))
        return at

    async def _show(self, turn: Turn, message: Message) -> None:
        async with turn.save() as tx:
            await self._forget_question(tx, turn)
            await turn.leave(tx, message)
        if turn.heard.kind == "press":
            await turn.toast()

    async def _ask(self, turn: Turn, kind: str, about: str, message: Message) -> None:
        async with turn.save() as tx:
            await teams.ask(tx, turn.person, kind, about, turn.now)
            await turn.leave(tx, message)
        if turn.heard.kind == "press":
            await turn.toast()

    async def _changed(self, tx: Transaction, turn: Turn) -> None:
        """What was just saved counts from here on."""
        await self._calendars.refresh(tx)
        await self._forget_question(tx, turn)

    async def _forget_question(self, tx: Transaction, turn: Turn) -> None:
        """Ours alone: another that was asked since stands."""
        asked = await teams.question(tx, turn.person, turn.now)
        if asked and asked[0] in (A_DAYS_HOURS, THE_HOURS, THE_ZONE):
            await teams.drop_question(tx, turn.person)


def _date_of(number: int) -> date:
    """20260613, as buttons carry it. Raises OutOfDate."""
    try:
        return date(number // 10000, number // 100 % 100, number % 100)
    except (ValueError, OverflowError):
        raise _no_button() from None


def _zone_in(turn: Turn) -> str:
    name = turn.heard.args[1] if len(turn.heard.args) > 1 else ""
    if zone_named(name) is None:
        raise _no_button()
    return name


def _no_button() -> OutOfDate:
    return OutOfDate(_("这个按钮已经不能用了，请发 /settings。"))
