"""How a thousand rules are held against a draft: quickly, and as if each pattern were tried all over it."""

import random
import re
import sys
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.app import read_checker
from bot.checks import check, commitments, tight
from bot.checks.check import Checker
from bot.checks.finder import Patterns, Span
from bot.checks.literals import alternatives, bounded, careless
from bot.checks.regex import Regex
from bot.checks.rewrite import clauses_of
from bot.checks.rule import Occasion
from bot.checks.tight import tighten
from bot.phrases.yaml_file import phrases_of
from bot.shared.book import Book, default_shipped

BOOK = Book(default_shipped())
CHECKER = read_checker(BOOK)
EVERYWHERE = Occasion()
GOOD = [text for phrase in phrases_of(BOOK) for text in phrase.texts]
BAD = [draft for rule in CHECKER.rules for draft in (*rule.forms, *rule.bad)]
FINE = [draft for rule in CHECKER.rules for draft in rule.fine]


@pytest.mark.parametrize(
    ("pattern", "ended"),
    [
        ("(?:也|都)*不", "(?:也|都){0,8}不"),
        ("[0-9]+元", "[0-9]{1,20}元"),
        ("请[^,.?]*", "请[^,.?]{0,60}"),
        ("哈{2,}", "哈{2,20}"),
        ("(?:ab){12,}", "(?:ab){12,12}"),
        (".+?吗", ".{1,60}?吗"),
        ("a*+b", "a{0,20}+b"),
        ("(?:x)?y{3}z{,4}", "(?:x)?y{3}z{,4}"),
        (r"\*+[*+]", r"\*{1,20}[*+]"),
        ("[]*]+", "[]*]{1,20}"),
        ("(?<!不)要", "(?<!不)要"),
    ],
)
def test_no_repetition_goes_on_for_ever(pattern: str, ended: str) -> None:
    assert bounded(pattern) == ended
    re.compile(ended)


@pytest.mark.parametrize(
    ("pattern", "ways"),
    [
        ("不行|不能", ["不行", "不能"]),
        ("(?:不行|不能)|[|]", ["(?:不行|不能)", "[|]"]),
        (r"a\|b", [r"a\|b"]),
        ("(?=(?:a|b))c|", ["(?=(?:a|b))c", ""]),
    ],
)
def test_a_choice_of_patterns_is_several_patterns(pattern: str, ways: list[str]) -> None:
    assert alternatives(pattern) == ways


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("你们?", {"你": (0, 0)}),
        ("(?:我|我们)?(?:也|都){0,8}不知道?", {"不知": (0, 10)}),
        ("(?:这个|那个)?[^,.]{0,3}不退[^,.]{0,3}就(?:是|得)", {"不退": (0, 5)}),
        ("[零一]{3,20}", {"零零零": (0, 0), "零零一": (0, 0), "零一零": (0, 0), "零一一": (0, 0),
                        "一零零": (0, 0), "一零一": (0, 0), "一一零": (0, 0), "一一一": (0, 0)}),
        ("(?:退|赔)您[^,.]{0,6}钱", {"退您": (0, 0), "赔您": (0, 0)}),
        ("(?:很|太)?(?:[^,.]{0,3}慢|拖)", {"慢": (0, 4), "拖": (0, 1)}),
        ("(?<=[,.])滚(?=[,.]|$)", {"滚": (0, 0)}),
    ],
)  # fmt: skip
def test_of_the_words_a_pattern_cannot_match_without_the_rarest_are_looked_for(
    pattern: str, words: dict[str, Span]
) -> None:
    assert Regex(pattern).need.words == words


@pytest.mark.parametrize("pattern", [".{3,9}", "(?:也|都){0,8}", "[^,.]?", "(?i:ab)|x?"])
def test_a_pattern_without_words_of_its_own_is_tried_everywhere(pattern: str) -> None:
    text = "也都abab,aa"
    assert Patterns([Regex(pattern)]).everywhere == [0]
    found = dict(Patterns([Regex(pattern)]).within(text))
    assert found.get(0, []) == [match.span() for match in re.finditer(pattern, text)]


