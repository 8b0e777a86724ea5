"""Phrases leave as files and come back: what each format keeps, what people may write, what is told of a bad row."""

import csv
import io
import json
import re
import zipfile
from datetime import date, time

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from bot.errors import Unreadable
from bot.language.fold import fold
from bot.phrases.exchange import CARRIED, EVERYTHING, FORMATS, MOST_BYTES, MOST_ROWS, MOST_SHEETS, Read, export, read
from bot.phrases.fill import SLOTS
from bot.phrases.phrase import ALWAYS, Phrase, Valid, When
from bot.shared.text import clean

# Any characters, those that mean something to a spreadsheet, YAML, Liquid or a form among them. Braces and 【】 stand
# for slots and are tested by themselves; control characters and blanks at the ends are no part of a wording.
letters = st.one_of(
    st.characters(exclude_categories=["Cs", "Cc", "Co"], exclude_characters="{}【】[]\ufffe\uffff"),
    st.sampled_from("=+-@'\"#&*!|>%:;,；，、/| 请稍等客户退款tk～。？！\n"),
)


def lines(least: int = 1, most: int = 40) -> st.SearchStrategy[str]:
    return st.text(letters, min_size=least, max_size=most).map(_one_line).filter(lambda s: least <= len(s))


def _one_line(text: str) -> str:
    return clean(" ".join(clean(text).split()))


texts = st.lists(
    st.one_of(st.text(letters, min_size=1, max_size=30), st.sampled_from([f"{{{slot}}}" for slot in SLOTS])),
    min_size=1,
    max_size=5,
).map(lambda parts: "\n".join(clean(line) for line in clean("".join(parts)).split("\n")).strip()).filter(
    lambda text: 2 <= len(text) <= 500
)  # fmt: skip
words = st.lists(lines(), max_size=4, unique=True).map(tuple)
one_line_texts = texts.map(_one_line).filter(lambda text: len(text) > 1)
wordings = st.lists(one_line_texts, max_size=2, unique=True).map(tuple)
tones = st.dictionaries(
    st.sampled_from(["formal", "shop"]), st.lists(one_line_texts, min_size=1, max_size=2, unique=True).map(tuple)
)
hours = st.times().map(lambda at: at.replace(second=0, microsecond=0, fold=0))
whens = st.one_of(
    st.none(),
    st.builds(When, start=hours, end=hours, season=st.sampled_from([None, "春", "冬"]), holiday=st.none()),
    st.builds(When, season=st.sampled_from("夏秋"), holiday=st.sampled_from([None, "春节"])),
)
valids = st.one_of(
    st.just(ALWAYS),
    st.builds(
        lambda days, successor: Valid(start=min(days), until=max(days), successor=successor),
        st.lists(st.dates(date(2000, 1, 1), date(2099, 12, 31)), min_size=2, max_size=2),
        st.sampled_from([None, "wait-long"]),
    ),
)
phrases = st.lists(
    st.builds(
        Phrase,
        id=st.from_regex(r"[a-z]{1,8}(-[a-z]{1,8})?", fullmatch=True),
        situation=lines(1, 16).filter(lambda s: not re.search(r"-\d+$", s) and s.strip(":;/ ") == s),
        group=lines(1, 8),
        texts=st.lists(texts, min_size=1, max_size=4, unique=True).map(tuple),
        aliases=words,
        says=words,
        alarm=words,
        avoid=words,
        styles=tones,
        en=wordings,
        next=st.sampled_from([None, "promise", "script:angry-caller"]),
        tags=words,
        source=lines(1, 20),
        note=lines(1, 20),
        when=whens,
        valid=valids,
    ),
    min_size=1,
    max_size=3,
    unique_by=lambda phrase: fold(phrase.situation).text,
)


def carried(phrase: Phrase, form: str) -> dict[str, object]:
    return {name: getattr(phrase, name) for name in CARRIED[form]}


@pytest.mark.parametrize("form", ["xlsx", "csv", "yaml"])
@settings(max_examples=60, deadline=None)
@given(book=phrases)
def test_nothing_is_lost_on_the_way_out_and_back(form: str, book: list[Phrase]) -> None:
    again = read(*export(book, form))
    assert again.problems == ()
    assert list(again.phrases) == book
    assert set(CARRIED[form]) == set(EVERYTHING) == set(vars(book[0]))


@settings(max_examples=80, deadline=None)
@given(book=phrases)
def test_chatwoot_keeps_the_situation_and_its_wordings(book: list[Phrase]) -> None:
    again = read(*export(book, "chatwoot"))
    assert again.problems == ()
    assert [carried(phrase, "chatwoot") for phrase in again.phrases] == [carried(one, "chatwoot") for one in book]


