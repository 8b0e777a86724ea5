"""A year's holidays out of a file: JSON in the shapes found in the wild, calendar.yaml's `years`, CSV, ICS.

Pure: bytes in. Every day is read as an entry with the line it stands in; what is wrong is said by line, and nothing of
a file with problems is taken. Days of one arrangement (放假安排) make a year; a year that is plainly not whole is left out.
"""

import csv
import io
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, Literal

import yaml

from bot.errors import Unreadable
from bot.language.fold import fold
from bot.language.speech import _
from bot.promises.reading.feasts import feast_day
from bot.promises.workdays import SATURDAY, SpecialDay
from bot.shared.text import clean, cut

YEARS = range(2000, 2101)
MOST_BYTES = 512 * 1024
MOST_TOLD = 20  # problems
NAME_MOST = 20  # characters
FEWEST = 11  # days off a year had before 2025, when two more came
LONGEST = timedelta(days=60)  # of one event
NEXT_YEARS = (12, 20)  # from this day of December on, days may belong to the arrangement of the next year
Kind = Literal["rest", "work"]


class NotACalendar(Unreadable):
    """Nothing in the file looks like holidays: another reader may be asked."""


@dataclass(frozen=True, kw_only=True)
class Imported:
    """What a file holds. With `problems` nothing of it may be taken in; `warnings` a person should look at."""

    years: Mapping[int, Mapping[date, SpecialDay]] = field(default_factory=dict)
    problems: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def days(self) -> Mapping[date, SpecialDay]:
        """Of all years."""
        return {day: special for days in self.years.values() for day, special in days.items()}


def read_import(name: str, data: bytes) -> Imported:
    """The years in a file of that name. Raises NotACalendar, or Unreadable when the file can't be used at all."""
    if len(data) > MOST_BYTES:
        raise Unreadable(_("文件太大，放假安排最多 512 KB。"))
    read = _READERS.get(name.lower().rpartition(".")[2])
    if read is None:
        raise NotACalendar(_("放假安排只认得 .json、.csv、.ics、.yaml 文件。"))
    found = _Found()
    read(_decoded(data), found)
    return found.imported()


# What is found, and whether it can be a year


@dataclass(frozen=True, kw_only=True)
class _Entry:
    line: int
    day: date
    kind: Kind
    name: str
    year: int | None  # of the arrangement, where the file says so


class _Found:
    """Entries as they are read, and what is wrong with them."""

    def __init__(self) -> None:
        self.entries: dict[date, _Entry] = {}
        self.problems: list[str] = []
        self.warnings: list[str] = []

    def wrong(self, line: int, what: str) -> None:
        self.problems.append(_("第 {line} 行：{what}").format(line=line, what=what))

    def add(self, line: int, day: date, kind: Kind, name: str, year: int | None = None) -> None:
        slots = {"day": day.isoformat(), "weekday": "一二三四五六日"[day.weekday()]}
        before = self.entries.get(day)
        if day.year not in YEARS or (year is not None and abs(day.year - year) > 1):
            self.wrong(line, _("{day} 不在这一年的范围里。").format(**slots))
        elif before and before.kind != kind:
            told = _("{day} 既写了休息又写了上班（另见第 {other} 行）。")
            self.wrong(line, told.format(**slots, other=before.line))
        elif before and before.name == name:
            told = _("第 {line} 行：{day} 重复（另见第 {other} 行），按一次算。")
            self.warnings.append(told.format(**slots, line=line, other=before.line))
        elif before:
            pass  # two feasts on one day, such as 国庆节 and 中秋节
        elif kind == "work" and day.weekday() < SATURDAY:
            told = _("{day} 是周{weekday}，本来就上班，不会是调休。请核对日期。")
            self.wrong(line, told.format(**slots))
        else:
            self.entries[day] = _Entry(line=line, day=day, kind=kind, name=name, year=year)

    def imported(self) -> Imported:
        years: dict[int, dict[date, SpecialDay]] = {}
        # 元旦 may begin in December: such days belong to the next year, unless their own year is told as well.
        told_of = {day.year for day in self.entries if (day.month, day.day) < NEXT_YEARS}
        for day, entry in sorted(self.entries.items()):
            year = entry.year or (day.year if day.year in told_of else day.year + 1)
            years.setdefault(year, {})[day] = SpecialDay(entry.kind, entry.name)
        holes = {year: hole for year, days in years.items() if (hole := _hole(year, days))}
        whole = {year: days for year, days in sorted(years.items()) if year not in holes}
        for year, hole in holes.items():
            if whole:
                self.warnings.append(_("{year}年没有录入：{hole}。").format(year=year, hole=hole))
            elif not self.problems:
                told = _("{year}年{hole}，不像全年的放假安排。个别日子请单独设置。")
                self.problems.append(told.format(year=year, hole=hole))
        for year, days in whole.items():
            if all(special.kind == "rest" for special in days.values()):
                self.warnings.append(_("{year}年没有一天调休上班，请核对。").format(year=year))
        if not years and not self.problems:
            raise NotACalendar(_("文件里没有找到放假安排，请检查是不是选错了文件。"))
        years_read = {} if self.problems else whole
        return Imported(years=years_read, problems=_first(self.problems), warnings=_first(self.warnings))


