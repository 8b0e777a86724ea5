"""Asking when: the ready answers, the neighbours of a time, and how a reading is told back. Pure."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from bot.errors import Unreadable
from bot.language.fold import fold
from bot.language.speech import _
from bot.promises.clocks import Clock
from bot.promises.moments import say_clock
from bot.promises.picker import Verbs, minutes, no_table
from bot.promises.reading.values import flags, say_at, say_day
from bot.promises.timewords import Reading, read_time
from bot.promises.workdays import Calendar
from bot.shared.message import Button, Rows
from bot.shared.text import cut

# What the ready buttons for a time mean, in words the time reader reads.
QUICK = ("30分钟内", "今天下班前", "明天上午", "明天下班前")
# What may stand beside the time in a text that only corrects it: 不对，是…吧
_CORRECTING = re.compile(
    r"(?:不对|不是|错了|写错了|说错了|改一?下?|改成|改为|改到|换成|换到|应该|应是|是|要|到|请|就|我说|时间|答复|回复|回电|前|之前|以前|吧|了|的|哦|啊|[，,。.！!：:、\s])*"
)
FURTHEST = timedelta(days=400)  # the calendar keyboard reaches no further
NARROW = 22  # half-width characters of a label with which two stand side by side on a phone
DAY, HOUR, HALF_A_DAY = timedelta(days=1), timedelta(hours=1), timedelta(hours=12)


@dataclass(frozen=True, kw_only=True)
class Question:
    """A question about a time. `words` are what it is about, kept with it until it is answered."""

    words: str = ""
    text: str = ""  # empty: simply when
    answers: tuple[tuple[str, datetime], ...] = ()  # the likely instants by their labels


# Asking


def question(
    text: str, *, before: str | None = None, soft: Mapping[str, str], norm: Clock | None = None, now: datetime,
    calendar: Calendar,
) -> Question:  # fmt: skip
    """What to ask about a text that names no clear time. `soft` is the norm's default for vague words: 尽快, 半个工作日内.

    `before` is what had been asked about, when the text answers that: it stays while the text is no time at all.
    `norm` is the time limit that the matter itself calls for, where no time was named.
    """
    reading = read_time(text, now=now, calendar=calendar)
    if before is not None and reading.span is None and not reading.error:
        not_read = _("没看懂时间“{words}”，再写一次或选一个：").format(words=cut(text, 20))
        return replace(question(before, soft=soft, norm=norm, now=now, calendar=calendar), text=not_read)
    answers = [(say_clock(at, now=now, zone=calendar.zone), at) for at in reading.choices if at > now]
    told = reading.error or (reading.ask if reading.span else None) or ""
    due = None
    if reading.soft and (default := soft.get(reading.soft)):
        told = _("“{word}”没有确切时间。规范默认：{default}。").format(word=reading.soft, default=default)
        due = read_time(default, now=now, calendar=calendar).due
    elif norm and reading.span is None:
        within, limit = norm.deadline(now, calendar)
        told = _("规范：{name} {within}。什么时候答复？").format(name=norm.policy.name, within=within)
        due = limit.due
    if due:
        answers.append((_("按规范 {when}").format(when=say_clock(due, now=now, zone=calendar.zone)), due))
    return Question(words=text, text=told, answers=tuple(answers))


def when_rows(asked: Question, *last: Button, verbs: Verbs, now: datetime, calendar: Calendar) -> Rows:
    """The likely times, then the ready ones that are not over, then 自选 and what else there is."""
    likely = [verbs.at(label, at) for label, at in asked.answers]
    taken = {at for _label, at in asked.answers}
    labels = (_("30 分钟"), _("今天下班前"), _("明天上午"), _("明天下班前"))
    ready = [
        verbs.press(label, "when", place)
        for place, label in enumerate(labels)
        if (due := _quick(place, now=now, calendar=calendar).due) and due not in taken
    ]
    return (*_fitted(likely), *_fitted(ready), (verbs.press(_("自选"), "cal"), *last))


def kept(id: int, words: str, now: datetime) -> str:
    """What the row of a question about a draft's time is about: the draft, and the words asked about just now."""
    return f"{id} {minutes(now)} {words}"


def asked_of(subject: str, now: datetime) -> tuple[int, str, datetime]:
    """The draft, the words and the time of such a row; of one from before times were kept, now."""
    found = re.fullmatch(r"(\d+)(?: (\d{7,10})(?= |$))? ?(.*)", subject, re.DOTALL)
    assert found
    asked_at = datetime.fromtimestamp(int(found[2]) * 60, tz=now.tzinfo) if found[2] else now
    return int(found[1]), found[3], asked_at


