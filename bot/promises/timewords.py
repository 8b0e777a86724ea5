"""明天下午三点前答复您 → an instant, or a question. Never a guess: whatever looks like a time and is not understood asks.

How a text is read: fold → blank out what only looks like a time (NOT_TIMES) → cut into time words (WORDS) → put
neighbouring words together (PHRASES) → tell the past and mere events from the promise → one instant left, or ask.
To teach it an expression, add a row to WORDS (a new word) or to PHRASES (a new order of words) and a line to
tests/unit/test_timewords.py. Numbers in docstrings are those of the team's time conventions (民法典 200-204).
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from typing import Any, Literal, TypeVar

from bot.language import numerals
from bot.language.fold import Folded, fold
from bot.language.speech import _
from bot.promises.moments import say_clock, say_date, say_weekday
from bot.promises.workdays import Break, Calendar

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
TOO_FAR = timedelta(days=366)
NEXT_YEAR_WITHIN = timedelta(days=200)
"""A date without a year that is over this year means next year's, if that is no further off than this."""
MANY = 30
LONGEST = 4096
"""Longest text read; Telegram's longest message."""


@dataclass(frozen=True, kw_only=True)
class Reading:
    """How a text was read. Exactly one of due, ask and error is set."""

    due: datetime | None = None
    ask: str | None = None
    error: str | None = None
    says: str | None = None  # how it was read: 读自“明天下午3点前”
    span: tuple[int, int] | None = None  # where in the text as typed
    notes: tuple[str, ...] = ()  # what to look at twice: 10月1日是国庆节假期
    steps: tuple[str, ...] = ()  # with a due: how it was counted, a short line a step
    choices: tuple[datetime, ...] = ()  # with an ask: the instants probably meant, future, the earliest first
    soft: str | None = None  # with an ask: the vague word that was read, such as 尽快


def read_time(text: str, *, now: datetime, calendar: Calendar) -> Reading:
    """The time a reply is promised for, as of `now`, in the zone and by the working days of `calendar`."""
    if len(text) > LONGEST:
        return Reading(ask=_("内容太长，没法从中找时间。具体什么时候答复？"))
    local = now.astimezone(calendar.zone) if now.tzinfo else now.replace(tzinfo=calendar.zone)
    line = _squeeze(fold(text))
    mentions = _mentions(line, Moment(local, calendar))
    if len(mentions) > MANY:
        return Reading(ask=_("时间太多，以哪个为准？具体什么时候答复？"))
    mentions = _judge(mentions, line, local.date())
    return _decide(mentions, line, text, local, calendar)


def as_json(reading: Reading) -> dict[str, Any]:
    """The machine-readable form of `huashu deadline`."""
    return {
        "due": reading.due and reading.due.isoformat(),
        "ask": reading.ask,
        "error": reading.error,
        "says": reading.says,
        "span": reading.span and list(reading.span),
    }


# What is passed around


@dataclass(frozen=True)
class Moment:
    """When something is read, and by which calendar."""

    now: datetime
    calendar: Calendar

    @property
    def today(self) -> date:
        return self.now.date()


@dataclass(frozen=True)
class Ask:
    """Not sure: the sentence says what about; {text} is the wording in question."""

    sentence: str


@dataclass(frozen=True)
class Error:
    """Impossible, or over by now."""

    sentence: str
    over: bool = False


@dataclass(frozen=True)
class Over:
    """A time that is past and says so itself: 昨天, 三天前."""


@dataclass(frozen=True)
class Due:
    """An instant; `how` says the convention that was applied."""

    at: datetime
    how: str = ""
    notes: tuple[str, ...] = ()
    tables: bool = True  # whether holidays could have changed it


@dataclass(frozen=True)
class Every:
    """每天, 每周五: a habit, not a promise (13)."""


Value = Due | Ask | Error | Over | Every


@dataclass(frozen=True)
class Named:
    """A day somebody named. `loose` may as well be past (周三来过); `counted` came of counting working days."""

    day: date
    loose: bool = True
    how: str = ""
    weekday: bool = False  # only a weekday: beside a date it must agree with it
    leans: bool = False  # 次日: today's next day, unless some other day was spoken of
    unsure: "Ask | None" = None


@dataclass(frozen=True)
class Clock:
    """A time of day as written; `padded` is 03:00, which nobody writes for the afternoon."""

    hour: int
    minute: int = 0
    second: int = 0
    padded: bool = False
    part: str | None = None  # from am and pm


@dataclass(frozen=True)
class Count:
    """A number of days, weeks or months."""

    n: Fraction
    unit: Literal["day", "month"]


@dataclass(frozen=True)
class Token:
    """A time word in the line; `kind` is the letter that PHRASES are written with."""

    kind: str
    start: int
    end: int
    value: Any = None


@dataclass(frozen=True)
class Mention:
    """A time in the line and what it comes to."""

    start: int
    end: int
    value: Value
    loose: bool = False  # could be past or beside the point, by the words around it
    kept: bool = False  # 前, 内 or the like: a limit
    counted: bool = False  # 两小时内, 三天: counts from an instant that may not be now
    bare: bool = False  # a length without 内 or 后
    clock: bool = False  # a clock time or part of day and nothing else
    vague: bool = False  # 尽快: gives way to any definite time
    leans: bool = False  # counts from another day if one was spoken of
    dayless: bool = False  # 下午3点, 下班前: of the day spoken of
    event: bool = False  # told of, not promised


@dataclass(frozen=True)
class Line:
    """The folded text without blanks (but between digits) and with everything that is no time blanked out."""

    text: str
    places: tuple[int, ...]  # where each character stands in the folded text
    gaps: frozenset[int]  # a blank stood before this character
    folded: Folded = field(repr=False)

    def span(self, start: int, end: int) -> tuple[int, int]:
        return self.folded.span(self.places[start], self.places[end - 1] + 1)


# Step 1: what only looks like a time

BLANK = "□"
HOUSE_BLANK = "■"
N = rf"(?:\d{{1,9}}(?:\.\d{{1,4}})?|[{numerals.CHARS}]{{1,8}})"  # bounded, or long numbers take for ever
CN = rf"[{numerals.CHARS}]"
TIMES = r"\d:点时分秒小天日月年周号个刻礼星前内后工半钟之以至到~\-"
HOUSE = r"(?:号楼|号院|栋|幢|座|单元|期|区|弄|巷|排|楼|层)"
THINGS = (
    r"(?:号(?:楼|院|门|电?梯|房|店|线|库|机|岗|车|桌|柜|窗|泵|厅|床|井|厂|馆|路|地|坑|池|箱|变|表|线路|单元|码|客服|坐席|台|位)"
    r"|栋|幢|座|单元|楼(?!下)|层|室|房|户|弄|巷|排|区|期(?!限)|桌|床|梯|门|台|件|名|位|人|次|份|张|箱|桶|盒|间|家|趟|遍|套|组|批|根|只|袋|把"
    r"|项|条|封|单|岁|度|米|平|斤|公斤|公里|吨|升|瓦|匹|倍|成|折|元|块|万|亿|角|毛|%|元钱|块钱|期|声|字|页|遍|个人|个月租|楼层|步|星级?|级|版|路)"
)
NOT_TIMES: tuple[str, ...] = (
    r"https?://\S+|www\.\S+|(?<![\w.+-])[\w.+-]{1,64}@[\w-]+\.[\w.]+",
    r"《[^》]{0,40}》|【工单[^】]{0,40}】",
    r"(?<!\d)\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?(?!\d)",  # IP
    r"(?<![\d.])\d{17}[\dx](?!\d)|(?<![\d.])\d{14,30}(?!\d)",  # identity and card numbers
    r"(?<!\d)(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)",
    r"(?<!\d)(?:0\d{2,3}[- )]{0,2})\d{7,8}(?:(?:转|-)\d{1,6})?(?!\d)|(?<!\d)[48]00[- ]?\d{3,4}[- ]?\d{3,4}(?!\d)",
    r"(?<!\d)\d{3}-\d{3,4}-\d{4}(?!\d)|(?:转|分机)\d{1,6}(?![\d点:])",
    r"[#№][ ]*[\w-]+|(?<![a-z])no[.:]\s*\w+",
    r"(?<![a-z])(?!(?:am|pm|by|at|in|to)[-_]*\d)[a-z]+[-_]*\d[a-z0-9_-]*",
    r"(?<![\d.:])\d+(?!(?:h|hrs?|hours?|min|mins|minutes?|am|pm|d|days?|s)(?![a-z0-9]))[a-z][a-z0-9]*",
    r"(?:合同|工单|订单|单号|运单|快递|编号|尾号|卡号|工号|房号|车牌号?|微信号?|qq|流水号?|账号|户号|分机|验证码|密码|邮编|身份证|型号|票号|发票)"
    rf"(?:号码|号|码|是|为|:|\s)*[a-z0-9][a-z0-9/._-]{{2,}}(?![{TIMES}])",
    rf"(?:电话|手机|房间|门牌)(?:号码|号|是|为|:|\s)*\d[\d -]{{4,}}(?![{TIMES}])",
    r"[¥$€]\s*\d[\d,.]*[万千]?|(?<![\d,])\d[\d,]{0,14}(?:\.\d{1,4})?\s?(?:元|块钱?(?!儿)|万元?|千元|rmb|人民币|%)",
    rf"(?:大道|路|街|道|弄|巷|村|苑|园|里|小区|城|大厦){N}(?:号|弄|巷|栋|幢)(?!线)",
    rf"第{N}(?:次|个(?!工作)|条|项|名|位|遍|轮|批|方|期|季|章|回|点|步|层|排|件|户|人|声|套)",
    rf"{N}\s*{THINGS}",
    rf"(?:以下|如下|提了?|提出了?|共|这|那|反映|投诉){N}点(?![前半整钟之以\d])|{N}点(?=意见|建议|要求|问题|原因|说明|诉求|不满|想法|疑问|内容|理由|希望|不足|需求|补充|:(?!\d))",
    r"7\s*[x*×]\s*24(?:小时)?|24/7|全天24小时|24小时(?=热线|服务|营业|在线|客服|值班|开放|监控|保安|供|便利|不间断|自助|恒温|热水)",
    rf"{N}[天日](?=无理由|包退|包换|质保|保质|三包|试用|体验)",
    r"(?<=[快慢早晚多少好差大小有便宜])一点(?!钟|半|前|之前|整)|一点(?=[儿点都也没不小])",
    r"上班(?:时间|族|期间|路上)|下班(?:时间|高峰)|上下班|(?:在|没|不|正)上班|下午茶|晚点名|今日头条|一天到晚|半天(?=没|不|了|都|还)|等了?半天",
    r"五一(?=路|街|广场|村|大道)|国庆(?=路|街|广场|村)|三天两头|千里|百分之" + N,
    rf"(?:比分?|满意度|评分|打了?|得了?){N}分",
    rf"(?<![\d.:/-])\d{{3,}}(?![{TIMES}/.]|\s*(?:am|pm|h|min))",
)
ADDRESS = re.compile(
    rf"(?<!\d){N}{HOUSE}(?:\s?[-,]?\s?{N}{HOUSE})*(?:\s?[-,]?\s?(?:{N}(?:室|房|户|号(?!前|之前|以前|内|上午|下午|晚|早))|\d{{3,4}}(?![{TIMES}])))?"
)
_NOT_TIMES = [re.compile(pattern, re.ASCII if "\\w" in pattern else 0) for pattern in NOT_TIMES]