def _first(told: Sequence[str]) -> tuple[str, ...]:
    more = [_("还有 {n} 处。").format(n=len(told) - MOST_TOLD)] if len(told) > MOST_TOLD else []
    return (*told[:MOST_TOLD], *more)


def _hole(year: int, days: Mapping[date, SpecialDay]) -> str:
    """Why these can't be all the holidays of a year; "" when they can."""
    rest = {day for day, special in days.items() if special.kind == "rest"}
    if len(rest) < FEWEST:
        return _("只有 {n} 天放假").format(n=len(rest))
    for name in ("春节", "国庆节"):
        if (feast := feast_day(name, year)) and feast not in rest:
            return _("没有{name}").format(name=name)
    return ""


# Words


_WORK = re.compile(r"班|特[殊别]工作日|\bwork\b|work(?:ing)?[\s_-]?day")
_REST = re.compile(r"放假|假期|节假|假日|法定|(?<!调)休|holiday|day[\s_-]?off|\brest\b|^off$")
_PLAIN = re.compile(r"^(?:工作日|平日|weekday|周末|双休日?|weekend)$")
_NAMES = (
    ("元旦", r"元旦|(?<!chinese )(?<!lunar )new year'?s? day|阳历年"),
    ("春节", r"春节|除夕|年三十|初[一二三四五六七八九十]|大年|spring festival|(?:chinese|lunar) new year"),
    ("清明节", r"清明|tomb|ching ming|qing ?ming"),
    ("劳动节", r"劳动|五一|labou?r|may day|workers"),
    ("端午节", r"端午|dragon boat|tuen ng"),
    ("中秋节", r"中秋|mid-?autumn"),
    ("国庆节", r"国庆|十一|national day"),
)
_AROUND = re.compile(r"[\s\[\](){}【】<>《》:·、,，-]+")
_MARKS = re.compile(r"[(\[【]?(?:调休上班|补班|加班|上班|放假调休|放假|调休|假期|休息|休|班)[)\]】]?|后$|前$")


def _kind(said: str) -> Kind | None:
    """Rest or work, by a word for it; 调休 alone is work that makes up."""
    said = fold(said).text.strip()
    if _WORK.search(said):
        return "work"
    if _REST.search(said):
        return "rest"
    return "work" if "调休" in said else None


def _known(said: str) -> str:
    """The holidays that are named, as the phrasebook calls them; "" when there is none."""
    said = fold(said).text
    return "、".join(name for name, words in _NAMES if re.search(words, said))


