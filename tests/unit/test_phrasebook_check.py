"""`huashu phrasebook check` and `stats`: what is wrong with a book, where, and what to do; how much is in it."""

import json
import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.app import read_checker
from bot.checks.check import Checker
from bot.checks.phrasebook import Finding, Places, Proof, as_finding, broken, covered, figures, leave_out, prove
from bot.cli import app as huashu
from bot.phrases.index import Index
from bot.phrases.phrase import Phrase, Valid, When
from bot.phrases.yaml_file import phrases_of
from bot.shared.book import Book, default_shipped

ROWS = [
    {"id": "P001", "group": "等候", "what": "请稍等"},
    {"id": "P002", "group": "退款", "what": "退款已办"},
    {"id": "X001", "group": "疑难技巧", "what": "善意谎言", "left_out": "与诚信相悖"},
]
WAIT = Phrase(
    id="wait", situation="请客户稍等", group="等候", texts=("{称呼}，请您稍等，我马上为您查询，15:00 前答复您。",),
    aliases=("稍等", "等一下"), says=("让我等多久", "还要等一会儿吗", "要等多长时间", "等到几点", "等待时间多久"),
    avoid=("急什么急",), source="P001",
)  # fmt: skip
REFUND = Phrase(
    id="refund", situation="退款进度说明", group="退款", texts=("您的退款申请已经登记，{due}前给您回复。",),
    aliases=("退款", "退钱"), says=("退款到账没有", "退款什么时候到", "查一下退款", "退款到哪一步", "退款怎么还没有"),
    source="P002",
)  # fmt: skip


@pytest.fixture(scope="module")
def checker() -> Checker:
    return read_checker(Book(default_shipped()))


@pytest.fixture
def proof_of(checker: Checker, tmp_path: Path):
    def prove_it(*phrases: Phrase, rows: Sequence[dict[str, str]] = ROWS, **more: object) -> Proof:
        return prove(phrases, rows, checker, Index, Places(tmp_path, None), **more)  # type: ignore[arg-type]

    return prove_it


def told(proof: Proof, topic: str, kind: str = "error") -> list[str]:
    return [finding.what for finding in proof.findings if (finding.topic, finding.kind) == (topic, kind)]


def test_a_sound_book_has_no_errors(proof_of) -> None:
    proof = proof_of(WAIT, REFUND)
    assert proof.passed
    assert [finding for finding in proof.findings if finding.kind == "error"] == []


@pytest.mark.parametrize(
    ("text", "what", "todo"),
    [
        ("{称呼，请稍等。", "“{称呼，请稍等。”里的花括号没有配成对。", "左右各一个花括号"),
        ("请稍等，{resaon}。", "“请稍等，{resaon}。”里没有 {resaon} 这种空格。", "改成 {reason}。"),
        ("请稍等，{原因}。", "“请稍等，{原因}。”里没有 {原因} 这种空格。", "改成 {reason}。"),
        ("请稍等，{xyzzy}。", "“请稍等，{xyzzy}。”里没有 {xyzzy} 这种空格。", "可以用：称呼、"),
    ],
)
def test_a_blank_nobody_can_fill_is_an_error(proof_of, text: str, what: str, todo: str) -> None:
    for phrase in (replace(WAIT, texts=(text,)), replace(WAIT, en=(text,)), replace(WAIT, styles={"formal": (text,)})):
        (finding,) = [one for one in proof_of(phrase, REFUND).findings if one.topic == "slots"]
        assert (finding.kind, finding.what) == ("error", what)
        assert todo in finding.todo


def test_blanks_belong_into_wordings_only(proof_of) -> None:
    assert told(proof_of(replace(WAIT, says=("{称呼}让我等",)), REFUND), "slots") == [
        "“{称呼}让我等”里有花括号，这里不会填空。"
    ]


def test_english_beyond_the_chinese_is_an_error(proof_of) -> None:
    proof = proof_of(replace(WAIT, en=("One moment, please.", "Just a second.")), REFUND)
    assert told(proof, "english") == ["英文有 2 句，中文只有 1 句。"]


def test_the_book_keeps_its_own_rules(proof_of) -> None:
    proof = proof_of(replace(WAIT, texts=("你急什么急，等着。",), avoid=()), REFUND)
    assert any("急什么" in what for what in told(proof, "forbidden"))
    shop = proof_of(replace(WAIT, styles={"shop": ("亲，请您稍等，15:00 前答复您～",)}), REFUND)
    assert told(shop, "forbidden") == []
    formal = proof_of(replace(WAIT, styles={"formal": ("亲，请您稍等，15:00 前答复您。",)}), REFUND)
    assert len(told(formal, "forbidden")) == 1


