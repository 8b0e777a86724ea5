"""How an instant is said: today or tomorrow by name, other days with date and weekday, and how long is left."""

from datetime import date, datetime, timedelta, tzinfo

from bot.language.speech import _

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def say_moment(at: datetime, *, now: datetime, zone: tzinfo) -> str:
    """今天 15:00（还剩 42 分钟） · 明天 09:30（周四，还剩 18 小时） · 6月12日（周五）18:00（还剩 2 天 3 小时）."""
    left = say_overdue(at, now=now) if at <= now else _("还剩 {span}").format(span=say_span(at - now))
    day, clock = _day_and_clock(at, zone)
    far = (day - now.astimezone(zone).date()).days
    if far in (1, -1):
        return _near(far).format(clock=clock, inside=f"{say_weekday(day)}{_('，')}{left}")
    return _("{clock}（{left}）").format(clock=say_clock(at, now=now, zone=zone), left=left)


def say_clock(at: datetime, *, now: datetime, zone: tzinfo) -> str:
    """今天 15:00 · 明天 09:30（周四） · 6月12日（周五）18:00; the year where it is not this one."""
    day, clock = _day_and_clock(at, zone)
    today = now.astimezone(zone).date()
    far = (day - today).days
    if far == 0:
        return _("今天 {clock}").format(clock=clock)
    if far in (1, -1):
        return _near(far).format(clock=clock, inside=say_weekday(day))
    told = _("{month}月{day}日（{weekday}）{clock}")
    if day.year != today.year:
        told = _("{year}年{month}月{day}日（{weekday}）{clock}")
    return told.format(year=day.year, month=day.month, day=day.day, weekday=say_weekday(day), clock=clock)


def say_overdue(at: datetime, *, now: datetime) -> str:
    """已超时 27 分钟."""
    return _("已超时 {span}").format(span=say_span(now - at))


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


def _near(far: int) -> str:
    return {
        -1: _("昨天 {clock}（{inside}）"),
        1: _("明天 {clock}（{inside}）"),
    }[far]


def _day_and_clock(at: datetime, zone: tzinfo) -> tuple[date, str]:
    """Midnight belongs to the day it ends: 今晚12点 is 今天 24:00, and nobody takes it for the night before."""
    local = at.astimezone(zone)
    if local.hour == local.minute == 0:
        return local.date() - DAY, "24:00"
    return local.date(), f"{local:%H:%M}"
