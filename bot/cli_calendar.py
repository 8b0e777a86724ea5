"""`huashu calendar`: holidays, make-up days and working hours, to look at and to change, for all teams or one."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.errors import Unreadable
from bot.language.speech import _
from bot.settings import Settings, read_settings
from bot.shared.text import cut

if TYPE_CHECKING:  # what a verb needs it loads itself: `huashu --help` is not to wait for a dictionary
    from bot.promises.calendars import Calendars
    from bot.promises.workdays import Calendar, SpecialDay
    from bot.shared.database import Transaction

calendar = typer.Typer(help="日历：放假、调休、工作时间。", no_args_is_help=True)
screen = Console(highlight=False, soft_wrap=True)
OfTeam = Annotated[str | None, typer.Option("--team", help="哪个团队；不写就是全部团队。")]
RESTS, WORKS, CLEARS = ("休", "休息", "放假", "rest"), ("班", "上班", "work"), ("清除", "恢复", "clear")
NAME_MOST = 4  # characters in a cell of the grid


@calendar.command()
def show(
    when: Annotated[str | None, typer.Argument(help="2026-10 看一个月，2026 看一年；不写就是这个月。")] = None,
    team: OfTeam = None,
) -> None:
    """看一个月的日历，或一年的放假安排。"""
    calendars = as_it_stands(read_settings())
    ours = calendars.of(_team_id(calendars, team))
    today = _today(ours)
    year, month = _month(when, today)
    name = team or _("全部团队")
    if month is None:
        _show_year(ours, year, name)
    else:
        _show_month(ours, date(year, month, 1), today, name)
    if not ours.has_table(year):
        screen.print(_("{year}年放假安排未录入，按周末推算。录入：huashu calendar import 文件").format(year=year))


@calendar.command()
def years(team: OfTeam = None) -> None:
    """看哪些年份的放假安排已经录入。"""
    from bot.promises.calendars import EVERYBODY

    calendars = as_it_stands(read_settings())
    team_id = _team_id(calendars, team)
    ours = calendars.of(team_id)
    table = Table(_("年份"), _("放假"), _("调休上班"), _("来自"))
    for year in sorted(ours.years):
        source = _("自带")
        if year in calendars.own(EVERYBODY).years:
            source = _("导入，全部团队")
        if team_id != EVERYBODY and year in calendars.own(team_id).years:
            source = _("导入，{team}").format(team=team)
        rest, work = _counts(_official(ours, year))
        table.add_row(str(year), _("{n} 天").format(n=rest), _("{n} 天").format(n=work), Text(source))
    screen.print(table)
    next_year = _today(ours).year + 1
    if not ours.has_table(next_year):
        told = _("{year}年放假安排未录入，按周末推算。录入：huashu calendar import 文件")
        screen.print(told.format(year=next_year))


@calendar.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help=".json、.csv、.ics 或 .yaml", exists=True, dir_okay=False)],
    team: OfTeam = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只看会改哪些天，不写入。")] = False,
) -> None:
    """导入一年的放假安排，整年替换原来的。有一处不对就都不导入。"""
    from bot.promises.calendar_actions import import_days
    from bot.promises.calendar_import import read_import
    from bot.shared.clock import Clock

    settings = read_settings()
    imported = read_import(file.name, file.read_bytes())
    if imported.problems:
        raise Unreadable("\n".join([*imported.problems, _("没有导入。")]))
    calendars = as_it_stands(settings)
    team_id = _team_id(calendars, team)
    before, after = calendars.of(team_id), calendars.with_import(team_id, imported)
    if not dry_run:

        async def save() -> None:
            async with _saving(settings) as tx:
                await import_days(tx, imported, team_id=team_id, by=None, now=Clock().now())

        asyncio.run(save())
    for year, days in imported.years.items():
        told = _("{year}年：放假 {rest} 天，调休上班 {work} 天，替换原来的。")
        if not before.has_table(year):
            told = _("{year}年：放假 {rest} 天，调休上班 {work} 天。原来没有录入。")
        rest, work = _counts(days)
        screen.print(told.format(year=year, rest=rest, work=work))
    for warning in imported.warnings:
        screen.print(warning, markup=False)
    if dry_run:
        _show_changes(before, after, sorted(imported.years))
        screen.print(_("没有写入。去掉 --dry-run 就导入。"))
        return
    screen.print(_("已导入，{who}。只对之后记的承诺生效。").format(who=team or _("全部团队")), markup=False)


@calendar.command()
def day(
    day: Annotated[str, typer.Argument(help="日期，如 2026-12-24。")],
    kind: Annotated[str, typer.Argument(help="休、班，或 清除（恢复原来的）。")],
    name: Annotated[str, typer.Option(help="叫什么，如 团建。")] = "",
    hours: Annotated[str | None, typer.Option(help="只这一天的时间，如 09:00-12:00。")] = None,
    team: OfTeam = None,
) -> None:
    """把某一天改成休息或上班，或恢复原来的。"""
    from bot.promises.calendar_actions import clear_day, set_day
    from bot.promises.hours import read_periods
    from bot.promises.moments import say_date, say_weekday
    from bot.shared.clock import Clock

    settings = read_settings()
    try:
        at = date.fromisoformat(day)
    except ValueError:
        raise typer.BadParameter(_("“{day}”不是日期，写法例如 2026-12-24。").format(day=day)) from None
    if kind not in (*RESTS, *WORKS, *CLEARS):
        raise typer.BadParameter(_("“{kind}”没看懂，请写 休、班 或 清除。").format(kind=kind))
    if hours is not None and kind not in WORKS:
        raise typer.BadParameter(_("--hours 只能和 班 一起写。"))
    with _usage():
        periods = None if hours is None else read_periods(hours)
    calendars = as_it_stands(settings)
    team_id = _team_id(calendars, team)
    slots = {"day": say_date(at), "weekday": say_weekday(at), "who": team or _("全部团队")}

    async def save() -> bool:
        async with _saving(settings) as tx:
            now = Clock().now()
            if kind in CLEARS:
                if not await clear_day(tx, team_id=team_id, day=at, by=None, now=now):
                    return False
            else:
                await set_day(
                    tx, team_id=team_id, day=at, kind="rest" if kind in RESTS else "work", name=name, hours=periods,
                    by=None, now=now,
                )  # fmt: skip
            await calendars.refresh(tx)
            return True

    if not asyncio.run(save()):
        raise Unreadable(_("{day}（{weekday}）没有单独设置过（{who}），不用清除。").format(**slots))
    told = _("已改：{day}（{weekday}）{state}（{who}）。只对之后记的承诺生效。")
    screen.print(told.format(**slots, state=_state(calendars.of(team_id), at)), markup=False)


@calendar.command()
def hours(
    text: Annotated[
        str | None, typer.Argument(help="如 “周一至周五 9:00-12:00 13:30-18:00，周六 9:00-12:00”；清除 就恢复原来的。")
    ] = None,
    zone: Annotated[str | None, typer.Option(help="时区，如 Asia/Shanghai。")] = None,
    team: OfTeam = None,
) -> None:
    """改工作时间，或时区。"""
    from bot.promises.calendar_actions import clear_hours, set_hours
    from bot.promises.hours import read_hours, say_hours
    from bot.shared.clock import Clock

    settings = read_settings()
    if text is None and zone is None:
        raise typer.BadParameter(_("请写上工作时间，例如 “周一至周五 9:00-18:00”。"))
    with _usage():
        week, seasons = (None, None) if text is None or text in CLEARS else read_hours(text)
    calendars = as_it_stands(settings)
    team_id = _team_id(calendars, team)

    async def save() -> bool:
        async with _saving(settings) as tx:
            now = Clock().now()
            if text in CLEARS and not await clear_hours(tx, team_id=team_id, by=None, now=now):
                return False
            if week is not None or zone is not None:
                await set_hours(tx, team_id=team_id, zone=zone, hours=week, seasons=seasons, by=None, now=now)
            await calendars.refresh(tx)
            return True

    if not asyncio.run(save()):
        raise Unreadable(_("没有单独设置过工作时间（{who}），不用清除。").format(who=team or _("全部团队")))
    ours = calendars.of(team_id)
    screen.print(_("已改，{who}。只对之后记的承诺生效。").format(who=team or _("全部团队")), markup=False)
    for line in (*say_hours(ours), _("时区 {zone}").format(zone=ours.zone.key)):
        screen.print(line, markup=False)


# What stands in the book and the database


def as_it_stands(settings: Settings) -> "Calendars":
    """The calendars, with what the database says where there is one. Nothing is made and nothing is migrated."""
    from bot.app import open_book
    from bot.promises.calendar_file import read_calendar_file
    from bot.promises.calendars import Calendars

    book = read_calendar_file(open_book(settings).read("calendar.yaml"), zone=settings.tz or None)
    return asyncio.run(Calendars.as_saved(book, settings.database))


def in_force(settings: Settings) -> "Calendar":
    """The only team's calendar; where there are several or none, the one of all teams."""
    from bot.promises.calendars import EVERYBODY

    calendars = as_it_stands(settings)
    only = list(calendars.teams.values())
    return calendars.of(only[0] if len(only) == 1 else EVERYBODY)


