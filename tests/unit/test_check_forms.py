"""A forbidden wording is known in the shapes people write it: pauses, particles, like characters, slips, sounds."""

import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import sleep

import pytest

from bot.app import read_checker
from bot.checks.check import Checker
from bot.checks.finder import Sounds
from bot.checks.tight import meant, tighten
from bot.checks.yaml_file import read_rules
from bot.language.pinyin import syllable
from bot.phrases.yaml_file import phrases_of
from bot.shared.book import Book, default_shipped

SHIPPED = read_checker(Book(default_shipped()))
RULE = """
words: {{}}
spared: []
rules:
- {{id: ours, class: 本店, level: bad, why: 本店规定, instead: null, source: [], {more}}}
"""
Alone = Callable[[str], Checker]


@pytest.fixture
def alone(tmp_path: Path) -> Alone:
    """A checker with one rule only."""
    shutil.copytree(default_shipped() / "schema", tmp_path / "schema")
    shutil.copy(default_shipped() / "reading.yaml", tmp_path)

    def with_rule(more: str) -> Checker:
        (tmp_path / "forbidden.yaml").write_text(RULE.format(more=more), encoding="utf-8")
        return Checker(read_rules(Book(tmp_path), Book(tmp_path)), ())

    return with_rule


def ours(checker: Checker, draft: str) -> list[str]:
    return [finding.found for finding in checker.check(draft).findings if finding.rule == "ours"]


@pytest.mark.parametrize(
    ("draft", "found"),
    [
        ("老客户没优惠", "老客户没优惠"),
        ("真的，老客户没优惠的", "老客户没优惠"),
        ("老客户，没优惠", "老客户，没优惠"),
        ("老客户…没…优惠", "老客户…没…优惠"),
        ("老.客.户.没.优.惠", "老.客.户.没.优.惠"),
        ("老*客*户 没_优-惠", "老*客*户 没_优-惠"),
        ("老客户\n没優惠", "老客户\n没優惠"),
        ("老客户？没优惠", None),  # a question is a sentence of its own
        ("老客户没有优惠", None),
    ],
)
def test_a_form_may_be_taken_apart(alone: Alone, draft: str, found: str | None) -> None:
    assert ours(alone("forms: [老客户没优惠]"), draft) == ([found] if found else [])


@pytest.mark.parametrize(
    ("form", "draft", "found"),
    [
        ("有完…没完", "您有完吗，没完", True),
        ("有完…没完", "有完没完", True),
        ("有完…没完", "有完了啊你还没完", False),  # 你 is no particle
        ("有完…没完", "有完了也就还真的太没完", False),  # more than four
        ("再说…也…没用", "再说也没用", True),
        ("再说…也…没用", "再说啊也真的没用", True),
    ],
)
def test_between_its_parts_a_form_may_hold_particles(alone: Alone, form: str, draft: str, found: bool) -> None:
    assert bool(ours(alone(f"forms: [{form}]"), draft)) is found


def test_how_much_may_stand_between_is_for_the_rule_to_say(alone: Alone) -> None:
    assert ours(alone("forms: [有完…没完], apart: 0"), "有完啊没完") == []
    assert ours(alone("forms: [有完…没完], apart: 7"), "有完了也就还真的没完") == ["有完了也就还真的没完"]


@pytest.mark.parametrize(
    ("form", "draft", "found"),
    [
        ("你去问他的", "您去问她得", True),
        ("不要再找我", "不要在找我", True),
        ("我哪有空做", "我那有空坐", True),
        ("在办", "再办", False),  # too short to be sure
        ("得了", "的了", True),
        ("做不了主", "作不了主", True),
    ],
)
def test_characters_that_input_methods_mix_up_are_alike(alone: Alone, form: str, draft: str, found: bool) -> None:
    assert bool(ours(alone(f"forms: [{form}]"), draft)) is found


@pytest.mark.parametrize(
    ("draft", "found"),
    [
        ("您这是摆普的嘛", True),
        ("您这是摆，铺的嘛", True),
        ("您这是白铺的嘛", True),  # half of it is right
        ("您这是白葡得麻", False),
        ("您这是摆谱", False),
    ],
)
def test_a_rule_may_listen_to_how_a_form_sounds(alone: Alone, draft: str, found: bool) -> None:
    assert bool(ours(alone("forms: [摆谱的嘛], sounds: true"), draft)) is found


def test_sounds_are_heard_only_where_a_rule_asks_for_it_and_in_four_characters_or_more(alone: Alone) -> None:
    deaf, hearing, short = "forms: [强词夺礼吗]", "forms: [强词夺礼吗], sounds: true", "forms: [强词夺], sounds: true"
    assert ours(alone(deaf), "您这是强词夺里吗") == []
    assert ours(alone(hearing), "您这是强词夺里吗") == ["强词夺里吗"]
    assert ours(alone(short), "您这是墙词夺里") == []


def test_two_threads_that_meet_new_syllables_give_each_its_own_mark() -> None:
    class Slow(dict[str, str]):
        """Lets another thread in between counting the marks and adding one."""

        def __len__(self) -> int:
            length = super().__len__()
            sleep(0.001)
            return length

    sounds = Sounds([])
    sounds._marks = Slow()
    chars = "天地人你我他上下左右东西南北春秋"
    with ThreadPoolExecutor(len(chars)) as pool:
        heard = list(pool.map(sounds._heard, chars))
    assert len(set(heard)) == len({syllable(char) for char in chars})


@pytest.mark.parametrize(
    ("draft", "kind"),
    [
        ("这个我布吉岛", "不知道"),
        ("这个我不zhi道", "不知道"),
        ("我以经说得很清楚了", "不耐烦"),
        ("请加我薇信", "泄露"),
        ("请伱稍等", "用你不用您"),
        ("这个我们处里不了", "推诿"),
        ("我们会尽块给您处理", "模糊承诺"),
        ("不*知*道", "不知道"),
        ("不＿知＿道", "不知道"),
        ("急 什 么", "不耐烦"),
        ("急～什～么", "不耐烦"),
    ],
)
def test_slips_and_disguises_are_read_as_what_is_meant(draft: str, kind: str) -> None:
    assert kind in [finding.kind for finding in SHIPPED.check(draft).findings]


@pytest.mark.parametrize(
    "draft", ["以经济实惠为主的套餐", "我已经为您登记", "在三楼做检查", "那里有座位，您可以坐下等"]
)
def test_what_only_looks_like_a_slip_is_left_alone(draft: str) -> None:
    assert SHIPPED.check(draft).findings == ()


def test_a_slip_that_is_found_is_shown_as_it_was_typed() -> None:
    draft = "您好，这个我布吉岛呢"
    [finding] = SHIPPED.check(draft).findings
    assert finding.found == draft[finding.start : finding.end]
    assert "布吉岛" in finding.found


def test_the_places_of_a_longer_or_shorter_word_that_is_meant() -> None:
    longer = meant(tighten("我造不知到吗"), {"造": "知道"})
    assert (longer.text, longer.span(1, 3)) == ("我知道不知到吗", (1, 2))
    shorter = meant(tighten("我bu zhi dao吗"), {"buzhidao": "不知道"})
    assert (shorter.text, shorter.span(1, 4)) == ("我不知道吗", (1, 11))


def test_no_wording_of_the_book_is_taken_for_a_slip() -> None:
    said = [text for phrase in phrases_of(Book(default_shipped())) for text in (*phrase.texts, *phrase.says)]
    assert [text for text in said if SHIPPED.read(text).text != tighten(text).text] == []
