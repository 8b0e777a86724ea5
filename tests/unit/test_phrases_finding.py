"""Free text in, the right wording out: by situation, the customer's words, a slip of the pen, 拼音, 繁體."""

import time
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from opencc import OpenCC

from bot.phrases.index import Index
from bot.phrases.phrase import Phrase, When

SYNONYMS = {"客訴": "投诉", "退錢": "退款", "火大": "生气"}


def phrase(name: str, situation: str, texts: list[str], aliases: list[str], says: list[str]) -> Phrase:
    return Phrase(
        id=name, situation=situation, group="样例", texts=tuple(texts), aliases=tuple(aliases), says=tuple(says)
    )


BOOK = [
    phrase(
        "wait-long",
        "让客户久等",
        ["{称呼}，对不起，让您久等了。", "感谢您的耐心等候，排队的人较多。"],
        ["久等", "等太久", "等得不耐烦"],
        ["等了半天了", "怎么还没人理我", "排队排了一个小时", "让我等这么长时间", "还要等到什么时候"],
    ),
    phrase(
        "refund",
        "客户要求退款",
        ["{称呼}，您的退款申请我已登记，{due}前答复您。"],
        ["退款", "退钱", "要退"],
        ["把钱退给我", "钱什么时候到账", "不想要了给我退了", "我要退货退款"],
    ),
    phrase(
        "complaint",
        "受理投诉",
        ["感谢您反映问题，我已详细记录。"],
        ["投诉", "投诉受理", "要举报"],
        ["我要投诉你们", "我要找消协", "你们领导电话给我", "打12345投诉"],
    ),
    phrase(
        "angry",
        "安抚愤怒",
        ["我理解您的心情，请您慢慢说。"],
        ["安抚", "生气", "客户发火"],
        ["气死我了", "你们太过分了", "什么态度", "骂骂咧咧"],
    ),
    phrase(
        "leak",
        "家里漏水",
        ["请您先关闭水阀，维修人员马上到。"],
        ["漏水", "渗水"],
        ["天花板滴水", "楼上漏水漏到我家", "水管爆了", "卫生间渗水"],
    ),
]


@pytest.fixture(scope="module")
def index() -> Index:
    return Index(BOOK, SYNONYMS)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("久等", "wait-long"),
        ("让客户久等", "wait-long"),
        ("等了一个小时", "wait-long"),
        ("排队排了四十分钟", "wait-long"),
        ("让您九等了", "wait-long"),  # typo that sounds the same
        ("jiudeng", "wait-long"),
        ("jiu deng", "wait-long"),
        ("tk", "refund"),
        ("tuikuan", "refund"),
        ("退錢", "refund"),
        ("客訴", "complaint"),
        ("我要投訴", "complaint"),
        ("安府", "angry"),
        ("投素", "complaint"),
        ("要求退欵", "refund"),  # typo that only looks alike
        ("樓上漏水", "leak"),
        ("楼上又漏水了，天花板都湿了，打了三次电话都没有人管，你们物业到底管不管", "leak"),
        ("ＴＫ", "refund"),
    ],
)
def test_an_agent_finds_the_wording(index: Index, typed: str, found: str) -> None:
    assert [hit.phrase.id for hit in index.find(typed)][:1] == [found]


def test_a_message_about_two_things_finds_both_and_the_name_in_it_does_not_matter(index: Index) -> None:
    hits = index.find("张先生，客户等了四十分钟，生气了")
    assert {hit.phrase.id for hit in hits} >= {"wait-long", "angry"}
    assert [hit.phrase.id for hit in hits] == [hit.phrase.id for hit in index.find("客户等了四十分钟，生气了")]


def test_the_name_of_a_situation_typed_exactly_is_certain(index: Index) -> None:
    (first, *_rest) = index.find("退款")
    assert (first.phrase.id, first.score) == ("refund", 1.0)


def test_a_name_as_typed_goes_before_what_it_is_a_synonym_of() -> None:
    book = [
        phrase("sorry", "道歉", ["对不起。"], [], []),
        phrase("our-fault", "我方失误", ["是我们的错。"], ["认错"], []),
    ]
    hits = Index(book, {"认错": "道歉"}).find("认错")
    assert [hit.phrase.id for hit in hits][:1] == ["our-fault"]


def test_the_wording_of_one_trade_waits_until_the_trade_is_named() -> None:
    room = replace(phrase("room", "房间没准备好", ["请稍候。"], [], ["等了很久还没好"]), tags=("酒店",))
    hall = phrase("hall", "大厅排队", ["请稍候。"], [], ["等了很久还没好"])
    index = Index([room, hall])
    assert [hit.phrase.id for hit in index.find("等了很久")] == ["hall", "room"]
    assert [hit.phrase.id for hit in index.find("房间等了很久")][:1] == ["room"]