def _squeeze(folded: Folded) -> Line:
    """Blank out what is no time, then close the blanks that people leave between characters."""
    text = ADDRESS.sub(lambda found: HOUSE_BLANK * len(found.group()), numerals.zeros(folded.text))
    for pattern in _NOT_TIMES:
        text = pattern.sub(lambda found: BLANK * len(found.group()), text)
    letters: list[str] = []
    places: list[int] = []
    gaps: set[int] = set()
    for place, char in enumerate(text):
        if char == " ":
            gaps.add(len(letters))
            rest = text[place:].lstrip(" ")
            if not (letters and letters[-1].isdecimal() and rest[:1].isdecimal()):
                continue
            if letters[-1] == " ":
                continue
        letters.append(char)
        places.append(place)
    return Line("".join(letters), tuple(places), frozenset(gaps), folded)


# Step 2: time words

Reader = Callable[[re.Match[str], Moment], Any]
T = TypeVar("T")


@dataclass(frozen=True)
class Word:
    """A row of WORDS. `read` gives the token's value, an Ask or Error, or None when it is no such word after all."""

    kind: str
    pattern: re.Pattern[str]
    read: Reader


def _word(kind: str, pattern: str, read: Reader | None = None) -> Word:
    return Word(kind, re.compile(pattern), read or (lambda found, at: found.group()))


def _same(value: T) -> Callable[[re.Match[str], Moment], T]:
    return lambda found, at: value


def _relative(days: int, *, loose: bool = False) -> Reader:
    def read(found: re.Match[str], at: Moment) -> Named:
        return Named(at.today + days * DAY, loose=loose, leans=found.group()[0] in "次翌第当")

    return read


WHICH_MONTH = {
    "本": 0,
    "这": 0,
    "这个": 0,
    "当": 0,
    "下": 1,
    "下个": 1,
    "次": 1,
    "下下": 2,
    "下下个": 2,
    "上": -1,
    "上个": -1,
}


def _month_day(found: re.Match[str], at: Moment) -> Any:
    """6月12日, 明年1月6日, 26年12月3日, 2026-06-12, 12/1: without a year the next to come (5, 6)."""
    groups = found.groupdict()
    month, day = numerals.whole(groups["mo"]), numerals.whole(groups["d"])
    if month is None or day is None:
        return Ask(_("“{text}”是哪一天？"))
    if not 1 <= month <= 12 or not 1 <= day <= 31:
        return Error(_("没有“{text}”这一天，请核对日期。"))
    written = groups.get("y")
    if written:
        year = _year(written, at)
        if year is None:
            return Ask(_("“{text}”是哪一天？"))
        try:
            return Named(date(year, month, day), loose=False)
        except ValueError:
            return Error(_("没有“{text}”这一天，请核对日期。"))
    for year in (at.today.year, at.today.year + 1):
        try:
            named = date(year, month, day)
        except ValueError:
            continue
        if named >= at.today:
            if year > at.today.year and named - at.today > NEXT_YEAR_WITHIN:
                return Named(date(year - 1, month, day), loose=True) if _exists(year - 1, month, day) else _which_year()
            return Named(named)
    if not any(_exists(at.today.year + more, month, day) for more in range(5)):
        return Error(_("没有“{text}”这一天，请核对日期。"))
    return _which_year()


def _which_year() -> Ask:
    return Ask(_("“{text}”是哪一年？"))


