"""One line, in any order, from any trade: who complained, how to reach them, where, about what, answered until when."""

from datetime import datetime
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as some

from bot.complaints.intake import Intake, read_complaint
from bot.language.fold import fold
from bot.promises.calendar_file import read_calendar

BOOK = Path(__file__).parent.parent.parent / "phrasebook"
CALENDAR = read_calendar(yaml.safe_load((BOOK / "calendar.yaml").read_text(encoding="utf-8")))
THURSDAY = datetime(2026, 6, 11, 10, 0, tzinfo=CALENDAR.zone)


def read(text: str) -> Intake:
    return read_complaint(text, now=THURSDAY, calendar=CALENDAR)


def due(intake: Intake) -> str | None:
    return f"{intake.reading.due:%m-%d %H:%M}" if intake.reading.due else None


NOBODY = NOWHERE = NO_PHONE = ""


@pytest.mark.parametrize(
    ("text", "customer", "phone", "place", "matter", "until"),
    [
        # Property: the same complaint in different orders
        ("张先生 13800138000 3栋电梯又坏了，答应明天下午3点前答复", "张先生", "13800138000", "3栋", "3栋电梯又坏了", "06-12 15:00"),
        ("3栋电梯又坏了 张先生 13800138000 明天下午3点前答复", "张先生", "13800138000", "3栋", "3栋电梯又坏了", "06-12 15:00"),
        ("答应明天下午3点前答复，张先生 13800138000，3栋电梯又坏了", "张先生", "13800138000", "3栋", "3栋电梯又坏了", "06-12 15:00"),
        ("13800138000张先生，明天下午3点前答复，3栋电梯又坏了", "张先生", "13800138000", "3栋", "3栋电梯又坏了", "06-12 15:00"),
        ("李女士 1801室 空调漏水，承诺今天下班前回复", "李女士", NO_PHONE, "1801室", "1801室 空调漏水", "06-11 18:00"),
        ("欧阳女士 010-88886666 2单元门禁坏了，约好后天上午十点上门", "欧阳女士", "01088886666", "2单元", "2单元门禁坏了", "06-13 10:00"),
        ("张伟先生 13912345678 6号楼2单元501室 水管爆了，2小时内上门", "张伟先生", "13912345678", "6号楼2单元501室", "6号楼2单元501室 水管爆了", "06-11 12:00"),
        ("B栋2单元10层1002室 马女士 漏水 今天下午3点前", "马女士", NO_PHONE, "B栋2单元10层1002室", "B栋2单元10层1002室 漏水", "06-11 15:00"),
        ("12栋 3单元 402 徐女士 天花板渗水 今天下午五点前上门", "徐女士", NO_PHONE, "12栋 3单元 402", "12栋 3单元 402 天花板渗水", "06-11 17:00"),
        ("A座1203 何先生 停电，半小时内上门", "何先生", NO_PHONE, "A座1203", "A座1203 停电", "06-11 10:30"),
        ("陈先生（13800138000）3栋1单元1201 楼上漏水，明天上午10点前答复", "陈先生", "13800138000", "3栋1单元1201", "3栋1单元1201 楼上漏水", "06-12 10:00"),
        ("王女士13800138000投诉3栋噪音，明天下午三点前答复客户", "王女士", "13800138000", "3栋", "投诉3栋噪音", "06-12 15:00"),
        # Hotel
        ("王小姐 8016房 空调不制冷，30分钟内处理", "王小姐", NO_PHONE, "8016房", "8016房 空调不制冷", "06-11 10:30"),
        ("房间1208 客人黄女士 热水没有 15分钟内解决", "黄女士", NO_PHONE, "房间1208", "房间1208 客人 热水没有", "06-11 10:15"),
        ("+86 13800138000 胡先生 房间没打扫，答应20分钟内处理好", "胡先生", "13800138000", NOWHERE, "房间没打扫", "06-11 10:20"),
        ("郭女士 8月入住的402房漏水 明天上午10点前答复", "郭女士", NO_PHONE, "402房", "8月入住的402房漏水", "06-12 10:00"),
        # Shop
        ("门店服务员态度差，孙女士，18912345678，今天18:00前答复", "孙女士", "18912345678", NOWHERE, "门店服务员态度差", "06-11 18:00"),
        ("退款三天没到账 郑先生 159 1234 5678 明天下班前处理", "郑先生", "15912345678", NOWHERE, "退款三天没到账", "06-12 18:00"),
        ("客户投诉快递少发一件，订单202606110001，赵女士 13612345678，明天上午给她答复", "赵女士", "13612345678", NOWHERE, "客户投诉快递少发一件，订单202606110001", "06-12 12:00"),
        ("400-100-2000 白女士 订单没发货 今天下班前答复", "白女士", "4001002000", NOWHERE, "订单没发货", "06-11 18:00"),
        # Car service
        ("周先生 粤B12345 保养后异响，说好后天上午10点前给客户答复", "周先生", NO_PHONE, NOWHERE, "粤B12345 保养后异响", "06-13 10:00"),
        ("罗先生，4S店把车漆刮花了，13511112222，答应6月13日上午10点答复", "罗先生", "13511112222", NOWHERE, "4S店把车漆刮花了", "06-13 10:00"),
        # Software
        ("吴总 系统登录不上，一个小时内回电", "吴总", NO_PHONE, NOWHERE, "系统登录不上", "06-11 11:00"),
        ("杜女士 软件导出报表报错500，明天下午2点前给个答复", "杜女士", NO_PHONE, NOWHERE, "软件导出报表报错500", "06-12 14:00"),
        ("陈总 400-820-8820 售后一直打不通，今天下班前给他回电", "陈总", "4008208820", NOWHERE, "售后一直打不通", "06-11 18:00"),
        ("诸葛先生 021 61234567 发票开错了 周五前答复", "诸葛先生", "02161234567", NOWHERE, "发票开错了", "06-12 18:00"),
        # 繁體, full width, brackets, a form pasted in
        ("張先生 13800138000 3棟電梯又壞了，答應明天下午3點前答覆", "張先生", "13800138000", "3棟", "3棟電梯又壞了", "06-12 15:00"),
        ("林太太 0571-87654321 地下車庫漏水，明天中午前回覆", "林太太", "057187654321", NOWHERE, "地下車庫漏水", "06-12 12:00"),
        ("王先生 １３８００１３８０００ ５栋门禁失灵，今天下午４点前答复", "王先生", "13800138000", "５栋", "５栋门禁失灵", "06-11 16:00"),
        ("客户：张先生；电话：(010)88886666；事由：电梯坏了；答复：明天下午3点前", "张先生", "01088886666", NOWHERE, "电梯坏了", "06-12 15:00"),
        ("冯老先生，008613800138000\n电梯坏了\n明天上午答复", "冯老先生", "13800138000", NOWHERE, "电梯坏了", "06-12 12:00"),
        # What is not there stays empty; what is no telephone, no name and no room is matter
        ("电梯坏了", NOBODY, NO_PHONE, NOWHERE, "电梯坏了", None),
        ("老张 13800138000 电梯坏了 明天上午答复", NOBODY, "13800138000", NOWHERE, "老张 电梯坏了", "06-12 12:00"),
        ("谢先生 12345678901 物业费算错，下周一上午回复", "谢先生", NO_PHONE, NOWHERE, "12345678901 物业费算错", "06-15 12:00"),
        ("我们的工程经理态度差，明天上午答复", NOBODY, NO_PHONE, NOWHERE, "我们的工程经理态度差", "06-12 12:00"),
        ("李女士 1801室 空调漏水", "李女士", NO_PHONE, "1801室", "1801室 空调漏水", None),
        ("蔡先生 马桶堵了，答应马上处理", "蔡先生", NO_PHONE, NOWHERE, "马桶堵了", None),
        ("刘阿姨反映楼上半夜装修太吵", "刘阿姨", NO_PHONE, NOWHERE, "反映楼上半夜装修太吵", None),
        ("张先生 13800138000", "张先生", "13800138000", NOWHERE, "", None),
        ("", NOBODY, NO_PHONE, NOWHERE, "", None),
    ],
)  # fmt: skip
def test_a_line_is_read(text: str, customer: str, phone: str, place: str, matter: str, until: str | None) -> None:
    intake = read(text)
    assert (intake.customer, intake.phone, intake.place, intake.matter) == (customer, phone, place, matter)
    assert due(intake) == until