@asynccontextmanager
async def _saving(settings: Settings) -> "AsyncIterator[Transaction]":
    from bot.shared.database import Database

    database = await Database.open(settings.database)
    try:
        async with database.transaction() as tx:
            yield tx
    finally:
        await database.close()


def _team_id(calendars: "Calendars", team: str | None) -> int:
    from bot.promises.calendars import EVERYBODY

    if team is None:
        return EVERYBODY
    if team not in calendars.teams:
        names = "、".join(calendars.teams) or _("无")
        raise Unreadable(_("没有“{team}”这个团队。现有：{names}。").format(team=team, names=names))
    return calendars.teams[team]


def _today(ours: "Calendar") -> date:
    from bot.shared.clock import Clock

    return Clock().now().astimezone(ours.zone).date()


def _month(when: str | None, today: date) -> tuple[int, int | None]:
    """The year, and the month when one is asked for."""
    if when is None:
        return today.year, today.month
    year, dash, month = when.partition("-")
    if len(year) == 4 and year.isdecimal() and (not dash or (month.isdecimal() and 1 <= int(month) <= 12)):
        from bot.promises.calendar_import import YEARS

        if int(year) in YEARS:
            return int(year), int(month) if dash else None
    raise typer.BadParameter(_("“{when}”没看懂，请写 2026-10 或 2026。").format(when=when))


