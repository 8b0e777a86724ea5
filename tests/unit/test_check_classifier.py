"""What no rule foresaw: the classifier hears it by its sound, and leaves alone what only looks like it."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.checks.check import Checker
from bot.checks.classifier import MADE_FROM, Classifier, classifier, runs, sentences
from bot.checks.rule import Occasion
from bot.checks.yaml_file import read_replacements, read_rules
from bot.shared.book import Book, default_shipped

BOOK = Book(default_shipped())
RULES, REPLACEMENTS = read_rules(BOOK), read_replacements(BOOK)
ALONE = Checker(RULES, REPLACEMENTS)
TOGETHER = Checker(RULES, REPLACEMENTS, classifier())


@pytest.mark.parametrize(
    ("draft", "kind"),
    [
        ("这档子事得找卖给您东西的人说理", "推诿"),
        ("这点小钱您也值得跑一趟", "贬低嘲讽"),
        ("前头的人答应您的，您找前头的人去", "推诿"),
    ],
)
def test_what_no_rule_foresaw_is_heard(draft: str, kind: str) -> None:
    assert ALONE.check(draft).verdict == "ok"
    assert [finding.kind for finding in TOGETHER.check(draft).findings] == [kind]


def test_only_the_sentence_that_sounds_wrong_is_found() -> None:
    [finding] = TOGETHER.check("张先生，您好。前头的人答应您的，您找前头的人去。水费单我放在前台了。").findings
    assert "前头的人" in finding.found
    assert "水费单" not in finding.found and "张先生" not in finding.found


def test_what_it_finds_comes_with_why_and_what_to_say_instead() -> None:
    checked = TOGETHER.check("张先生，您好。前头的人答应您的，您找前头的人去。")
    assert checked.findings[0].why and checked.findings[0].instead
    assert checked.rewrite and "前头的人" not in checked.rewrite
    assert TOGETHER.check(checked.rewrite).verdict == "ok"


def test_what_a_pattern_takes_amiss_is_only_pointed_out() -> None:
    draft = "您生气我完全理解，换了谁都会着急，这件事从现在起由我一个人跟到底"
    assert ALONE.check(draft).findings
    assert not TOGETHER.check(draft).findings
    assert TOGETHER.check(draft).hints


def of_weight(weight: float) -> Classifier:
    """One to whom everything sounds equally right or wrong."""
    shipped = classifier()
    return Classifier(
        weights={}, rule_weights={}, bias=weight, rules=shipped.rules, places=shipped.places, kinds=shipped.kinds
    )


@pytest.mark.parametrize("draft", ["不知道", "有完没完", "您听明白了没有", "我保证明天修好"])
def test_what_the_norms_forbid_word_for_word_stays_forbidden(draft: str) -> None:
    assert Checker(RULES, REPLACEMENTS, of_weight(-99)).check(draft).verdict == "bad"


def test_what_a_team_forbids_stays_forbidden(tmp_path: Path) -> None:
    rule = "- {id: no-lobby, class: 推诿, level: bad, patterns: ['大厅[^,.?]{0,4}等'], why: 不叫客户等, instead: 请坐, source: [team]}"
    (tmp_path / "forbidden.yaml").write_text(f"words: {{}}\nrules:\n  {rule}\n", encoding="utf-8")
    rules = read_rules(Book(default_shipped(), tmp_path), BOOK)
    assert Checker(rules, REPLACEMENTS, of_weight(-99)).check("请您在大厅里等").verdict == "bad"


def test_what_only_some_styles_forbid_is_left_to_the_rules() -> None:
    assert not {rule.id for rule in RULES.rules if rule.channels} & set(classifier().rules)
    shop = Occasion(channel="shop")
    assert TOGETHER.check("亲，您要的那款今天下午四点前发出哦", occasion=shop).verdict == "ok"
    assert TOGETHER.check("亲，您要的那款今天下午四点前发出哦").verdict == "bad"


RULES_BY_ID = {rule.id: rule for rule in RULES.rules}


def test_it_was_made_from_the_drafts_that_ship() -> None:
    assert classifier().made_from == BOOK.fingerprint(*MADE_FROM), "drafts or rules were changed: make classifier"


def test_drafts_and_classifier_name_rules_that_exist() -> None:
    named = {kind for drafts in BOOK.read_folder("drafts") for kind in drafts} - {"fine"}
    assert named <= RULES_BY_ID.keys()
    assert set(classifier().rules) <= RULES_BY_ID.keys()


@given(st.text("您我不知道,.?0123", max_size=60))
def test_sentences_are_the_text_without_its_stops(text: str) -> None:
    assert "".join(text[low:high] for low, high in sentences(text)).replace("?", "") == text.replace(".", "").replace(
        "?", ""
    )


def test_runs_are_short_and_know_the_edges() -> None:
    assert runs("好的,12点") == {
        *".好的,0点", ".好", "好的", "的,", ",0", "0点", "点.", ".好的", "好的,", "的,0", ",0点", "0点.",
    }  # fmt: skip


@pytest.mark.parametrize(
    "draft",
    ["，", "、", "可以吗？、", "OK", "没问题", "好的", "Sorry for the delay, we will call you by 3 pm today.", "😀"],
)
def test_what_is_too_short_or_not_chinese_is_left_to_the_rules(draft: str) -> None:
    assert TOGETHER.check(draft).verdict == "ok"
    assert Checker(RULES, REPLACEMENTS, of_weight(99)).check(draft).verdict == "ok"


def test_courtesy_around_it_does_not_make_it_right() -> None:
    assert TOGETHER.check("您好，很高兴为您服务，差评您想好再写，我们是有您地址的哦，祝您生活愉快").verdict == "bad"


@given(
    st.lists(st.sampled_from(["这点小钱您也值得跑一趟", "您好", "，", "。", "？", "张先生"]), max_size=12).map("".join)
)
def test_with_the_classifier_a_rewrite_passes_the_checker(draft: str) -> None:
    rewrite = TOGETHER.check(draft).rewrite
    assert rewrite is None or TOGETHER.check(rewrite).verdict == "ok"
