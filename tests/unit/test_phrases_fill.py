"""A wording is handed over ready to paste: filled where we know, blank where we don't, natural without a name."""

import re
from datetime import UTC, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.speech import speaking
from bot.phrases.english import address_in_english, fill_english, say_in_english
from bot.phrases.fill import (
    READY,
    SLOTS,
    Filled,
    address_in,
    fill,
    in_script,
    is_traditional,
    opening,
    slots_in,
    without_address,
    without_people,
)


def test_what_is_known_is_filled_in_and_what_is_not_is_a_visible_blank() -> None:
    text = "{称呼}，因为{reason}，{due}前给您答复。"
    assert fill(text, {"称呼": "张先生", "due": "15:30"}) == Filled(
        "张先生，因为【原因】，15:30前给您答复。", ("reason",)
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{称呼}，对不起，让您久等了。", "对不起，让您久等了。"),
        ("您好，{称呼}！", "您好！"),
        ("您好，{称呼}，请讲。", "您好，请讲。"),
        ("{称呼}您好", "您好"),
        ("感谢{称呼}的配合。", "感谢您的配合。"),
        ("请问{称呼}贵姓？", "请问您贵姓？"),
        ("尊敬的{称呼}：您好", "尊敬的客户：您好"),
        ("抱歉。{称呼}，请稍等。", "抱歉。请稍等。"),
        ("{greeting}，{称呼}，请讲。", "您好，请讲。"),
    ],
)
def test_without_a_name_the_sentence_reads_as_if_none_had_been_meant(text: str, said: str) -> None:
    assert fill(text, {}) == Filled(said, ())


@pytest.mark.parametrize(
    ("hour", "said"),
    [
        (time(4, 59), "您好"),
        (time(5), "早上好"),
        (time(9), "上午好"),
        (time(11, 30), "中午好"),
        (time(13, 30), "下午好"),
        (time(17, 59), "下午好"),
        (time(18), "晚上好"),
    ],
)
def test_the_greeting_follows_the_clock_on_the_customers_wall(hour: time, said: str) -> None:
    assert fill("{greeting}，{org}为您服务", {}, hour).text == f"{said}，【单位】为您服务"


def test_the_greeting_is_not_said_twice() -> None:
    assert fill("{greeting}，您好！", {}).text == "您好！"


def test_who_reads_traditional_gets_the_wording_in_it_but_names_as_they_were_typed() -> None:
    with speaking("zh_Hant"):
        text = in_script("{称呼}，请稍后，{reason}。", "zh_Hant")
        assert fill(text, {"称呼": "钟先生"}).text == "钟先生，請稍後，【原因】。"
    assert in_script("{称呼}，请稍后。", "zh_Hans") == "{称呼}，请稍后。"


@given(st.text(st.sampled_from("{}称呼duegreeting，。您的 \n好"), max_size=40))
def test_no_brace_is_ever_left(text: str) -> None:
    filled = fill(text, {})
    assert not set("{}") & set(filled.text)
    assert "称呼" not in filled.missing


@given(st.lists(st.sampled_from(sorted(SLOTS)), max_size=6))
def test_every_slot_is_either_filled_or_reported(slots: list[str]) -> None:
    text = "，".join(f"甲{{{slot}}}乙" for slot in slots)
    known = dict.fromkeys(slots, "丙")
    assert list(slots_in(text)) == slots
    assert fill(text, known).missing == ()
    assert set(fill(text, {}).missing) == set(slots) - {"称呼", "greeting"}


@pytest.mark.parametrize(
    ("typed", "called"),
    [
        ("张先生，客户等了四十分钟很生气", "张先生"),
        ("客户李女士说漏水", "李女士"),
        ("王小姐投诉", "王女士"),
        ("欧阳女士说好上午来的", "欧阳女士"),
        ("张建国先生反映漏水", "张先生"),
        ("陈总，您好", "陈总"),
        ("刘经理", "刘经理"),
        ("帮王先生登记", "王先生"),
        ("对于先生您提的问题", None),
        ("这位先生等很久了", None),
        ("我要和先生商量", None),
        ("工程经理来了", None),
        ("李经理在吗", None),  # asked for, not addressed
        ("投诉张经理", None),
        ("张总是迟到", None),
        ("下周总部来人", None),
        ("请问先生贵姓", None),
        ("", None),
    ],
)
def test_the_customers_name_is_read_from_what_was_typed(typed: str, called: str | None) -> None:
    assert address_in(typed) == called