@settings(max_examples=80, deadline=None)
@given(book=phrases)
def test_espanso_keeps_the_wordings_and_what_leads_to_them(book: list[Phrase]) -> None:
    again = read(*export(book, "espanso"))
    assert again.problems == ()
    for before, after in zip(book, again.phrases, strict=True):
        assert (after.situation, after.texts) == (before.situation, before.texts)
        assert after.says == tuple(dict.fromkeys((*before.aliases, *before.says)))


@settings(max_examples=300, deadline=None)
@given(name=st.sampled_from(["a.csv", "a.yaml", "a.json", "a.xlsx", "a.txt", "a"]), data=st.binary(max_size=300))
def test_whatever_bytes_come_they_are_read_or_refused_in_a_sentence(name: str, data: bytes) -> None:
    try:
        assert isinstance(read(name, data), Read)
    except Unreadable as refused:
        assert refused.sentence.endswith("。")


def phrase(situation: str = "久等", *said: str, **more: object) -> Phrase:
    return Phrase(id="x", situation=situation, group="等候", texts=said or ("请稍等。",), **more)  # type: ignore[arg-type]


# What the files look like


def test_the_workbook_is_one_to_work_in() -> None:
    valid = Valid(until=date(2026, 12, 31))
    name, data = export(
        [phrase("久等", "{reason}，请稍等。", "马上来。", says=("等了半天", "还要多久"), valid=valid)], "xlsx"
    )
    assert name == "话术.xlsx"
    sheet = load_workbook(io.BytesIO(data)).active
    assert sheet is not None
    header = [cell.value for cell in sheet[1]]
    row = dict(zip(header, sheet[2], strict=True))
    assert header[:6] == ["情境", "话术1", "话术2", "话术3", "话术4", "客户会怎么说"]
    assert sheet.freeze_panes == "B2"
    assert row["话术1"].value == "{原因}，请稍等。"
    assert row["客户会怎么说"].value == "等了半天\n还要多久"
    assert row["停用日期"].is_date and row["停用日期"].value.date() == date(2026, 12, 31)
    assert sheet.column_dimensions["B"].width > 30


@pytest.mark.parametrize("text", ["=1+1", "+8613800138000", "-3", "@SUM(A1)", '=HYPERLINK("http://x","y")', "'=1"])
def test_a_spreadsheet_runs_nothing_of_what_was_typed(text: str) -> None:
    book = [phrase("久等", text)]
    cell = load_workbook(io.BytesIO(export(book, "xlsx")[1])).active["B2"]  # type: ignore[index]
    assert (cell.data_type, cell.value, cell.quotePrefix) == ("s", text, True)
    written = next(iter(csv.reader(io.StringIO(export(book, "csv")[1].decode("utf-8-sig")[1:].split("\n", 1)[1]))))[1]
    assert written[0] == "'"
    assert read(*export(book, "csv")).phrases == tuple(book)


def test_excel_opens_the_csv_in_chinese() -> None:
    assert export([phrase()], "csv")[1].startswith(b"\xef\xbb\xbf")


def test_the_yaml_is_the_phrasebooks_own() -> None:
    (entry,) = yaml.safe_load(export([phrase("久等", "{reason}，请稍等。", aliases=("久等",))], "yaml")[1])
    assert entry == {
        "id": "x", "situation": "久等", "group": "等候", "texts": ["{reason}，请稍等。"], "aliases": ["久等"],
        "says": [], "next": None, "source": "",
    }  # fmt: skip


def test_chatwoot_gets_unique_short_codes_and_its_own_variables() -> None:
    items = json.loads(export([phrase("久等", "{称呼}，我是{self}，因{reason}请稍等。", "马上来。")], "chatwoot")[1])
    assert items == [
        {"short_code": "久等", "content": "{{contact.name}}，我是{{agent.name}}，因【原因】请稍等。"},
        {"short_code": "久等-2", "content": "马上来。"},
    ]


def test_espanso_gets_triggers_and_forms() -> None:
    book = [phrase("请稍等", "{reason}，请稍等。", "马上来。", aliases=("稍等",), says=("等一下",))]
    assert yaml.safe_load(export(book, "espanso")[1]) == {
        "matches": [
            {"trigger": ":qsd;", "label": "请稍等", "form": "[[原因]]，请稍等。", "search_terms": ["稍等", "等一下"]},
            {"trigger": ":qsd;", "label": "请稍等", "replace": "马上来。"},
        ]
    }


# What people may write


def told(name: str, text: str, encoding: str = "utf-8") -> tuple[list[tuple[str, tuple[str, ...]]], list[str]]:
    found = read(name, text.encode(encoding))
    return [(one.situation, one.texts) for one in found.phrases], [one.sentence for one in found.problems]


