"""The phrasebook is text that a team lead edits: what can be written, laid over, and what is heard when it is broken."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BookError
from bot.phrases.yaml_file import phrases_of, synonyms_of
from bot.shared.book import Book, default_shipped

SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "required": ["name"],
    "properties": {
        "name": {"type": "string", "minLength": 1, "description": "给人看的名字"},
        "on": {"type": "boolean"},
        "from": {"type": "string", "pattern": "^[0-2][0-9]:[0-5][0-9]$", "examples": ["05:00"]},
        "remind": {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                "before": {"type": "integer", "minimum": 1, "maximum": 10080, "description": "分钟"},
                "by": {"enum": ["私聊", "群里"]},
            },
        },
        "levels": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["id", "wait"],
                "properties": {"id": {"type": "string"}, "wait": {"type": "integer"}},
            },
        },
        "next": {"anyOf": [{"enum": ["promise"]}, {"type": "null"}]},
    },
}


class Shelf:
    """A phrasebook folder and a team's folder to write into."""

    def __init__(self, folder: Path) -> None:
        self.shipped = folder / "phrasebook"
        self.team = folder / "team"
        (self.shipped / "schema").mkdir(parents=True)
        (self.shipped / "rules").mkdir()
        (self.team / "rules").mkdir(parents=True)
        (self.shipped / "schema" / "clocks.schema.json").write_text(json.dumps(SCHEMA), encoding="utf-8")
        rules = {"type": "array", "items": SCHEMA["properties"]["levels"]["items"]}  # type: ignore[index]
        (self.shipped / "schema" / "rules.schema.json").write_text(json.dumps(rules), encoding="utf-8")
        self.book = Book(self.shipped, self.team)

    def ships(self, text: str) -> "Shelf":
        (self.shipped / "clocks.yaml").write_text(text, encoding="utf-8")
        return self

    def lays_over(self, text: str) -> "Shelf":
        (self.team / "clocks.yaml").write_text(text, encoding="utf-8")
        return self

    def told(self) -> list[str]:
        with pytest.raises(BookError) as caught:
            self.book.read("clocks.yaml")
        return caught.value.sentence.splitlines()


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path)


def test_a_file_is_read_as_it_is_written(shelf: Shelf) -> None:
    shelf.ships("name: 日常\nremind:\n  before: 30\n")
    assert shelf.book.read("clocks.yaml") == {"name": "日常", "remind": {"before": 30}}


def test_words_stay_words_and_hours_stay_hours(shelf: Shelf) -> None:
    """Older YAML reads `on` as true, 是 as nothing special, 05:30 as 330 and 2026-05-01 as a date. Ours doesn't."""
    shelf.ships("name: no\non: true\nfrom: 05:30\n")
    assert shelf.book.read("clocks.yaml") == {"name": "no", "on": True, "from": "05:30"}
    assert shelf.ships("name: 2026-05-01\n").book.read("clocks.yaml") == {"name": "2026-05-01"}
    assert shelf.ships("name: 是\n").book.read("clocks.yaml") == {"name": "是"}


def test_a_team_lays_its_own_file_over_the_book(shelf: Shelf) -> None:
    shelf.ships("name: 日常\nremind: {before: 30, by: 私聊}\nlevels:\n- {id: a, wait: 1}\n- {id: b, wait: 2}\n")
    shelf.lays_over("remind: {before: 15}\nlevels:\n- {id: b, wait: 9}\n- {id: c, wait: 3}\n")
    assert shelf.book.read("clocks.yaml") == {
        "name": "日常",
        "remind": {"before": 15, "by": "私聊"},
        "levels": [{"id": "a", "wait": 1}, {"id": "b", "wait": 9}, {"id": "c", "wait": 3}],
    }


def test_a_team_may_leave_its_file_empty_or_all_comments(shelf: Shelf) -> None:
    shelf.ships("name: 日常\n").lays_over("# 以后再写\n")
    assert shelf.book.read("clocks.yaml") == {"name": "日常"}


def test_a_team_can_empty_a_field(shelf: Shelf) -> None:
    shelf.ships("name: 日常\nnext: promise\n").lays_over("next: null\n")
    assert shelf.book.read("clocks.yaml")["next"] is None


def test_a_folder_is_one_list_out_of_many_files(shelf: Shelf) -> None:
    (shelf.shipped / "rules" / "a.yaml").write_text("- {id: x, wait: 1}\n", encoding="utf-8")
    (shelf.shipped / "rules" / "b.yaml").write_text("- {id: y, wait: 2}\n", encoding="utf-8")
    (shelf.team / "rules" / "ours.yaml").write_text("- {id: x, wait: 5}\n- {id: z, wait: 3}\n", encoding="utf-8")
    assert [(rule["id"], rule["wait"]) for rule in shelf.book.read_folder("rules")] == [("x", 5), ("y", 2), ("z", 3)]


