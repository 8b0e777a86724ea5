"""Words and buttons of /settings: the calendar, the working hours, the zone, a year's file. Pure."""

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from bot.language.speech import _
from bot.promises.calendar_import import Imported
from bot.promises.hours import data_of_periods, say_hours, say_periods
from bot.promises.moments import say_date
from bot.promises.picker import Verbs, month_rows
from bot.promises.reading.values import say_day
from bot.promises.workdays import SATURDAY, Calendar, Period, SpecialDay
from bot.shared.message import Button, Message, Rows, press
from bot.shared.text import cut, html
from bot.teams.zones import COMMON, say_zone

SOON = timedelta(days=60)  # a year that begins within this time should have its table by now
TOLD = 3  # problems, breaks or teams named; the rest is a number
LINE = 90  # characters of each
READY = ("周一至周六 9:00-12:00 13:30-18:00", "每天 8:00-20:00", "全天24小时")
"""Hours that a button offers, in words that read_hours reads."""


@dataclass(frozen=True, kw_only=True)
class Desk:
    """Whose calendar is on the screen, and for whom: EVERYBODY's or a team's."""

    team_id: int
    name: str
    may_change: bool
    teams: tuple[tuple[int, str], ...]  # the reader can turn to

    @property
    def may_turn(self) -> bool:
        return len(self.teams) > 1


def desk_name(team: str | None) -> str:
    """What a calendar's owner is called; None is EVERYBODY."""
    return team or _("全部团队")


# The menu


def choose_team(desk: Desk, verb: str) -> Message:
    """`verb` is what the chosen team's number is handed to."""
    buttons = [press(cut(name, 16), verb, team_id) for team_id, name in ((0, desk_name(None)), *desk.teams)]
    return Message(text=_("看哪个团队的？"), buttons=_rows(buttons, 2))


def menu(desk: Desk, calendar: Calendar, *, now: datetime) -> Message:
    lines = [
        f"<b>{_title(_('设置'), desk)}</b>",
        _hours_line(calendar),
        _("时区 {zone}（现在 {clock}）").format(zone=_zone_name(calendar), clock=_clock(calendar, now)),
        *missing_lines(calendar, now=now, may_change=True),
    ]
    last = [press(_("导入放假安排"), "w.ask_file", desk.team_id), press(_("检查风格"), "h.style")]
    if desk.may_turn:
        last.append(press(_("换团队"), "w.teams"))
    first = (
        press(_("日历"), "w.cal", desk.team_id),
        press(_("工作时间"), "w.week", desk.team_id),
        press(_("时区"), "w.zone", desk.team_id),
    )
    return Message(text="\n".join(lines), buttons=(first, tuple(last)))


def missing_lines(calendar: Calendar, *, now: datetime, may_change: bool, shown: date | None = None) -> list[str]:
    """Years without a table that matter by now, or that are `shown`, and what to do about it."""
    today = now.astimezone(calendar.zone).date()
    years = {today.year, (today + SOON).year} | ({shown.year} if shown else set())
    missing = [str(year) for year in sorted(years) if not calendar.has_table(year)]
    if not missing:
        return []
    told = _("{year}年放假安排未录入，按周末推算。").format(year="、".join(missing))
    todo = _("公布后把 .ics、.csv 或 .json 文件发到这里就能录入。") if may_change else _("公布后由主管录入。")
    return [told + todo]


# A month and a day of it


def month(desk: Desk, calendar: Calendar, first: date, *, now: datetime, since: date, until: date) -> Message:
    """The buttons are the month. `since` and `until`: the days there are buttons for."""
    lines = [
        f"<b>{_title(_('日历'), desk)}</b>",
        _("休 放假，班 调休上班，˙ 休息日"),
        *_named_days(calendar, first),
        _hours_line(calendar),
        *missing_lines(calendar, now=now, may_change=desk.may_change, shown=first),
        _("点某一天看原因，也可以改。") if desk.may_change else _("点某一天看原因。要调整请找主管。"),
    ]
    verbs = Verbs(room="w", args=(desk.team_id,))
    rows = month_rows(first, verbs=verbs, calendar=calendar, since=since, until=until)
    back = ((press(_("上一步"), "w.open", desk.team_id),),) if desk.may_change else ()
    return Message(text="\n".join(lines), buttons=(*rows, *back))


