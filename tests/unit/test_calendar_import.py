"""A year's holidays out of the files people have: what is read, what is refused, and by which line."""

import json
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as some

from bot.errors import Unreadable
from bot.promises.calendar_file import read_calendar_file
from bot.promises.calendar_import import MOST_BYTES, Imported, NotACalendar, read_import
from bot.promises.workdays import SpecialDay

BOOK = Path(__file__).parents[2] / "phrasebook" / "calendar.yaml"
DATA = yaml.safe_load(BOOK.read_text(encoding="utf-8"))
YEARS = read_calendar_file(DATA).everybody.years
DAY = timedelta(days=1)
Days = Mapping[date, SpecialDay]


# The same year in every shape


def holiday_cn(year: int, days: Days) -> bytes:
    rows = [{"name": one.name, "date": day.isoformat(), "isOffDay": one.kind == "rest"} for day, one in days.items()]
    return json.dumps({"$schema": "…", "year": year, "papers": [], "days": rows}, ensure_ascii=False).encode()


def timor(year: int, days: Days) -> bytes:
    rows = {
        f"{day:%m-%d}": {
            "holiday": one.kind == "rest", "name": one.name if one.kind == "rest" else f"{one.name}后补班",
            "date": day.isoformat(), "wage": 2,
        }
        for day, one in days.items()
    }  # fmt: skip
    return json.dumps({"code": 0, "holiday": rows}, indent=2).encode()


def holiday_calendar(year: int, days: Days) -> bytes:
    kinds = {"rest": "public_holiday", "work": "transfer_workday"}
    rows = [{"date": str(day), "name": "…", "name_cn": one.name, "type": kinds[one.kind]} for day, one in days.items()]
    return json.dumps({"year": year, "region": "CN", "dates": rows}).encode()


def plain_list(year: int, days: Days) -> bytes:
    return json.dumps([{"日期": f"{day:%Y/%m/%d}", "类型": "休" if one.kind == "rest" else "班", "名称": one.name}
                       for day, one in days.items()]).encode()  # fmt: skip


def our_json(year: int, days: Days) -> bytes:
    return json.dumps({"years": {str(year): DATA["years"][str(year)]}}, ensure_ascii=False).encode()


def our_yaml(year: int, days: Days) -> bytes:
    return yaml.safe_dump({"years": {year: DATA["years"][str(year)]}}, allow_unicode=True).encode()


def csv(
    between: str = ",", encoding: str = "utf-8-sig", header: str = "日期,类型,名称"
) -> Callable[[int, Days], bytes]:
    def write(year: int, days: Days) -> bytes:
        rows = [
            f"{day.year}/{day.month}/{day.day},{'休' if one.kind == 'rest' else '班'},{one.name}"
            for day, one in days.items()
        ]
        return "\r\n".join([header, *rows]).replace(",", between).encode(encoding)

    return write


def calendar(*events: str) -> bytes:
    return "\r\n".join(
        ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//甲//乙//ZH", *events, "END:VCALENDAR", ""]
    ).encode()


def event(first: date | str, after: date | str | None, said: str, *more: str) -> str:
    """`after` is the day after the last, as .ics has it."""
    start, end = (str(day).replace("-", "") for day in (first, after))
    lines = [f"DTSTART;VALUE=DATE:{start}", f"SUMMARY:{said}", *more]
    if after:
        lines.append(f"DTEND;VALUE=DATE:{end}")
    return "\r\n".join(["BEGIN:VEVENT", "UID:1", *lines, "END:VEVENT"])


def ics(rest: str, work: str) -> Callable[[int, Days], bytes]:
    def write(year: int, days: Days) -> bytes:
        return calendar(
            *(event(day, day + DAY, f"{one.name}{rest if one.kind == 'rest' else work}") for day, one in days.items())
        )

    return write


def apple(year: int, days: Days) -> bytes:
    """Other feasts stand in it too, and the holidays a second time without a mark."""
    mark = {"rest": "WORK-HOLIDAY", "work": "ALTERNATE-WORKDAY"}
    events = [event(day, None, one.name, f"X-APPLE-SPECIAL-DAY:{mark[one.kind]}") for day, one in days.items()]
    return calendar(event(f"{year}-02-14", None, "情人节"), event(f"{year}-10-01", None, "国庆节"), *events)


SHAPES = {
    "holiday-cn.json": holiday_cn, "timor.json": timor, "holiday-calendar.json": holiday_calendar,
    "list.json": plain_list, "years.json": our_json, "calendar.yaml": our_yaml, "excel.csv": csv(),
    "excel-gb.csv": csv(encoding="gb18030"), "unicode.txt": csv("\t", "utf-16"), "semicolons.csv": csv(";"),
    "ime.csv": csv("，"), "english.csv": csv(header="date,type,name"), "休.ics": ics("（休）", "（班）"),
    "补班.ics": ics(" 放假", " 补班"), "调休上班.ics": ics("休", "调休上班"), "apple.ics": apple,
}  # fmt: skip