# Answering


def read_answer(text: str, *, asked: str, asked_at: datetime, now: datetime, calendar: Calendar) -> Reading:
    """What was typed when asked about a time, together with what it answers: 今天 to 周日下午三点, 九点 to 明早.

    The question is read as of when it was asked: 后天, typed after midnight, means the day that was offered.
    """
    doubted = read_time(asked, now=asked_at, calendar=calendar)
    if doubted.ask and doubted.span and not doubted.soft:
        words = asked[slice(*doubted.span)]
        at = _among(text, doubted.choices, now=asked_at, calendar=calendar)
        if at and at > now:
            says = _("读自“{words}”，{answer}").format(words=words, answer=text.strip())
            return Reading(due=at, says=says, notes=_notes(at, calendar))
        joined = _joined(words, text)
        reading = read_time(joined, now=asked_at, calendar=calendar)
        if reading.due and reading.due > now and reading.span == (0, len(joined)):
            return reading
    return read_time(text, now=now, calendar=calendar)


def pressed(verb: str, number: int, *, before: datetime | None, now: datetime, calendar: Calendar) -> Reading:
    """The time on a pressed button: a ready one (….when) or the instant it carries (….at).

    `before` is the time it replaces. Raises Unreadable when it is over by now.
    """
    if verb.endswith(".when"):
        reading = _quick(number, now=now, calendar=calendar)
        if reading.due is None:
            raise Unreadable(_("这个时间已经过了，请另选一个。"))
        return reading
    this_minute = minutes(now)
    if not this_minute < number <= this_minute + FURTHEST // timedelta(minutes=1):
        raise Unreadable(_("这个时间已经过了，请另选一个。"))
    at = datetime.fromtimestamp(number * 60, tz=calendar.zone)
    says = (_("改为 {when}") if before else _("选定 {when}")).format(when=say_at(at))
    return Reading(due=at, says=says, notes=_notes(at, calendar))


def correction(text: str, *, now: datetime, calendar: Calendar) -> Reading | None:
    """不对，是后天10点 under an echo: what was read, when the text is nothing else; None for a new thing."""
    reading = read_time(text, now=now, calendar=calendar)
    if reading.span is None:
        return None
    beside = text[: reading.span[0]] + text[reading.span[1] :]
    return reading if _CORRECTING.fullmatch(beside) else None


def read_as(reading: Reading) -> str:
    """How a time was read, with what to look at twice: 读自“周六”；6月13日是休息日."""
    return "；".join(filter(None, (reading.says, *reading.notes)))


# The neighbours of a time


def echo_rows(due: datetime, *, verbs: Verbs, now: datetime, calendar: Calendar) -> Rows:
    """Under the echo of a time: its neighbours, for a correction in one tap."""
    near = [verbs.at(label, at) for label, at in neighbours(due, now=now, calendar=calendar)]
    more = [verbs.press(_("自选"), "cal")]
    if moved := next_working_day(due, calendar):
        more.insert(0, verbs.at(*moved))
    elif len(near) < 4:
        return ((*near, *more),)
    return (tuple(near), tuple(more))


def neighbours(due: datetime, *, now: datetime, calendar: Calendar) -> list[tuple[str, datetime]]:
    """What else may have been meant, by label: the day before and after, morning for evening, an hour off.

    At most four, all to come. The clock of the team counts; days and halves keep what it shows.
    """
    at = _to_the_minute(due, calendar)
    today = _shown_day(now, calendar)
    day = _shown_day(at, calendar)
    named = {today: _("今天"), today + DAY: _("明天")}
    found = [
        (named.get(day - DAY, _("前一天")), calendar.at(at.date() - DAY, at.time())),
        (named.get(day + DAY, _("后一天")), calendar.at(at.date() + DAY, at.time())),
        *_other_half(at),
        (_("早1小时"), at.astimezone(UTC) - HOUR),
        (_("晚1小时"), at.astimezone(UTC) + HOUR),
    ]
    moved = next_working_day(due, calendar)
    taken = {moved[1].astimezone(UTC)} if moved else set()
    ahead = [(label, time) for label, time in found if now < time.astimezone(UTC) not in taken]
    if len(ahead) > 4:
        ahead = [(label, time) for label, time in ahead if time.astimezone(UTC) != at.astimezone(UTC) - HOUR]
    return ahead


def next_working_day(due: datetime, calendar: Calendar) -> tuple[str, datetime] | None:
    """改到 6月15日（周一）: for a time on a day of rest, the same hour of the next working day."""
    at = _to_the_minute(due, calendar)
    day = _shown_day(at, calendar)
    if calendar.is_working(day):
        return None
    working = calendar.next_working(day)
    return _("改到 {day}").format(day=say_day(working)), calendar.at(at.date() + (working - day), at.time())