def test_two_files_of_a_folder_cannot_share_an_id(shelf: Shelf) -> None:
    (shelf.shipped / "rules" / "a.yaml").write_text("- {id: x, wait: 1}\n", encoding="utf-8")
    (shelf.shipped / "rules" / "b.yaml").write_text("- {id: x, wait: 2}\n", encoding="utf-8")
    with pytest.raises(BookError, match=r"b\.yaml 第 1 行：id “x” 重复了，phrasebook/rules/a\.yaml 第 1 行"):
        shelf.book.read_folder("rules")


def test_all_that_is_wrong_is_told_at_once_with_file_line_and_what_is_allowed(shelf: Shelf) -> None:
    shelf.ships("nmae: 日常\non: yes\nremind:\n  before: 三十\n  by: 短信\nlevels:\n  - id: a\n    wait: 久\n")
    assert shelf.told() == [
        "phrasebook/clocks.yaml 第 1 行：文件里没有 `nmae` 这个名称，是不是想写 `name`？",
        "phrasebook/clocks.yaml 第 1 行：文件缺少 `name`（给人看的名字）。",
        "phrasebook/clocks.yaml 第 2 行：`on` 写成了 “yes”，只能是 true 或 false。",
        "phrasebook/clocks.yaml 第 4 行：`remind.before` 写成了 “三十”，只能是 1–10080 之间的整数（分钟）。",
        "phrasebook/clocks.yaml 第 5 行：`remind.by` 写成了 “短信”，只能是 私聊、群里 之一。",
        "phrasebook/clocks.yaml 第 8 行：`levels.a.wait` 写成了 “久”，只能是 整数。",
    ]


def test_a_mistake_in_the_overlay_is_told_with_the_overlays_own_line(shelf: Shelf) -> None:
    shelf.ships("name: 日常\nremind: {before: 30}\n").lays_over("# 我们队\nremind:\n  before: 0\n")
    (line,) = shelf.told()
    assert line.startswith(f"{shelf.team / 'clocks.yaml'} 第 3 行：`remind.before` 写成了 “0”")


@pytest.mark.parametrize(
    ("written", "line", "told"),
    [
        ("name: a\nname: b\n", 2, "`name` 写了两次，第 1 行已经有了"),
        ("name: a\nremind:\n\tbefore: 3\n", 3, "制表符（Tab）"),
        ("name: {称呼}，对不起\n", 1, "整句请用英文引号括起来"),
        ("name：日常\non: true\n", 1, "用了中文冒号“：”"),
        ("name: 'a\non: true\n", 1, "引号没有配成对"),
        ("name: a: b\n", 1, "冒号放错了"),
        ("name: @a\n", 1, "文字不能以“@”开头"),
        ("name: a\nremind:\n   before: 3\n by: 私聊\n", 4, "缩进与上文没有对齐"),
        ("name: a\nlevels: [1, 2\non: true\n", 3, "没有配成对"),
        ("name: *x\n", 1, "* 开头表示引用"),
        ("name: !!python/name:os.system x\n", 1, "标签不能用"),
        ("name: &a [*a]\n", 1, "绕回了自己"),
        ("---\nname: a\n---\nname: b\n", 3, "只能有一份内容"),
        ("name: a\x07\n", 1, "控制字符"),
    ],
)
def test_usual_slips_of_the_pen(shelf: Shelf, written: str, line: int, told: str) -> None:
    said = shelf.ships(written).told()[0]
    assert f"第 {line} 行" in said
    assert told in said


def test_a_missing_file_a_foreign_encoding_and_a_missing_overlay_are_sentences(shelf: Shelf, tmp_path: Path) -> None:
    assert shelf.told() == ["phrasebook/clocks.yaml：找不到这个文件。"]
    (shelf.shipped / "clocks.yaml").write_bytes("name: 日常\n".encode("gb18030"))
    assert shelf.told() == ["phrasebook/clocks.yaml：不是 UTF-8 编码，请用 UTF-8 另存。"]
    with pytest.raises(BookError, match="HUASHU_BOOK"):
        Book(shelf.shipped, tmp_path / "nowhere").read("clocks.yaml")


@given(st.text(max_size=60))
def test_whatever_is_in_a_file_it_is_read_or_told_in_chinese(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    shelf = Shelf(tmp_path_factory.mktemp("book"))
    (shelf.shipped / "clocks.yaml").write_bytes(text.encode("utf-8", "replace"))
    try:
        shelf.book.read("clocks.yaml")
    except BookError as error:
        assert error.sentence.startswith("phrasebook/clocks.yaml")


def test_the_book_that_ships_is_in_order() -> None:
    book = Book(default_shipped())
    phrases = phrases_of(book)
    assert len({phrase.id for phrase in phrases}) == len(phrases) > 0
    assert synonyms_of(book)["客訴"] == "投诉"