def _named_days(calendar: Calendar, first: date) -> list[str]:
    """19–21日 端午节放假；27日 国庆节调休上班: what is unlike other weeks, in one line."""
    special = sorted(
        (day, what) for day, what in calendar.days.items() if (day.year, day.month) == (first.year, first.month)
    )
    runs: list[str] = []
    for (_place, what), run in groupby(enumerate(special), key=lambda one: (one[1][0].day - one[0], one[1][1])):
        days = [day.day for _place, (day, _what) in run]
        span = f"{days[0]}" if len(days) == 1 else f"{days[0]}–{days[-1]}"
        runs.append(_("{days}日 {what}").format(days=span, what=_called(what)))
    if len(runs) > TOLD + 1:
        runs[TOLD:] = [_("……还有 {n} 处").format(n=len(runs) - TOLD)]
    return [html("；".join(runs))] if runs else []


def day(
    desk: Desk,
    calendar: Calendar,
    at: date,
    *,
    under: Calendar,
    own: bool,
    now: datetime,
    changed: bool = False,
    due: int = 0,
    apart: Sequence[str] = (),
) -> Message:
    """What a day is and why. `under`: how it would be without what was set by hand, which there is when `own`.

    `changed` just now: then `due` promises fall on it. `apart`: teams that have set the day themselves.
    """
    head = _("已改：{day}") if changed else "{day}"
    lines = [f"<b>{_title(head.format(day=say_day(at)), desk)}</b>", _why(calendar, at)]
    if own:
        lines.append(_("原来：{what}").format(what=_why(under, at)))
    if not calendar.has_table(at.year):
        lines.append(_("{year}年放假安排未录入，按周末推算。").format(year=at.year))
    if apart:
        lines.append(_apart(apart))
    if changed:
        lines.append(only_new())
        if due:
            lines.append(_("有 {n} 件承诺的时限在这天，请看看要不要改。").format(n=due))
    if not desk.may_change:
        lines.append(_("要调整请找主管。"))
    over = at < now.astimezone(calendar.zone).date()
    if over and desk.may_change:
        lines.append(_("这天已经过去，不能再改。"))
    return Message(
        text="\n".join(lines),
        buttons=_day_buttons(desk, calendar, at, own=own, may_change=desk.may_change and not over),
    )


def _day_buttons(desk: Desk, calendar: Calendar, at: date, *, own: bool, may_change: bool) -> Rows:
    where = (desk.team_id, f"{at:%Y%m%d}")
    changes: list[Button] = []
    back = [press(_("上一步"), "w.cal", desk.team_id, f"{at:%Y%m}")]
    if may_change:
        special = calendar.days.get(at)
        usual = calendar.is_working(at) and not (special and special.hours)
        if calendar.is_working(at):
            changes.append(press(_("休息"), "w.rest", *where))
        if not usual:
            changes.append(press(_("上班"), "w.work", *where))
        changes.append(press(_("半天/改时间"), "w.hours", *where))
        if own:
            back.insert(0, press(_("恢复原来的"), "w.clear", *where))
    return tuple(tuple(row) for row in (changes, back) if row)


def ask_day_hours(desk: Desk, calendar: Calendar, at: date) -> Message:
    """The halves of the day as buttons; anything else is typed."""
    where = (desk.team_id, f"{at:%Y%m%d}")
    halves = [press(say_periods([half]), "w.part", *where, *data_of_periods([half])) for half in _halves(calendar, at)]
    back = press(_("上一步"), "w.day", *where)
    return Message(
        text=_("{day}几点上班？选半天，或直接打字，如：9:00-12:00 13:30-16:00").format(day=say_day(at)),
        buttons=(tuple(halves), (back,)),
    )


def _halves(calendar: Calendar, at: date) -> tuple[Period, ...]:
    """Morning and afternoon as they are usually worked; one long period is cut in the middle."""
    first, *rest = calendar.periods(at)
    if rest:
        return (first, *rest)
    opens, closes = (datetime.combine(at, clock) for clock in first)
    closes += timedelta(days=1) if closes <= opens else timedelta()
    middle = opens + (closes - opens) / 2
    middle -= timedelta(minutes=middle.minute % 30, seconds=middle.second)
    return ((first[0], middle.time()), (middle.time(), first[1]))


def _why(calendar: Calendar, at: date) -> str:
    """休息（国庆节放假 · 官方）; 上班 09:00–12:00（本团队设定）; 休息（周末）."""
    special, worked = calendar.days.get(at), calendar.is_working(at)
    what = _("上班 {periods}").format(periods=say_periods(calendar.periods(at))) if worked else _("休息")
    if special is None:
        usual = _("周末") if at.weekday() >= SATURDAY else _("每周固定")
        why = _("照常") if worked else usual
    elif special.official:
        why = _("{name} · 官方").format(name=_called(special))
    else:
        by = _("本团队设定") if special.team else _("全部团队设定")
        why = _("{name} · {by}").format(name=special.name, by=by) if special.name else by
    return _("{what}（{why}）").format(what=what, why=html(why))