@pytest.mark.parametrize(
    "text",
    [
        "情境,话术1\n久等,请稍等。\n",
        "话术,场景\n请稍等。,久等\n",
        "标题;回复内容\n久等;请稍等。\n",
        "Situation\tText\n久等\t请稍等。\n",
        "short_code,content\n久等,请稍等。\n",
        "\n\n客服部话术汇总,\n情境,话术内容\n\n久等,请稍等。\n,,\n",
        " 情 境 ,話術１\r\n久等,请稍等。\r\n",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_headers_in_any_order_words_and_encoding(text: str, encoding: str) -> None:
    assert told("a.csv", text, encoding) == ([("久等", ("请稍等。",))], [])


def test_lists_in_a_cell_by_line_or_by_the_usual_signs() -> None:
    rows = '情境,话术,关键词,客户会说,停用日期\n久等,请稍等。,久等、等太久,"还要多久，急死了\n等了半天",2026/6/30\n'
    (one,) = read("a.csv", rows.encode()).phrases
    assert one.aliases == ("久等", "等太久")
    assert one.says == ("还要多久，急死了", "等了半天")
    assert one.valid.until == date(2026, 6, 30)


def test_blanks_are_slots_by_their_chinese_name_too() -> None:
    (one,) = read("a.csv", "情境,话术\n久等,{原因}，{称呼}请稍等，【答复时间】前回复，【重要】。\n".encode()).phrases
    assert one.texts == ("{reason}，{称呼}请稍等，{due}前回复，【重要】。",)


def test_each_bad_row_is_told_with_its_number_and_the_others_count() -> None:
    found, problems = told(
        "a.csv",
        "情境,话术,停用日期\n久等,请稍等。,\n,你好。,\n退款,,\n催单,{时限}前到。,\n投诉,{原因前到。,\n道歉,对不起。,明年\n"
        f"久等,请稍等。,\n问候,{'好' * 501},\n告别,再见。,2026-02-30\n",
    )
    assert found == [("久等", ("请稍等。",))]
    assert problems == [
        "第 3 行：缺情境：什么情况下说这句。",
        "第 4 行：“退款”没有写话术。",
        "第 5 行：没有 {时限} 这种空格，可以写：称呼、问候、答复时间、原因、替代方案、单位…",
        "第 6 行：“{原因前到。”的花括号没有配成对。",
        "第 7 行：日期“明年”看不懂，写成 2026-06-30 这样。",
        "第 8 行：和第 2 行一样，只收一次。",
        f"第 9 行：“{'好' * 15}…”太长（501 字），最多 500 字。",
        "第 10 行：日期“2026-02-30”看不懂，写成 2026-06-30 这样。",
    ]


def test_columns_nobody_knows_are_told_not_dropped_in_silence() -> None:
    assert told("a.csv", "情境,话术,浏览量\n久等,请稍等。,9\n") == (
        [("久等", ("请稍等。",))],
        ["第 1 行：这几列不认得，没有读：浏览量。"],
    )


def test_a_file_without_a_header_is_told_what_to_write() -> None:
    found, problems = told("a.csv", "久等,请稍等。\n退款,已登记。\n")
    assert found == []
    assert problems == ["第 1 行：认不出表头。第一行请写“情境”和“话术1”，其余的列可以不写。"]


def workbook(*rows: list[object], sheet: str = "话术") -> bytes:
    book = Workbook()
    assert book.active is not None
    book.active.title = sheet
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_workbook_as_people_make_them() -> None:
    data = workbook(["情境", "话术", "编号"], ["久等", "请稍等。", 7.0], [None, None, None], ["算账", "=1+1", 8])
    found = read("话术.xlsx", data)
    assert [(row, one.situation, one.texts, one.id) for row, one in found.found] == [
        (2, "久等", ("请稍等。",), "7"),
        (4, "算账", ("=1+1",), "8"),
    ]


def test_a_further_sheet_is_read_or_told() -> None:
    book = Workbook()
    first, second, third = book.active, book.create_sheet("退款组"), book.create_sheet("联系人")
    assert first is not None
    for row in (["情境", "话术"], ["久等", "请稍等。"]):
        first.append(row)
    for row in (["情境", "话术"], ["退款", "已登记。"]):
        second.append(row)
    third.append(["小李", "13800138000"])
    out = io.BytesIO()
    book.save(out)
    found = read("话术.xlsx", out.getvalue())
    assert [one.situation for one in found.phrases] == ["久等", "退款"]
    assert [one.sentence.split("。")[0] for one in found.problems] == ["联系人 第 1 行：认不出表头"]


@pytest.mark.parametrize(
    ("start", "until", "read_as"),
    [
        ("", "9999-12-31", ALWAYS),
        ("", "2101-01-01", ALWAYS),
        ("1900-01-01", "", ALWAYS),
        ("0001-01-01", "2026-06-30", Valid(until=date(2026, 6, 30))),
        ("2026-06-30", "9999/12/31", Valid(start=date(2026, 6, 30))),
        ("2000-01-01", "2100-12-31", Valid(start=date(2000, 1, 1), until=date(2100, 12, 31))),
    ],
)
def test_a_day_beyond_all_days_is_no_limit(start: str, until: str, read_as: Valid) -> None:
    (one,) = read("a.csv", f"情境,话术,生效日期,停用日期\n久等,请稍等。,{start},{until}\n".encode()).phrases
    assert one.valid == read_as


@pytest.mark.parametrize(("start", "until"), [("9999-12-31", ""), ("", "0001-01-01")])
def test_a_wording_that_could_never_be_said_is_told(start: str, until: str) -> None:
    found, problems = told("a.csv", f"情境,话术,生效日期,停用日期\n久等,请稍等。,{start},{until}\n")
    assert found == []
    assert problems == [f"第 2 行：日期 {start or until} 不对，年份写 2000 到 2100。"]


def test_the_book_of_another_program() -> None:
    assert told(
        "a.yml",
        "matches:\n  - trigger: ':dk'\n    replace: 请稍等。$|$\n  - trigger: ':t'\n    replace: '{{mytime}}'\n",
    ) == (
        [("dk", ("请稍等。",))],
        ["第 4 行：带有别家的变量 {{mytime}}，请改成 {称呼} 这样的空格。"],
    )
    page = '[{"id": 3, "short_code": "久等", "content": "{{ contact.first_name }}请稍等。"}, {"short_code": "x"}]'
    assert told("canned.json", page) == (
        [("久等", ("{称呼}请稍等。",))],
        ["第 2 行：“x”没有写话术。"],
    )


def test_the_clock_of_a_yaml_file_stays_a_clock() -> None:
    (one,) = read("a.yaml", "- {情境: 早安, 话术: [早上好。], when: {from: 05:30, to: 11:30}}".encode()).phrases
    assert one.when == When(start=time(5, 30), end=time(11, 30))


# What is refused


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("a.csv", b"x" * (MOST_BYTES + 1), "最多 2 MB"),
        ("a.csv", b"  \n", "空的"),
        (
            "a.csv",
            "情境,话术\n".encode() + b"".join(f"情境{n},请稍等。\n".encode() for n in range(2001)),
            "超过 2000 行",
        ),
        ("a.xls", b"\xd0\xcf\x11\xe0" + b"x" * 600, "另存为 .xlsx"),
        ("a.xlsx", b"PK\x03\x04 broken", "打不开"),
        ("a.pdf", b"%PDF-1.7", "只认得"),
        ("a.csv", b"\xff\xfe\x00", "编码"),
        ("a.yaml", b"[" * 100_000, "第 1 行"),
        ("a.yaml", b"- &a [*a]", "第 1 行"),
        ("a.yaml", b"a: 1", "没有话术"),
        ("a.json", b"[" * 100_000, "写坏了"),
        ("a.json", b"{}", "没有话术"),
    ],
)
def test_what_is_no_file_of_ours_is_refused_with_what_to_do(name: str, data: bytes, told: str) -> None:
    with pytest.raises(Unreadable, match=re.escape(told)):
        read(name, data)