@pytest.mark.parametrize(
    ("pattern", "slow"),
    [
        ("(?:嗯+,?|啊){2,}", True),
        ("(?:也|都)*(?:都|就)*", True),
        ("[^,]*.*", True),
        ("(?:也|都)*就?(?:也)*", True),
        ("(?:也|都)*(?:就|又)*", False),
        ("(?:也|都)*不(?:也|都)*", False),
        ("(?:(?:也|都){0,3}不)*", False),
    ],
)
def test_a_repetition_in_or_beside_another_of_the_same_is_careless(pattern: str, slow: bool) -> None:
    assert careless(pattern) is slow


@pytest.mark.parametrize("pattern", ["(?:不|没", "[不没", "不{3,1}", "不**", "(?<=不|没有)行"])
def test_what_is_written_wrong_is_told_before_any_draft_is_read(pattern: str) -> None:
    with pytest.raises(re.error):
        Regex(pattern)


# What a pattern and a draft of few letters can be: all that can go wrong with places goes wrong with these.
ATOMS = st.sampled_from(["a", "b", "ab", "[ab]", "[^a,]", "c", ",", "^", "$", "(?=b)", "(?<=a)", "(?!c)", "."])
PIECES = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map("".join),
        st.tuples(inner, inner).map("(?:{0[0]}|{0[1]})".format),
        st.tuples(inner, st.sampled_from(["?", "*", "+", "{2}", "{1,3}", "*?"])).map("(?:{0[0]}){0[1]}".format),
    ),
    max_leaves=8,
)
# A wording is at least one character.
PATTERNS = st.tuples(st.sampled_from(["(?:{})a", "b(?:{})", "(?:{})[^a]", "(?:{}),(?:b|)", "(?:{})."]), PIECES).map(
    lambda made: made[0].format(made[1])
)


@settings(max_examples=1000, deadline=None)
@given(st.lists(PATTERNS, min_size=1, max_size=3), st.text("abc,", max_size=40))
def test_looking_for_words_first_finds_what_finditer_finds(patterns: list[str], text: str) -> None:
    regexes = [Regex(bounded(pattern)) for pattern in patterns]
    together = Patterns(regexes)
    found = dict(together.within(text))
    for number, regex in zip(together.numbers(regexes), regexes, strict=True):
        assert regex.stands(text) is bool(regex.compiled.search(text))
        assert list(found.get(number, ())) == [match.span() for match in regex.compiled.finditer(text)]


@settings(max_examples=500, deadline=None)
@given(PATTERNS, st.text("abc,", max_size=40), st.integers(0, 40), st.integers(1, 5))
def test_an_exception_covers_what_any_match_of_it_touches(pattern: str, text: str, low: int, length: int) -> None:
    regex = re.compile(bounded(pattern))
    matches = [match.span() for place in range(len(text) + 1) if (match := regex.match(text, place))]
    touched = any(start < low + length and end > low for start, end in matches)
    assert Regex(regex.pattern).covers(text, low, low + length) is touched


# The shipped rules against a plain, slow reading of them


def plainly(checker: Checker, draft: str) -> set[tuple[str, int, int]]:
    """Where any wording of any rule stands, each regular expression tried all over the draft."""
    text = checker.read(draft).text
    like = {char: f"[{group}]" for group in ("你您", "的地得", "他她它") for char in group}
    found: set[tuple[str, int, int]] = set()
    for rule in checker.rules:
        regexes = [regex.compiled for regex in rule.patterns]
        for form in rule.forms:
            pause = "[,.]?" if len(form) > 2 else ""
            regexes.append(re.compile(pause.join(like.get(char, re.escape(char)) for char in form)))
        for regex in regexes:
            for match in regex.finditer(text):
                low, high = match.span()
                while low < high and text[low] in ",.?":
                    low += 1
                while low < high and text[high - 1] in ",.?":
                    high -= 1
                if low < high:
                    found.add((rule.id, low, high))
    return found


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from([*BAD, *FINE, *GOOD]), min_size=1, max_size=4), st.sampled_from(["，", "。", "", "？"]))
def test_the_shipped_rules_find_what_a_plain_reading_of_them_finds(parts: list[str], mark: str) -> None:
    draft = mark.join(parts)
    unheard = {rule.id for rule in CHECKER.rules if not rule.concerns(EVERYWHERE)}
    quickly = {(touch.rule.id, touch.low, touch.high) for touch in CHECKER.touches(draft, EVERYWHERE)}
    plain = {found for found in plainly(CHECKER, draft) if found[0] not in unheard}
    assert plain <= quickly
    # What is found besides: characters mixed up, sounds.
    known = {rule.id for rule in CHECKER.rules if any(len(form) > 3 for form in rule.forms)}
    assert {rule for rule, _low, _high in quickly - plain} <= known


