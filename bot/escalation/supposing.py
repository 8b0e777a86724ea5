"""周四16:45登记，三个工作日内答复 → from when, and how long. Pure."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.language.fold import fold
from bot.language.numerals import CHARS
from bot.promises.timewords import read_time
from bot.promises.workdays import Calendar

N = rf"(?:\d{{1,4}}|[{CHARS}]{{1,4}})"
DAY = (
    rf"(?:(?:\d{{4}}年)?{N}月{N}[日号]|(?:\d{{4}}[-/])?\d{{1,2}}[-/]\d{{1,2}}|大?[今明后][天日]"
    rf"|(?:[下本这]个?)?(?:周|星期|礼拜)[一二三四五六日天])"
)
PART = r"(?:凌晨|早上|上午|中午|下午|傍晚|晚上)"
CLOCK = rf"(?:\d{{1,2}}:\d{{2}}|{N}点(?:半(?!个|天|小)|{N}分|\d{{2}}(?!个|天|小|分))?)"
LENGTH = (
    rf"(?:\d+(?:\.\d)?|半|{N})个?半?(?:工作日|工作小时|小时|钟头|分钟|刻钟|天|日|周|星期|礼拜|月)(?:之?内|以内|后)?"
)
BETWEEN = r"[ ,、;。]*"
LOGGED = r"(?:登记|记下|收到|接到|受理|投诉)"
# 从明天9点起算；周四16:45登记，…
MARKED = re.compile(rf"从?(.+?)(?:{LOGGED}|算起|起算|开始|起)[的了]?(?:投诉)?后?{BETWEEN}(.*)")
LEADING = re.compile(rf"从?({DAY} ?{PART}? ?{CLOCK}){BETWEEN}({LENGTH}.*)")
NOW = re.compile(rf"(?:{LOGGED}(?:客户)?(?:投诉)?|从?现在)(?:后|起|算起|开始)?{BETWEEN}({LENGTH}.*)")
ONLY_LENGTHS = re.compile(rf"(?:{LENGTH}[零又]?)+(?<!后)")
LATER = re.compile("下午|傍晚|晚")
EXACT = re.compile(rf"{CLOCK}|[上下]班|午休|{N}(?:小时|钟头|分钟|刻钟)后")


@dataclass(frozen=True, kw_only=True)
class Start:
    """When something begins: an instant, or when in doubt what it may be, or why it can't be."""

    at: datetime | None = None
    choices: tuple[datetime, ...] = ()
    error: str = ""


def split(text: str, *, now: datetime, calendar: Calendar) -> tuple[str, str]:
    """The words for when it begins ("": now) and those for how long."""
    folded = fold(text)

    def words(found: re.Match[str], part: int) -> str:
        start, end = folded.span(*found.span(part))
        return text[start:end].strip()

    if found := NOW.fullmatch(folded.text):
        return "", words(found, 1)
    for pattern in (MARKED, LEADING):
        found = pattern.fullmatch(folded.text)
        if found and _begins(found[1], now=now, calendar=calendar):
            return words(found, 1), words(found, 2)
    found = re.fullmatch(rf"(.+?){BETWEEN}({LENGTH}.*)", folded.text)
    if found and _begins(found[1], now=now, calendar=calendar):
        return words(found, 1), words(found, 2)
    return "", text


def _begins(words: str, *, now: datetime, calendar: Calendar) -> bool:
    """Whether this names a moment, not a length: 三天内收到 begins now, 两小时后收到 does not."""
    if "内" in words or ONLY_LENGTHS.fullmatch(words):
        return False
    return read_time(words, now=now, calendar=calendar).span is not None


def read_start(words: str, *, now: datetime, calendar: Calendar) -> Start:
    """A day alone is not when something begins: its usual hours are offered."""
    reading = read_time(words, now=now, calendar=calendar)
    if reading.error:
        return Start(error=reading.error)
    if reading.due is None:
        return Start(choices=reading.choices)
    start, end = reading.span or (0, 0)
    if EXACT.search(fold(words[start:end]).text):
        return Start(at=reading.due)
    day = (reading.due.astimezone(calendar.zone) - timedelta(minutes=1)).date()
    noon = calendar.at(day, time(12))
    hours = [at for at in hours_of(day, calendar) if now < at < reading.due]
    return Start(choices=tuple(at for at in hours if not LATER.search(words) or at > noon))


def hours_of(day: date, calendar: Calendar) -> list[datetime]:
    """When something may begin on a day: as work begins, in the morning and in the afternoon, and an hour before it ends."""
    close = calendar.close_of_business(day)
    found = [calendar.start_of_business(day), calendar.start_of_afternoon(day), close - timedelta(hours=1)]
    return sorted({at for at in found if at})