def _called(special: SpecialDay) -> str:
    """国庆节放假, 春节调休上班; by hand: its name, or 休息 and 上班."""
    if not special.official:
        return special.name or (_("休息") if special.kind == "rest" else _("上班"))
    return (_("{name}放假") if special.kind == "rest" else _("{name}调休上班")).format(name=special.name)


# The hours of the week, the zone


def week(desk: Desk, calendar: Calendar, *, own: bool, changed: bool = False, apart: Sequence[str] = ()) -> Message:
    """`own`: something was set for just this team (or for EVERYBODY), so there is something to go back to."""
    head = _("已改：工作时间") if changed else _("工作时间")
    lines = [f"<b>{_title(head, desk)}</b>", *_week_lines(calendar)]
    if apart:
        lines.append(_apart(apart))
    if changed:
        lines.append(only_new())
    row = [press(_("改"), "w.retype", desk.team_id)]
    if own:
        row.append(press(_("恢复默认"), "w.default", desk.team_id))
    return Message(text="\n".join(lines), buttons=((*row, _back(desk)),))


def ask_hours(desk: Desk) -> Message:
    labels = (_("周一至周六 9:00-12:00 13:30-18:00"), _("每天 8:00-20:00"), _("全天 24 小时"))
    ready = tuple((press(label, "w.ready", desk.team_id, place),) for place, label in enumerate(labels))
    text = _(
        "几点上班、几点下班？选一个，或直接打字，没写的那天休息：\n"
        "周一至周五 9:00-12:00 13:30-18:00，周六 9:00-12:00\n"
        "冬夏不同就另起一行：\n"
        "5月1日至9月30日：周一至周五 8:30-12:00 14:30-18:00"
    )
    return Message(text=text, buttons=(*ready, (press(_("上一步"), "w.week", desk.team_id),)))


def echo_hours(desk: Desk, calendar: Calendar, words: str) -> Message:
    """What was typed as it was read, before it counts. The button is good for these words alone."""
    lines = [
        f"<b>{_title(_('请核对工作时间'), desk)}</b>",
        *_week_lines(calendar),
        only_new(),
    ]
    row = (press(_("确定"), "w.keep", desk.team_id, mark_of(words)), press(_("重写"), "w.retype", desk.team_id))
    return Message(text="\n".join(lines), buttons=(row,))


def mark_of(words: str) -> str:
    """A few letters that other words do not have."""
    return f"{zlib.crc32(words.encode()):x}"


def ask_default(desk: Desk, calendar: Calendar, under: Calendar, *, now: datetime) -> Message:
    """What going back would bring."""
    lines = [f"<b>{_title(_('恢复默认'), desk)}</b>", _("会变成："), *map(html, say_hours(under))]
    if under.zone != calendar.zone:
        lines.append(_("时区 {zone}（现在 {clock}）").format(zone=_zone_name(under), clock=_clock(under, now)))
    row = (press(_("恢复默认"), "w.undo", desk.team_id), press(_("上一步"), "w.week", desk.team_id))
    return Message(text="\n".join(lines), buttons=(row,))


def zone(desk: Desk, calendar: Calendar, *, now: datetime, changed: bool = False, apart: Sequence[str] = ()) -> Message:
    head = _("已改：时区") if changed else _("时区")
    lines = [
        f"<b>{_title(head, desk)}</b>",
        _("{zone}，现在 {moment}").format(zone=_zone_name(calendar), moment=_moment(calendar, now)),
    ]
    if apart:
        lines.append(_apart(apart))
    lines.append(only_new() if changed else _("要换就选一个："))
    cities = [press(say_zone(name), "w.to_zone", desk.team_id, name) for name in COMMON]
    last = (press(_("其他地方"), "w.ask_zone", desk.team_id), _back(desk))
    return Message(text="\n".join(lines), buttons=(*_rows(cities, 4), last))


def ask_zone(desk: Desk) -> Message:
    return Message(
        text=_("团队在哪里？写城市、国家或时差，如：巴黎、Seattle、UTC+9。"),
        buttons=((press(_("上一步"), "w.zone", desk.team_id),),),
    )


def echo_zone(desk: Desk, calendar: Calendar, name: str, *, now: datetime) -> Message:
    """`calendar` is in the zone it would be."""
    lines = [
        f"<b>{_title(_('时区改为 {zone}').format(zone=say_zone(name)), desk)}</b>",
        _("那里现在 {moment}").format(moment=_moment(calendar, now)),
        _("之后写的、显示的时间都按那里。已记的时限还是原来那一刻。"),
    ]
    row = (press(_("确定"), "w.zoned", desk.team_id, name), press(_("另选"), "w.zone", desk.team_id))
    return Message(text="\n".join(lines), buttons=(row,))