def _exists(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _year(written: str, at: Moment) -> int | None:
    word = {"今": 0, "本": 0, "明": 1, "去": -1, "前": -2, "后": 2}.get(written)
    if word is not None:
        return at.today.year + word
    digits = numerals.spelled(written)
    if digits is None or len(digits) not in (2, 4):
        return None
    year = int(digits) + (2000 if len(digits) == 2 else 0)
    return year if 1900 <= year <= 2200 else None


def _shift(first: date, months: int) -> date:
    """The first of the month so many months on."""
    index = first.year * 12 + first.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


def _day_of_month(found: re.Match[str], at: Moment) -> Any:
    """10号, 本月27号, 下个月五号: a bare one is the next to come (5)."""
    day = numerals.whole(found["d"])
    if day is None or not 1 <= day <= 31:
        return Error(_("没有“{text}”这一天，请核对日期。")) if day is not None else Ask(_("“{text}”是哪一天？"))
    which = found.groupdict().get("w")
    if which:
        first = _shift(at.today, WHICH_MONTH[which])
        if not _exists(first.year, first.month, day):
            return Error(_("没有“{text}”这一天，请核对日期。"))
        return Named(first.replace(day=day), loose=False)
    if found.string[: found.start()].endswith(HOUSE_BLANK):
        return Ask(_("“{text}”是日期还是门牌？具体哪一天答复？"))
    first = at.today.replace(day=1) if day >= at.today.day else _shift(at.today, 1)
    if not _exists(first.year, first.month, day):
        return Ask(_("{month}月没有“{text}”，是哪一天？").replace("{month}", str(first.month)))
    return Named(first.replace(day=day))


WEEKDAY = dict(zip("一二三四五六日天1234567", (0, 1, 2, 3, 4, 5, 6, 6, 0, 1, 2, 3, 4, 5, 6), strict=True))


def _weekday(found: re.Match[str], at: Moment) -> Any:
    """周五, 本周三, 下下周一: weeks start on Monday; a bare one is the next to come (9)."""
    weekday, which = WEEKDAY[found["d"]], found["w"] or ""
    if which:
        weeks = which.count("下") - which.count("上")
        day = at.today + timedelta(days=weekday - at.today.weekday(), weeks=weeks)
        return Named(day, loose=weeks == 0, weekday=True)
    days = (weekday - at.today.weekday()) % 7
    unsure = None if days else Ask(_("今天就是“{text}”，是今天，还是下周？"))
    return Named(at.today + days * DAY, weekday=True, unsure=unsure)


def _month_end(found: re.Match[str], at: Moment) -> Any:
    """月底, 下月底, 6月底, 年底: the last day of it (5)."""
    groups = found.groupdict()
    if groups.get("mo"):
        month = numerals.whole(groups["mo"])
        if month is None or not 1 <= month <= 12:
            return Error(_("没有“{text}”这一天，请核对日期。"))
        first = date(at.today.year, month, 1)
        if _shift(first, 1) - DAY < at.today:
            first = first.replace(year=first.year + 1)
            if first - at.today > NEXT_YEAR_WITHIN:
                return _which_year()
    else:
        first = _shift(at.today, WHICH_MONTH[groups.get("w") or "本"])
    return Named(_shift(first, 1) - DAY, loose=False)


def _clock(found: re.Match[str], at: Moment) -> Any:
    """15点30分, 两点一刻, 十点半, 三点零五, 9:30, 3pm."""
    groups = found.groupdict()
    hour = numerals.whole(groups["h"])
    if found.group() == "一点" and not _is_one_o_clock(found):
        return None
    low = numerals.whole(groups["low"]) if groups.get("low") else None
    if groups.get("unsure") or hour is None or (groups.get("low") and (low is None or low >= hour)):
        return Ask(_("“{text}”具体是几点几分？"))
    minute: int | None = 0
    if groups.get("half"):
        minute = 30
    elif groups.get("q"):
        minute = (numerals.whole(groups["q"]) or 0) * 15
    elif written := groups.get("m") or groups.get("m2"):
        minute = numerals.whole(written)
    if minute is None:
        return Ask(_("“{text}”具体是几点几分？"))
    second = int(groups.get("s") or 0)
    if hour > 24 or minute > 59 or second > 59 or (hour == 24 and (minute or second)):
        return Error(_("没有“{text}”这个时间，请核对。"))
    part = {"a": "morning", "p": "pm or evening"}.get((groups.get("ap") or "")[:1])
    return Clock(hour, minute, second, padded=re.match(r"0\d", groups["h"]) is not None, part=part)


def _is_one_o_clock(found: re.Match[str]) -> bool:
    """一点 is mostly "a little": one o'clock beside a day or a part of day, or as a limit."""
    before, after = found.string[: found.start()], found.string[found.end() :]
    return bool(
        re.search(r"[午晨上里晚天号日]$", before) or re.match(r"钱|之?前|以前|到|至|答[复覆]|回[复覆电]|$", after)
    )


def _amount(found: re.Match[str]) -> Fraction | None:
    """The number of a length: 半, 1.5, 三, 一个半, 两小时半; of 1-3 the upper end (3). None: 两三, 3到1."""
    groups = found.groupdict()
    if groups.get("whole") == "半":
        return Fraction(1, 2)
    value = numerals.number(groups["n"])
    if groups.get("low"):
        low = numerals.number(groups["low"])
        if low is None or value is None or low >= value:
            return None
    if value is None:
        return None
    return value + (Fraction(1, 2) if groups.get("half") or groups.get("half2") else 0)


def _length(unit: timedelta) -> Reader:
    def read(found: re.Match[str], at: Moment) -> Any:
        amount = _amount(found)
        if amount is None or amount > 10_000 or (unit < HOUR and amount.denominator > 2):
            return Ask(_("“{text}”具体是多久？"))
        return unit * float(amount)

    return read


def _days(unit: Literal["day", "month"], times: int = 1) -> Reader:
    def read(found: re.Match[str], at: Moment) -> Any:
        amount = _amount(found)
        if amount is not None and unit == "month" and amount == Fraction(1, 2):
            return Count(Fraction(15), "day")  # 半个月 is 15 days (2)
        if amount is None or amount.denominator > 1 or not amount:
            return Ask(_("“{text}”具体到哪一天几点？"))
        if amount * times > 400:
            return Ask(_("“{text}”太远了，具体到哪一天？"))
        return Count(amount * times, unit)

    return read


def _work(found: re.Match[str], at: Moment) -> Any:
    amount = _amount(found)
    if amount is None or not 0 < amount <= 250 or (amount.denominator > 1 and amount != Fraction(1, 2)):
        return Ask(_("“{text}”具体到哪一天几点？"))
    return amount


HOLIDAYS = {
    "元旦": "元旦", "春节": "春节", "过年": "春节", "清明": "清明", "五一": "劳动", "劳动节": "劳动", "端午": "端午",
    "中秋": "中秋", "国庆": "国庆", "十一": "国庆",
}  # fmt: skip
HOLIDAY = "元旦|春节|过年|清明|五一|劳动节|端午|中秋|国庆|十一(?=长假|假期|节|前|后|放假|黄金周)"


def _break(found: re.Match[str], at: Moment) -> Break | Ask:
    name = found.groupdict().get("name")
    found_break = at.calendar.next_break(at.today, HOLIDAYS[name] if name else None)
    if found_break is None:
        return Ask(_("“{text}”那年的放假安排还没录入，具体哪一天？"))
    if not name and found_break.first - at.today > timedelta(days=60):
        return Ask(_("“{text}”是指哪个节？具体哪一天？"))
    if found_break.first - at.today > timedelta(days=330):
        return Ask(_("“{text}”太远了，具体哪一天？"))
    return found_break


def _before_break(found: re.Match[str], at: Moment) -> Any:
    """节前, 春节前: the last working day before the break (10)."""
    away = _break(found, at)
    if isinstance(away, Ask):
        return away
    day = at.calendar.last_working(at.today, away.first - DAY)
    if day is None:
        return Ask(_("“{text}”已经没有工作日了，具体什么时候？"))
    return Named(day, loose=False, how=_("{holiday}放假前最后一个工作日").format(holiday="、".join(away.names)))


def _after_break(found: re.Match[str], at: Moment) -> Any:
    """节后第二个工作日, 国庆节后上班第一天 (10)."""
    away = _break(found, at)
    if isinstance(away, Ask):
        return away
    groups = found.groupdict()
    n = numerals.whole(groups["n"]) if groups.get("n") else 1
    if n is None or not 1 <= n <= 60:
        return Ask(_("“{text}”具体是哪一天？"))
    told = _("{holiday}假后第 {n} 个工作日").format(holiday="、".join(away.names), n=n)
    return Named(at.calendar.add_working_days(away.last, n), loose=False, how=told)


def _nth_working_day(found: re.Match[str], at: Moment) -> Any:
    n = numerals.whole(found["n"]) if found.groupdict().get("n") else 1
    if n is None or not 1 <= n <= 250:
        return Ask(_("“{text}”具体是哪一天？"))
    return Named(at.calendar.add_working_days(at.today, n), loose=False, leans=True)


def _frame(found: re.Match[str], at: Moment) -> Any:
    """本周, 下周, 本月: from and to."""
    word = found.group()
    if "月" in word:
        first = _shift(at.today, word.count("下"))
        return (first, _shift(first, 1) - DAY, word.count("下"))
    monday = at.today + timedelta(days=-at.today.weekday(), weeks=word.count("下"))
    return (monday, monday + 6 * DAY, word.count("下"))


def _which_day(found: re.Match[str], at: Moment) -> Ask:
    return Ask(_("“{text}”具体是哪一天？"))


def _which_minute(found: re.Match[str], at: Moment) -> Ask:
    return Ask(_("“{text}”具体是几点几分？"))


def _no_number(found: re.Match[str], at: Moment) -> Ask:
    return Ask(_("没看懂时间“{text}”，具体几点答复？"))


def _since_when(found: re.Match[str], at: Moment) -> Ask:
    return Ask(_("“{text}”从什么时候算起？具体到哪一天几点？"))


def _too_far(found: re.Match[str], at: Moment) -> Ask:
    return Ask(_("“{text}”太远了，具体到哪一天？"))


WEEK = r"(?:周|星期|礼拜)"
RANGED = rf"(?:(?P<low>{N})(?:-|~|—|–|到|至))?(?P<n>{N})"
LONGER = rf"(?:(?P<low>{N})(?:-|~|—|–|到|至))?(?P<n>\d{{1,9}}(?:\.\d{{1,4}})?|{CN}{{1,4}}点{CN}{{1,4}}(?=个?小时|个?钟头)|{CN}{{1,8}})"
AMOUNT = rf"(?:(?P<whole>半)个?|{LONGER}个?(?P<half>半)?)"
DATE_END = r"(?=前|之前|以前|[,。;!?)、□■~]|$| |上午|下午|晚|早|中午|凌晨|答|回|给)"
AFTER_NUMBER = (
    r"(?=$|[,。;!?)( 、~□■]|上午|下午|早|晚|中午|凌晨|傍晚|前(?!面)|之前|以前|内|之内|当天|那天|截止|答|回[复电覆话]|给|处理|完成|上门|通知|解决"
    rf"|修[好复]|反馈|周|星期|礼拜|下班|上班|\d{{1,2}}[点:时]|{CN}{{1,3}}点|到|至|你|您|的?时候|一早|钱)"
)
HOURS = rf"(?:\d{{1,2}}|{CN}{{1,4}})"
MINUTES = rf"(?:(?P<m>\d{{1,2}}|{CN}{{1,3}})分(?!钟|之)|(?P<m2>\d{{2}}|[零〇十二三四五]{CN}{{1,2}}|[十廿卅])(?![\d个分小天日号月年周秒刻{BLANK}{HOUSE_BLANK}]))"


WORDS: tuple[Word, ...] = (
    # D: days
    _word("D", r"今[天日]|今儿个?|今(?=[晚早夜])|当[天日](?!然)|当(?=晚)|本日|即日(?!起)", _relative(0, loose=True)),
    _word("D", r"明[天日]|明儿个?|明(?=[晚早])|次日|翌日|第二[天日]", _relative(1)),
    _word("D", r"后[天日](?![天气性])|后儿个?(?!子)|后(?=晚)", _relative(2)),
    _word("D", r"大后[天日]", _relative(3)),
    _word(
        "D",
        rf"(?<![每四两\d])(?:(?P<w>上+|下{{1,2}}|本|这|当)(?:一?个|的)?)?(?:周的?{WEEK}?|(?:星期|礼拜){WEEK}?)(?P<d>[一二三四五六日天]|[1-7](?!\d))"
        rf"(?![定直起旦并共般切律些条样块级]|年|[一二三四五六日](?![点刻时十])|、|期|围)",
        _weekday,
   ),
    _word("D", rf"(?:(?P<y>\d{{4}}|(?<!\d)\d{{2}}|{CN}{{4}}|{CN}{{2}}|[今明去前后本])年的?)?"
          rf"(?P<mo>(?<![\d个])\d{{1,2}}|(?<![个{numerals.CHARS}]){CN}{{1,3}})月份?的?(?P<d>\d{{1,2}}|{CN}{{1,3}})(?:[日号]|(?!\d){DATE_END})", _month_day),
    _word("D", r"(?<![\d.:/-])(?P<y>(?:19|20)\d\d)(?P<sep>[-/.])(?P<mo>\d{1,2})(?P=sep)(?P<d>\d{1,2})日?(?![\d/-])", _month_day),
    _word("D", rf"(?<![\d.:/-])(?P<mo>\d{{1,2}})/(?P<d>\d{{1,2}})(?![\d/.]){DATE_END}", _month_day),
    _word("D", rf"(?P<w>下下个?|下个?|这个?|本|当|次|上个?)月的?(?P<d>\d{{1,2}}|{CN}{{1,3}})[日号](?!内)", _day_of_month),
    _word("D", rf"(?<![\d月第个{numerals.CHARS}])(?P<d>\d{{1,2}}|{CN}{{1,3}})号(?!码){AFTER_NUMBER}", _day_of_month),
    _word("D", rf"(?<![\d月第周{numerals.CHARS}])(?P<d>\d{{1,2}})日(?!内|之内|以内|元|常|报|志|用|期|后|之后|以后|均|租|游)", _day_of_month),
    _word("D", rf"(?<![\d月第周{numerals.CHARS}])(?P<d>{CN}{{2,3}})日(?!内|之内|以内|元|常|后|之后|以后|前|之前|以前)", _day_of_month),
    _word("D", r"(?P<w>下下个?|下个?|这个?|本|当|次)?月[底末]", _month_end),
    _word("D", rf"(?<![\d个{numerals.CHARS}])(?P<mo>\d{{1,2}}|{CN}{{1,2}})月份?[底末]", _month_end),
    _word("D", r"(?:今年)?年[底末]", lambda found, at: Named(date(at.today.year, 12, 31), loose=False)),
    _word("D", r"下(?:一?个|一)?工作[日天]|次一?个?工作日", _nth_working_day),
    _word("D", rf"第(?P<n>{N})个?工作[日天]", _nth_working_day),
    _word(
        "D",
        rf"(?:(?P<name>{HOLIDAY})节?|(?:这个)?节日?|小?长假|放?假期?)(?:放假|假期|长假|放)?(?:之前|以前|前)(?!面|后|夕|台|来|[\d一两三几])"
        r"(?:的?最后(?:一个?)?(?:工作[日天]|上班日|[天日]))?",
        _before_break,
   ),
    _word(
        "D",
        rf"(?:(?P<name>{HOLIDAY})节?|节日?|小?长假|放?假期?|收假)(?:放假|假期|长假|放)?(?:结束|收假|回来)?(?:之后|以后|后|回来|结束)的?"
        rf"(?:(?:第?(?P<n>{N})|首|头一)个?(?:工作[日天]|上班日)"
        rf"|(?:上班|复工|开工|工作)的?(?:第一|首|头一)[天日]|(?:第一|首)[天日]个?(?:上班|复工|开工))",
        _after_break,
   ),
    # C: clock times; P: parts of the day; S: beginning and end of work
    _word("C", rf"(?<![\d.:])(?!一时)(?:(?P<low>{HOURS})[~到至-])?(?P<h>{HOURS})(?:点钟?|时(?![候间代段机效限常而令]))"
          rf"(?:(?P<half>半)|(?P<q>[一二两三123])刻|[过零]?{MINUTES}|整|正)?钟?(?P<unsure>多|来钟|几分|差|出头)?", _clock),
    _word("C", r"(?<![\d.:/])(?P<h>\d{1,2}):(?P<m>\d{2})(?::(?P<s>\d{2}))?分?(?![\d:])(?:\s*(?P<ap>[ap]\.?m\.?))?", _clock),
    _word("C", r"(?<![\d.:/])(?P<h>\d{1,2})\s*(?P<ap>[ap]\.?m\.?)(?![a-z])", _clock),
    _word("P", r"凌晨", _same("dawn")),
    _word("P", rf"早(?:上(?!班)|[晨间])|清[早晨]|一?大早|一早|早(?=\d|{CN}{{1,3}}点)|(?<=[今明后日号一二三四五六天])早(?![点些日就已高餐饭班退期])", _same("morning")),
    _word("P", r"上午", _same("am")),
    _word("P", r"[中正]午|午间|晌午", _same("noon")),
    _word("P", r"下午|午后", _same("pm")),
    _word("P", r"傍晚|黄昏", _same("dusk")),
    _word("P", rf"晚(?:上(?!班)|间)|夜晚|夜里|晚(?=\d|{CN}{{1,3}}点)|(?<=[今明当后日号一二三四五六天])晚(?![点些一于了到饭会班高间])", _same("evening")),
    _word("P", r"半夜|深夜|午夜|后半夜|夜间", _same("night")),
    _word("S", r"(?:上午|中午)下班|午休|午饭|中饭", _same("noon")),
    _word("S", r"下午上班|午休结束", _same("afternoon")),
    _word("S", r"(?:早上|上午)?一?上班", _same("start")),
    _word("S", r"(?:下午)?下班", _same("end")),
    # T: clock lengths; N: days; W: working days; H: working hours
    _word("T", rf"(?<![第.\d]){AMOUNT}(?:小时|钟头|hours?|hrs?|h)(?![a-z])(?P<half2>半(?!个))?", _length(HOUR)),
    _word("T", rf"(?<![第.\d]){LONGER}(?:分钟|分(?=之?内|以内|之?后|以后)|minutes?|mins?)(?![a-z])(?P<half2>半)?", _length(timedelta(minutes=1))),
    _word("T", r"(?<![第.\d])(?:(?P<whole>半))分钟", _length(timedelta(minutes=1))),
    _word("T", r"(?P<n>[一二两三123])刻钟?", _length(timedelta(minutes=15))),
    _word("T", rf"(?<![第.\d]){RANGED}秒钟?", _length(timedelta(seconds=1))),
    _word("N", rf"(?<![第.\d]){RANGED}个?(?:自然|日历)?(?:天|日(?=之?内|以内|之?后|以后|的))(?P<half>半)?(?!气|花|线)", _days("day")),
    _word("N", rf"(?<![第.\d]){RANGED}个?(?:自然日|日历日)", _days("day")),
    _word("N", rf"(?P<n>{CN}{{1,3}})日(?=之前|以前|前(?!后))", _days("day")),
    _word("N", rf"(?<![第.\d]){RANGED}个?(?:星期|礼拜|周(?![日末岁年边围到][^内后之以]|末))(?P<half>半)?", _days("day", 7)),
    _word("N", rf"(?<![第.\d])(?:(?P<whole>半)个?|{RANGED}个(?P<half>半)?)月", _days("month")),
    _word("N", rf"(?<![第.\d\-/]){RANGED}年(?:半)?(?![\d{numerals.CHARS}级初末底]{{1,2}})", _too_far),
    _word("W", rf"(?<![第.\d])(?:(?P<whole>半)个?|{RANGED}个?(?P<half>半)?)工作[日天]", _work),
    _word("H", rf"(?<![第.\d])(?:(?P<whole>半)个?|{RANGED}个?(?P<half>半)?)工作(?:小时|时)", _work),
    # G: a week or month as a whole
    _word("G", rf"(?:本|这|这个|当|下|下一?个|下下)(?:周|星期|礼拜)(?!末|[{numerals.CHARS}日天\d](?![定直起并共]))|(?:本|这个?|当|下个?)月(?![底末初中上下\d]|{CN})|月(?=内)", _frame),
    # Y: past days; E: habits
    _word("Y", rf"昨[天日晚夜]|昨儿|大?前[天晚]|大前天|前日|上+(?:一?个)?{WEEK}[一二三四五六日天末1-7]?|上+(?:一?个)?月(?:\d{{1,2}}[日号]|[底末初中])?|去年|前年|刚刚|刚才|方才|早先", _same(Over())),
    _word("E", rf"(?:每|隔)(?:一?个?|隔|逢|到|\d)*(?:{WEEK}[一二三四五六日天末1-7]?|工作日|[天日月年晚早]|小时|钟头|{N}(?:天|分钟|小时|个月|周)|上午|下午)|天天|(?:每|逢)(?:{WEEK}|{N}号|月底)[一二三四五六日]?", _same(Every())),
    # U: no agreed reading; V: vague, gives way to any definite time
    _word("U", r"(?:[上中下本这]个?)?(?:周末|周初|周中)|(?<![本这下])周内|(?:\d{1,2}|" + CN + r"{1,2}|本|下个?|这个?)?月(?:[初中]|[上中下]旬)|[上中下]旬|年[初中内前后]|季度?[末初底]|季度内?", _which_day),
    _word("U", rf"(?:{HOLIDAY})(?:节)?(?:期间|当天|假期|长假|黄金周|后|之后|以后|前[夕后])?|节后|节前(?=[\d{numerals.CHARS}])|放假期间|假期|除夕|小年|圣诞节?|节[日假][日期]?(?:期间|后)", _which_day),
    _word("U", r"大{2,}后天|今明两?天?|明后两?天?|隔[天日周]|后年|改[天日]", _which_day),
    _word("U", rf"(?:{CN}|\d){{0,6}}(?:[几数十]|好几|若干)[来几多余]?(?:个半?)?(?:小时|钟头|分钟|天|日|周|星期|礼拜|个?月|工作[日天])(?!前)|个把(?:小时|钟头|星期|月|礼拜)|(?:\d{{1,6}}|{CN}{{1,6}})[多余来](?:个)?(?:小时|钟头|分钟|天|周|星期|月|工作日)", _no_number),
    _word("U", rf"第(?:{N}|几)(?:天|日|周|个?月|个?星期|个?小时)", _since_when),
    _word("U", rf"差(?:{N}分钟?|一刻)(?:不?到)?{HOURS}点", _which_minute),
    _word("U", r"半天|半[晌日](?!制)|大半天|整天|全天|天黑|天亮|饭[前后]|晚饭|早饭|月内|年内", _which_minute),
    _word("U", r"(?:这|那|过|前|近|头|后|未来)(?:[一两几三二]|一两|两三)(?:天|日|周|个?月|个?小时|个?星期)", _no_number),
    _word("V", r"尽[快早速]|马上|立[刻即马]|即刻|一会儿?|待会儿?|等一?会儿?|等下|等一下|稍[后候等晚]|回头|近期|近日|最近|不日|早日|随时|及时|第一时间|"
          r"asap|有空|抽空|晚[点些]|早[点些]|过后|到时候?|有结果|等.{0,6}再说|改日|很快|这就|赶紧|赶快|迟[点些]|短时间|过阵子|过段时间|一段时间|当场|现在",
          _no_number),
    # helpers: B before, A after, J from here on, I within, R leads in a length, ~ a range, x filler
    _word("B", r"(?:或|及)?(?:之前|以前|前(?![面台厅排任门来往后天]))|为止|截止|截至|止"),
    _word("B", r"(?<=[点分半刻日号天午上晚班\d整五四三二一六])钱(?!包)"),
    _word("A", r"(?:之|以|过)?后(?![天日面台儿晚续期勤果者])"),
    _word("J", r"起(?!诉|来|火|码)|开始"),
    _word("I", r"(?:之|以)?内(?!容|部|存|衣|墙|侧|网)"),
    _word("R", r"再[过等]?|还剩下?|还有|最迟|最晚|最多|至多|顶多|不超过|不晚于|不迟于|未来|接下来|今后|限时?|过(?!来|去|后|了)|预计|大概要?"),
    _word("~", r"-|~|—|–|到(?![场达位家时底])|至(?!多|少|今)"),
    _word("x", r"的|大约|大概|约|左右|在|就|于|那天|这天|当天|当日|准时|整|[()]| |,(?=周|星期|礼拜)|又|零"),
)  # fmt: skip


def _tokens(line: Line, at: Moment) -> list[Token]:
    """Cut into time words, from the left, the longest word first; of equals the earlier row."""
    text, tokens, place = line.text, [], 0
    while place < len(text):
        best: Token | None = None
        for word in WORDS:
            found = word.pattern.match(text, place)
            if found and found.end() > (best.end if best else place):
                value = word.read(found, at)
                if value is not None:
                    best = Token(word.kind, place, found.end(), value)
        if best:
            tokens.append(best)
        place = best.end if best else place + 1
    return tokens


# Step 3: words beside each other


@dataclass(frozen=True)
class Phrase:
    """A row of PHRASES: kinds of tokens in order (fillers left out), and what they come to together."""

    order: re.Pattern[str]
    read: Callable[[Sequence[Token], Moment], Value]
    loose: bool = False
    counted: bool = False


def _when(tokens: Sequence[Token], at: Moment) -> Value:
    """Any of day, part of day and clock time or end of work, in this order."""
    kinds = "".join(token.kind for token in tokens)
    named: list[Named] = [token.value for token in tokens if token.kind == "D"]
    day = _one_day(named) if named else None
    if isinstance(day, Ask):
        return day
    if "A" in kinds:
        return Ask(_("“{text}”之后，最晚几点答复？"))
    part: str | None = next((token.value for token in tokens if token.kind == "P"), None)
    limit = "B" in kinds or "I" in kinds
    clock: Clock | None = next((token.value for token in tokens if token.kind == "C"), None)
    session: str | None = next((token.value for token in tokens if token.kind == "S"), None)
    if clock:
        return _clock_on(day, part, clock, at, limit=limit)
    if session:
        return _session_on(day, part, session, at, limit=limit)
    if part:
        return _part_on(day, part, at, before="B" in kinds)
    assert day is not None
    close = at.calendar.close_of_business(day.day)
    if day.day == at.today and close <= at.now:  # 今天内 said after hours (5)
        return Due(at.calendar.at(day.day + DAY, time()), _("已过下班时间，按今天 24:00"))
    return _due(close, day, at, _("没说几点，按当天下班"))


def _one_day(named: Sequence[Named]) -> Named | Ask:
    """6月12日周五 is one day if date and weekday agree."""
    first, *rest = sorted(named, key=lambda day: day.weekday)
    for other in rest:
        agree = other.day.weekday() == first.day.weekday() if other.weekday else other.day == first.day
        if not agree or first.weekday:
            return Ask(_("“{text}”前后对不上，具体是哪一天？"))
    return first.unsure or first


def _due(instant: datetime, day: Named | None, at: Moment, how: str = "") -> Value:
    """Over is over; a named day of rest is kept and flagged (6)."""
    if instant <= at.now:
        return Error(_("“{text}”已经过去了，请给一个以后的时间。"), over=True)
    notes = () if day is None else _flags(day.day, at.calendar)
    return Due(instant, (day and day.how) or how, notes)


def _flags(day: date, calendar: Calendar) -> tuple[str, ...]:
    special = calendar.special(day)
    slots = {"date": say_date(day), "weekday": say_weekday(day), "name": special.name if special else ""}
    if special and special.kind == "rest":
        return (_("{date}（{weekday}）是{name}假期").format(**slots),)
    if special:
        return (_("{date}（{weekday}）是{name}调休，上班").format(**slots),)
    return () if calendar.is_working(day) else (_("{date}（{weekday}）是休息日").format(**slots),)


PARTS: dict[str | None, dict[int, int]] = {
    "dawn": {hour: hour for hour in range(7)},
    "morning": {hour: hour for hour in range(1, 12)},
    "am": {hour: hour for hour in range(6, 13)},
    "noon": {11: 11, 12: 12, 1: 13, 2: 14, 13: 13, 14: 14},
    "pm": {**{hour: hour + 12 for hour in range(1, 8)}, **{hour: hour for hour in range(12, 20)}},
    "pm or evening": {**{hour: hour + 12 for hour in range(1, 12)}, **{hour: hour for hour in range(12, 24)}},
    "dusk": {**{hour: hour + 12 for hour in range(4, 9)}, **{hour: hour for hour in range(16, 21)}},
    "evening": {0: 24, 12: 24, **{hour: hour + 12 for hour in range(5, 12)}, **{hour: hour for hour in range(17, 25)}},
    "night": {0: 24, 12: 24, 10: 22, 11: 23, 22: 22, 23: 23, 24: 24},
    None: {**{hour: hour for hour in range(25)}, **{hour: hour + 12 for hour in range(1, 7)}},
}
"""The hour meant by an hour said, by part of the day; what is missing is asked. None: no part said (8)."""


def _clock_on(day: Named | None, part: str | None, clock: Clock, at: Moment, *, limit: bool) -> Value:
    """明天下午3点, 今晚12点, 15:30, 凌晨1点: bare ones at their next occurrence (8)."""
    part = part or clock.part
    hour = PARTS[part].get(clock.hour)
    if hour is None or (hour == 24 and clock.minute):
        return Ask(_("“{text}”是上午、下午还是晚上？"))
    if part is None and clock.padded and 1 <= clock.hour <= 6:
        return Ask(_("“{text}”是凌晨还是下午？"))

    def on(that: date, hour: int = hour) -> datetime:
        return at.calendar.at(that, time(hour % 24, clock.minute, clock.second)) + (DAY if hour == 24 else timedelta())

    unsure = part is None and 7 <= clock.hour <= 12 and not clock.padded
    today = on(at.today)
    if (day is None or day.day == at.today) and today <= at.now:
        if unsure and on(at.today, clock.hour + 12) > at.now:
            return Ask(_("“{text}”是上午还是晚上？"))
        if part == "dawn" and day is not None:
            return Ask(_("“{text}”是哪一天的凌晨？"))
    if day is not None:
        return _due(on(day.day), day, at)
    if today > at.now:
        if part is None and 1 <= clock.hour <= 6 and on(at.today, clock.hour) > at.now:
            return Ask(_("“{text}”是凌晨还是下午？"))
        return Due(today, notes=_flags(at.today, at.calendar))
    if unsure or (part is None and at.now.hour >= 18 and clock.hour <= 6 and clock.hour != 0):
        return Ask(_("“{text}”是哪一天，上午还是下午？"))
    if not limit and part != "dawn":
        return Error(_("今天“{text}”已经过去了，请给一个以后的时间。"), over=True)
    tomorrow = at.today + DAY
    return Due(on(tomorrow), _("今天的已过，按明天"), _flags(tomorrow, at.calendar))


def _session_on(day: Named | None, part: str | None, session: str, at: Moment, *, limit: bool) -> Value:
    """明天下班前, 中午下班前, 明早上班前 (7)."""
    if day is None and (session in ("start", "afternoon") or not limit or not at.calendar.is_working(at.today)):
        return Ask(_("“{text}”具体是哪一天几点？"))
    that = day.day if day else at.today
    moments: dict[tuple[str | None, str], datetime | None] = {
        (None, "end"): at.calendar.close_of_business(that),
        ("pm", "end"): at.calendar.close_of_business(that),
        ("am", "end"): at.calendar.end_of_morning(that),
        ("noon", "end"): at.calendar.end_of_morning(that),
        (None, "noon"): at.calendar.end_of_morning(that),
        (None, "start"): at.calendar.start_of_business(that),
        ("am", "start"): at.calendar.start_of_business(that),
        ("morning", "start"): at.calendar.start_of_business(that),
        ("pm", "start"): at.calendar.start_of_afternoon(that),
        (None, "afternoon"): at.calendar.start_of_afternoon(that),
    }
    instant = moments.get((part, session))
    return _due(instant, day, at) if instant else Ask(_("“{text}”具体是几点？"))


def _part_on(day: Named | None, part: str, at: Moment, *, before: bool) -> Value:
    """上午 and 中午 end at 12:00, 下午 with the day's work, 晚上 at 24:00 (7); the others have no agreed end."""
    that = day.day if day else at.today
    ends = {
        "am": at.calendar.at(that, time(12)),
        "noon": at.calendar.at(that, time(12)),
        "pm": at.calendar.close_of_business(that),
        "evening": at.calendar.at(that + DAY, time()),
    }
    if part not in ends or (before and part in ("pm", "evening")):
        return Ask(_("“{text}”具体是几点？"))
    return _due(ends[part], day, at, _("没说几点，按{clock}").format(clock=_end_of(ends[part])))


def _end_of(instant: datetime) -> str:
    return f"{instant:%H:%M}" if instant.time() else "24:00"


def _clock_to_clock(tokens: Sequence[Token], at: Moment) -> Value:
    """8点到9点: the end; the second takes day and part of day from the first."""
    cut = next(place for place, token in enumerate(tokens) if token.kind == "~")
    first, second = list(tokens[:cut]), [token for token in tokens[cut + 1 :] if token.kind not in "BI"]
    inherited = "DP" if not any(token.kind in "DP" for token in second) else "D"
    if not any(token.kind == "D" for token in second):
        second = [token for token in first if token.kind in inherited and token not in second] + second
    elif any(token.kind == "P" for token in first) and not any(token.kind == "P" for token in second):
        return Ask(_("“{text}”前后对不上，最晚几点答复？"))
    begin, end = _when(first, at), _when(second, at)
    if isinstance(begin, Due) and isinstance(end, Due) and not begin.at < end.at < begin.at + DAY:
        return Ask(_("“{text}”前后对不上，最晚几点答复？"))
    if not isinstance(begin, Due) and not (isinstance(begin, Error) and begin.over):
        return begin
    return replace(end, how=_("说的是一段时间，按末尾")) if isinstance(end, Due) else end


def _from_day_to_day(tokens: Sequence[Token], at: Moment) -> Value:
    return Ask(_("“{text}”是一段日子，最晚哪一天几点？"))


def _before_close(tokens: Sequence[Token], at: Moment) -> Value:
    """下班前半小时."""
    *head, length = tokens
    end = _when(head, at)
    if not isinstance(end, Due):
        return end
    due = _due(end.at - length.value, None, at)
    return replace(due, notes=end.notes) if isinstance(due, Due) else due


def _clock_length(tokens: Sequence[Token], at: Moment) -> Value:
    """两小时内, 一小时一刻钟后, 8天20小时: by the clock, through nights and holidays (1)."""
    span = timedelta()
    for token in tokens:
        if token.kind == "T":
            span += token.value
        elif token.kind == "N":
            if token.value.unit != "day":
                return Ask(_("“{text}”具体到哪一天几点？"))
            span += int(token.value.n) * DAY
    if not span:
        return Ask(_("“{text}”具体是多久？"))
    return Due((at.now.astimezone(UTC) + span).astimezone(at.calendar.zone), _("从现在算起"), tables=False)


def _last_day(count: Count, today: date) -> date:
    if count.unit == "day":
        return today + int(count.n) * DAY
    first = _shift(today, int(count.n))
    last = _shift(first, 1) - DAY
    return min(first + (today.day - 1) * DAY, last)


def _calendar_days(tokens: Sequence[Token], at: Moment) -> Value:
    """三天内, 一周内, 一个月内: today is not counted, a last day of rest moves on (2; 民法典 201-203)."""
    counts = [token.value for token in tokens if token.kind == "N"]
    if len(counts) > 1:
        return Ask(_("“{text}”具体到哪一天几点？"))
    last = _last_day(counts[0], at.today)
    day = at.calendar.next_working(last)
    notes = _flags(last, at.calendar) if day != last else ()
    moved = _("{flag}，顺延到{date}（{weekday}）")
    notes = tuple(moved.format(flag=flag, date=say_date(day), weekday=say_weekday(day)) for flag in notes)
    return Due(at.calendar.close_of_business(day), _("今天不算，到最后一天下班"), notes)


def _days_then_clock(tokens: Sequence[Token], at: Moment) -> Value:
    """三天后上午10点: a day named by its distance."""
    day = Named(_last_day(tokens[0].value, at.today), loose=False)
    return _when([Token("D", 0, 0, day), *(token for token in tokens[1:] if token.kind not in "NA")], at)


def _working_days(tokens: Sequence[Token], at: Moment) -> Value:
    """N个工作日内: day 1 is the next working day, make-up days count (3); half a one is half its hours (4)."""
    n: Fraction = next(token.value for token in tokens if token.kind == "W")
    if n.denominator > 1:
        half = at.calendar.full_day() * float(n)
        return Due(at.calendar.add_working_time(at.now, half), _("半个工作日按工作时间 {h} 小时").format(h=half / HOUR))
    day = at.calendar.add_working_days(at.today, int(n))
    return Due(at.calendar.close_of_business(day), _("今天不算，只数工作日，到最后一天下班"))


def _working_hours(tokens: Sequence[Token], at: Moment) -> Value:
    """4个工作小时内: through lunch, night, weekend and holiday (4)."""
    n: Fraction = next(token.value for token in tokens if token.kind == "H")
    return Due(at.calendar.add_working_time(at.now, HOUR * float(n)), _("只数工作时间"))


def _within_frame(tokens: Sequence[Token], at: Moment) -> Value:
    """本周内: the week's last working day (9); 下周 alone names no day."""
    first, last, ahead = next(token.value for token in tokens if token.kind == "G")
    kinds = "".join(token.kind for token in tokens)
    if (ahead and "I" not in kinds) or "B" in kinds or "A" in kinds or ahead > 1:
        return Ask(_("“{text}”具体是哪一天？"))
    day = at.calendar.last_working(max(first, at.today), last)
    if day is None or ((last - first).days > 6 and day != last):
        return Ask(_("“{text}”的最后一天休息，具体到哪一天？"))
    due = at.calendar.close_of_business(day)
    return (
        Due(due, _("到最后一个工作日下班"), _flags(day, at.calendar))
        if due > at.now
        else Ask(_("“{text}”具体到哪一天？"))
    )


def _ago(tokens: Sequence[Token], at: Moment) -> Value:
    """三天前 is over; said of a reply it was meant otherwise, and is asked in `_judge`."""
    return Over()


def _since(tokens: Sequence[Token], at: Moment) -> Value:
    return Ask(_("“{text}”从什么时候算起？具体到哪一天几点？"))


def _first_value(tokens: Sequence[Token], at: Moment) -> Value:
    value: Value = next(token.value for token in tokens if isinstance(token.value, Ask | Over | Every))
    return value


def _phrase(order: str, read: Callable[[Sequence[Token], Moment], Value], **flags: bool) -> Phrase:
    return Phrase(re.compile(order), read, **flags)


PHRASES: tuple[Phrase, ...] = (
    _phrase("E[DPCSBIATNWHG~]*", _first_value),
    _phrase("Y[DPCSBI]*(?:~D?P?CB?)?", _first_value),
    _phrase("[UV][BIA]?", _first_value),
    _phrase("R*D{0,2}P?C~D?P?CD?[BI]?", _clock_to_clock, loose=True),
    _phrase("R*D{0,2}P?CD?[BIA]?", _when, loose=True),
    _phrase("R*D{0,2}P?S[BA]?", _when, loose=True),
    _phrase("R*D{0,2}P[BIA]?", _when, loose=True),
    _phrase("R*D{1,2}[BIA]?", _when, loose=True),
    _phrase("D{0,2}P?SBT", _before_close),
    _phrase("D{0,2}P?SB[TNWH]+[IAB]", _since),
    _phrase("R*G[BIA]?", _within_frame, loose=True),
    _phrase("R*T+[IA]?", _clock_length, counted=True),
    _phrase("R*N+T+[IA]?", _clock_length, counted=True),
    _phrase("R*N+[IA]?", _calendar_days, counted=True),
    _phrase("R*W[IA]?", _working_days, counted=True),
    _phrase("R*H[IA]?", _working_hours, counted=True),
    _phrase("NAP?CB?|NAPB?", _days_then_clock),
    _phrase("[TNWH]+B", _ago),
    _phrase("[TNWH]+[IA]?D+|[DG]+[PSCB]?[AJ]?R*[TNWH]+[IA]|[DG]+[AJ]R*[TNWH]+|[AJ]R*[TNWH]+[IAJ]?|R*[TNWH]+J", _since),
    _phrase("D{1,2}P?C?J|P?CJ", _since, loose=True),
    _phrase("D{1,2}P?~D{1,2}P?[BI]?", _from_day_to_day, loose=True),
)

LEFTOVER = re.compile(
    rf"{N}(?:点|(?<!一)时(?!候|代)|[天日周月年号]|小时|分钟|刻钟?|个?星期|个?礼拜|个?工作日)|\d{{1,4}}[.:/-]\d{{1,2}}|(?<!\d)\d{{1,8}}(?=之?前|以前|之?内|之?后)"
    r"|工作[日时]|凌晨|傍晚|半夜|旬|周末|季度"
)
"""What looks like a time and was understood by no phrase."""


def _mentions(line: Line, at: Moment) -> list[Mention]:
    """Every time in the line, in order; what was not understood is among them as a question."""
    mentions: list[Mention] = []
    run: list[Token] = []
    for token in (*_tokens(line, at), None):
        if token is None or (run and token.start > run[-1].end):
            mentions += _read_run(run, line, at)
            run = []
        if token is not None:
            run.append(token)
    covered = list(line.text)
    for mention in mentions:
        covered[mention.start : mention.end] = BLANK * (mention.end - mention.start)
    for left in LEFTOVER.finditer("".join(covered)):
        mentions.append(Mention(left.start(), left.end(), Ask(_("没看懂时间“{text}”，具体几点答复？")), loose=True))
    return sorted(mentions, key=lambda mention: mention.start)


def _read_run(run: Sequence[Token], line: Line, at: Moment) -> Iterator[Mention]:
    tokens = [token for token in run if token.kind != "x"]
    kinds = "".join(token.kind for token in tokens)
    place = 0
    while place < len(tokens):
        best, end = None, place
        for phrase in PHRASES:
            found = phrase.order.match(kinds, place)
            if found and found.end() > end:
                best, end = phrase, found.end()
        if best is None:
            place += 1
            continue
        yield _mention(best, tokens[place:end], line, at)
        place = end


def _mention(phrase: Phrase, tokens: Sequence[Token], line: Line, at: Moment) -> Mention:
    kinds = "".join(token.kind for token in tokens)
    start, end = tokens[0].start, tokens[-1].end
    doubts: list[Value] = [token.value for token in tokens if isinstance(token.value, Error)]
    doubts += [token.value for token in tokens if isinstance(token.value, Ask)]
    over = any(isinstance(token.value, Over | Every) for token in tokens)
    value: Value = phrase.read(tokens, at) if over or not doubts else doubts[0]
    if isinstance(value, Due | Error) and _stray_digit(line.text, start, end):
        value = Ask(_("没看懂时间“{text}”，具体几点答复？"))
    named = [token.value for token in tokens if token.kind == "D" and isinstance(token.value, Named)]
    return Mention(
        start,
        end,
        value,
        loose=phrase.loose and all(day.loose for day in named),
        kept=kinds[-1] in "BIA" or (kinds[0] == "R" and line.text[start] in "最不限"),
        counted=phrase.counted,
        bare=phrase.counted and kinds[-1] not in "IA" and kinds[0] != "R",
        clock=kinds in ("C", "RC", "P"),
        vague="V" in kinds,
        leans=any(day.leans for day in named),
        dayless=re.fullmatch("R*[PCS~]+[BIA]?", kinds) is not None,
    )


def _stray_digit(text: str, start: int, end: int) -> bool:
    """A digit beside the mention that is no part of it: 1 5分钟, 下午3前."""
    before, after = text[:start].rstrip(" ~-—–到至,、"), text[end:].lstrip(" ")
    listed = text[start - 1 : start] == "、" and before[-1:] in numerals.CHARS and text[start] in numerals.CHARS
    return listed or before[-1:].isdecimal() or after[:1].isdecimal()


# Step 4: promise, event or past

REPLY = r"答[复覆应]|回[复覆电话音]|回个|承诺|保证|反馈|告知|告诉|通知|联系|致电|打电话|给.{0,6}(?:结果|方案|说法|交代|消息|准信)|出?结果"
ACT = r"上门|到场|到达|到位|安排|处理|解决|修|完成|送|换|恢复|派|办|发货|退|清|查|核实|跟进|落实|提供|搞定|弄好|给|来|去|到|回访"
STRONG = r"已|曾|刚|了|没|未|过(?![来去程滤户])"
WEAK = (
    r"报修|报案|报障|发生|购|买|下单|签|入住|反映|投诉|来电|打来|登记|开始|停[水电气]|坏|漏|堵|断|吵|闹|噪音|故障|异响|收到|交的|多收|账单|费|失约|爽约"
    r"|说|不通|不来|困|摔|丢|到期|问题|一直|老是|总是|经常|反复|又|都|客户|业主很"
)
OTHER_MATTER = r"生日|租期|合同|有效期|到期|保修|质保|出差|搬家|装修|施工|起诉|开庭|营业|放假|值班|休息|停机|检修|班车|航班|飞机|火车|出门|在家|有空|没空|过期|考试|婚礼"
PUNCTUATION = re.compile(r"[,。;!?、:\n]")
AGREED_BEFORE = re.compile(r"上次|原定|原来|本来|原本|当初|曾|原先|上回")
SAID_EARLIER = re.compile(
    r"(?:昨[天日晚]|前天|上(?:个?月|个?周|个?星期|个?礼拜)|刚才|刚刚).*(?:说|讲|答应|承诺|约|告知|称|通知|保证|回复)"
)
ENDURED_BEFORE = re.compile(
    r"(?:等|等待|等候|停|坏|拖|漏|堵|断|困|排队?|用|花|住|买|修|吵|响|过|迟到|超时|晚|催|打|耽误|开)(?:了|水|电|气)*(?:快|近|将近|差不多|超过|整整|都|有|足足|大概)*$"
    r"|(?:已经?|连续|持续|长达|超过|都|快|近|过去|最近|才|了|前|每|隔)$"
)
ENDURED_AFTER = re.compile(r"多?(?:了|没|未|还没|不见|以来|过去|都)")
STARTS_ELSEWHERE = re.compile(r"(?:后|起|之日|开始)[,、 ]*(?:我们?|一定|将|会|必须|客服|保证|承诺|答应|最迟|最晚|再)*$")
DENIED_AFTER = re.compile(
    r".{0,6}?(?:不了|不行|不能|不可能|无法|没法|没空|来不及|不方便|没有?[时取]|取消|做不到|不(?:答|回[复覆电]|给|会|用|必|需|打算|上门|来|去|办|处理)|开会|会议|开完)"
)
DENIED_BEFORE = re.compile(
    r"(?:不是|不要|别|并非|不到|没到|未到|取消|如果|要是|若|假如|万一|除非|不等|拒绝|不想|不同意|不接受)[^,。;]{0,3}$"
)
EVENT_FIRST = re.compile(rf"(?:的时候|就|已经?|曾)?(?:{WEAK}|答应|承诺|打过|来过|{STRONG})")
SPEECH = re.compile(
    r"(?:答应|承诺|预计|大概|要|需要?|最迟|最晚|争取|改到|改为|改成|推迟到?|延期?到|给|我|我们|客户|在|约|请|限|还)*$"
)


@dataclass(frozen=True)
class Around:
    """What stands before and after a mention, within its clause."""

    before: str
    after: str

    @property
    def all(self) -> str:
        return self.before + "|" + self.after

    @property
    def replies(self) -> bool:
        return re.search(REPLY, self.all) is not None

    @property
    def alone(self) -> bool:
        return not re.sub(
            rf"[\W_{BLANK}{HOUSE_BLANK}]|大约|大概|约|左右|吧|哦|啊|呀|呢|好的?|行|嗯", "", self.before + self.after
        )


def _around(mention: Mention, mentions: Sequence[Mention], line: Line) -> Around:
    """The clause to both sides: up to punctuation, another time, or a blank that is not right beside the mention."""
    text = line.text
    start = max([0, *(other.end for other in mentions if other.end <= mention.start)])
    for mark in PUNCTUATION.finditer(text, start, mention.start):
        start = mark.end()
    for gap in line.gaps:
        if start < gap < mention.start:
            start = gap
    stop = min([len(text), *(other.start for other in mentions if other.start >= mention.end)])
    mark_after = PUNCTUATION.search(text, mention.end, stop)
    stop = mark_after.start() if mark_after else stop
    stop = min([stop, *(gap for gap in line.gaps if mention.end < gap < stop)])
    return Around(text[start : mention.start], text[mention.end : stop])


def _judge(mentions: Sequence[Mention], line: Line, today: date) -> list[Mention]:
    """Past mentions and events become Over, doubtful ones a question (12)."""
    judged: list[Mention] = []
    for mention in mentions:
        now = _judged(mention, _around(mention, mentions, line), line)
        if isinstance(now.value, Due) and _leans_elsewhere(now, judged, line, today):
            now = replace(now, value=Ask(_("“{text}”是从哪一天说起的？具体哪一天几点？")))
        judged.append(now)
    return judged


def _leans_elsewhere(mention: Mention, earlier: Sequence[Mention], line: Line, today: date) -> bool:
    """周五上门，次日答复; 明天上门，下午答复; 收到后第二天: the day meant is not counted from today."""
    if mention.leans:
        return bool(STARTS_ELSEWHERE.search(line.text[: mention.start])) or any(not m.vague for m in earlier)
    other_days = (isinstance(m.value, Due) and m.value.at.date() != today for m in earlier)
    return mention.dayless and any(other_days)


def _judged(mention: Mention, around: Around, line: Line) -> Mention:
    def event() -> Mention:
        return replace(mention, value=Over(), event=True)

    def ask(sentence: str) -> Mention:
        return replace(mention, value=Ask(sentence))

    value, before, after = mention.value, around.before, around.after
    if isinstance(value, Over):
        words = line.text[mention.start : mention.end]
        if re.search(r"前$", words) and (re.match(rf"必须|一定|内|要|给|请|会|再|{REPLY}", after) or around.alone):
            return ask(_("“{text}”是指多久以内，还是已经过去的时间？具体几点答复？"))
        return mention
    if isinstance(value, Every) or mention.vague:
        return mention
    if AGREED_BEFORE.search(before):
        return event()
    if mention.counted:
        return _judged_length(mention, around, line)
    strong = re.search(STRONG, after)
    eventful = strong or re.search(WEAK, after)
    promised = re.search(f"{REPLY}|{ACT}", after) or re.search(REPLY, before)
    if isinstance(value, Ask):
        side = strong or re.search(f"{WEAK}|{STRONG}", around.all)
        told = EVENT_FIRST.match(after) or not promised
        return event() if side and told and not mention.kept else mention
    if isinstance(value, Error) and not value.over:
        return mention
    if mention.loose and eventful and not mention.kept:
        done = re.search(
            rf"(?:已经?|曾|刚|没有?|未).{{0,3}}(?:{REPLY}|{ACT})|(?:{REPLY}|{ACT}).{{0,2}}(?:了|过)", after
        )
        if EVENT_FIRST.match(after) or not promised:
            return event()
        if strong:
            rest = after[done.end() :] if done else after
            again = re.search(REPLY, rest)
            return event() if done and not again else ask(_("“{text}”是已经发生的，还是答应的时间？什么时候答复？"))
    if mention.loose and mention.kept and strong and not promised:
        return event()
    if isinstance(value, Error):
        return mention
    if (
        SAID_EARLIER.search(PUNCTUATION.split(line.text[: mention.start])[-1])
        and line.text[mention.start] not in "今当"
    ):
        return ask(_("“{text}”是哪一天说的？具体是哪一天？"))
    if DENIED_AFTER.match(after) or DENIED_BEFORE.search(before):
        return ask(_("“{text}”是不能答复的时间吗？什么时候答复？"))
    afterwards = re.search(rf"[后完](?:再|就|才)?.{{0,3}}(?:{REPLY})", line.text[mention.end :])
    if afterwards and not mention.kept and re.search(r"[点时:]", line.text[mention.start : mention.end]):
        return ask(_("“{text}”之后，最晚几点答复？"))
    if re.match(r"的(?!时候|话)", after):
        return ask(_("“{text}”是不是答复的时间？什么时候答复？"))
    if mention.clock and not (mention.kept or promised or around.alone or (SPEECH.fullmatch(before) and not after)):
        return ask(_("“{text}”是不是答复的时间？具体是哪一天几点？"))
    return mention


def _judged_length(mention: Mention, around: Around, line: Line) -> Mention:
    """等了两小时 is past; 上门后两小时内 begins nobody knows when; 两小时内 begins now."""
    before, after = around.before, around.after
    if SAID_EARLIER.search(PUNCTUATION.split(line.text[: mention.start])[-1]):
        return replace(mention, value=Ask(_("“{text}”是哪一天说的？具体是哪一天？")))
    if (
        re.search(r"(?:报修|签收|收到|到货|付款|下单|受理|接单|登记|接报|投诉|完工)$", before)
        and mention.start not in line.gaps
    ):
        return replace(mention, value=Ask(_("“{text}”从什么时候算起？具体到哪一天几点？")))
    if mention.bare and after.startswith((BLANK, HOUSE_BLANK)):  # 一周三次
        return replace(mention, value=Ask(_("“{text}”是不是答复的时间？什么时候答复？")))
    promised = not mention.bare and re.match(REPLY, after)  # 坏了20分钟内答复
    if ENDURED_AFTER.match(after) or (re.search(r"了[快近超过整都有]*$", before) and not promised):
        return replace(mention, value=Over(), event=True)
    if ENDURED_BEFORE.search(before) and mention.bare:
        return replace(mention, value=Over(), event=True)
    if STARTS_ELSEWHERE.search(line.text[: mention.start]):
        return replace(mention, value=Ask(_("“{text}”从什么时候算起？具体到哪一天几点？")))
    if DENIED_AFTER.match(after) or DENIED_BEFORE.search(before) or re.search(r"[前头近第]$", before):
        return replace(mention, value=Ask(_("“{text}”是不是答复的时间？什么时候答复？")))
    if mention.bare and not around.alone:
        leads = SPEECH.fullmatch(before) and (not after or re.match(rf"{REPLY}|到(?![期底了])|之?[内后]", after))
        if not leads:
            if re.search(f"{WEAK}|{STRONG}", around.all) and not around.replies:
                return replace(mention, value=Over(), event=True)
            return replace(mention, value=Ask(_("“{text}”是多久以内答复吗？具体几点答复？")))
    return mention


# Step 5: one of them, or a question


def _decide(mentions: Sequence[Mention], line: Line, text: str, now: datetime, calendar: Calendar) -> Reading:
    """The one future time, else what to ask (12)."""
    around = {id(mention): _around(mention, mentions, line) for mention in mentions}

    def of(*kinds: type) -> list[Mention]:
        return [m for m in mentions if isinstance(m.value, kinds) and not m.vague and not m.event]

    def told(mention: Mention, sentence: str, *, error: bool = False) -> Reading:
        span = line.span(mention.start, mention.end)
        sentence = sentence.format(text=text[span[0] : span[1]])
        return Reading(error=sentence, span=span) if error else Reading(ask=sentence, span=span)

    dues, asks = of(Due), of(Ask)
    habits = [m for m in of(Every) if not dues or around[id(m)].replies]
    impossible = [m for m in of(Error) if isinstance(m.value, Error) and not m.value.over]
    over = [m for m in of(Error, Over) if m not in impossible]
    for mention in impossible:
        assert isinstance(mention.value, Error)
        return told(mention, mention.value.sentence, error=True)
    for mention in habits:
        return told(mention, _("“{text}”是经常的事，不能记成一个承诺；请给一个具体时间。"), error=True)
    for mention in asks:
        assert isinstance(mention.value, Ask)
        return told(mention, mention.value.sentence)
    if dues:
        return _only(dues, around, line, text, now, calendar)
    for mention in over:
        sentence = (
            mention.value.sentence
            if isinstance(mention.value, Error)
            else _("“{text}”已经过去了，请给一个以后的时间。")
        )
        return told(mention, sentence, error=True)
    for mention in (m for m in mentions if m.vague):
        return told(mention, _("没看懂时间“{text}”，具体几点答复？"))
    return Reading(ask=_("什么时候答复？"))


def _only(
    dues: Sequence[Mention], around: dict[int, Around], line: Line, text: str, now: datetime, calendar: Calendar
) -> Reading:
    """The only instant, or the reply among them if it comes last and says so (12)."""
    chosen = dues[-1]
    due = chosen.value
    assert isinstance(due, Due)
    others = [m for m in dues if isinstance(m.value, Due) and m.value.at != due.at]
    for other in others:
        beside = around[id(other)]
        apart = len(re.sub(r"[\W_]", "", beside.after)) >= 2 and PUNCTUATION.search(line.text, other.end, chosen.start)
        if beside.replies or not apart or not around[id(chosen)].replies or "或" in line.text or "还是" in line.text:
            assert isinstance(other.value, Due)
            slots = [say_clock(at, now=now, zone=calendar.zone) for at in (other.value.at, due.at)]
            start, end = line.span(other.start, chosen.end)
            return Reading(
                ask=_("有两个时间：{one} 和 {two}，以哪个为准？").format(one=slots[0], two=slots[1]), span=(start, end)
            )
    span = line.span(chosen.start, chosen.end)
    words = text[span[0] : span[1]]
    beside = around[id(chosen)]
    if not chosen.kept and not beside.replies and re.search(f"{WEAK}|{OTHER_MATTER}", beside.all):
        return Reading(ask=_("“{text}”是不是答复的时间？什么时候答复？").format(text=words), span=span)
    if due.at <= now:
        return Reading(error=_("“{text}”已经过去了，请给一个以后的时间。").format(text=words), span=span)
    if due.at - now > TOO_FAR:
        return Reading(ask=_("“{text}”在一年以后，确定吗？具体哪一天？").format(text=words), span=span)
    says = _("读自“{text}”").format(text=words)
    if due.how:
        says = _("{says}，{how}").format(says=says, how=due.how)
    notes = due.notes
    last = (due.at - timedelta(seconds=1)).date()
    years = [year for year in range(now.year, last.year + 1) if not calendar.has_table(year)] if due.tables else []
    notes += tuple(_("{year}年放假安排未录入，按周末推算").format(year=year) for year in years)
    return Reading(due=due.at, says=says, span=span, notes=notes)
