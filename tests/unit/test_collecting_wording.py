"""What may stay in a wording for all, which queries are gaps, when a week is reported."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.collecting.views import with_blanks
from bot.collecting.wording import (
    AskedBefore,
    gaps,
    masked,
    next_report,
    root_of,
    tidied,
    unknown_slot,
    unused,
    valid_until,
)
from bot.promises.workdays import Calendar, SpecialDay

ZONE = ZoneInfo("Asia/Shanghai")
NAMED = ("张先生", "王女士", "欧阳女士", "陈总")


@pytest.mark.parametrize(
    "said, kept",
    [
        ("张先生，让您久等了", "{称呼}，让您久等了"),
        ("尊敬的王女士：您反映的问题已处理", "尊敬的{称呼}：您反映的问题已处理"),
        ("李先生和张女士都请放心", "{称呼}和{称呼}都请放心"),
        ("请留意13800138000来电", "请留意{phone}来电"),
        ("请留意１３８００１３８０００来电", "请留意{phone}来电"),
        ("已记下021-55667788", "已记下{phone}"),
        ("有事请拨400-820-8820", "有事请拨400-820-8820"),  # a hotline is nobody's own
        ("您3栋1202室的漏水", "您{room}的漏水"),
        ("请到1号楼大堂办理", "请到1号楼大堂办理"),
        ("因为【原因】，【答复时间】前回复您", "因为{reason}，{due}前回复您"),
        ("因為【問題】", "因為{issue}"),
        ("請於【答复時間】前", "請於{due}前"),
        ("因为{原因}，{ due }前", "因为{reason}，{due}前"),
        ("单号【运单号】", "单号【运单号】"),
        ("【温馨提示】【阳光物业】祝您愉快", "【温馨提示】【阳光物业】祝您愉快"),
        ("【时间:上午】", "【时间:上午】"),
        ("【{原因}】", "【{reason}】"),
        ("我先帮您核实", "我先帮您核实"),
    ],
)
def test_a_customers_data_becomes_a_slot(said: str, kept: str) -> None:
    assert tidied(said).text == kept


@pytest.mark.parametrize(
    "text, unknown",
    [("因为{reason}，{due}前", None), ("{优惠内容}起", "优惠内容"), ("{due}，{x}和{y}", "x"), ("【优惠内容】{}", None)],
)
def test_a_slot_nobody_could_fill_is_found(text: str, unknown: str | None) -> None:
    assert unknown_slot(text) == unknown


def test_what_was_replaced_is_told_once() -> None:
    assert tidied("张先生，13800138000，张先生").replaced == (("13800138000", "phone"), ("张先生", "称呼"))


@given(
    st.lists(
        st.sampled_from([*NAMED, "13800138000", "3栋1202室", "您好，", "请放心。", " ", "【原因】", "{due}"]),
        max_size=12,
    )
)
def test_tidying_leaves_no_name_or_phone_and_nothing_to_tidy(pieces: list[str]) -> None:
    text = tidied("，".join(pieces)).text
    assert not any(name in text for name in (*NAMED, "13800138000", "1202"))
    assert tidied(text).text == text
    assert tidied(with_blanks(text)).text == text  # as people read it, typed back


@given(st.text(max_size=60))
def test_any_text_can_be_tidied_and_masked(text: str) -> None:
    assert tidied(tidied(text).text).text == tidied(text).text
    assert len(masked(text)) <= 40


@pytest.mark.parametrize(
    "query, read",
    [
        ("张先生13800138000催了三次", "客户（电话）催了三次"),
        ("身份证110101199003071234办卡", "身份证（号码）办卡"),
        ("身份证11010119900307123X办卡", "身份证（号码）办卡"),
        ("卡号6222 0212 3456 7890 123退款", "卡号（号码）退款"),
        ("卡号6222-0212-3456-7890退款", "卡号（号码）退款"),
        ("订单２０２６０６１１００１没到", "订单（号码）没到"),
        ("发到zhang.wei@qq.com了吗", "发到（邮箱）了吗"),
        ("京A12345占了车位", "（车牌）占了车位"),
        ("粵B·D12345占了車位", "（车牌）占了車位"),
        ("12315投诉，退100-200元，2026-06-11到期", "12315投诉，退100-200元，2026-06-11到期"),
    ],
)
def test_a_query_is_masked_for_others(query: str, read: str) -> None:
    assert masked(query) == read


def searched(*rows: tuple[str, int, str]) -> list[AskedBefore]:
    return [
        AskedBefore(id=number, query=query, found=found, hits=(), judged=judged)
        for number, (query, found, judged) in enumerate(rows, 1)
    ]


@pytest.mark.parametrize(
    "rows, expected",
    [
        ([("换梯", 0, "")], [("换梯", 1)]),
        ([("催单", 3, "")], []),
        ([("催单", 3, "down")], [("催单", 1)]),
        ([("催单", 3, "down"), ("催单", 3, "up")], []),
        ([("换梯", 0, ""), ("换梯", 2, "")], []),  # somebody has written it meanwhile
        ([("月卡", 0, ""), ("换梯", 0, ""), ("換梯", 0, "")], [("換梯", 2), ("月卡", 1)]),
    ],
)
def test_gaps_are_what_nobody_found_or_liked(rows: list[tuple[str, int, str]], expected: list[tuple[str, int]]) -> None:
    assert [(gap.query, gap.times) for gap in gaps(searched(*rows))] == expected


def test_a_report_names_eight_gaps_at_most() -> None:
    assert len(gaps(searched(*((f"问题{number}", 0, "") for number in range(20))))) == 8


def test_unused_is_shown_three_times_and_never_chosen() -> None:
    shown = [("a", "b", "c"), ("a", "b", "c"), ("b", "a")]
    rows = [AskedBefore(id=number, query="问", found=1, hits=hits, judged="") for number, hits in enumerate(shown)]
    assert unused(rows, ["b"]) == [("a", 3)]
    assert unused(rows, []) == [("a", 3), ("b", 3)]


@pytest.mark.parametrize(
    "now, at",
    [
        ("2026-06-11 10:00", "2026-06-15 09:00"),  # Thursday
        ("2026-06-14 23:00", "2026-06-15 09:00"),
        ("2026-06-15 08:59", "2026-06-15 09:00"),  # Monday before work
        ("2026-06-15 09:00", "2026-06-22 09:00"),
        ("2026-06-17 12:00", "2026-06-24 09:00"),  # Monday and Tuesday are a holiday: Wednesday
        ("2026-06-23 12:00", "2026-06-24 09:00"),
    ],
)
def test_the_report_comes_when_the_week_begins(now: str, at: str) -> None:
    rest = {date(2026, 6, day): SpecialDay("rest", "端午节") for day in (22, 23)}
    calendar = Calendar(zone=ZONE, days=rest if at.startswith("2026-06-24") else {})
    assert next_report(datetime.fromisoformat(now).replace(tzinfo=ZONE), calendar) == datetime.fromisoformat(
        at
    ).replace(tzinfo=ZONE)


@given(st.integers(0, 2 * 365 * 24 * 60))
def test_the_next_report_is_always_ahead_within_a_week_or_so(minutes: int) -> None:
    now = datetime(2025, 1, 1, tzinfo=ZONE) + timedelta(minutes=minutes)
    at = next_report(now, Calendar(zone=ZONE))
    assert 0 < (at - now).total_seconds() <= 7 * 86400
    assert (at.weekday(), at.time()) == (0, time(9))


def test_days_are_whole_and_the_last_one_counts() -> None:
    now = datetime(2026, 6, 11, 10, tzinfo=ZONE)
    assert valid_until(30, now, ZONE) == datetime(2026, 7, 12, tzinfo=ZONE)
    assert valid_until(0, now, ZONE) is None


@pytest.mark.parametrize(
    "id, root", [("own-17", 17), ("wait-long", None), ("own-", None), ("own-x", None), ("own-1-2", None)]
)
def test_an_own_phrase_is_known_by_its_id(id: str, root: int | None) -> None:
    assert root_of(id) == root
