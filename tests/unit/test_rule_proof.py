"""`huashu phrasebook check` on the forbidden wordings: each rule keeps its own examples, and a team lifts nothing."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.app import read_checker
from bot.checks.check import Checker
from bot.checks.phrasebook import Finding, Places
from bot.checks.rule import Occasion
from bot.checks.rule_proof import prove_rules
from bot.checks.yaml_file import read_rules
from bot.errors import BookError
from bot.shared.book import Book, default_shipped

SHIPPED = """
words:
  部门: 工程部|财务部
spared:
  - {id: if, why: 假设, patterns: ['如果[^,.?]*']}
rules:
  - id: no-idea
    class: 不知道
    level: bad
    patterns: ['我?不知道']
    except: ['(?:怕|担心)您不知道']
    why: 先去问
    instead: 我帮您问一下
    bad: [这个我不知道, 不知道呢]
    fine: [怕您不知道，特地说明, 如果您不知道地址]
    source: [F005]
  - id: ask-them
    class: 推诿
    level: bad
    forms: [找别人去]
    patterns: ['去找<部门>']
    soften_by: ['抱歉']
    why: 由客服联系
    instead: 我帮您联系
    bad: [您去找工程部, 找别人去吧]
    fine: [我去问工程部, 抱歉，请您去找工程部王师傅]
    source: [F021]
"""
ROW = "  - {{id: {id}, class: {kind}, level: bad, why: 本店规定, instead: null, source: [], {more}}}\n"
Said = Callable[..., list[str]]


@pytest.fixture
def shipped(tmp_path: Path) -> Path:
    """A phrasebook of two rules."""
    folder = tmp_path / "shipped"
    shutil.copytree(default_shipped() / "schema", folder / "schema")
    shutil.copy(default_shipped() / "reading.yaml", folder)
    (folder / "forbidden.yaml").write_text(SHIPPED, encoding="utf-8")
    return folder


@pytest.fixture
def team(tmp_path: Path) -> Path:
    folder = tmp_path / "team"
    folder.mkdir()
    return folder


@pytest.fixture
def proved(shipped: Path, team: Path) -> Callable[[str], list[Finding]]:
    """What is said about the book when the team's forbidden.yaml is this."""

    def prove(overlay: str = "") -> list[Finding]:
        (team / "forbidden.yaml").write_text(overlay, encoding="utf-8")
        book = Book(shipped, team)
        checker = Checker(read_rules(book, Book(shipped)), ())
        return prove_rules(checker, book, Book(shipped), Places(shipped, team, "forbidden.yaml"))

    return prove


def checker_of(shipped: Path, team: Path, overlay: str) -> Checker:
    (team / "forbidden.yaml").write_text(overlay, encoding="utf-8")
    return Checker(read_rules(Book(shipped, team), Book(shipped)), ())


def test_rules_that_keep_their_examples_are_passed_over_in_silence(proved) -> None:
    assert proved() == []


def test_the_shipped_rules_keep_their_examples() -> None:
    book = Book(default_shipped())
    found = prove_rules(read_checker(book), book, book, Places(default_shipped(), None, "forbidden.yaml"))
    assert [finding for finding in found if finding.kind == "error"] == []