def _called(said: str) -> str:
    """The name of a holiday without 休, 补班 …."""
    return _known(said) or cut(_AROUND.sub(" ", _MARKS.sub("", clean(said))).strip(), NAME_MOST)


# Tables: rows of JSON and CSV


_COLUMNS = {
    "date": ("date", "day", "日期", "放假日期", "天"),
    "off": ("isoffday", "is_off_day", "isholiday", "is_holiday", "holiday", "off", "是否放假", "是否休息", "放假"),
    "kind": ("kind", "type", "status", "类型", "类别", "状态", "性质", "休/班", "安排"),
    "name": ("name_cn", "name", "title", "summary", "名称", "节日", "节日名称", "节假日", "假期", "说明", "备注"),
}
_YES, _NO = ("true", "yes", "y", "是", "1"), ("false", "no", "n", "否", "0")
_DATE = re.compile(r"(\d{4})(?:-|/|\.|年)(\d{1,2})(?:-|/|\.|月)(\d{1,2})日?|(\d{4})(\d\d)(\d\d)")


def _columns(names: Sequence[str]) -> dict[str, str]:
    """What a column is for → how it is called here."""
    plain = {fold(name).text.strip(): name for name in names}
    return {what: plain[known] for what, ways in _COLUMNS.items() for known in reversed(ways) if known in plain}


def _tells_days(names: Sequence[str]) -> bool:
    columns = _columns(names)
    return "date" in columns and bool(columns.keys() & {"off", "kind"})


def _read_row(row: Mapping[str, Any], line: int, found: _Found, year: int | None = None) -> None:
    columns = _columns(list(row))
    cell = {what: str(row[name] if row[name] is not None else "").strip() for what, name in columns.items()}
    written = fold(cell.get("date", "")).text.split(" ")[0].split("t")[0]
    day = _day(written)
    if day is None:
        found.wrong(line, _("“{written}”不是日期，写法例如 2027-10-01。").format(written=cut(written, 20)))
        return
    name, off, said = cell.get("name", ""), cell.get("off", "").lower(), cell.get("kind", "")
    if _PLAIN.match(fold(said).text):
        return
    kind: Kind | None = "rest" if off in _YES else "work" if off in _NO else _kind(said) or _kind(off)
    if kind is None:
        shown = cut(said or off or name, 20)
        found.wrong(line, _("{day} 的“{said}”看不出是休还是班。").format(day=day.isoformat(), said=shown))
        return
    found.add(line, day, kind, _called(name or said), year)


def _day(written: str) -> date | None:
    match = _DATE.fullmatch(written)
    if match is None:
        return None
    try:
        return date(*(int(part) for part in match.groups() if part))
    except ValueError:
        return None


# CSV


def _read_csv(text: str, found: _Found) -> None:
    first = next((line for line in text.splitlines() if line.strip()), "")
    between = max(",;\t，；", key=first.count)
    narrow = {"，": ",", "；": ";"}.get(between, between)
    lines = csv.reader(io.StringIO(text.replace(between, narrow)), delimiter=narrow)
    header: list[str] | None = None
    try:
        for cells in lines:
            if not any(cell.strip() for cell in cells):
                continue
            if header is None:
                header = cells
                if not _tells_days(header):
                    raise NotACalendar(_("放假安排的第一行要写列名：日期,类型,名称。类型写“休”或“班”。"))
                continue
            _read_row(dict(zip(header, [*cells, *[""] * len(header)], strict=False)), lines.line_num, found)
    except csv.Error:
        found.wrong(lines.line_num, _("这一行的引号没有配成对。"))


# JSON and YAML


def _read_json(text: str, found: _Found) -> None:
    _read_tree(_json(text), text, found)


def _read_yaml(text: str, found: _Found) -> None:
    _read_tree(_yaml(text), text, found)