# Whatever is pasted


def work(draft: str) -> int:
    """Calls that checking a draft takes; that none of them grows with the draft is for the next two tests to show."""
    steps = 0
    tighten.cache_clear()
    clauses_of.cache_clear()

    def count(_frame: object, event: str, called: object) -> None:
        nonlocal steps
        steps += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        CHECKER.check(draft)
    finally:
        sys.setprofile(None)
    return steps


FRAGMENTS = sorted({form for rule in CHECKER.rules for form in (*rule.forms, *rule.bad)})


@settings(max_examples=12, deadline=None)
@given(
    st.one_of(
        st.sampled_from(
            ["我", "你", "您", "不", "嗯，", "再绝对", "“", "亲哈哈", "1", "...", "\u200b", "都已经告诉您", "是"]
        ),
        st.lists(st.sampled_from(FRAGMENTS), min_size=1, max_size=4).map("".join),
        st.text("我你您不是都也的，。？“”1.", min_size=1, max_size=8),
    )
)
def test_twice_as_long_a_draft_takes_twice_the_work(piece: str) -> None:
    short, long = ((piece * length)[:length] for length in (5_000, 10_000))
    for draft in (short, long):  # what is compiled or remembered the first time does not count
        work(draft)
    assert work(long) < 2.5 * work(short) + 500


def test_in_code_only_what_cuts_a_draft_into_pieces_repeats_without_end() -> None:
    """One call that grows with the square of the draft would not show above."""
    endless = {
        name
        for module in (check, commitments, tight)
        for name, value in vars(module).items()
        if isinstance(value, re.Pattern) and bounded(value.pattern) != value.pattern
    }
    assert endless <= {"_CLAUSE", "_QUOTED", "_ROW"}


@pytest.mark.timeout(50)
def test_drafts_of_ten_thousand_characters_are_checked() -> None:
    chance = random.Random(3)
    for _draft in range(12):
        draft = "".join(chance.choice(FRAGMENTS) + chance.choice(("", "，")) for _piece in range(4000))[:10_000]
        checked = CHECKER.check(draft)
        assert checked.verdict == "bad"
        assert checked.rewrite is None


def test_no_shipped_pattern_reaches_over_a_whole_draft() -> None:
    patterns = [
        p for rule in CHECKER.rules for p in (*rule.patterns, *rule.acquits, *rule.cleared_by, *rule.softened_by)
    ]
    reaches = {pattern.pattern: pattern.need.reach for pattern in patterns}
    assert {pattern: reach for pattern, reach in reaches.items() if reach > 400} == {}


def test_few_shipped_patterns_are_tried_in_a_fine_draft() -> None:
    patterns = Patterns(pattern for rule in CHECKER.rules for pattern in rule.patterns)
    assert patterns.everywhere == []
    tried = Counter(len(patterns.near(CHECKER.read(text).text)) for text in GOOD)
    assert sum(tried.elements()) / len(GOOD) < len(patterns.regexes) / 20


def test_the_same_pattern_in_two_rules_is_looked_for_once() -> None:
    twice = [Regex("不行"), Regex("不行"), Regex("不能")]
    patterns = Patterns(twice)
    assert (len(patterns.regexes), patterns.numbers(twice)) == (2, (0, 0, 1))
