"""The calendar keyboard: a month, the times of a day, any hour of it."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import Unreadable
from bot.promises.picker import INERT, STEPS, Verbs, month_rows, page
from bot.promises.workdays import Calendar, SpecialDay
from bot.shared.message import Button, Message

SHANGHAI = ZoneInfo("Asia/Shanghai")
OCTOBER = {date(2026, 10, day): SpecialDay("rest", "国庆节") for day in range(1, 8)}
MADE_UP = {date(2026, 10, 10): SpecialDay("work", "国庆节")}
CALENDAR = Calendar(zone=SHANGHAI, days=OCTOBER | MADE_UP, years=frozenset({2026}))
NOW = datetime(2026, 6, 11, 10, 0, tzinfo=SHANGHAI)  # a Thursday
C = Verbs(room="c", args=(5,))
ZONES = [ZoneInfo(name) for name in ("Asia/Shanghai", "Europe/London", "America/New_York", "Australia/Lord_Howe")]


def turned(step: str, number: int = 0, *, now: datetime = NOW, calendar: Calendar = CALENDAR) -> Message:
    return page(f"c.{step}", number, verbs=C, now=now, calendar=calendar)


def labels(message: Message) -> list[list[str]]:
    return [[button.text.strip("–") for button in row] for row in message.buttons]


def buttons(message: Message) -> Iterator[Button]:
    return (button for row in message.buttons for button in row)


def data(message: Message, label: str) -> str | None:
    return next(button.data for button in buttons(message) if button.text == label)


def test_a_month_begins_today_and_marks_days_of_rest() -> None:
    month = turned("cal")
    assert labels(month) == [
        ["", "2026年6月", "›"],
        ["一", "二", "三", "四", "五", "六", "日"],
        ["", "", "", "11", "12", "13˙", "14˙"],
        ["15", "16", "17", "18", "19", "20˙", "21˙"],
        ["22", "23", "24", "25", "26", "27˙", "28˙"],
        ["29", "30", "", "", "", "", ""],
        ["上一步"],
    ]
    assert month.text == "选哪一天？\n˙ 休息日"
    assert data(month, "15") == "c.day:5:20260615"
    assert data(month, "›") == "c.cal:5:202607"
    assert data(month, "上一步") == "c.keep:5"


def test_holidays_and_days_that_make_up_for_them_are_marked_and_explained() -> None:
    month = turned("cal", 202610)
    assert labels(month)[2:5] == [
        ["", "", "", "1休", "2休", "3休", "4休"],
        ["5休", "6休", "7休", "8", "9", "10班", "11˙"],
        ["12", "13", "14", "15", "16", "17˙", "18˙"],
    ]
    assert month.text == "选哪一天？\n˙ 休息日 · 休 放假 · 班 调休上班"


def test_a_month_of_a_year_without_a_table_says_so() -> None:
    assert "2027年放假安排未录入，按周末推算" in turned("cal", 202701).text
    assert "未录入" not in turned("cal", 202612).text


def test_months_turn_from_this_one_to_the_same_of_next_year() -> None:
    months, month = [], turned("cal")
    while (forward := data_of_turn(month, "›")) is not None:
        months.append(labels(month)[0][1])
        month = turned("cal", int(forward.split(":")[2]))
    assert (months[0], len(months), labels(month)[0]) == ("2026年6月", 12, ["‹", "2027年6月", ""])
    assert data_of_turn(month, "‹") == "c.cal:5:202705"


def data_of_turn(month: Message, sign: str) -> str | None:
    return next((button.data for button in month.buttons[0] if button.text == sign), None)


@pytest.mark.parametrize("number", [0, 1, -5, 202605, 190001, 202613, 999912, 10**17])
def test_a_month_that_is_not_offered_is_this_one(number: int) -> None:
    assert labels(turned("cal", number))[0][1] == "2026年6月"


def test_a_month_of_somebody_elses_may_show_past_days_too() -> None:
    rows = month_rows(
        date(2026, 6, 1), verbs=Verbs(room="r", args=(7, 1)), calendar=CALENDAR, since=date(2026, 1, 1),
        until=date(2026, 12, 31),
    )  # fmt: skip
    assert [button.text for button in rows[2]] == ["1", "2", "3", "4", "5", "6˙", "7˙"]
    assert (rows[0][0].data, rows[2][0].data) == ("r.cal:7:1:202605", "r.day:7:1:20260601")


def test_a_day_offers_its_working_time_in_half_hours() -> None:
    day = turned("day", 20260615)
    assert labels(day) == [
        ["09:00", "09:30", "10:00", "10:30"],
        ["11:00", "11:30", "12:00", "13:30"],
        ["14:00", "14:30", "15:00", "15:30"],
        ["16:00", "16:30", "17:00", "17:30"],
        ["下班 18:00", "其他钟点", "上一步"],
    ]
    assert day.text == "6月15日（周一）几点？"
    nine = datetime(2026, 6, 15, 9, tzinfo=SHANGHAI)
    assert data(day, "09:00") == f"c.at:5:{int(nine.timestamp()) // 60}"
    assert (data(day, "其他钟点"), data(day, "上一步")) == ("c.hrs:5:20260615", "c.cal:5:202606")


def test_today_offers_what_is_still_to_come() -> None:
    assert labels(turned("day", 20260611, now=NOW.replace(hour=16, minute=30))) == [
        ["17:00", "17:30"],
        ["下班 18:00", "其他钟点", "上一步"],
    ]


def test_after_work_the_hours_that_are_left_are_offered_at_once() -> None:
    evening = turned("day", 20260611, now=NOW.replace(hour=21, minute=50))
    assert labels(evening) == [["22点", "23点"], ["上一步"]]
    assert data(evening, "上一步") == "c.cal:5:202606"


def test_a_day_of_rest_is_offered_and_flagged() -> None:
    day = turned("day", 20261003)
    assert day.text == "10月3日（周六）是国庆节假期\n几点？"
    assert data(day, "下班 18:00")


def test_a_team_open_round_the_clock_gets_whole_hours() -> None:
    always = Calendar(zone=SHANGHAI, hours=dict.fromkeys(range(7), ((time(0), time(0)),)), years=frozenset({2026}))
    day = turned("day", 20260615, calendar=always)
    assert (labels(day)[0], labels(day)[-2:]) == (
        ["01:00", "02:00", "03:00", "04:00"],
        [["21:00", "22:00", "23:00"], ["下班 24:00", "其他钟点", "上一步"]],
    )


def test_any_hour_then_its_quarters() -> None:
    hours = turned("hrs", 20260615)
    assert labels(hours) == [
        [f"{hour}点" for hour in range(6 * row, 6 * row + 6)] for row in range(4)
    ] + [["上一步"]]  # fmt: skip
    assert data(hours, "9点") == "c.min:5:2026061509"
    quarters = turned("min", 2026061520)
    assert labels(quarters) == [["20:00", "20:15", "20:30", "20:45"], ["上一步"]]
    assert data(quarters, "上一步") == "c.hrs:5:20260615"


def test_midnight_is_the_end_of_a_day_never_its_beginning() -> None:
    assert labels(turned("min", 2026061500))[0] == ["00:15", "00:30", "00:45"]
    last = turned("min", 2026061523)
    assert labels(last)[0] == ["23:00", "23:15", "23:30", "23:45", "24:00"]
    midnight = datetime(2026, 6, 16, tzinfo=SHANGHAI)
    assert data(last, "24:00") == f"c.at:5:{int(midnight.timestamp()) // 60}"


@pytest.mark.parametrize(
    ("step", "number", "said"),
    [
        ("day", 20260610, "6月10日（周三）不能选，请另选一天。"),
        ("day", 20270701, "7月1日（周四）不能选，请另选一天。"),
        ("hrs", 20260610, "6月10日（周三）不能选，请另选一天。"),
        ("min", 2026061109, "这个时间已经过了，请另选一个。"),
        ("min", 2026061599, "这个时间已经过了，请另选一个。"),
        ("day", 20260231, "这个按钮已经不能用了，请另选一个时间。"),
        ("day", 0, "这个按钮已经不能用了，请另选一个时间。"),
    ],
)
def test_a_day_or_hour_that_is_over_or_never_was_is_refused(step: str, number: int, said: str) -> None:
    with pytest.raises(Unreadable, match=said):
        turned(step, number)


NOWS = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


@given(now=NOWS, zone=st.sampled_from(ZONES), step=st.sampled_from(STEPS), number=st.integers(-(10**18), 10**18))
def test_any_number_turns_to_a_page_or_is_refused(now: datetime, zone: ZoneInfo, step: str, number: int) -> None:
    try:
        assert turned(step, number, now=now, calendar=Calendar(zone=zone)).buttons
    except Unreadable as problem:
        assert problem.sentence


@given(now=NOWS, zone=st.sampled_from(ZONES), far=st.integers(0, 365), hour=st.integers(0, 23), data=st.data())
def test_a_time_is_what_its_button_says_and_to_come(
    now: datetime, zone: ZoneInfo, far: int, hour: int, data: st.DataObject
) -> None:
    calendar = Calendar(zone=zone)
    day = now.astimezone(zone).date() + timedelta(days=far)
    step = data.draw(st.sampled_from(("day", "min")))
    try:
        shown = turned(step, int(f"{day:%Y%m%d}") * (100 if step == "min" else 1) + hour * (step == "min"),
                       now=now, calendar=calendar)  # fmt: skip
    except Unreadable:
        assert far == 0 or zone.key != "Asia/Shanghai"
        return
    for button in buttons(shown):
        verb, *rest = (button.data or "").split(":")
        if verb == "c.at":
            at = datetime.fromtimestamp(int(rest[1]) * 60, tz=zone)
            clock = button.text.removeprefix("下班 ")
            assert at.astimezone(UTC) > now
            assert (clock, at.date()) in {(f"{at:%H:%M}", day), ("24:00", day + timedelta(days=1))}
            assert clock != "24:00" or at.time() == time()


@given(now=NOWS, months=st.integers(0, 12))
def test_every_day_from_today_stands_once_in_its_month(now: datetime, months: int) -> None:
    today = now.astimezone(SHANGHAI).date()
    number = (today.year * 12 + today.month - 1 + months) // 12 * 100 + (today.month - 1 + months) % 12 + 1
    shown = turned("cal", number, now=now)
    days = [int((button.data or "").split(":")[2]) for button in buttons(shown) if (button.data or "")[:5] == "c.day"]
    first = max(today, date(number // 100, number % 100, 1))
    expected = []
    while first.month == number % 100:
        expected.append(int(f"{first:%Y%m%d}"))
        first += timedelta(days=1)
    assert days == expected
    for row in shown.buttons[1:-1]:
        assert len(row) == 7
    assert all(button.data and button.text for button in buttons(shown))
    assert {button.data for button in shown.buttons[1]} == {INERT}