def _read_tree(tree: Any, text: str, found: _Found) -> None:
    """The phrasebook's `years`; {"year", "days": […]}; {"holiday": {"01-01": {…}}}; or a plain list of days."""
    lines = _Lines(text)
    if isinstance(tree, list):
        _read_list(tree, lines, found)
        return
    if not isinstance(tree, dict):
        raise NotACalendar(_("文件里没有找到放假安排，请检查是不是选错了文件。"))
    year = int(tree["year"]) if str(tree.get("year", "")).isdecimal() else None
    if isinstance(years := tree.get("years"), dict):
        for key, table in years.items():
            _read_year(str(key), table, lines, found)
        if tree.keys() & {"hours", "seasons", "teams"}:
            found.warnings.append(_("只导入放假安排；文件里的工作时间没有导入。"))
    elif isinstance(holiday := tree.get("holiday"), dict):
        for key, row in holiday.items():
            if not isinstance(row, dict):
                raise NotACalendar(_("文件里没有找到放假安排，请检查是不是选错了文件。"))
            written = str(row.get("date") or f"{year}-{key}")
            _read_row(
                {"name": row.get("name"), "holiday": row.get("holiday"), "date": written},
                lines.of(written, key),
                found,
                year,
            )
    else:
        named = (
            tree[name] for name in ("days", "dates", "holidays", "data", "list") if isinstance(tree.get(name), list)
        )
        _read_list(next(named, []), lines, found, year)


def _read_year(key: str, table: Any, lines: "_Lines", found: _Found) -> None:
    if not key.isdecimal() or not isinstance(table, dict):
        raise NotACalendar(_("文件里没有找到放假安排，请检查是不是选错了文件。"))
    kinds: tuple[tuple[Kind, str], ...] = (("rest", "holidays"), ("work", "workdays"))
    for kind, word in kinds:
        named = table.get(word) or {}
        for name, dates in named.items() if isinstance(named, dict) else ():
            for written in dates if isinstance(dates, list) else [dates]:
                line, day = lines.of(str(written)), _day(str(written))
                if day is None:
                    told = _("“{written}”不是日期，写法例如 2027-10-01。")
                    found.wrong(line, told.format(written=cut(str(written), 20)))
                else:
                    found.add(line, day, kind, cut(clean(str(name)), NAME_MOST), int(key))


def _read_list(rows: Sequence[Any], lines: "_Lines", found: _Found, year: int | None = None) -> None:
    if not rows or not all(isinstance(row, dict) and _tells_days(list(row)) for row in rows):
        raise NotACalendar(_("文件里没有找到放假安排，请检查是不是选错了文件。"))
    for row in rows:
        _read_row(row, lines.of(str(row[_columns(list(row))["date"]])), found, year)


class _Lines:
    """On which line something stands: where it is found next, since what is read comes in the file's order."""

    def __init__(self, text: str) -> None:
        self._text, self._place = text, 0

    def of(self, *ways: str) -> int:
        for written in ways:
            place = self._text.find(written, self._place)
            if place < 0:
                place = self._text.find(written)
            if place >= 0:
                self._place = place + len(written)
                return self._text.count("\n", 0, place) + 1
        return self._text.count("\n", 0, self._place) + 1


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as problem:
        raise NotACalendar(_("第 {line} 行：不是合法的 JSON。").format(line=problem.lineno)) from None
    except RecursionError:
        raise NotACalendar(_("文件里没有找到放假安排，请检查是不是选错了文件。")) from None


