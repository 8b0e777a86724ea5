"""The index kept on disk: ready at once, never out of date, never in the way."""

import shutil
from pathlib import Path

import pytest

from bot.phrases.saved import FILE, open_index
from bot.shared.book import Book, default_shipped

NEW = """
- id: made-here
  situation: 团队自己的情境
  group: 样例
  texts: ["{称呼}，门口的猫请随意喂。"]
  aliases: [喂猫]
  says: [一, 二, 三, 四, 五, 六, 七, 八, 九, 门口那只猫能喂吗]
  source: 客服一组
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def book(tmp_path: Path) -> Book:
    """A small book of three files, so that building takes no time."""
    shipped = tmp_path / "phrasebook"
    shutil.copytree(default_shipped(), shipped)
    for file in (shipped / "phrases").glob("*.yaml"):
        if file.name not in ("waiting.yaml", "apology.yaml"):
            file.unlink()
    overlay = tmp_path / "ours"
    (overlay / "phrases").mkdir(parents=True)
    return Book(shipped, overlay)


def found(book: Book, home: Path, query: str) -> list[tuple[str, int, float]]:
    return [(hit.phrase.id, hit.text, hit.score) for hit in open_index(book, home).find(query)]


def test_the_kept_index_answers_as_the_one_just_built(book: Book, home: Path) -> None:
    built = {query: found(book, home, query) for query in ("久等", "jiudeng", "怎么还没轮到我", "鲁迅原名是什么")}
    assert (home / FILE).exists()
    assert {query: found(book, home, query) for query in built} == built
    assert built["久等"][0][0] == "wait-long"
    assert built["鲁迅原名是什么"] == []


def test_a_kept_index_is_read_not_built(book: Book, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = found(book, home, "久等")
    monkeypatch.setattr("bot.phrases.index._Builder", None)  # building would fail
    assert found(book, home, "久等") == before


def test_a_changed_book_is_never_answered_from_the_old_index(book: Book, home: Path, tmp_path: Path) -> None:
    assert "made-here" not in [one[0] for one in found(book, home, "喂猫")]
    (tmp_path / "ours" / "phrases" / "own.yaml").write_text(NEW, encoding="utf-8")
    assert found(book, home, "喂猫")[0][0] == "made-here"
    (tmp_path / "ours" / "phrases" / "own.yaml").unlink()
    assert "made-here" not in [one[0] for one in found(book, home, "喂猫")]


@pytest.mark.parametrize("damage", [b"", b"not an index", b"PK\x03\x04 half of one"])
def test_a_damaged_file_costs_time_and_nothing_else(book: Book, home: Path, damage: bytes) -> None:
    before = found(book, home, "久等")
    (home / FILE).write_bytes(damage)
    assert found(book, home, "久等") == before
    assert (home / FILE).stat().st_size > len(damage)  # it was kept anew


def test_half_a_file_is_not_believed(book: Book, home: Path) -> None:
    before = found(book, home, "久等")
    whole = (home / FILE).read_bytes()
    (home / FILE).write_bytes(whole[: len(whole) // 2])
    assert found(book, home, "久等") == before


def test_where_nothing_can_be_kept_the_bot_answers_all_the_same(book: Book, tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("not a folder", encoding="utf-8")
    assert found(book, in_the_way, "久等")[0][0] == "wait-long"