def test_what_an_entry_says_not_to_say_is_not_among_what_it_says(proof_of) -> None:
    proof = proof_of(replace(WAIT, texts=("请您稍等，15:00 前答复您。",), avoid=("请您稍等",)), REFUND)
    assert told(proof, "forbidden") == ["“请您稍等，15:00 前答复您。”里就有这条自己写着不要说的“请您稍等”。"]


def test_the_same_or_nearly_the_same_wording_twice_is_a_hint(proof_of) -> None:
    same = replace(REFUND, texts=(WAIT.texts[0],))
    near = replace(REFUND, texts=(WAIT.texts[0].replace("请您稍等", "请稍等"),))
    (what,) = told(proof_of(WAIT, same), "twins", "hint")
    assert "wait（请客户稍等）" in what and what.endswith("”一样。")
    (what,) = told(proof_of(WAIT, near), "twins", "hint")
    assert what.endswith("”几乎一样。")
    assert told(proof_of(WAIT, REFUND), "twins", "hint") == []


def test_greetings_of_different_hours_may_be_alike(proof_of) -> None:
    morning = replace(WAIT, when=When(holiday="春节"))
    evening = replace(REFUND, texts=WAIT.texts, when=When(holiday="中秋"))
    assert told(proof_of(morning, evening), "twins", "hint") == []


def test_one_name_belongs_to_one_situation(proof_of) -> None:
    proof = proof_of(WAIT, replace(REFUND, aliases=("退款", "稍 等")))
    assert told(proof, "names") == ["“稍 等”也是 wait（请客户稍等）的叫法。"]


def test_an_utterance_of_two_situations_is_a_hint(proof_of) -> None:
    proof = proof_of(WAIT, replace(REFUND, says=(*REFUND.says, "等到几点？")))
    assert told(proof, "names", "hint") == ["“等到几点？”在 wait（请客户稍等）里也有。"]


class Stubborn(Index):
    """An index that finds the same phrase whatever is asked."""

    def find(self, query: str, limit: int = 3, *args: object, **more: object):  # type: ignore[override]
        return super().find("退款", limit)


def test_a_name_that_leads_elsewhere_is_an_error(checker: Checker, tmp_path: Path) -> None:
    proof = prove([WAIT, REFUND], ROWS, checker, Stubborn, Places(tmp_path, None))
    assert "输入“稍等”，先找到的不是自己，是refund（退款进度说明）。" in told(proof, "names")


def test_a_situation_robbed_of_its_utterances_is_named_with_the_robber(checker: Checker, tmp_path: Path) -> None:
    proof = prove([WAIT, REFUND], ROWS, checker, Stubborn, Places(tmp_path, None))
    worst = proof.standings[0]
    assert (worst.phrase, worst.found, worst.asked, worst.share) == ("wait", 0, 5, 0)
    assert worst.robbers == {"refund": 5}
    (hint,) = told(proof, "robbed", "hint")
    assert "5 句里只有 0 句找得回自己，多被抢走：refund 5" in hint
    assert proof.standings[-1].share == 1


def test_each_utterance_is_asked_of_a_book_without_it() -> None:
    asked: list[str] = []

    class Spy(Index):
        def __init__(self, phrases: Sequence[Phrase]) -> None:
            super().__init__(phrases)
            self.lines = {line for phrase in phrases for line in phrase.says}

        def find(self, query: str, limit: int = 3, *args: object, **more: object):  # type: ignore[override]
            assert query not in self.lines
            asked.append(query)
            return super().find(query, limit)

    leave_out([WAIT, REFUND], Spy)
    assert sorted(asked) == sorted((*WAIT.says, *REFUND.says))


