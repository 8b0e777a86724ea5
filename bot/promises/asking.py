"""Asking when: the ready answers, and how a reading is told back. Pure."""

from datetime import datetime

from bot.language.speech import _
from bot.promises.timewords import Reading, read_time
from bot.promises.workdays import Calendar
from bot.shared.message import Rows, press
from bot.shared.text import cut

# What the ready buttons for a time mean, in words the time reader reads.
QUICK = ("30分钟内", "今天下班前", "明天上午", "明天下班前")


def quick(place: int, *, now: datetime, calendar: Calendar) -> Reading:
    """What a ready button says at this moment; any number from a button is safe."""
    return read_time(QUICK[place % len(QUICK)], now=now, calendar=calendar)


def when_buttons(verb: str, *args: object, now: datetime, calendar: Calendar) -> Rows:
    """Ready times, two to a row; those that are already over are left out."""
    labels = (_("30 分钟"), _("今天下班前"), _("明天上午"), _("明天下班前"))
    ready = [
        press(label, verb, *args, place)
        for place, label in enumerate(labels)
        if quick(place, now=now, calendar=calendar).due
    ]
    return tuple(tuple(ready[i : i + 2]) for i in range(0, len(ready), 2))


def read_as(reading: Reading) -> str:
    """How a time was read, with what to look at twice: 读自“周六”；6月13日是休息日."""
    return "；".join(filter(None, (reading.says, *reading.notes)))


def unread(reading: Reading, words: str) -> str:
    """Why what was typed as a time can't be used; empty when it can."""
    if reading.due:
        return ""
    if reading.ask and reading.span is None:
        return _("没看懂时间“{words}”，再写一次或选一个：").format(words=cut(words, 20))
    return reading.error or reading.ask or ""