@pytest.mark.parametrize("year", sorted(YEARS))
@pytest.mark.parametrize("name", SHAPES)
def test_a_year_is_read_from_every_shape(name: str, year: int) -> None:
    imported = read_import(name, SHAPES[name](year, YEARS[year]))
    assert imported.problems == ()
    assert imported.years == {year: YEARS[year]}


def test_the_phrasebooks_own_file_gives_its_years_alone() -> None:
    imported = read_import("calendar.yaml", BOOK.read_bytes())
    assert imported.years == YEARS
    assert imported.warnings == ("只导入放假安排；文件里的工作时间没有导入。",)


def test_days_of_december_belong_to_the_arrangement_they_open() -> None:
    """元旦 2024 began on 30 December 2023."""
    early = {date(2023, 12, 30): SpecialDay("rest", "元旦"), date(2023, 12, 31): SpecialDay("rest", "元旦")}
    for name in ("holiday-cn.json", "excel.csv"):
        imported = read_import(name, SHAPES[name](2024, early | dict(YEARS[2024])))
        assert imported.years == {2024: early | dict(YEARS[2024])}


# Names and events


@pytest.mark.parametrize(
    ("said", "kind", "name"),
    [
        ("元旦 休", "rest", "元旦"),
        ("春节（休）", "rest", "春节"),
        ("除夕（休）", "rest", "春节"),
        ("初三 放假", "rest", "春节"),
        ("国庆节 补班", "work", "国庆节"),
        ("春节调休上班", "work", "春节"),
        ("[放假]中秋节", "rest", "中秋节"),
        ("国庆节、中秋节 假期", "rest", "中秋节、国庆节"),
        ("National Day Holiday", "rest", "国庆节"),
        ("Spring Festival (Working Day)", "work", "春节"),
        ("公司年会放假", "rest", "公司年会"),
    ],
)
def test_events_say_rest_or_work_and_what_for(said: str, kind: str, name: str) -> None:
    saturday = date(2026, 11, 14)
    others = [event(day, day + DAY, f"{one.name}休") for day, one in YEARS[2026].items() if one.kind == "rest"]
    days = read_import("a.ics", calendar(*others, event(saturday, saturday + DAY, said))).days
    assert (days[saturday].kind, days[saturday].name) == (kind, name)


def test_events_of_several_days_end_before_their_end() -> None:
    events = [
        event("2027-01-01", "2027-01-04", "元旦"),
        event("2027-02-05", "2027-02-14", "春节"),
        "\r\n".join(
            ["BEGIN:VEVENT", "DTSTART:20271001T000000", "DTEND:20271008T000000", "SUMMARY:国庆节", "END:VEVENT"]
        ),
    ]
    imported = read_import("2027.ics", calendar(*events))
    assert imported.problems == ()
    assert imported.warnings == ("2027年没有一天调休上班，请核对。",)
    assert len(imported.days) == 3 + 9 + 7
    assert date(2027, 10, 8) not in imported.days


def test_where_nothing_is_marked_only_known_holidays_are_days_off() -> None:
    imported = read_import(
        "2027.ics", calendar(event("2027-10-01", "2027-10-08", "国庆节"), event("2027-11-01", None, "立冬"))
    )
    assert imported.years == {}
    assert imported.problems == ("第 10 行：“立冬”看不出是休还是班。",)


def test_two_feasts_on_one_day_are_one_day_off() -> None:
    """2025: 中秋节 within 国庆节."""
    twice = calendar(
        *(
            event(day, day + DAY, f"{one.name}（{'休' if one.kind == 'rest' else '班'}）")
            for day, one in YEARS[2025].items()
        ),
        event("2025-10-01", "2025-10-09", "国庆节（休）"),
    )
    imported = read_import("2025.ics", twice)
    assert imported.problems == ()
    assert imported.days.keys() == YEARS[2025].keys()


# What is refused


def tables(*rows: str) -> Imported:
    """A whole year before these rows: the header is line 1, the year lines 2 to 40."""
    year = csv()(2026, YEARS[2026]).decode("utf-8-sig").splitlines()
    assert len(year) == 40
    return read_import("2026.csv", "\n".join([*year, *rows]).encode())


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("2026-02-30,休,春节", "第 41 行：“2026-02-30”不是日期，写法例如 2027-10-01。"),
        ("十月一日,休,国庆节", "第 41 行：“十月一日”不是日期，写法例如 2027-10-01。"),
        ("1926-10-01,休,国庆节", "第 41 行：1926-10-01 不在这一年的范围里。"),
        ("2026-10-08,班,国庆节", "第 41 行：2026-10-08 是周四，本来就上班，不会是调休。请核对日期。"),
        ("2026-10-01,班,国庆节", "第 41 行：2026-10-01 既写了休息又写了上班（另见第 28 行）。"),
        ("2026-11-14,玩,团建", "第 41 行：2026-11-14 的“玩”看不出是休还是班。"),
        ("2026-11-14", "第 41 行：2026-11-14 的“”看不出是休还是班。"),
    ],
)
def test_a_wrong_line_is_told_and_nothing_of_the_file_is_taken(row: str, told: str) -> None:
    imported = tables(row)
    assert imported.problems == (told,)
    assert imported.years == {}