def test_a_workbook_of_too_many_sheets_is_not_read_through() -> None:
    book = Workbook()
    for _sheet in range(MOST_SHEETS):
        book.create_sheet()
    out = io.BytesIO()
    book.save(out)
    with pytest.raises(Unreadable, match=rf"工作表太多（{MOST_SHEETS + 1} 张）"):
        read("a.xlsx", out.getvalue())


def test_rows_count_in_all_sheets_together() -> None:
    book = Workbook()
    for sheet, title in ((book.active, "一"), (book.create_sheet(), "二")):
        assert sheet is not None
        sheet.title = title
        sheet.append(["情境", "话术"])
        for n in range(MOST_ROWS // 2 + 1):
            sheet.append([f"{title}{n}", "请稍等。"])
    out = io.BytesIO()
    book.save(out)
    with pytest.raises(Unreadable, match="超过 2000 行"):
        read("a.xlsx", out.getvalue())


def test_a_small_workbook_that_unpacks_to_a_huge_one_is_not_unpacked() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/sharedStrings.xml", b"0" * (50 * 2**20))
    with pytest.raises(Unreadable, match="展开后太大"):
        read("a.xlsx", out.getvalue())


def test_every_format_has_a_name_of_its_own() -> None:
    assert len(set(FORMATS.values())) == len(FORMATS) == len(CARRIED)