@contextmanager
def _usage() -> Iterator[None]:
    """On the command line what can't be read is wrong usage."""
    try:
        yield
    except Unreadable as problem:
        raise typer.BadParameter(problem.sentence) from None


# Shown


def _show_month(ours: "Calendar", first: date, today: date, name: str) -> None:
    from bot.promises.hours import say_hours

    after = (first + timedelta(days=31)).replace(day=1)
    month = [first + timedelta(days=i) for i in range((after - first).days)]
    table = Table(title=_("{year}年{month}月 · {name}").format(year=first.year, month=first.month, name=name))
    for weekday in (_("一"), _("二"), _("三"), _("四"), _("五"), _("六"), _("日")):
        table.add_column(weekday, min_width=8, no_wrap=True)
    cells = [Text() for _before in range(first.weekday())] + [_cell(ours, at, today) for at in month]
    for start in range(0, len(cells), 7):
        table.add_row(*cells[start : start + 7])
    screen.print(table)
    _show_set(ours, month, name)
    for line in say_hours(ours):
        screen.print(line, markup=False)
    screen.print(_("时区 {zone}。休 放假，班 调休上班，˙ 休息日。").format(zone=ours.zone.key), markup=False)


def _cell(ours: "Calendar", at: date, today: date) -> Text:
    """12 休 / 国庆节."""
    from bot.promises.picker import mark

    special, marked = ours.days.get(at), mark(at, ours)
    cell = Text(f"{at.day:>2} {marked}", style="red" if marked == _("休") else "green" if marked else "")
    if at == today:
        cell.append(_(" 今天"), style="bold reverse")
    if special and special.name:
        cell.append("\n" + cut(special.name, NAME_MOST), style="dim")
    return cell