def test_a_day_twice_counts_once_and_is_told() -> None:
    imported = tables("2026-10-01,休,国庆节")
    assert imported.years == {2026: YEARS[2026]}
    assert imported.warnings == ("第 41 行：2026-10-01 重复（另见第 28 行），按一次算。",)


def test_ordinary_days_in_a_full_table_are_no_news() -> None:
    assert tables("2026-11-11,工作日,", "2026-11-14,周末,").years == {2026: YEARS[2026]}


def test_many_problems_are_cut_short() -> None:
    told = tables(*["2026-02-30,休,春节"] * 30).problems
    assert len(told) == 21
    assert told[-1] == "还有 10 处。"


@pytest.mark.parametrize(
    ("leave_out", "told"),
    [
        (lambda one: one.kind == "rest" and one.name not in ("春节", "元旦"), "2026年没有国庆节"),
        (lambda one: one.name == "春节", "2026年没有春节"),
        (lambda one: one.name != "国庆节", "2026年只有 7 天放假"),
    ],
)
def test_part_of_a_year_is_no_arrangement(leave_out: Callable[[SpecialDay], bool], told: str) -> None:
    """With a table every day of that year would count as known: some of the days would be wrong with certainty."""
    days = {day: one for day, one in YEARS[2026].items() if not leave_out(one)}
    imported = read_import("2026.json", holiday_cn(2026, days))
    assert imported.problems == (f"{told}，不像全年的放假安排。个别日子请单独设置。",)


def test_a_piece_of_the_next_year_beside_a_whole_one_is_left_out() -> None:
    imported = tables("2027-01-01,休,元旦")
    assert imported.years == {2026: YEARS[2026]}
    assert imported.warnings == ("2027年没有录入：只有 1 天放假。",)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("话术.json", b'[{"short_code": "hi", "content": "hello"}]'),
        ("话术.csv", "情境,话术\n道歉,抱歉".encode()),
        ("话术.yaml", b"- id: x\n  texts: [a]"),
        ("espanso.yml", b"matches: []"),
        ("a.json", b"{"),
        ("a.json", b"[" * 100_000),
        ("a.json", b"12"),
        ("a.json", b'{"holiday": {"01-01": true}}'),
        ("a.yaml", b"a: ["),
        ("a.yaml", b"a: &a [x]\nb: *a"),
        ("a.csv", b""),
        ("a.csv", "日期,类型\n".encode()),
        ("2027.xlsx", b"PK\x03\x04"),
    ],
)
def test_other_files_are_left_to_others(name: str, data: bytes) -> None:
    with pytest.raises(NotACalendar):
        read_import(name, data)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.ics", b"hello"),
        ("a.ics", b"BEGIN:VCALENDAR\r\nnonsense"),
        ("a.csv", b"x" * (MOST_BYTES + 1)),
        ("a.csv", b"\x81"),
    ],
)
def test_what_cannot_be_used_at_all_says_so(name: str, data: bytes) -> None:
    with pytest.raises(Unreadable) as refused:
        read_import(name, data)
    assert not isinstance(refused.value, NotACalendar)


@pytest.mark.parametrize(
    "lines",
    [
        ["DTSTART:20269901"],
        ["DTSTART:20261001T090000", "DTEND:20261001T180000"],
        ["DTSTART;VALUE=DATE:20261001", "DTEND;VALUE=DATE:20271001"],
        ["DTSTART;VALUE=DATE:20261001", "RRULE:FREQ=YEARLY"],
        [],
    ],
)
def test_events_that_are_no_whole_days_are_told(lines: list[str]) -> None:
    broken = "\r\n".join(["BEGIN:VEVENT", *lines, "SUMMARY:国庆节休", "END:VEVENT"])
    imported = read_import("a.ics", calendar(broken))
    assert imported.problems == ("第 4 行：“国庆节休”的日期读不了，要写成全天的事件。",)


WHOLE = [(name, write(2026, YEARS[2026])) for name, write in SHAPES.items()]


@settings(deadline=None)
@given(some.sampled_from(WHOLE), some.data())
def test_a_damaged_file_is_read_or_refused_never_worse(shape: tuple[str, bytes], data: some.DataObject) -> None:
    name, whole = shape
    place = data.draw(some.integers(0, len(whole)))
    damaged = whole[:place] + data.draw(some.binary(max_size=8)) + whole[place + data.draw(some.integers(0, 40)) :]
    try:
        imported = read_import(name, damaged)
    except Unreadable as refused:
        assert refused.sentence
    else:
        assert imported.problems or imported.years