def test_a_successor_and_a_next_step_must_exist(proof_of) -> None:
    gone = replace(WAIT, valid=Valid(until=date(2026, 6, 30), successor="refunds"))
    assert told(proof_of(gone, REFUND), "links") == ["停用后改用的 refunds 不存在。"]
    assert [one.todo for one in proof_of(gone, REFUND).findings if one.topic == "links"] == ["是不是想写 refund？"]
    itself = replace(WAIT, valid=Valid(successor="wait"))
    assert told(proof_of(itself, REFUND), "links") == ["停用后改用的是它自己。"]
    backwards = replace(WAIT, valid=Valid(start=date(2026, 7, 1), until=date(2026, 6, 30)))
    assert told(proof_of(backwards, REFUND), "links") == ["到 2026-06-30 为止，却从 2026-07-01 才起。"]
    step = replace(WAIT, next="script:angry")
    assert told(proof_of(step, REFUND, known=lambda _step: False), "links") == ["下一步 script:angry 不存在。"]
    assert told(proof_of(step, REFUND), "links") == []


def test_every_row_of_the_norms_has_a_phrase_or_a_reason(proof_of) -> None:
    proof = proof_of(WAIT, replace(REFUND, source="P007 X001"))
    assert set(told(proof, "norms")) == {
        "规范 P002（退款：退款已办）还没有话术。",
        "出处 P007 不在规范清单里。",
        "出处 X001（善意谎言）按规定不收：与诚信相悖",
    }
    coverage = covered([WAIT, REFUND], ROWS)
    assert (coverage.rows, coverage.named, coverage.left_out, coverage.missing) == (3, 2, 1, ())


# Where it is


def test_a_finding_names_file_and_line_the_teams_own_file_first(tmp_path: Path) -> None:
    shipped, team = tmp_path / "phrasebook", tmp_path / "team"
    for folder, text in (
        (shipped, "- id: a\n  texts:\n    - 第一句\n    - 第二句\n\n- id: b\n  texts: [别的]\n"),
        (team, '# 我们的\n- id: a\n  texts:\n    - "第三句"\n'),
    ):
        (folder / "phrases").mkdir(parents=True)
        (folder / "phrases" / "x.yaml").write_text(text, encoding="utf-8")
    places = Places(shipped, team)
    assert places.of("a", "第三句") == (str(team / "phrases" / "x.yaml"), 4)
    assert places.of("a", "第二句") == ("phrasebook/phrases/x.yaml", 4)
    assert places.of("b", "别的") == ("phrasebook/phrases/x.yaml", 7)
    assert places.of("b", "没有这句") == ("phrasebook/phrases/x.yaml", 6)
    assert places.of("zzz") == ("", 0)


def test_all_files_are_held_to_their_schemas_not_only_the_first(tmp_path: Path) -> None:
    (tmp_path / "phrases").mkdir()
    (tmp_path / "phrases" / "ours.yaml").write_text("- id: Ours\n", encoding="utf-8")
    (tmp_path / "synonyms.yaml").write_text("退: [a]\n", encoding="utf-8")
    files = {finding.file for finding in broken(default_shipped(), tmp_path)}
    assert files == {str(tmp_path / "phrases" / "ours.yaml"), str(tmp_path / "synonyms.yaml")}
    assert broken(default_shipped(), None) == []


def test_a_sentence_of_the_book_becomes_a_finding() -> None:
    finding = as_finding("phrasebook/clocks.yaml 第 4 行：`by` 写成了 “短信”，只能是 私聊、群里 之一。")
    assert (finding.file, finding.line) == ("phrasebook/clocks.yaml", 4)
    assert finding.what.startswith("`by` 写成了")
    assert as_finding("找不到文件夹。") == Finding(
        kind="error", topic="schema", file="", line=0, what="找不到文件夹。", todo=finding.todo
    )


# The command


@pytest.fixture
def small_book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A shipped book of three phrases in the place of the real one, and a team's folder."""
    shipped, team = tmp_path / "phrasebook", tmp_path / "team"
    shutil.copytree(default_shipped(), shipped, ignore=shutil.ignore_patterns("phrases"))
    (shipped / "phrases").mkdir()
    (team / "phrases").mkdir(parents=True)
    source = " ".join(row["id"] for row in Book(default_shipped()).read("norms.yaml") if "left_out" not in row)
    says = "".join(f"    - 第{n}种问法等一等\n" for n in range(10))
    (shipped / "phrases" / "a.yaml").write_text(
        "- id: wait\n  situation: 请客户稍等\n  group: 等候\n  texts: [请您稍等，15:00 前答复您。]\n"
        f"  aliases: [稍等]\n  says:\n{says}  source: {source}\n",
        encoding="utf-8",
    )
    monkeypatch.setattr("bot.shared.book.default_shipped", lambda: shipped)
    monkeypatch.setenv("HUASHU_BOOK", str(team))
    monkeypatch.setenv("HUASHU_HOME", str(tmp_path / "home"))
    return team / "phrases" / "ours.yaml"


