"""What is offered for a draft: what was found underlined, a definite time for a vague one, in the draft's script."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.checks.check import Checker
from bot.checks.marking import LONGEST, WHOLE, marked
from bot.checks.offer import definite, offer, script_of
from bot.checks.rule import Finding, Occasion
from bot.checks.yaml_file import read_replacements, read_rules
from bot.language.speech import speaking
from bot.playground.markup import cut, parse_html
from bot.promises.calendar_file import read_calendar_file
from bot.promises.calendars import EVERYBODY, Calendars
from bot.shared.book import Book, default_shipped
from tests.team import SHANGHAI
from tests.unit.test_checks import PIECES

BOOK = Book(default_shipped())
CHECKER = Checker(read_rules(BOOK), read_replacements(BOOK))
CALENDAR = Calendars(read_calendar_file(BOOK.read("calendar.yaml"))).of(EVERYBODY)
SOFT = BOOK.read("clocks.yaml")["soft"]
NOW = datetime(2026, 6, 11, 10, 0, tzinfo=SHANGHAI)  # a Thursday


def offered(draft: str, now: datetime = NOW):  # type: ignore[no-untyped-def]
    return offer(draft, CHECKER, occasion=Occasion(), soft=SOFT, now=now, calendar=CALENDAR)


def finding(draft: str, start: int, end: int) -> Finding:
    return Finding(
        start=start, end=end, found=draft[start:end], rule="r", kind="推诿", level="bad", reach="clause", why="", instead=None
    )  # fmt: skip


def underlined(html: str) -> list[str]:
    text, entities = parse_html(html)
    return [cut(text, one.offset, one.length) for one in entities]


# Times


@pytest.mark.parametrize(
    ("draft", "send"),
    [
        ("我们尽快给您答复", "我们今天 15:15 前给您答复"),
        ("我们会尽快给您答复", "我们会在今天 15:15 前给您答复"),
        ("我们会尽快地给您答复", "我们会在今天 15:15 前给您答复"),
        ("我会第一时间给您回复", "我会在今天 10:15 前给您回复"),
        ("我會盡快給您答覆", "我會在今天 15:15 前給您答覆"),
        ("稍后给您回电，马上为您查询", "今天 10:30 前给您回电，今天 10:10 前为您查询"),
    ],
)
def test_a_vague_word_becomes_the_time_of_the_norm(draft: str, send: str) -> None:
    found = offered(draft)
    assert found.sends[0] == send
    assert found.vague == found.times


def test_after_hours_the_time_is_tomorrow() -> None:
    assert offered("我们会尽快给您答复", NOW.replace(hour=20)).sends[0] == "我们会在明天 14:15 前给您答复"


@pytest.mark.parametrize(
    ("draft", "send"),
    [
        ("您是说我马上给您回电吗？我马上给您回电。", "您是说我马上给您回电吗？我今天 10:10 前给您回电。"),
        ("我马上给您回电？我马上给您回电。", "我马上给您回电？我今天 10:10 前给您回电。"),
        ("我马上给您回电，我马上给您回电", "我今天 10:10 前给您回电，我今天 10:10 前给您回电"),
    ],
)
def test_the_time_goes_where_the_commitment_stands_not_where_its_words_stand_first(draft: str, send: str) -> None:
    assert offered(draft).sends[0] == send


def test_a_definite_time_stays_as_the_agent_said_it() -> None:
    found = offered("明天下午三点前给您答复")
    assert found.sends == () and not found.vague
    assert [one.due for one in found.times] == [NOW + timedelta(days=1, hours=5)]


def test_a_vague_word_beside_a_definite_time_asks_for_no_other() -> None:
    found = offered("您好，我这就去办，10分钟后给您回电话。")
    assert [(one.due, one.word) for one in found.times] == [(NOW + timedelta(minutes=10), "")]
    assert found.sends == ()


def test_a_time_belongs_to_one_commitment() -> None:
    found = offered("我核实完给您回话，最晚下午四点，我再给您处理好")
    assert [one.text for one in found.times] == ["我核实完给您回话，最晚下午四点"]


def test_a_commitment_without_any_time_has_to_be_asked() -> None:
    assert [one.due for one in offered("我会给您答复").times] == [None]


def test_what_only_a_lead_may_promise_is_no_commitment_of_the_agent() -> None:
    found = offered("我们明天上午十点前给您双倍赔偿。下午三点前给您回电")
    assert found.needs_leave
    assert [one.text for one in found.times] == ["下午三点前给您回电"]


def test_a_time_that_has_no_place_in_the_sentence_to_send_is_not_spoken_of() -> None:
    for one in offered("急什么，我马上给您处理").vague:
        assert "10:10" in offered("急什么，我马上给您处理").sends[0] and one.word == "马上"


@given(st.lists(PIECES, max_size=12).map("".join))
@settings(max_examples=150, deadline=None)
def test_whatever_is_offered_passes_the_checker(draft: str) -> None:
    found = offered(draft)
    assert [send for send in found.sends if CHECKER.check(send).findings] == []
    assert draft not in found.sends


# Script


@pytest.mark.parametrize(
    ("draft", "reader", "script"),
    [
        ("這個我不知道", "zh_Hans", "zh_Hant"),
        ("这个我不知道", "zh_Hant", "zh_Hans"),
        ("不知道", "zh_Hant", "zh_Hant"),  # the same in both: as the reader reads
        ("不知道", "zh_Hans", "zh_Hans"),
    ],
)
def test_a_draft_is_put_right_in_its_own_script(draft: str, reader: str, script: str) -> None:
    with speaking(reader):
        assert script_of(draft) == script


def test_what_the_agent_typed_is_never_converted() -> None:
    [first, *_others] = offered("余先生，這個我不知道，我會盡快給您答覆").sends
    assert first.startswith("余先生，") and "請您稍等" in first


def test_the_word_is_replaced_where_it_stands() -> None:
    due = NOW + timedelta(hours=1)
    assert definite("马上给您办，马上", "马上", due, now=NOW, calendar=CALENDAR) == "今天 11:00 前给您办，马上"


# On the screen


def test_a_short_draft_is_shown_whole() -> None:
    draft = "您好，<急什么> & 不知道"
    html = marked(draft, [finding(draft, 4, 7), finding(draft, 11, 14)])
    assert html == "您好，&lt;<u>急什么</u>&gt; &amp; <u>不知道</u>"


def test_a_long_draft_is_cut_around_its_findings() -> None:
    draft = "好" * 300 + "急什么" + "好" * 300 + "不知道" + "好" * 300
    html = marked(draft, [finding(draft, 300, 303), finding(draft, 603, 606)])
    assert underlined(html) == ["急什么", "不知道"]
    assert html.startswith("…") and html.endswith("…") and html.count("…") == 3
    assert len(parse_html(html)[0]) < WHOLE


@given(st.text(alphabet="好急😀<&\n，", max_size=400), st.data())
def test_underlines_are_where_the_findings_are(draft: str, data: st.DataObject) -> None:
    edges = sorted(data.draw(st.sets(st.integers(0, len(draft)), max_size=8)))
    found = [finding(draft, *edges[i : i + 2]) for i in range(0, len(edges) - 1, 2)]
    shown = underlined(marked(draft, found))
    flat = [one.found.replace("\n", " ") for one in found]
    if len(draft) <= WHOLE:
        assert shown == flat
    assert all(any(text.startswith(part) or part in text for text in flat) for part in shown)
    assert len(shown) <= len(found) and all(len(part) <= max(LONGEST, WHOLE) for part in shown)