def test_the_text_nearest_to_what_was_typed_is_shown_first(index: Index) -> None:
    assert [hit.text for hit in index.find("排队等候的人较多")][:1] == [1]
    assert [hit.text for hit in index.find("久等")][:1] == [0]


@pytest.mark.parametrize("limit", [0, 1, 2])
def test_no_more_than_asked_for(index: Index, limit: int) -> None:
    assert len(index.find("客户等了四十分钟很生气要投诉", limit)) == limit


@given(st.text(max_size=80))
@settings(deadline=None)
def test_any_text_can_be_asked_and_the_best_comes_first(text: str) -> None:
    hits = INDEX.find(text, 10)
    scores = [hit.score for hit in hits]
    assert scores == sorted(scores, reverse=True)
    assert all(0 < score <= 1 for score in scores)
    assert len({hit.phrase.id for hit in hits}) == len(hits)


@given(st.sampled_from(BOOK), st.data())
@settings(deadline=None)
def test_every_name_in_the_book_finds_its_phrase(wanted: Phrase, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from((wanted.situation, *wanted.aliases)))
    assert INDEX.find(name)[0].phrase.id == wanted.id


INDEX = Index(BOOK, SYNONYMS)


def test_an_empty_book_finds_nothing() -> None:
    assert Index([]).find("久等") == []


def test_a_rant_of_four_thousand_characters_is_answered_at_once() -> None:
    index = Index([*BOOK] * 80)
    started = time.perf_counter()
    index.find("楼上漏水，打了三次电话，都没有人管，气死我了。" * 170)
    assert time.perf_counter() - started < 1


@pytest.mark.parametrize(
    ("start", "end", "at", "fits"),
    [
        (time_of, until, at, fits)
        for time_of, until, rows in [
            ("05:00", "11:30", [("05:00", True), ("11:29", True), ("11:30", False), ("04:59", False)]),
            ("22:00", "05:00", [("23:00", True), ("04:00", True), ("12:00", False)]),
        ]
        for at, fits in rows
    ],
)
def test_some_wordings_fit_only_some_hours(start: str, end: str, at: str, fits: bool) -> None:
    from datetime import time as hour

    when = When(start=hour.fromisoformat(start), end=hour.fromisoformat(end))
    assert when.fits_hour(hour.fromisoformat(at)) is fits
    assert When(season="夏").fits_hour(hour.fromisoformat(at))


# What must hold whatever is typed

QUESTIONS = [
    "久等",
    "我要投訴你們",
    "天花板滴水",
    "tuikuan",
    "气死我了你们太过分",
    "ＴＫ",
    "安府",
    "楼上漏水漏到我家，打了三次电话",
]


@given(st.sampled_from(QUESTIONS))
@settings(deadline=None)
def test_scripts_and_widths_make_no_difference(typed: str) -> None:
    traditional, wide = (
        OpenCC("s2t").convert(typed),
        "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in typed),
    )
    asked = [hit.phrase.id for hit in INDEX.find(typed)]
    assert [hit.phrase.id for hit in INDEX.find(traditional)] == asked
    assert [hit.phrase.id for hit in INDEX.find(wide)] == asked


def test_an_unrelated_phrase_changes_no_answer() -> None:
    more = phrase("cat", "喂猫", ["猫粮放在门口即可。"], ["猫粮"], ["那只流浪猫可以喂吗"])
    with_more = Index([*BOOK, more], SYNONYMS)
    for typed in QUESTIONS:
        assert [hit.phrase.id for hit in with_more.find(typed)] == [hit.phrase.id for hit in INDEX.find(typed)]


def test_what_a_team_made_its_own_is_found_beside_the_book() -> None:
    own = INDEX.beside([phrase("own-1", "赠送停车券", ["停车券已经放进您的卡包。"], [], ["停车券怎么领"])])
    assert [hit.phrase.id for hit in INDEX.find("停车券", 3, own)][:1] == ["own-1"]
    assert [hit.phrase.id for hit in INDEX.find("久等", 3, own)][:1] == ["wait-long"]


def test_what_belongs_to_another_topic_is_refused() -> None:
    index = Index(BOOK, SYNONYMS, {"天气": ["明天会不会下雨", "今天多少度"], "水利": ["水库水位", "大坝渗水原理"]})
    assert index.find("大坝渗水原理") == []
    assert [hit.phrase.id for hit in index.find("家里渗水了")] == ["leak"]


def test_where_nothing_is_found_the_nearest_can_be_offered() -> None:
    assert INDEX.find("水表在滴答响") == []
    assert [hit.phrase.id for hit in INDEX.nearest("水表在滴答响")][:1] == ["leak"]
