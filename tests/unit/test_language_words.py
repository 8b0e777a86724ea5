"""Characters, words and sounds: what the search compares."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.fold import fold
from bot.language.pinyin import blurred, initials, syllables, typed, typed_initials
from bot.language.words import without_common, words


@pytest.mark.parametrize(
    ("text", "folded"),
    [("滿意度", "满意度"), ("ＡＰＰ", "app"), ("妳等著", "你等着"), ("⽔管", "水管"), ("久\u200b等", "久等")],
)
def test_one_spelling_for_one_word(text: str, folded: str) -> None:
    assert fold(text).text == folded


@given(st.text(max_size=60), st.data())
def test_a_span_of_the_folded_text_is_a_span_of_what_was_typed(text: str, data: st.DataObject) -> None:
    folded = fold(text)
    assert len(folded.places) == len(folded.text) + 1
    start = data.draw(st.integers(0, len(folded.text)))
    end = data.draw(st.integers(start, len(folded.text)))
    first, last = folded.span(start, end)
    assert 0 <= first <= last <= len(text)
    assert fold(text[first:last]).text.find(folded.text[start:end]) >= 0


@pytest.mark.parametrize(
    ("text", "left"), [("客户等了很久", ["等", "久"]), ("客户对上门不满", ["对上门不满"]), ("你们怎么的", []), ("", [])]
)
def test_the_words_of_every_conversation_are_cut_out(text: str, left: list[str]) -> None:
    assert without_common(text) == left


@given(st.text(max_size=60))
def test_cutting_into_words_loses_nothing(text: str) -> None:
    assert "".join(words(text)) == text


def test_characters_have_sounds_and_other_things_have_none() -> None:
    assert syllables("退款OK，绿色！") == ("tui", "kuan", "lv", "se")
    assert initials("不好意思") == "bhys"


@pytest.mark.parametrize(("one", "other"), [("zhang", "zan"), ("sheng", "sen"), ("qing", "qin"), ("cui", "chui")])
def test_sounds_that_people_mix_up_are_the_same(one: str, other: str) -> None:
    assert blurred(one) == blurred(other)


@pytest.mark.parametrize(
    ("letters", "heard"),
    [
        ("daoqian", "dao qian"),
        ("qing shao deng", "qing shao deng"),
        ("Jiu Deng", "jiu deng"),
        ("xian", "xian"),
        ("xi'an", "xi an"),
        ("fangan", "fang an"),
        ("woyaotousu", "wo yao tou su"),
        ("lvse", "lv se"),
        ("nüer", "nv er"),
        ("hello", ""),
        ("app", ""),
        ("tk", ""),
        ("", ""),
    ],
)
def test_typed_pinyin_is_taken_apart(letters: str, heard: str) -> None:
    assert " ".join(typed(letters)) == heard


@pytest.mark.parametrize(("letters", "short"), [("tk", "tk"), ("BHYS", "bhys"), ("wifi", ""), ("t", ""), ("up", "")])
def test_initials_are_letters_that_can_begin_a_syllable(letters: str, short: str) -> None:
    assert typed_initials(letters) == short


@given(st.text(max_size=40))
def test_any_letters_can_be_tried(text: str) -> None:
    typed(text)
    typed_initials(text)
    syllables(text)
