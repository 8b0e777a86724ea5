"""A search stands in a row and comes back as it was; its buttons are short enough for Telegram."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.phrases import views
from bot.phrases.phrase import Phrase
from bot.phrases.search import NO_CASE, Search
from bot.shared.message import press

words = st.text(max_size=20)
searches = st.builds(
    Search,
    id=st.integers(1),
    query=words,
    order=st.lists(st.tuples(words, st.integers(0, 3))).map(tuple),
    courtesy=words,
    script=st.sampled_from(["", "zh_Hans", "zh_Hant"]),
    page=st.integers(0, 5),
    address=st.sampled_from(["", "先生"]),
    slots=st.dictionaries(words, words),
    skipped=st.lists(words).map(tuple),
    language=st.sampled_from(["", "en"]),
    style=st.sampled_from(["", "formal", "shop"]),
    case=st.integers(NO_CASE, 99),
    marks=st.dictionaries(words, st.sampled_from(["up", "down"])),
    shown=st.lists(words).map(tuple),
    near=st.booleans(),
)


@given(searches)
def test_what_is_kept_comes_back(search: Search) -> None:
    hits = json.dumps(search.shown)
    assert Search.from_row(id=search.id, query=search.query, given=search.to_json(), hits=hits) == search


@pytest.mark.parametrize(
    ("marks", "judged"),
    [
        ({}, ""),
        ({"wait": "up"}, "up"),
        ({"wait": "down"}, "down"),
        ({"wait": "down", "delay": "up"}, "up"),
        ({"wait": "down", "delay": "down"}, "down"),
    ],
)
def test_one_good_wording_makes_a_good_search(marks: dict[str, str], judged: str) -> None:
    assert Search(id=1, query="久等", marks=marks).judged == judged


def test_a_row_from_before_reads_as_a_plain_search() -> None:
    assert Search.from_row(id=1, query="久等", given="{}", hits="[]") == Search(id=1, query="久等")


names = st.text(st.characters(exclude_characters="{}\n", exclude_categories=["Cs"]), min_size=1, max_size=24)


@given(names, st.integers(1, 2**63 - 1))
def test_a_blank_can_be_skipped_however_it_is_called(slot: str, search: int) -> None:
    phrase = Phrase(id="own-1", situation="样例", group="我的话术", texts=(f"{{{slot}}}",))
    shown = [views.Wording(phrase=phrase, text="样例", missing=(slot,), dated=False)]
    message = views.ask_slot(Search(id=search, query="样例"), slot, shown)
    data = [button.data or "" for row in message.buttons for button in row]
    assert all(len(one.encode()) <= 64 for one in data)
    verb, _number, key = data[-2].split(":")
    assert verb == "s.skip"
    assert views.open_slots(shown, [key]) == []


def test_a_button_that_telegram_would_refuse_is_never_made() -> None:
    assert press("好", "s.near", "x" * 57).data == "s.near:" + "x" * 57
    with pytest.raises(ValueError, match="64"):
        press("好", "s.near", "x" * 58)