def test_readers_of_traditional_keep_xiaojie() -> None:
    assert address_in("陳小姐好", "zh_Hant") == "陳小姐"


@given(st.text(max_size=40))
def test_any_text_can_be_asked_for_a_name(text: str) -> None:
    address_in(text)
    assert len(without_address(text)) <= len(text) + 1


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("等太久了", "等太久了"),
        ("张先生等太久了", "等太久了"),
        ("张先生和李女士都在等", "和 都在等"),
        ("138 0013 8000 问停车费", "# 问停车费"),
        ("身份证11010119900307123X办卡", "身份证#办卡"),
        ("等了3天，订单2026061100123没到", "等了3天，订单#没到"),
        ("发票发到zhang.wei@example.com", "发票发到@"),
        ("12315和12345", "12315和12345"),
    ],
)
def test_what_is_kept_for_good_names_nobody(typed: str, kept: str) -> None:
    assert without_people(typed) == kept


@pytest.mark.parametrize(
    ("typed", "traditional"),
    [
        ("讓客戶久等", True),
        ("让客户久等", False),
        ("退款", False),
        ("jiudeng", False),
        ("客户說久等了，還沒來", True),
        ("", False),
    ],
)
def test_the_script_of_a_question_is_known_by_its_characters(typed: str, traditional: bool) -> None:
    assert is_traditional(typed) is traditional


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{称呼}，我非常理解您的心情。您慢慢说，{due}前给您答复。", "{称呼}，我非常理解您的心情。"),
        ("{due}前给您答复。谢谢您。", None),
        ("请问有什么可以帮您？", None),
        ("好的。", None),
        ("没有句号的一句话", None),
    ],
)
def test_the_first_sentence_can_be_said_alone_when_it_needs_nothing(text: str, said: str | None) -> None:
    assert opening(text) == said


@pytest.mark.parametrize(
    ("text", "given", "said"),
    [
        ("{称呼}, I'm sorry. I'll call by {due}.", {}, "I'm sorry. I'll call by 15:30."),
        ("{称呼}, I'm sorry.", {"称呼": "张先生"}, "Mr Zhang, I'm sorry."),
        ("Thank you, {称呼}.", {}, "Thank you."),
        ("{greeting}, {称呼}. How can I help?", {"称呼": "欧阳女士"}, "Good morning, Ms Ouyang. How can I help?"),
        ("{greeting}, {称呼}. How can I help?", {}, "Good morning. How can I help?"),
        ("The reason is {reason}.", {"reason": "天气影响"}, "The reason is the weather."),
        ("The reason is {reason}.", {"reason": "师傅请假"}, "The reason is 师傅请假."),
        ("The reason is {reason}.", {}, "The reason is [reason]."),
    ],
)
def test_the_english_variant_reads_as_english(text: str, given: dict[str, str], said: str) -> None:
    assert fill_english(text, given, at=time(9, 30), due="15:30").text == said


def test_what_is_blank_in_english_is_reported() -> None:
    assert fill_english("{称呼}, {reason}, {org}", {}, at=time(9), due="15:30").missing == ("reason", "org")


@pytest.mark.parametrize(
    ("address", "english"),
    [("张先生", "Mr Zhang"), ("曾女士", "Ms Zeng"), ("陈总", "Mr/Ms Chen"), ("先生", "Sir"), ("女士", "Madam"), ("", ""),
     ("黃太太", "Mrs Huang"), ("李医生", "Dr Li")],
)  # fmt: skip
def test_how_a_customer_is_called_in_english(address: str, english: str) -> None:
    assert address_in_english(address) == english


def test_a_time_in_english() -> None:
    now = datetime(2026, 6, 11, 10, 0, tzinfo=UTC)
    said = [say_in_english(now.replace(day=day, hour=15), now=now, zone=UTC) for day in (11, 12, 15)]
    assert said == ["15:00", "15:00 tomorrow", "15:00 on 15 June"]


def test_ready_values_fit_their_buttons_and_blanks() -> None:
    assert set(READY) <= set(SLOTS)
    for values in READY.values():
        assert 3 <= len(values) <= 5
        assert all(0 < len(value) <= 16 for value in values)


def test_every_ready_value_reads_in_english_too() -> None:
    chinese = [
        (slot, value)
        for slot, values in READY.items()
        for value in values
        if re.search("[\u4e00-\u9fff]", fill_english(f"{{{slot}}}", {slot: value}, at=time(9), due="15:00").text)
    ]
    assert chinese == []
