"""Whoever reads 繁體 reads every text in 繁體, and never somebody's name changed."""

from collections import defaultdict
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from opencc import OpenCC

from bot.language.speech import _, speaking
from bot.locales import make

NAME = "张三丰"
# Right in 繁體 too, by the word: 公里, 皇后, 台北, 干擾, 余先生, 茶几, 批准 …
BOTH = frozenset("里后台干余斗云几范郁冲划准占采伙")


class Workshop:
    """Code and a catalogue of one's own to make."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.code = folder / "bot"
        self.code.mkdir()
        self.catalogue = folder / "zh_Hant.po"
        self._monkeypatch = monkeypatch
        monkeypatch.setattr(make, "CODE", self.code)
        monkeypatch.setattr(make, "CATALOGUE", self.catalogue)

    def has(self, code: str, file: str = "views.py") -> None:
        place = self.code / file
        place.parent.mkdir(exist_ok=True)
        place.write_text(code, encoding="utf-8")

    def run(self, *options: str) -> str:
        """What is said on the way out; nothing when all is well."""
        self._monkeypatch.setattr("sys.argv", ["make", *options])
        try:
            make.main()
        except SystemExit as end:
            return str(end.code)
        return ""

    def rewords(self, said: str, otherwise: str) -> None:
        text = self.written
        assert said in text
        self.catalogue.write_text(text.replace(said, otherwise), encoding="utf-8")

    @property
    def written(self) -> str:
        return self.catalogue.read_text(encoding="utf-8")


@pytest.fixture
def workshop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workshop:
    return Workshop(tmp_path, monkeypatch)


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    return make.read_catalogue(make.CATALOGUE)


# The catalogue that ships


def test_every_text_has_a_translation_with_the_same_slots(catalogue: Catalog) -> None:
    texts, _problems = make.read_code(make.CODE)
    assert len(texts) > 300
    assert make.differences(texts, catalogue) == []


def test_nothing_simplified_remains(catalogue: Catalog) -> None:
    to_traditional, to_simplified = OpenCC("s2tw"), OpenCC("t2s")
    left = {
        char: entry.string
        for entry in make.entries(catalogue)
        for char in set(str(entry.string)) - BOTH
        if to_traditional.convert(char) != char == to_simplified.convert(char)
    }
    assert left == {}


def test_a_name_is_never_converted(catalogue: Catalog) -> None:
    given: defaultdict[str, str] = defaultdict(lambda: NAME)
    with speaking("zh_Hant"):
        for entry in make.entries(catalogue):
            slots = make.slots(str(entry.id))
            if slots:
                said = _(str(entry.id)).format_map(given)
                assert said.count(NAME) == slots.total(), said


def test_each_is_spoken_to_in_their_own_script() -> None:
    with speaking("zh_Hant"):
        assert _("已答复") == "已答覆"
        with speaking("zh_Hans"):
            assert _("已答复") == "已答复"
        assert _("已答复") == "已答覆"


def test_a_text_nobody_translated_is_read_as_it_is_written() -> None:
    with speaking("zh_Hant"):
        assert _("谁也没译过的话") == "谁也没译过的话"


# Making it


def test_tags_and_slots_stay_and_quotes_are_those_of_traditional_readers(workshop: Workshop) -> None:
    workshop.has('_("<b>{称呼}</b>，文件“{name}”在<code>{里面}</code>里")')
    assert workshop.run() == ""
    assert 'msgstr "<b>{称呼}</b>，文件「{name}」在<code>{里面}</code>裡"' in workshop.written
    assert workshop.run("--check") == ""


def test_texts_inside_other_texts_are_found(workshop: Workshop) -> None:
    workshop.has('f"{_("，")}"'.replace('"，"', "'逗号'") + '\n_("一句"\n  "两行")')
    workshop.run()
    assert "逗號" in workshop.written
    assert "一句兩行" in workshop.written


def test_made_twice_it_is_the_same_and_names_no_line_and_no_day(workshop: Workshop) -> None:
    workshop.has('\n\n_("发送")', "b.py")
    workshop.has('_("发送"); _("复制")', "a.py")
    workshop.run()
    once = workshop.written
    workshop.has('\n\n\n\n_("发送"); _("复制")', "a.py")
    workshop.run()
    assert workshop.written == once
    assert "#: bot/a.py bot/b.py\n" in once
    assert "Date" not in once


def test_what_a_person_reworded_is_kept_and_marked(workshop: Workshop) -> None:
    workshop.has('_("没有打印机"); _("发送")')
    workshop.run()
    workshop.rewords('"沒有列印機"', '"沒有印表機"')
    assert workshop.run("--check") == ""
    workshop.run()
    assert 'msgstr "沒有印表機"' in workshop.written
    assert workshop.written.count("# reviewed\n") == 1
    workshop.rewords('msgstr "沒有印表機"', 'msgstr ""')
    workshop.run()
    assert 'msgstr "沒有列印機"' in workshop.written
    assert "# reviewed\n" not in workshop.written


def test_a_new_text_and_a_gone_one_are_told(workshop: Workshop) -> None:
    workshop.has('_("旧话")')
    workshop.run()
    workshop.has('_("新话")')
    told = workshop.run("--check")
    assert "缺译文：'新话'" in told
    assert "代码里已经没有：'旧话'" in told
    assert "请运行 make translations" in told
    assert workshop.run() == ""
    assert workshop.run("--check") == ""


@pytest.mark.parametrize("wrong", ["在 {nmae} 裡", "在裡", "在 {name 裡", "在 {name} {name} 裡"])
def test_a_slot_lost_or_misspelt_is_told(workshop: Workshop, wrong: str) -> None:
    workshop.has('_("在 {name} 里").format(name=1)')
    workshop.run()
    workshop.rewords("在 {name} 裡", wrong)
    assert "和原文不一样" in workshop.run("--check")
    assert "和原文不一样" in workshop.run()


@pytest.mark.parametrize("call", ["_(text)", '_(f"有 {n} 条")', '_("有" + n)', '_("")', '_(text="有")', '_("有", 1)'])
def test_what_cannot_be_looked_up_is_told_with_its_place(workshop: Workshop, call: str) -> None:
    workshop.has(f'_("可以")\n{call}')
    told = workshop.run("--check")
    assert told.startswith("bot/views.py 第 2 行：_() 里只能直接写一段文字")
    assert "第 2 行" in workshop.run()
    assert "可以" in workshop.written


def test_the_playground_is_left_out(workshop: Workshop) -> None:
    workshop.has("_(text)", "playground/page.py")
    assert workshop.run() == ""


def test_a_wrong_option_is_told(workshop: Workshop) -> None:
    assert workshop.run("--chek").startswith("用法")
    assert not workshop.catalogue.exists()