def run(*words: str):
    return CliRunner().invoke(huashu, ["phrasebook", *words])


def test_check_passes_with_0_and_says_so(small_book: Path) -> None:
    done = run("check")
    assert done.exit_code == 0, done.output
    assert "没有错误" in done.output and "规范 400 行：已有话术 397，写明不收 3，还缺 0。" in done.output


def test_check_tries_the_teams_rules_on_their_own_examples(small_book: Path) -> None:
    rules = small_book.parents[1] / "forbidden.yaml"
    rules.write_text(
        "rules:\n  - {id: ours, class: 本店, level: bad, forms: [没优惠], why: 本店规定, instead: null, source: [],\n"
        "     bad: [没有折扣], fine: [有优惠]}\n  - {id: you, level: hint}\n",
        encoding="utf-8",
    )
    done = run("check")
    assert done.exit_code == 1
    assert f"{rules}:3 “没有折扣”没有查出来。" in done.output
    assert f"{rules}:4 you 的 level 不能由团队改，这里写的不算数。" in done.output


def test_check_ends_with_1_and_names_the_teams_line(small_book: Path) -> None:
    small_book.write_text("- id: wait\n  texts:\n    - 请您稍等，{resaon}。\n", encoding="utf-8")
    done = run("check")
    assert done.exit_code == 1
    assert f"{small_book}:3" in done.output.replace("\n", "") and "改成 {reason}。" in done.output
    data = json.loads(run("check", "--json").output)
    assert data["ok"] is False
    (error,) = [finding for finding in data["findings"] if finding["kind"] == "error"]
    assert (error["topic"], error["file"], error["line"], error["id"]) == ("slots", str(small_book), 3, "wait")
    assert data["coverage"] == {"rows": 400, "named": 397, "left_out": 3, "missing": []}


def test_check_tells_schema_errors_alone(small_book: Path) -> None:
    small_book.write_text("- id: wait\n  text: 请稍等\n", encoding="utf-8")
    done = run("check")
    assert done.exit_code == 1 and "没有 `text` 这个名称" in done.output and "找回" not in done.output


@pytest.mark.parametrize(
    "script",
    [
        "- id: angry-caller\n  steps: []\n",
        '- steps: []\n  id: "angry-caller"  # 火大\n',
        "id: angry-caller\nsteps: []\n",
        "[{id: other}, {id: angry-caller}]\n",
    ],
)
def test_a_next_step_is_found_however_its_file_is_written(small_book: Path, script: str) -> None:
    small_book.write_text("- id: wait\n  next: script:angry-caller\n", encoding="utf-8")
    scripts = small_book.parent.parent / "scripts"
    scripts.mkdir()
    (scripts / "a.yaml").write_text(script, encoding="utf-8")
    assert run("check").exit_code == 0
    small_book.write_text("- id: wait\n  next: script:angry\n", encoding="utf-8")
    assert "下一步 script:angry 不存在。" in run("check").output


def test_stats_counts_what_is_there(small_book: Path) -> None:
    assert "1 条话术，1 句说法，1 个叫法，10 句原话" in run("stats").output
    data = json.loads(run("stats", "--json").output)
    assert data["says_per_phrase"] == {"min": 10, "median": 10, "max": 10}
    assert (data["groups"], data["poorest"]) == ({"等候": 1}, ["wait"])
    assert data["shares"] == {"avoid": 0, "en": 0, "styles": 0, "next": 0}


def test_an_empty_book_has_figures_too() -> None:
    assert figures([], ROWS).said == (0, 0, 0)


# The book that ships


def test_the_book_that_ships_covers_the_norms_and_keeps_its_rules(checker: Checker) -> None:
    """Everything but the long look at what robs what, which `huashu phrasebook check` takes its time for."""
    book = Book(default_shipped())
    phrases = phrases_of(book)
    proof = prove(
        [replace(phrase, says=(), aliases=()) for phrase in phrases],
        book.read("norms.yaml"), checker, Index, Places(default_shipped(), None),
    )  # fmt: skip
    errors = [finding for finding in proof.findings if finding.kind == "error" and finding.topic != "names"]
    assert errors == []
    assert proof.coverage.missing == ()