def _show_year(ours: "Calendar", year: int, name: str) -> None:
    from bot.promises.moments import say_date, say_weekday

    official = _official(ours, year)
    table = Table(_("节日"), _("放假"), _("天数"), _("调休上班"), title=f"{year} · {name}")
    in_order = sorted(official.values(), key=lambda special: special.kind)  # by the days off
    for feast in dict.fromkeys(special.name for special in in_order):
        rest = [at for at, special in official.items() if (special.name, special.kind) == (feast, "rest")]
        work = [at for at, special in official.items() if (special.name, special.kind) == (feast, "work")]
        worked = "、".join(f"{say_date(at)}（{say_weekday(at)}）" for at in work)
        table.add_row(feast, "、".join(_ranges(rest)), str(len(rest)), worked)
    if official:
        screen.print(table)
    _show_set(ours, [at for at in sorted(ours.days) if at.year == year], name)


def _show_set(ours: "Calendar", days: Sequence[date], name: str) -> None:
    """Those of the days that somebody set by hand."""
    from bot.promises.moments import say_date, say_weekday

    for at in days:
        special = ours.days.get(at)
        if special and not special.official:
            told = _("{day}（{weekday}）{state} · {who}设定")
            who = name if special.team else _("全部团队")
            slots = {"day": say_date(at), "weekday": say_weekday(at), "state": _state(ours, at), "who": who}
            screen.print(told.format(**slots), markup=False)


def _ranges(days: Sequence[date]) -> list[str]:
    """10月1日–10月7日."""
    from bot.promises.moments import say_date

    runs: list[list[date]] = []
    for at in days:
        if runs and runs[-1][-1] == at - timedelta(days=1):
            runs[-1].append(at)
        else:
            runs.append([at])
    return [say_date(run[0]) if len(run) == 1 else f"{say_date(run[0])}–{say_date(run[-1])}" for run in runs]


def _show_changes(before: "Calendar", after: "Calendar", imported: Sequence[int]) -> None:
    """The days that would be worked and are not, or the other way round."""
    from bot.promises.moments import say_date, say_weekday

    days = {at for one in (before, after) for at in one.days if {at.year, at.year + 1} & set(imported)}
    changed = [at for at in sorted(days) if before.is_working(at) != after.is_working(at)]
    for at in changed:
        told = _("{year}年{day}（{weekday}）：{old} → {new}")
        slots = {"year": at.year, "day": say_date(at), "weekday": say_weekday(at)}
        screen.print(told.format(**slots, old=_state(before, at), new=_state(after, at)), markup=False)
    if not changed:
        screen.print(_("上班和休息的日子都没有变化。"))


def _state(ours: "Calendar", at: date) -> str:
    """休息 · 国庆节放假 · 上班 09:00–12:00 · 国庆节调休上班."""
    from bot.promises.hours import say_periods

    special, working = ours.days.get(at), ours.is_working(at)
    if special and special.official:
        return (_("{name}调休上班") if working else _("{name}放假")).format(name=special.name)
    told = _("上班") if working else _("休息")
    if special and special.hours:
        told = _("上班 {periods}").format(periods=say_periods(special.hours))
    return f"{told} {special.name}" if special and special.name else told


def _official(ours: "Calendar", year: int) -> "dict[date, SpecialDay]":
    return {at: special for at, special in sorted(ours.days.items()) if at.year == year and special.official}


def _counts(days: "Mapping[date, SpecialDay]") -> tuple[int, int]:
    """Days off, and make-up days."""
    kinds = [special.kind for special in days.values()]
    return kinds.count("rest"), kinds.count("work")
