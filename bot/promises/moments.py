"""How an instant is said: today or tomorrow by name, other days with date and weekday, and how long is left.

`zone` is always the team's. A reader elsewhere is told their own time first and the team's beside it.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo

from bot.language.speech import _, readers_zone

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def say_moment(at: datetime, *, now: datetime, zone: tzinfo) -> str:
    """今天 15:00（还剩 42 分钟） · 明天 09:30（周四，还剩 18 小时） · 6月12日（周五）18:00（还剩 2 天 3 小时）；
    elsewhere 今天 08:00（还剩 42 分钟；团队时间 15:00）."""
    if at.astimezone(UTC) <= now.astimezone(UTC):
        return _said(at, now, zone, say_overdue(at, now=now))
    return _said(at, now, zone, _("还剩 {span}").format(span=say_span(_between(now, at))))


def say_clock(at: datetime, *, now: datetime, zone: tzinfo) -> str:
    """今天 15:00 · 明天 09:30（周四） · 6月12日（周五）18:00; the year where it is not this one.

    Elsewhere 今天 08:00（团队时间 15:00）."""
    return _said(at, now, zone)


def say_clocks(instants: Sequence[datetime], *, zone: tzinfo) -> str:
    """Hours of one day, to stand in brackets: 14:30、14:50; elsewhere 07:30、07:50；团队时间 14:30、14:50."""
    teams = "、".join(_day_and_clock(at, zone)[1] for at in instants)
    if not any(elsewhere(at, zone) for at in instants):
        return teams
    own = "、".join(_day_and_clock(at, readers_zone() or zone)[1] for at in instants)
    return "；".join((own, _("团队时间 {clock}").format(clock=teams)))


def say_overdue(at: datetime, *, now: datetime) -> str:
    """已超时 27 分钟."""
    return _("已超时 {span}").format(span=say_span(_between(at, now)))


def say_span(span: timedelta) -> str:
    """不到 1 分钟 · 42 分钟 · 18 小时 · 23 小时 40 分 · 2 天 3 小时: two units at most, never rounded up."""
    span = max(span, timedelta())
    days, hours, minutes = span // DAY, span % DAY // HOUR, span % HOUR // MINUTE
    if days:
        return (_("{days} 天 {hours} 小时") if hours else _("{days} 天")).format(days=days, hours=hours)
    if hours:
        return (_("{hours} 小时 {minutes} 分") if minutes else _("{hours} 小时")).format(hours=hours, minutes=minutes)
    return _("{minutes} 分钟").format(minutes=minutes) if minutes else _("不到 1 分钟")


def say_date(day: date) -> str:
    """6月12日."""
    return _("{month}月{day}日").format(month=day.month, day=day.day)


def say_weekday(day: date) -> str:
    """周四."""
    return (_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日"))[day.weekday()]


def _said(at: datetime, now: datetime, zone: tzinfo, left: str = "") -> str:
    """The reader's day and clock, and in brackets after them the weekday of a near day, what is left, the team's."""
    own = readers_zone() or zone
    day, clock = _day_and_clock(at, own)
    today = now.astimezone(own).date()
    far = (day - today).days
    inside = _("，").join(filter(None, (say_weekday(day) if far in (1, -1) else "", left)))
    inside = "；".join(filter(None, (inside, _teams_beside(at, zone, day) if elsewhere(at, zone) else "")))
    if far == 0:
        said = _("今天 {clock}")
    elif far == 1:
        said = _("明天 {clock}")
    elif far == -1:
        said = _("昨天 {clock}")
    elif day.year == today.year:
        said = _("{month}月{day}日（{weekday}）{clock}")
    else:
        said = _("{year}年{month}月{day}日（{weekday}）{clock}")
    said = said.format(year=day.year, month=day.month, day=day.day, weekday=say_weekday(day), clock=clock)
    return _("{clock}（{inside}）").format(clock=said, inside=inside) if inside else said


def elsewhere(at: datetime, zone: tzinfo) -> bool:
    """Whether the reader's clock stands differently from the team's at that instant."""
    own = readers_zone()
    return own is not None and at.astimezone(own).utcoffset() != at.astimezone(zone).utcoffset()


def _teams_beside(at: datetime, zone: tzinfo, day: date) -> str:
    """团队时间 15:00, with its date where that is not the reader's `day`."""
    teams, clock = _day_and_clock(at, zone)
    return _("团队时间 {clock}").format(clock=clock if teams == day else f"{say_date(teams)} {clock}")


def _between(start: datetime, end: datetime) -> timedelta:
    """Two instants of one zone would be subtracted by the hands of its clock, wrong by an hour across a change."""
    return end.astimezone(UTC) - start.astimezone(UTC)


def _day_and_clock(at: datetime, zone: tzinfo) -> tuple[date, str]:
    """Midnight belongs to the day it ends: 今晚12点 is 今天 24:00, and nobody takes it for the night before."""
    local = at.astimezone(zone)
    if local.hour == local.minute == 0:
        return local.date() - DAY, "24:00"
    return local.date(), f"{local:%H:%M}"