# Inside


def _quick(place: int, *, now: datetime, calendar: Calendar) -> Reading:
    """What a ready button says at this moment; any number from a button is safe."""
    return read_time(QUICK[place % len(QUICK)], now=now, calendar=calendar)


def _notes(at: datetime, calendar: Calendar) -> tuple[str, ...]:
    day = _shown_day(at, calendar)
    return (*flags(day, calendar), *no_table(day.year, calendar))


def _to_the_minute(at: datetime, calendar: Calendar) -> datetime:
    return datetime.fromtimestamp(minutes(at) * 60, tz=calendar.zone)


def _shown_day(at: datetime, calendar: Calendar) -> date:
    """The day an instant is said with: midnight belongs to the day it ends."""
    return (at.astimezone(calendar.zone) - timedelta(minutes=1)).date()


def _other_half(at: datetime) -> list[tuple[str, datetime]]:
    """Twelve hours earlier or later, between 07:00 and 23:00 of the same day: 十点 may be 10:00 or 22:00."""
    other = at + HALF_A_DAY if 0 < at.hour < 12 or (at.hour == 0 and at.minute) else at - HALF_A_DAY
    if not 7 <= other.hour + other.minute / 60 <= 23:
        return []
    halves = ((12, _("上午")), (13, _("中午")), (18, _("下午")), (24, _("晚上")))
    return [(next(label for until, label in halves if other.hour < until), other)]


ANSWER = re.compile(r"(?:那?就|应该)?(?:是|选)?(.{1,12}?)(?:那个|的|吧|啊|前)*")
A_DAY = re.compile(
    r"(今[天日]|今(?=[早晚夜])|明[天日]|明(?=[早晚])|后[天日]|下(?:个?星期|个?礼拜|周)|[这本](?:个?星期|个?礼拜|周))?"
    r"(凌晨|清晨|早[上晨]?|上午|中午|下午|傍晚|晚[上间]?|夜[里间]?)?"
)
PARTS = {
    "凌": (0, 6), "清": (4, 9), "早": (4, 12), "上": (4, 12), "中": (11, 14), "下": (12, 19), "傍": (16, 20),
    "晚": (18, 25), "夜": (18, 25),
}  # fmt: skip
"""From which hour on, and before which, a choice is in that part of its day; midnight counts as 24."""
AN_HOUR = re.compile(r"[点时:刻]")
A_LENGTH = re.compile(r"内|后(?!天)|小时|钟头|分钟")


def _among(text: str, choices: Sequence[datetime], *, now: datetime, calendar: Calendar) -> datetime | None:
    """The one choice that is left by an answer which names a day or a part of day and nothing else."""
    said = A_DAY.fullmatch(_bare(text))
    if said is None or not any(said.groups()):
        return None
    named, part = said.groups()
    today = now.astimezone(calendar.zone).date()
    monday = today - today.weekday() * DAY

    def fits(choice: datetime) -> bool:
        local = choice.astimezone(calendar.zone)
        day = _shown_day(local, calendar)
        hour = local.hour if day == local.date() else 24
        if part and not PARTS[part[0]][0] <= hour < PARTS[part[0]][1]:
            return False
        if not named:
            return True
        if named[0] in "今明后":
            return day == today + "今明后".index(named[0]) * DAY
        return (day - day.weekday() * DAY - monday) // DAY == (7 if named[0] == "下" else 0)

    left = [choice for choice in choices if choice > now and fits(choice)]
    return left[0] if len(left) == 1 else None


def _joined(words: str, answer: str) -> str:
    """明天 to 十点 is 明天十点, 九点 to 明早 is 明早九点; empty when both name an hour, or the answer is a length."""
    answer, hour_asked = _bare(answer), AN_HOUR.search(fold(words).text)
    if A_LENGTH.search(answer) or (hour_asked and AN_HOUR.search(answer)):
        return ""
    return answer + words if hour_asked else words + answer


def _bare(answer: str) -> str:
    """An answer without what is only said around it: 是今天吧; empty when it is a longer text."""
    found = ANSWER.fullmatch(fold(answer).text.strip())
    return found[1] if found else ""


def _fitted(buttons: Sequence[Button]) -> Rows:
    """Two to a row; one where the labels are too long for a phone."""
    wide = any(sum(1 + (unicodedata.east_asian_width(c) in "WF") for c in b.text) > NARROW for b in buttons)
    return tuple(tuple(buttons[i : i + 2 - wide]) for i in range(0, len(buttons), 2 - wide))