def _yaml(text: str) -> Any:
    try:
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            if isinstance(event, yaml.AliasEvent):  # a few of them can stand for billions of lines
                raise NotACalendar(_("文件里用了 * 引用，读不了。请把日期写全再试。"))
        return yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - of all loaders the one that makes only text
    except yaml.YAMLError as problem:
        mark = getattr(problem, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        raise NotACalendar(_("第 {line} 行：不是合法的 YAML。").format(line=line)) from None
    except RecursionError:
        raise NotACalendar(_("文件里没有找到放假安排，请检查是不是选错了文件。")) from None


# ICS


_SPECIAL: Mapping[str, Kind] = {
    "休": "rest", "放假": "rest", "休息": "rest", "班": "work", "补班": "work", "上班": "work",
    "WORK-HOLIDAY": "rest", "ALTERNATE-WORKDAY": "work",  # as Apple's calendar of holidays has it
}  # fmt: skip
DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class _Event:
    line: int
    first: date
    last: date
    kind: Kind | None
    said: str


def _read_ics(text: str, found: _Found) -> None:
    """Where some events say 休 or 班, the others (情人节, 立春) are no days off; where none does, known holidays are."""
    events = list(_events(text, found))
    marked = any(event.kind for event in events)
    skipped = []
    for event in events:
        kind = event.kind or (None if marked or not _known(event.said) else "rest")
        if kind:
            for offset in range((event.last - event.first).days + 1):
                found.add(event.line, event.first + offset * DAY, kind, _called(event.said))
        elif marked:
            skipped.append(event.said)
        else:
            found.wrong(event.line, _("“{said}”看不出是休还是班。").format(said=event.said))
    if skipped:
        told = _("没写休或班的 {n} 个事件没有采用：{some}。")
        found.warnings.append(told.format(n=len(skipped), some="、".join(list(dict.fromkeys(skipped))[:5])))


def _events(text: str, found: _Found) -> Iterator[_Event]:
    from icalendar import Calendar

    try:
        calendars = Calendar.from_ical(text, multiple=True)
    except (ValueError, IndexError, KeyError, TypeError, AttributeError):
        raise Unreadable(_("这个 .ics 文件读不了，请重新导出一份。")) from None
    starts = [number for number, line in enumerate(text.splitlines(), 1) if line.strip().upper() == "BEGIN:VEVENT"]
    events = [event for calendar in calendars for event in calendar.walk("VEVENT")]
    for line, event in zip(starts, events, strict=False):
        said = cut(clean(str(event.get("SUMMARY", ""))), 30)
        days = _days_of(event)
        if days is None:
            found.wrong(line, _("“{said}”的日期读不了，要写成全天的事件。").format(said=said))
            continue
        marks = [str(one) for one in getattr(event.get("CATEGORIES"), "cats", ())]
        marks.append(str(event.get("X-APPLE-SPECIAL-DAY", "")))
        kind = next((_SPECIAL[mark.upper()] for mark in marks if mark.upper() in _SPECIAL), None) or _kind(said)
        yield _Event(line=line, first=days[0], last=days[1], kind=kind, said=said)


def _days_of(event: Any) -> tuple[date, date] | None:
    """First and last day of an event of whole days; its end is the day after. None when it is not one."""
    if "RRULE" in event or {name for name, _what in event.errors} & {"DTSTART", "DTEND", "DURATION"}:
        return None
    start, end, length = (getattr(event.get(name), "dt", None) for name in ("DTSTART", "DTEND", "DURATION"))
    if isinstance(start, date) and isinstance(length, timedelta) and length <= LONGEST:
        end = start + length
    first, after = _midnight(start), _midnight(end)
    if first is None or (after is None and ("DTEND" in event or "DURATION" in event)):
        return None
    last = max(first, after - DAY) if after else first
    return (first, last) if last - first <= LONGEST else None


def _midnight(at: object) -> date | None:
    """The day, when nothing of it is over."""
    if not isinstance(at, date) or at.year not in YEARS:
        return None
    if isinstance(at, datetime):
        return at.date() if at.time() == time() else None
    return at


def _decoded(data: bytes) -> str:
    """As Excel saves it in China, too."""
    for encoding in ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable(_("认不出文件的编码，请另存为 UTF-8 再发。"))


_READERS: Mapping[str, Callable[[str, _Found], None]] = {
    "ics": _read_ics, "json": _read_json, "yaml": _read_yaml, "yml": _read_yaml, "csv": _read_csv, "tsv": _read_csv,
    "txt": _read_csv,
}  # fmt: skip
