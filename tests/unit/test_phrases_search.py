"""A search stands in a row and comes back as it was."""

import json

from hypothesis import given
from hypothesis import strategies as st

from bot.phrases.search import NO_CASE, Search

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


@given(searches)
def test_one_good_wording_makes_a_good_search(search: Search) -> None:
    marks = set(search.marks.values())
    assert search.judged == ("up" if "up" in marks else "down" if marks else "")


def test_a_row_from_before_reads_as_a_plain_search() -> None:
    assert Search.from_row(id=1, query="久等", given="{}", hits="[]") == Search(id=1, query="久等")