@pytest.mark.parametrize(
    ("more", "kind", "what"),
    [
        ("forms: [没优惠], bad: [没折扣], fine: [有优惠]", "error", "“没折扣”没有查出来。"),
        ("forms: [没优惠], except: [真没优惠], bad: [真没优惠], fine: [有优惠]", "error", "“真没优惠”被例外放过了。"),
        ("forms: [没优惠], bad: [如果没优惠], fine: [有优惠]", "error", "“如果没优惠”被例外放过了。"),
        ("forms: [没优惠], soften_by: [但], bad: [没优惠但有赠品], fine: [有优惠]", "error",
         "“没优惠但有赠品”被 soften_by 降成了提醒。"),
        ("forms: [优惠], bad: [没优惠], fine: [有优惠]", "error", "“有优惠”不该查，却被 ours 查出“优惠”。"),
        ("forms: [没优惠], bad: [没优惠], fine: [有优惠，别的我不知道]", "error",
         "“有优惠，别的我不知道”不该查，却被 no-idea 查出“我不知道”。"),
        ("forms: [没优惠]", "hint", "ours 还没有例句。"),
        ("forms: [没优惠], bad: [没优惠]", "hint", "ours 还没有例句。"),
        ("forms: [不知道], bad: [我不知道], fine: [有优惠]", "hint", "例句都先被 no-idea 查出，轮不到 ours。"),
        ("forms: [找别人去], bad: [找别人去], fine: [有优惠]", "hint", "“找别人去”在 ask-them 里也有。"),
        ("patterns: [不知道您], forms: [没优惠], except: [不知道您], bad: [不知道您没优惠], fine: [有优惠]", "hint",
         "正则“不知道您”在例句里处处被例外盖住，从来不起作用。"),
        ("patterns: ['没(?:有|个)*(?:个|啥)*优惠'], bad: [没优惠], fine: [有优惠]", "hint",
         "正则“没(?:有|个)*(?:个|啥)*优惠”可能很慢：没有上限的重复套着或挨着另一个。"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_rule_is_said_in_a_sentence(proved, team: Path, more: str, kind: str, what: str) -> None:
    found = proved("rules:\n" + ROW.format(id="ours", kind="本店", more=more))
    assert (kind, what) in [(finding.kind, finding.what) for finding in found]
    assert all(finding.todo for finding in found)
    assert {(one.file, one.line) for one in found if one.phrase == "ours"} == {(str(team / "forbidden.yaml"), 2)}


def test_examples_are_tried_on_the_occasion_that_a_rule_is_for(proved) -> None:
    only = "channels: [shop], only_if: [upset], forms: [没优惠], bad: [没优惠], fine: [有优惠]"
    assert proved("rules:\n" + ROW.format(id="ours", kind="本店", more=only)) == []


# What a team may


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("level: hint", "no-idea 的 level 不能由团队改，这里写的不算数。"),
        ("class: 提醒", "no-idea 的 class 不能由团队改，这里写的不算数。"),
        ("except: ['.*']", "no-idea 的 except 不能由团队改，这里写的不算数。"),
        ("cleared_by: ['我']", "no-idea 的 cleared_by 不能由团队改，这里写的不算数。"),
        ("soften_by: ['我']", "no-idea 的 soften_by 不能由团队改，这里写的不算数。"),
        ("channels: [shop]", "no-idea 的 channels 不能由团队改，这里写的不算数。"),
        ("unless: [upset]", "no-idea 的 unless 不能由团队改，这里写的不算数。"),
        ("only_if: [upset]", "no-idea 的 only_if 不能由团队改，这里写的不算数。"),
    ],
)
def test_a_team_cannot_loosen_a_shipped_rule_and_hears_so(
    proved, shipped: Path, team: Path, change: str, told: str
) -> None:
    overlay = f"rules:\n  - {{id: no-idea, {change}}}\n"
    (finding,) = [one for one in proved(overlay) if one.what == told]
    assert (finding.kind, finding.file, finding.line) == ("hint", str(team / "forbidden.yaml"), 2)
    (broken,) = checker_of(shipped, team, overlay).check("这个我不知道", occasion=Occasion(upset=True)).findings
    assert (broken.kind, broken.level) == ("不知道", "bad")


def test_a_team_cannot_take_wordings_or_examples_out(proved, shipped: Path, team: Path) -> None:
    overlay = "rules:\n  - {id: no-idea, patterns: [没听说], forms: [], bad: [没听说过], fine: [听说了]}\n"
    checker = checker_of(shipped, team, overlay)
    assert [checker.check(draft).verdict for draft in ("我不知道", "没听说过")] == ["bad", "bad"]
    (rule,) = [rule for rule in checker.rules if rule.id == "no-idea"]
    assert rule.bad == ("这个我不知道", "不知道呢", "没听说过")
    assert proved(overlay) == []


def test_a_team_cannot_switch_a_rule_off(shipped: Path, team: Path) -> None:
    with pytest.raises(BookError, match="没有 `off` 这个名称"):
        checker_of(shipped, team, "rules:\n  - {id: no-idea, off: true}\n")


def test_a_team_cannot_spare_places(proved, shipped: Path, team: Path) -> None:
    overlay = "spared:\n  - {id: all, why: 都行, patterns: ['.*']}\n  - {id: if, patterns: ['我']}\n"
    assert [finding.what for finding in proved(overlay)] == [
        "团队不能加放过的地方，spared 里的 if 不算数。",
        "团队不能加放过的地方，spared 里的 all 不算数。",
    ]
    assert checker_of(shipped, team, overlay).check("我不知道").verdict == "bad"


@pytest.mark.parametrize(
    "reading",
    ["slips: {我不知道: 好的}", "alike: [知识]", "mixed_up: [道到]", "particles: 了", "quoting: {told: ['.*']}"],
)
def test_a_team_cannot_change_how_drafts_are_read(proved, shipped: Path, team: Path, reading: str) -> None:
    (team / "reading.yaml").write_text(reading, encoding="utf-8")
    key = reading.partition(":")[0]
    assert [finding.what for finding in proved()] == [f"reading.yaml 的 {key} 不能由团队改，这里写的不算数。"]
    assert checker_of(shipped, team, "").check("“我不知道”").verdict == "bad"


def test_a_team_may_add_rules_words_and_wordings_and_say_it_its_own_way(proved, shipped: Path, team: Path) -> None:
    overlay = """
words:
  部门: 弱电组
  货: 优惠|赠品
rules:
  - {id: no-idea, forms: [没听说], why: 我们都先问, instead: 我去问问}
"""
    overlay += ROW.format(id="ours", kind="本店", more="patterns: ['没<货>'], bad: [没赠品], fine: [有赠品]")
    checker = checker_of(shipped, team, overlay)
    assert [
        (finding.kind, finding.why, finding.instead)
        for draft in ("没听说", "没赠品", "您去找工程部", "您去找弱电组")
        for finding in checker.check(draft).findings
    ] == [
        ("不知道", "我们都先问", "我去问问"),
        ("本店", "本店规定", None),
        ("推诿", "由客服联系", "我帮您联系"),
        ("推诿", "由客服联系", "我帮您联系"),
    ]
    assert proved(overlay) == []


def test_a_team_may_make_a_hint_a_prohibition(proved, shipped: Path, team: Path) -> None:
    hint = SHIPPED.replace("class: 推诿\n    level: bad", "class: 推诿\n    level: hint").replace(
        "去找工程部王", "去问工程部王"
    )
    (shipped / "forbidden.yaml").write_text(hint, encoding="utf-8")
    overlay = "rules:\n  - {id: ask-them, level: bad}\n"
    assert checker_of(shipped, team, "").check("您去找工程部").verdict == "ok"
    assert checker_of(shipped, team, overlay).check("您去找工程部").verdict == "bad"
    assert proved(overlay) == []


def test_a_team_names_the_addresses_that_are_its_own(team: Path) -> None:
    (team / "reading.yaml").write_text("house: [example.com, 138-0013-8000]\n", encoding="utf-8")
    checker = read_checker(Book(default_shipped(), team))
    shop = Occasion(channel="shop")
    fine = ["请在 https://www.example.com/pay?id=3 缴费", "请打 13800138000"]
    assert [checker.check(draft, occasion=shop).verdict for draft in fine] == ["ok", "ok"]
    bad = ["请在 https://www.other-example.net/pay 缴费", "请打 13900139000"]
    assert [checker.check(draft, occasion=shop).verdict for draft in bad] == ["bad", "bad"]


@pytest.mark.parametrize("address", ["不知道", ".*", "您", "a b"])
def test_an_address_is_no_way_to_spare_words(team: Path, address: str) -> None:
    (team / "reading.yaml").write_text(f"house: ['{address}']\n", encoding="utf-8")
    with pytest.raises(BookError, match=r"reading\.yaml"):
        read_checker(Book(default_shipped(), team))