# A year's file


def ask_file(desk: Desk) -> Message:
    return Message(
        text=_(
            "把放假安排的文件直接发过来：.ics、.csv、.json 或 .yaml。\n"
            "CSV 第一行写“日期,类型,名称”，类型写“休”或“班”，如：\n"
            "2027-01-01,休,元旦\n"
            "先看读到了什么，再决定导不导入。"
        ),
        buttons=((_back(desk),),),
    )


def found_in(
    name: str, imported: Imported, desk: Desk, *, file: int, replaced: Sequence[int], differing: Sequence[date]
) -> Message:
    """What was read, before it counts. `differing`: days that are worked now and would not be, or the other way round."""
    lines = [f"<b>{html(_('{name}：放假安排').format(name=cut(name, 40)))}</b>", *_years(imported)]
    if imported.problems:
        lines += [*_some(imported.problems), _("没有导入。改好后再发一次就行。")]
        return Message(text="\n".join(lines))
    lines += _some(imported.warnings, 2)
    if replaced:
        told = _("{years}年已经录入过，导入后整年换成这份").format(years="、".join(map(str, replaced)))
        days = "、".join(say_date(day) for day in differing[:TOLD])
        if len(differing) > TOLD:
            days = _("{days}等 {n} 天").format(days=days, n=len(differing))
        lines.append(
            _("{told}，变的是 {days}。").format(told=told, days=days)
            if days
            else _("{told}，没有变化。").format(told=told)
        )
    lines.append(_("给{name}用，只对之后记的承诺生效。").format(name=html(desk.name)))
    return Message(
        text="\n".join(lines), buttons=((press(_("导入"), "w.take", file), press(_("取消"), "w.drop", file)),)
    )


def taken(imported: Imported, desk: Desk, *, look: int, apart: Sequence[str]) -> Message:
    first = min(imported.years)
    lines = [_("✅ 已导入，{name}现在就按它算。").format(name=html(desk.name)), *_years(imported)]
    if apart:
        lines.append(_apart(apart))
    lines.append(only_new())
    return Message(text="\n".join(lines), buttons=((press(_("看日历"), "w.cal", look, f"{first}01"),),))


def put_away(name: str) -> Message:
    return Message(text=_("没有导入：{name}。要用时再发一次。").format(name=html(cut(name, 40))))


def _years(imported: Imported) -> list[str]:
    """A line for a year or two; more are summed up."""
    told = _("{year}年：放假 {rest} 天，调休上班 {work} 天")
    kinds = {str(year): [one.kind for one in days.values()] for year, days in sorted(imported.years.items())}
    if len(kinds) > 2:
        kinds = {f"{min(kinds)}–{max(kinds)}": [kind for year in kinds.values() for kind in year]}
    return [
        told.format(year=year, rest=of_year.count("rest"), work=of_year.count("work"))
        for year, of_year in kinds.items()
    ]


def _some(sentences: Iterable[str], most: int = TOLD) -> list[str]:
    told = [html(cut(sentence, LINE)) for sentence in sentences]
    return told if len(told) <= most else [*told[:most], _("……还有 {n} 条").format(n=len(told) - most)]


# Shared pieces


def only_new() -> str:
    return _("只对之后记的承诺生效，已记的时间不变。")


def _title(what: str, desk: Desk) -> str:
    return _("{what} · {team}").format(what=what, team=html(desk.name))


def _apart(teams: Sequence[str]) -> str:
    named = "、".join(teams[:TOLD])
    if len(teams) > TOLD:
        named = _("{names}等 {n} 个团队").format(names=named, n=len(teams))
    return html(_("另有设定、不跟着变：{names}").format(names=named))


def _hours_line(calendar: Calendar) -> str:
    return html(cut("；".join(say_hours(calendar)), LINE))


def _week_lines(calendar: Calendar) -> list[str]:
    free = any(not calendar.hours.get(weekday) for weekday in range(7))
    rest = _("其他日子休息，放假和调休看日历。") if free else _("放假和调休看日历。")
    return [*map(html, say_hours(calendar)), rest]


def _zone_name(calendar: Calendar) -> str:
    return say_zone(calendar.zone.key)


def _clock(calendar: Calendar, now: datetime) -> str:
    return f"{now.astimezone(calendar.zone):%H:%M}"


def _moment(calendar: Calendar, now: datetime) -> str:
    return f"{say_day(now.astimezone(calendar.zone).date())}{_clock(calendar, now)}"


def _back(desk: Desk) -> Button:
    return press(_("上一步"), "w.open", desk.team_id)


def _rows(buttons: Sequence[Button], width: int) -> Rows:
    return tuple(tuple(buttons[i : i + width]) for i in range(0, len(buttons), width))