@pytest.mark.parametrize(
    "phone", ["138-0013-8000", "138 0013 8000", "+86-13800138000", "电话：13800138000", "手机号13800138000"]
)
def test_a_telephone_is_the_same_however_it_is_written(phone: str) -> None:
    intake = read(f"张先生 {phone} 电梯坏了，明天上午答复")
    assert (intake.phone, intake.matter) == ("13800138000", "电梯坏了")


# Whatever is typed

PIECES = some.sampled_from((
    "张先生", "王小姐", "欧阳女士", "陈总", "冯老先生", "張太太", "13800138000", "138-0013-8000", "021 61234567", "400-820-8820",
    "订单202606110001", "3栋", "B座1203", "1801室", "房间1208", "12栋 3单元 402", "电梯坏了", "空调漏水", "報錯500", "答应", "承诺",
    "明天下午3点前", "30分钟内", "今天下班前", "尽快", "半夜", "2026年6月", "答复", "给客户答复", "客户：", "电话：", "事由：",
    "，", "。", "；", " ", "\n", "（", "）", "\u200b", "ß", "㎡", "①", "𠮷", "<b>", "😀",
))  # fmt: skip
LINES = some.lists(PIECES, max_size=14).map("".join) | some.text(max_size=80)
whatever = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@whatever
@given(LINES)
@example("ß" * 9 + "A座1203")  # becomes longer in capitals
@example("㎡" * 9 + "3栋")  # becomes longer when folded
def test_nothing_is_invented(text: str) -> None:
    intake = read(text)
    assert intake.customer in text
    assert all(part in text for part in intake.place.split())
    digits = "".join(c for c in fold(text).text if c.isdigit())
    assert intake.phone in digits
    assert intake.phone == "" or 10 <= len(intake.phone) <= 12
    rest = iter(text)
    assert all(c in rest for c in intake.matter.replace(" ", "").replace("\n", ""))


@whatever
@given(LINES)
def test_what_is_no_value_and_no_promise_stays_in_the_matter(text: str) -> None:
    matter = read(text).matter
    for word in ("电梯坏了", "空调漏水", "報錯500", "订单202606110001", "😀"):
        assert matter.count(word) == text.count(word)
