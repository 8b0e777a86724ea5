"""Words and buttons of 为什么 and 推演. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from bot.escalation.foresight import CLIMBS, Said
from bot.language.speech import _, readers_zone
from bot.promises.moments import say_clock, say_clocks, say_date
from bot.promises.picker import minutes
from bot.promises.promise import Promise
from bot.promises.timewords import Reading
from bot.promises.views import holes
from bot.promises.workdays import SATURDAY, Calendar
from bot.shared.message import Button, Message, Rows, press
from bot.shared.text import cut, html

LENGTHS = ("30分钟内", "半个工作日内", "三天内")  # what the buttons mean, in words the time reader reads
HALF_A_DAY = 1  # the place of the usual one
LADDERS = (*CLIMBS, "report")
MANY = 3  # names; more are counted
PER_ROW = 3


@dataclass(frozen=True, kw_only=True)
class Moved:
    """A deadline that was given: when the case began, and each time it was put off."""

    at: datetime
    who: str
    due: datetime
    reason: str
    late: bool


@dataclass(frozen=True, kw_only=True)
class Heard:
    """A notice that was left for somebody."""

    at: datetime
    kind: str
    level: int
    who: str
    arrived: bool | None  # None: on its way


def called(clock: Promise) -> str:
    """承诺, 首次答复."""
    return html(clock.policy.name) or _("承诺")


# 为什么: how a time came about


def which(listed: Message) -> Message:
    """`listed` are the open cases as buttons."""
    return Message(text=_("看哪一件的时间是怎么来的？") + "\n" + listed.text, buttons=listed.buttons)


def not_there(number: str, listed: Message) -> Message:
    text = _("没有找到 #{number}。").format(number=html(cut(number, 20)))
    return Message(text=text + "\n" + listed.text, buttons=listed.buttons)


def clocks(case: Sequence[Promise], *, told: Promise | None, now: datetime, zone: ZoneInfo) -> Message:
    """Every time of a case with where it is from; a button each. `told`: the clock that this reader was told of."""
    lines = [_("<b>{name}</b> 的时间是怎么来的？").format(name=html(case[0].name))]
    for clock in case:
        when = say_clock(clock.due, now=now, zone=zone)
        done = "" if clock.is_open else " ✓"
        lines.append(f"{called(clock)} {when}{done} · {_source(clock)}")
    return Message(text="\n".join(lines), buttons=_others(case, None, told))


def steps(
    clock: Promise, case: Sequence[Promise], moved: Sequence[Moved], *, told: Promise | None, now: datetime,
    zone: ZoneInfo,
) -> Message:  # fmt: skip
    """How one deadline was counted when it was set, step by step; `moved` begins with when it was first given."""
    lines = [
        _("为什么是 <b>{when}</b>？").format(when=say_clock(clock.due, now=now, zone=zone)) + html(clock.name),
        f"{called(clock)} · {_source(clock)}",
    ]
    counted = [html(step) for step in clock.why]
    if not counted:
        counted = [_("到 {when}").format(when=say_clock(clock.due, now=now, zone=zone))]
    told_steps = [*_given(clock, case, moved, now=now, zone=zone), *counted]
    lines += [f"{n}. {step}" for n, step in enumerate(told_steps, 1)]
    return Message(text="\n".join(lines), buttons=_others(case, clock, told))


def _source(clock: Promise) -> str:
    if clock.own:
        return html(clock.due_says) or _("登记时选定")
    return _("规范：{within}").format(within=html(clock.due_says))


def _given(
    clock: Promise, case: Sequence[Promise], moved: Sequence[Moved], *, now: datetime, zone: ZoneInfo
) -> list[str]:
    """When the count began, and what became of the deadline since."""
    if not moved:
        return [_("起算 {when}").format(when=say_clock(clock.set_at, now=now, zone=zone))]
    first, *later = moved
    at = say_clock(first.at, now=now, zone=zone)
    if not clock.own and any(other.set_at < clock.set_at for other in case if not other.own):
        began = _("起算 {when}").format(when=at)  # by a later event: 转部门
    else:
        began = (_("登记 {when}") if clock.complaint_id else _("记下 {when}")).format(when=at)
    if later:
        began = _("{began}，原定 {due}").format(began=began, due=say_clock(first.due, now=now, zone=zone))
    found = [began]
    for change in later:
        text = _("{when}，{who} 改到 {due}").format(
            when=say_clock(change.at, now=now, zone=zone),
            who=html(change.who),
            due=say_clock(change.due, now=now, zone=zone),
        )
        reason = _("：{reason}").format(reason=html(cut(change.reason, 40))) if change.reason else ""
        found.append(text + reason + (_("（超时后才改）") if change.late else ""))
    return found


def _others(case: Sequence[Promise], shown: Promise | None, told: Promise | None) -> Rows:
    """The clocks that are not shown, 全部 where one is, and why this reader was told."""
    buttons: list[Button] = []
    if len(case) > 1:
        buttons += [press(clock.policy.name or _("承诺"), "w.clock", clock.id) for clock in case if clock != shown]
        if shown:
            buttons.append(press(_("全部"), "w.case", case[0].id))
    if told:
        buttons.append(press(_("为什么通知我"), "w.told", told.id))
    return _rows(buttons)


# 为什么通知我


def why_told(
    clock: Promise, heard: Sequence[Heard], *, posts: Sequence[str], ahead: tuple[Said, Sequence[str]] | None,
    taker: str, now: datetime, zone: ZoneInfo,
) -> Message:  # fmt: skip
    """Who was told so far and what comes next; `posts` are the chain's, `ahead` the next step with its people's names."""
    lines = [
        _("为什么通知我：<b>{name}</b>").format(name=html(clock.name)),
        f"{called(clock)} {say_clock(clock.due, now=now, zone=zone)} · {_source(clock)}",
    ]
    day = _day(clock.due, zone)
    for (did, arrived), group in groupby(heard, key=lambda one: (_did(one), one.arrived)):
        times, day = _times([one.at for one in group], now=now, zone=zone, day=day)
        lines.append(f"{times} {did}{_arrived(arrived)}")
    lines.append(_next(clock, ahead, taker, now=now, zone=zone))
    lines.append(_("升级链：{posts}（登记时的版本）").format(posts=" → ".join(posts)))
    return Message(text="\n".join(lines), buttons=((press(_("时间怎么算的"), "w.clock", clock.id),),))


def _did(one: Heard) -> str:
    if one.kind in LADDERS:
        said = _("报{who}（第 {n} 级）")
    else:
        said = {"urge": _("催{who}"), "follow": _("提醒接手人{who}")}.get(one.kind) or _("提醒{who}")
    return said.format(who=html(one.who), n=one.level)


def _arrived(arrived: bool | None) -> str:
    if arrived is None:
        return _("，正在发送")
    return _("，已送达") if arrived else _("，没送到")


def _next(
    clock: Promise, ahead: tuple[Said, Sequence[str]] | None, taker: str, *, now: datetime, zone: ZoneInfo
) -> str:
    if not clock.is_open:
        return _("已了结，不再往上报。")
    if taker:
        return _("{name} 已接手，不再往上报。").format(name=html(taker))
    if ahead is None:
        return _("接下来：不再往上报。")
    said, names = ahead
    unless = _("点“收到”就不再报。") if clock.reported else _("有人接手就不再报。")
    step = _("接下来：{when} 报{names}（第 {n} 级）").format(
        when=say_clock(said.at, now=now, zone=zone), names=_names(names), n=said.level
    )
    return f"{step}；{unless}"


# 推演


def counted(words: str, reading: Reading, *, start: datetime, now: datetime, zone: ZoneInfo) -> Message:
    """What a length comes to from then."""
    assert reading.due
    due = say_clock(reading.due, now=now, zone=zone)
    lines = [
        _("推演“{words}”：<b>{due}</b>").format(words=html(cut(words, 30)), due=due),
        *(
            f"{n}. {html(step)}"
            for n, step in enumerate(
                (_("起算 {when}").format(when=say_clock(start, now=now, zone=zone)), *reading.steps), 1
            )
        ),
        *(_("注意：{note}").format(note=html(note)) for note in reading.notes if note not in reading.steps),
    ]
    if reading.says and not reading.steps:
        lines.insert(1, html(reading.says))
    then = press(_("没人处理会怎样"), "w.if", minutes(start), minutes(reading.due))
    return Message(text="\n".join(lines), buttons=((then,),))


def ask_length(told: str) -> Message:
    """What was typed is no time; `told` says what about it."""
    example = _("可以这样写：\n推演 半个工作日内\n推演 周五16:00登记，半个工作日内答复\n推演 0611-01")
    rows = (tuple(press(label, "w.if", 0, place) for place, label in enumerate(_labels())),)
    return Message(text=html(told) + "\n" + example, buttons=rows)


def ask_start(words: str, choices: Sequence[datetime], *, told: str, now: datetime, zone: ZoneInfo) -> Message:
    """From when? Typing works too."""
    text = _("“{words}”从什么时候算起？选一个，或直接打字，如“明天上午9点”：").format(words=html(cut(words, 30)))
    text = "\n".join(filter(None, (html(told), text)))
    buttons = [press(say_clock(at, now=now, zone=zone), "w.from", minutes(at)) for at in choices]
    return Message(text=text, buttons=(*((button,) for button in buttons), (press(_("现在"), "w.from", 0),)))


def timetable(
    said: Sequence[Said], case: Sequence[Promise], *, names: Mapping[int, str], empty: Sequence[str], now: datetime,
    zone: ZoneInfo, start: datetime | None, buttons: Rows = (),
) -> Message:  # fmt: skip
    """Who would hear what when, by clock, the first to speak first. `empty` are posts that nobody fills; `start` is
    when the imagined complaint is logged, None for one that is there."""
    own = case[0]
    if start:
        head = _("推演：{when} 登记一件投诉，没人处理").format(when=say_clock(start, now=now, zone=zone))
    else:
        head = _("推演 <b>{name}</b>：从现在起没人处理").format(name=html(own.name))
    lines = [head]
    speaking = list(dict.fromkeys(one.clock.id for one in said))
    for id in speaking:
        lines += _section([one for one in said if one.clock.id == id], names, now=now, zone=zone)
    silent = [
        f"{called(clock)} {say_clock(clock.due, now=now, zone=zone)}"
        for clock in case
        if clock.is_open and clock.id not in speaking
    ]
    if silent:
        lines.append(_("不另外提醒：{clocks}").format(clocks=" · ".join(silent)))
    if not said:
        lines.append(_("之后不再提醒任何人。"))
    if empty:
        lines.append(holes(empty))
    return Message(text="\n".join(lines), buttons=buttons)


def _section(said: Sequence[Said], names: Mapping[int, str], *, now: datetime, zone: ZoneInfo) -> list[str]:
    """A clock with what its owner hears, then who above hears of it: 14:45、15:15 提醒小李."""
    clock = said[0].clock
    day = _day(clock.due, zone)
    due = say_clock(clock.due, now=now, zone=zone)
    lines = [
        (_("<b>{clock}</b> {when} · 要点“收到”") if clock.reported else "<b>{clock}</b> {when}").format(
            clock=called(clock), when=due
        )
    ]
    for climbs in (False, True):
        heard = [
            one for one in said if (one.kind in LADDERS) is climbs and one.kind not in ("raise_told", "escalate_told")
        ]
        parts = []
        for (what, people), group in groupby(heard, key=lambda one: (_would(one), one.people)):
            times, day = _times([one.at for one in group], now=now, zone=zone, day=day)
            parts.append(f"{times} {what.format(who=_names([names[person] for person in people]))}")
        if parts:
            lines.append(" · ".join(parts))
    return lines


def _would(one: Said) -> str:
    if one.kind in LADDERS:
        return _("再报{who}") if one.turn else _("报{who}")
    return _("提醒接手人{who}") if one.kind == "follow" else _("提醒{who}")


def choices(starts: Sequence[tuple[str, datetime | None]], *, start: int, answer: int) -> Rows:
    """Other beginnings and other promises; the ones that hold are marked. Beginnings as in the presses: 0 is now."""
    numbered = [(label, minutes(at) if at else 0) for label, at in starts]
    begins = [press(_chosen(label, number == start), "w.if", number, answer) for label, number in numbered]
    lengths = [press(_chosen(label, place == answer), "w.if", start, place) for place, label in enumerate(_labels())]
    return (*_rows(begins, 2), tuple(lengths))


def starts(now: datetime, calendar: Calendar) -> list[tuple[str, datetime | None]]:
    """The beginnings worth trying that are still to come; None is now."""
    today = now.astimezone(calendar.zone).date()
    saturday = today + timedelta(days=(SATURDAY - today.weekday()) % 7)
    found = [
        (_("今晚 20:00"), calendar.at(today, time(20))),
        (_("周六 10:00"), calendar.at(saturday, time(10))),
    ]
    eve = _eve(today, calendar)
    if eve:
        found.append((_("节前 {date} 16:00").format(date=say_date(eve)), calendar.at(eve, time(16))))
    return [(_("现在"), None), *((label, at) for label, at in found if at > now)]


def _eve(today: date, calendar: Calendar) -> date | None:
    """The last working day before the next holiday."""
    holiday = next((one.first for one in calendar.breaks if one.first > today), None)
    return calendar.last_working(today, holiday) if holiday else None


def _labels() -> tuple[str, ...]:
    return _("30 分钟"), _("半个工作日"), _("三天")


def _chosen(label: str, chosen: bool) -> str:
    return f"✓ {label}" if chosen else label


def _names(names: Sequence[str]) -> str:
    shown = html("、".join(names[:MANY]))
    return shown if len(names) <= MANY else _("{names}等 {n} 人").format(names=shown, n=len(names))


def _times(instants: Sequence[datetime], *, now: datetime, zone: ZoneInfo, day: date) -> tuple[str, date]:
    """Hours, with the day where it is not the one spoken of; and the day spoken of then."""
    parts = []
    for at in instants:
        if _day(at, zone) == day:
            parts.append(say_clocks([at], zone=zone))
        else:
            parts.append(say_clock(at, now=now, zone=zone))
        day = _day(at, zone)
    return _("、").join(parts), day


def _day(at: datetime, zone: ZoneInfo) -> date:
    """The reader's; midnight belongs to the day it ends."""
    return (at.astimezone(readers_zone() or zone) - timedelta(seconds=1)).date()


def _rows(buttons: Sequence[Button], width: int = PER_ROW) -> Rows:
    """So many to a row, four as two and two."""
    if len(buttons) == 4:
        width = 2
    return tuple(tuple(buttons[i : i + width]) for i in range(0, len(buttons), width))
