"""Phrases as files and back: workbook, CSV, the phrasebook's YAML, Chatwoot's canned responses, espanso's matches.

Pure: bytes in and out. What a format can't carry is listed in CARRIED; blanks around a text and control characters are
dropped by all. In files for people a slot has its Chinese name ({原因}); reading takes both names. A cell that a
spreadsheet would run (= + - @) is written as text.
"""

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any

import yaml

from bot.errors import Unreadable
from bot.language.fold import fold
from bot.language.pinyin import initials
from bot.language.speech import _
from bot.phrases.fill import SLOTS, slots_in
from bot.phrases.phrase import ALWAYS, Phrase, Valid, When
from bot.shared.text import clean, cut

FORMATS = {
    "xlsx": "话术.xlsx", "csv": "话术.csv", "yaml": "phrases.yaml", "chatwoot": "chatwoot.json",
    "espanso": "espanso.yml",
}  # fmt: skip
EVERYTHING = (
    "id", "situation", "group", "texts", "aliases", "says", "alarm", "avoid", "styles", "en", "next", "tags", "source", "note",
    "when", "valid",
)  # fmt: skip
# Of a phrase, what each format brings back. In espanso aliases come back as says.
CARRIED = {
    "xlsx": EVERYTHING, "csv": EVERYTHING, "yaml": EVERYTHING, "chatwoot": ("situation", "texts"),
    "espanso": ("situation", "texts", "says"),
}  # fmt: skip
MOST_BYTES = 2 * 1024 * 1024
MOST_UNPACKED = 40 * 1024 * 1024  # of a workbook, which is a zip
MOST_ROWS = 2000
MOST_COLUMNS = 60
MOST_SHEETS = 20
YEARS = range(2000, 2101)  # a last day beyond, such as 9999-12-31, means for good; a first day before, from ever on
MOST_TEXTS = 4
SITUATION_MOST, TEXT_MOST, LINE_MOST = 40, 500, 80  # characters
GROUP = "团队话术"
LOOKED_FOR_HEADER = 10  # rows at the top among which the header may stand


@dataclass(frozen=True, kw_only=True)
class Problem:
    """A row that was not read, or not all of it. `row` as the person's program counts; `sheet` where there are several."""

    row: int
    what: str
    sheet: str = ""

    @property
    def sentence(self) -> str:
        where = _("第 {row} 行").format(row=self.row) if self.row else ""
        return "：".join(filter(None, (f"{self.sheet} {where}".strip(), self.what)))


@dataclass(frozen=True, kw_only=True)
class Read:
    """What a file holds: `found` are the phrases with their row, in order; a row is in `found` or in `problems`."""

    found: tuple[tuple[int, Phrase], ...]
    problems: tuple[Problem, ...]

    @property
    def phrases(self) -> tuple[Phrase, ...]:
        return tuple(phrase for _row, phrase in self.found)


def export(phrases: Iterable[Phrase], form: str) -> tuple[str, bytes]:
    """A file's name and its bytes, in one of FORMATS."""
    write: Mapping[str, Callable[[Sequence[Phrase]], bytes]] = {
        "xlsx": _to_xlsx, "csv": _to_csv, "yaml": _to_yaml, "chatwoot": _to_chatwoot, "espanso": _to_espanso,
    }  # fmt: skip
    return FORMATS[form], write[form](list(phrases))


def read(name: str, data: bytes) -> Read:
    """The phrases of a file; rows that can't be used are told, the others count.

    Raises Unreadable when it is no file of ours at all.
    """
    if len(data) > MOST_BYTES:
        raise Unreadable(
            _("文件太大（{size} MB），最多 2 MB。请拆成几个再发。").format(size=round(len(data) / 2**20, 1))
        )
    if not data.strip():
        raise Unreadable(_("文件是空的。"))
    ending = name.lower().rpartition(".")[2]
    if data[:4] == b"PK\x03\x04":
        return _collected(_rows_of_xlsx(data))
    if data[:4] == b"\xd0\xcf\x11\xe0" or ending == "xls":
        raise Unreadable(_("这是旧版 Excel 文件。请用 Excel 打开，另存为 .xlsx 再发。"))
    text = _decoded(data)
    if ending == "json" or (ending not in ("csv", "txt", "yaml", "yml") and text.lstrip()[:1] in "[{"):
        return _collected(_rows_of_json(text))
    if ending in ("yaml", "yml"):
        return _collected(_rows_of_yaml(text))
    if ending in ("csv", "txt", "tsv"):
        return _collected(_rows_of_csv(text))
    raise Unreadable(_("只认得 .xlsx、.csv、.yaml、.json 文件。"))


# A row on its way: what stands in it by column, and where


@dataclass(frozen=True, kw_only=True)
class _Row:
    number: int
    cells: Mapping[str, Any]
    problem: str = ""
    sheet: str = ""
    joins: bool = False  # a further wording of the situation of the same name before it


def _collected(rows: Iterable[_Row]) -> Read:
    found: list[tuple[int, Phrase]] = []
    problems: list[Problem] = []
    seen: dict[tuple[str, tuple[str, ...]], int] = {}
    named: dict[str, int] = {}
    count = 0
    for row in rows:
        count += 1
        if count > MOST_ROWS:
            raise Unreadable(_("超过 {most} 行，请拆成几个文件再发。").format(most=MOST_ROWS))
        try:
            if row.problem:
                raise _Wrong(row.problem)
            phrase = _phrase_of(row)
            place = named.get(phrase.situation) if row.joins else None
            if place is not None and len(found[place][1].texts) < MOST_TEXTS:
                first, other = found[place]
                texts = tuple(dict.fromkeys((*other.texts, *phrase.texts)))
                says = tuple(dict.fromkeys((*other.says, *phrase.says)))
                found[place] = first, replace(other, texts=texts, says=says)
                continue
            key = (fold(phrase.situation).text, phrase.texts)
            if key in seen:
                raise _Wrong(_("和第 {row} 行一样，只收一次。").format(row=seen[key]))
            seen[key] = row.number
            named[phrase.situation] = len(found)
            found.append((row.number, phrase))
        except _Wrong as wrong:
            problems.append(Problem(row=row.number, what=str(wrong), sheet=row.sheet))
    if not found and not problems:
        raise Unreadable(_("文件里没有话术。"))
    return Read(found=tuple(found), problems=tuple(problems))


class _Wrong(Exception):
    """What is wrong with one row, as a sentence."""


# Columns: key, header, other headers people write (folded, without punctuation), width

_COLUMNS: tuple[tuple[str, str, str, int], ...] = (
    ("situation", "情境", "情景 场景 标题 主题 问题 名称 类型 场合 situation title shortcode label name scene", 18),
    ("text1", "话术1", "话术 说法 内容 话术内容 标准话术 回复 回复内容 答案 答复 text texts content reply replace answer", 44),
    ("text2", "话术2", "", 36),
    ("text3", "话术3", "", 36),
    ("text4", "话术4", "", 36),
    ("says", "客户会怎么说", "客户会说 客户怎么说 客户原话 原话 客户说 问法 相似问法 相似问 says utterances searchterms", 36),
    ("aliases", "别的叫法", "别名 叫法 关键词 关键字 同义词 aliases keywords keyword", 24),
    ("alarm", "紧急词", "人命关天的词 alarm", 16),
    ("avoid", "不要说", "忌语 禁忌 不能说 别说 avoid", 24),
    ("group", "分类", "类别 分组 归类 目录 group category folder", 12),
    ("tags", "行业", "标签 行业标签 tags tag", 12),
    ("formal", "正式说法", "正式 formal", 30),
    ("shop", "网店说法", "网店 shop", 30),
    ("en", "英文", "英语 english en", 30),
    ("next", "下一步", "next", 12),
    ("hours", "钟点", "时段 hours", 12),
    ("season", "季节", "season", 8),
    ("holiday", "节日", "holiday", 10),
    ("from", "生效日期", "生效 开始日期 起 from", 12),
    ("until", "停用日期", "停用 有效期 到期 到期日 失效日期 结束日期 截止日期 止 until", 12),
    ("successor", "停用后改用", "改用 successor", 14),
    ("source", "来源", "出处 source", 14),
    ("note", "说明", "备注 note", 24),
    ("id", "代号", "编号 id", 16),
)  # fmt: skip
_LISTS = ("says", "aliases", "alarm", "avoid", "tags", "formal", "shop", "en")
# What people put between the items of a list in one cell; a cell of several lines has an item on each.
_BETWEEN = {"aliases": "、，,；;|｜/", "tags": "、，,；;|｜/"}
_BETWEEN_LINES = "；;|｜"


def _plain_header(text: str) -> str:
    return re.sub(r"[\W_]+", "", fold(text).text)


_HEADERS = {
    _plain_header(word): key
    for key, header, others, _width in _COLUMNS
    for word in (key, header, *others.split())
}  # fmt: skip
_NUMBERED = re.compile(r"(?:话术|说法|回复|内容|答案|text|reply|content)(?:内容)?([1-9一二两三四五六七八九])")
_DIGITS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}


def _column(header: str) -> str | None:
    plain = _plain_header(header)
    numbered = _NUMBERED.fullmatch(plain)
    if numbered:
        return f"text{_DIGITS.get(numbered[1]) or numbered[1]}"
    return _HEADERS.get(plain)


def _table(rows: Iterable[tuple[int, Sequence[Any]]], sheet: str = "") -> Iterator[_Row]:
    """The rows below the header; nothing when there is no header among the first rows."""
    columns: dict[int, str] | None = None
    unknown: list[str] = []
    looked = 0
    for number, values in rows:
        if not any(_said(value) for value in values):
            continue
        if columns is None:
            named = {at: key for at, value in enumerate(values) if (key := _column(_said(value)))}
            if "situation" in named.values() and "text1" in named.values():
                columns = {
                    at: key for at, key in named.items() if key not in list(named.values())[: list(named).index(at)]
                }
                unknown = [_said(value) for at, value in enumerate(values) if _said(value) and at not in columns]
                if unknown:
                    told = _("这几列不认得，没有读：{columns}。").format(columns="、".join(cut(u, 12) for u in unknown))
                    yield _Row(number=number, cells={}, problem=told, sheet=sheet)
                continue
            looked += 1
            if looked >= LOOKED_FOR_HEADER:
                break
            continue
        yield _Row(number=number, cells={columns[at]: v for at, v in enumerate(values) if at in columns}, sheet=sheet)
    if columns is None:
        told = _("认不出表头。第一行请写“情境”和“话术1”，其余的列可以不写。")
        yield _Row(number=1, cells={}, problem=told, sheet=sheet)


def _said(value: Any) -> str:
    """A cell as text: what was typed, whatever the program made of it."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat()
    return _text(value).strip()


# From a row to a phrase


def _phrase_of(row: _Row) -> Phrase:
    cells = row.cells
    situation = " ".join(_said(cells.get("situation")).split())
    texts = [_slots_known(_said(cells.get(key))) for key in sorted(cells) if re.fullmatch(r"text\d", key)]
    texts = list(dict.fromkeys(filter(None, texts)))
    lists = {key: _items(cells.get(key), key) for key in _LISTS}
    if not situation:
        raise _Wrong(_("缺情境：什么情况下说这句。"))
    if len(situation) > SITUATION_MOST:
        raise _Wrong(_("情境太长（{n} 字），最多 {most} 字。").format(n=len(situation), most=SITUATION_MOST))
    if not texts:
        raise _Wrong(_("“{situation}”没有写话术。").format(situation=situation))
    if len(texts) > MOST_TEXTS:
        raise _Wrong(
            _("“{situation}”有 {n} 句话术，一行最多 {most} 句。").format(
                situation=situation, n=len(texts), most=MOST_TEXTS
            )
        )
    for text in (*texts, *lists["formal"], *lists["shop"], *lists["en"]):
        _check_text(text)
    for key in ("says", "aliases", "alarm", "avoid", "tags"):
        for line in lists[key]:
            if len(line) > LINE_MOST:
                raise _Wrong(
                    _("“{line}”太长，最多 {most} 字；几句请分行写。").format(line=cut(line, 16), most=LINE_MOST)
                )
    return Phrase(
        id=_said(cells.get("id")) or f"row-{row.number}",
        situation=situation,
        group=_said(cells.get("group")) or GROUP,
        texts=tuple(texts),
        aliases=lists["aliases"],
        says=lists["says"],
        alarm=lists["alarm"],
        avoid=lists["avoid"],
        styles={tone: tuple(map(_slots_known, lists[tone])) for tone in ("formal", "shop") if lists[tone]},
        en=tuple(map(_slots_known, lists["en"])),
        next=_said(cells.get("next")) or None,
        tags=lists["tags"],
        source=_said(cells.get("source")),
        note=_said(cells.get("note")),
        when=_when(cells),
        valid=_valid(cells),
    )


def _check_text(text: str) -> None:
    if len(text) > TEXT_MOST:
        raise _Wrong(
            _("“{text}”太长（{n} 字），最多 {most} 字。").format(text=cut(text, 16), n=len(text), most=TEXT_MOST)
        )
    if len(text) < 2:
        raise _Wrong(_("话术“{text}”太短。").format(text=text))
    for slot in slots_in(text):
        if slot not in SLOTS and slot not in _SLOT_NAMED:
            names = "、".join(list(_SLOT_NAMED)[:6])
            raise _Wrong(_("没有 {{{slot}}} 这种空格，可以写：{names}…").format(slot=cut(slot, 12), names=names))
    if re.search(r"[{}]", SLOT.sub("", text)):
        raise _Wrong(_("“{text}”的花括号没有配成对。").format(text=cut(text, 16)))


SLOT = re.compile(r"\{([^{}\n]{1,24})\}")
_BLANK = re.compile(r"【([^【】\n]{1,24})】")
_SLOT_NAMED = {name: slot for slot, name in SLOTS.items()}


def _slots_known(text: str) -> str:
    """{原因} and the blank 【原因】 are {reason}; other brackets stay what they are."""
    text = SLOT.sub(lambda m: f"{{{_SLOT_NAMED.get(m[1].strip(), m[1].strip())}}}", text)
    return _BLANK.sub(lambda m: f"{{{_SLOT_NAMED[m[1].strip()]}}}" if m[1].strip() in _SLOT_NAMED else m[0], text)


def _slots_named(text: str, shape: str = "{{{name}}}") -> str:
    return SLOT.sub(lambda m: shape.format(name=SLOTS.get(m[1].strip(), m[1].strip())), text)


def _items(value: Any, key: str) -> tuple[str, ...]:
    if isinstance(value, (list, tuple)):
        parts = [_said(part) for part in value]
    else:
        text = _text(value)
        between = _BETWEEN.get(key, _BETWEEN_LINES if key in ("says", "avoid") else "")
        parts = text.split("\n") if "\n" in text or not between else re.split(f"[{re.escape(between)}]", text)
    return tuple(dict.fromkeys(part for raw in parts if (part := raw.strip())))


_NO_XML = re.compile("[\ufffe\uffff]")  # no workbook can hold these


def _text(value: Any) -> str:
    """As `_said`, but line breaks at the ends stay: one of them says that the cell is one item."""
    text = "" if value is None else str(value).replace("\r\n", "\n").replace("\r", "\n")
    return "\n".join(clean(line) for line in _NO_XML.sub("", text).split("\n"))


def _when(cells: Mapping[str, Any]) -> When | None:
    hours = _said(cells.get("hours"))
    start = end = None
    if hours:
        clocks = re.fullmatch(r"(\d{1,2}[:：]\d{2})\s*[-–—~～至到]+\s*(\d{1,2}[:：]\d{2})", hours)
        try:
            start, end = (
                (time.fromisoformat(c.replace("：", ":").zfill(5)) for c in clocks.groups()) if clocks else (None, None)
            )
        except ValueError:
            start = None
        if start is None:
            raise _Wrong(_("钟点“{hours}”看不懂，写成 05:00-11:30 这样。").format(hours=cut(hours, 16)))
    season, holiday = _said(cells.get("season")), _said(cells.get("holiday"))
    if season and season not in "春夏秋冬":
        raise _Wrong(_("季节只能写 春、夏、秋、冬。"))
    return (
        When(start=start, end=end, season=season or None, holiday=holiday or None)
        if hours or season or holiday
        else None
    )


def _valid(cells: Mapping[str, Any]) -> Valid:
    start, until = _day(cells.get("from")), _day(cells.get("until"))
    if start and start.year < YEARS.start:
        start = None
    if until and until.year >= YEARS.stop:
        until = None
    for day in filter(None, (start, until)):
        if day.year not in YEARS:
            raise _Wrong(_("日期 {day} 不对，年份写 2000 到 2100。").format(day=day))
    if start and until and until < start:
        raise _Wrong(_("停用日期在生效日期之前。"))
    successor = _said(cells.get("successor"))
    return Valid(start=start, until=until, successor=successor or None) if start or until or successor else ALWAYS


def _day(value: Any) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = _said(value)
    if not text or fold(text).text in ("长期", "长期有效", "永久", "-", "无"):
        return None
    parts = re.fullmatch(
        r"(\d{4})\s*[-/.年]?\s*(\d{1,2})\s*[-/.月]?\s*(\d{1,2})\s*日?(?:[ T]00:00.*)?", fold(text).text
    )
    try:
        if parts:
            return date(int(parts[1]), int(parts[2]), int(parts[3]))
    except ValueError:
        pass
    raise _Wrong(_("日期“{text}”看不懂，写成 2026-06-30 这样。").format(text=cut(text, 16)))


# From a phrase to a row


def _cells(phrase: Phrase) -> dict[str, Any]:
    when, valid = phrase.when or When(), phrase.valid
    hours = f"{when.start:%H:%M}-{when.end:%H:%M}" if when.start is not None and when.end is not None else ""
    cells: dict[str, Any] = {
        "situation": phrase.situation, "group": phrase.group, "next": phrase.next or "", "hours": hours,
        "season": when.season or "", "holiday": when.holiday or "", "from": valid.start, "until": valid.until,
        "successor": valid.successor or "", "source": phrase.source, "note": phrase.note, "id": phrase.id,
    }  # fmt: skip
    cells |= {f"text{at}": _slots_named(text) for at, text in enumerate(phrase.texts, 1)}
    lists = {"says": phrase.says, "aliases": phrase.aliases, "avoid": phrase.avoid, "tags": phrase.tags}
    lists["alarm"] = phrase.alarm
    lists |= {"en": phrase.en, "formal": phrase.styles.get("formal", ()), "shop": phrase.styles.get("shop", ())}
    for key, items in lists.items():
        cells[key] = "\n".join(_slots_named(item.replace("\n", " ")) for item in items)
        if len(items) == 1:
            between = _BETWEEN.get(key, _BETWEEN_LINES)
            cells[key] += "\n" if set(cells[key]) & set(between) else ""
    return {key: clean_cell(value) for key, value in cells.items()}


def clean_cell(value: Any) -> Any:
    return _text(value) if isinstance(value, str) else value


# Workbook


def _to_xlsx(phrases: Sequence[Phrase]) -> bytes:
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "话术"
    sheet.freeze_panes = "B2"
    layout, bold = Alignment(wrap_text=True, vertical="top"), Font(bold=True)
    shade = PatternFill("solid", start_color="FFE8EEF7")
    for at, (_key, header, _others, width) in enumerate(_COLUMNS, 1):
        cell: Any = sheet.cell(1, at, header)
        cell.font, cell.fill, cell.alignment = bold, shade, layout
        sheet.column_dimensions[get_column_letter(at)].width = width
    for number, row in enumerate(map(_cells, phrases), 2):
        for at, (key, _header, _others, _width) in enumerate(_COLUMNS, 1):
            if not (value := row.get(key)):
                continue
            cell = sheet.cell(number, at)
            if isinstance(value, date):
                cell.value, cell.number_format = value, "yyyy-mm-dd"
            else:
                cell.value, cell.data_type = value, "s"  # text, also when it begins with =
                cell.number_format, cell.quotePrefix = "@", True
            cell.alignment = layout
    sheet.auto_filter.ref = sheet.dimensions
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _rows_of_xlsx(data: bytes) -> Iterator[_Row]:
    from openpyxl import load_workbook

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if sum(one.file_size for one in packed.infolist()) > MOST_UNPACKED:
                raise Unreadable(_("这个 Excel 文件展开后太大，请拆成几个再发。"))
            if any(b"<!DOCTYPE" in packed.read(one)[:4096].upper() for one in packed.infolist()):
                raise Unreadable(_("这个 Excel 文件里有不认得的内容，请另存为新的 .xlsx 再发。"))
        sheets = load_workbook(io.BytesIO(data), read_only=True, keep_links=False).worksheets
        if len(sheets) > MOST_SHEETS:
            raise Unreadable(
                _("工作表太多（{n} 张），最多 {most} 张，请删掉没用的再发。").format(n=len(sheets), most=MOST_SHEETS)
            )
        filled = [sheet for sheet in sheets if any(_said(v) for _at, row in _rows_of_sheet(sheet) for v in row)]
        for sheet in filled:  # one by one, so that a file with too many rows is not read to its end
            yield from _table(_rows_of_sheet(sheet), sheet.title if len(filled) > 1 else "")
    except Unreadable:
        raise
    except Exception as error:  # whatever a broken workbook makes of the reader
        raise Unreadable(_("打不开这个 Excel 文件，请用 Excel 另存为 .xlsx 再发。")) from error


def _rows_of_sheet(sheet: Any) -> Iterator[tuple[int, Sequence[Any]]]:
    return enumerate(sheet.iter_rows(max_row=MOST_ROWS * 3, max_col=MOST_COLUMNS, values_only=True), 1)


# CSV

_RUNS = re.compile(r"'*[=+\-@\t]")


def _to_csv(phrases: Sequence[Phrase]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(header for _key, header, _others, _width in _COLUMNS)
    for phrase in phrases:
        cells = _cells(phrase)
        writer.writerow(_harmless(cells.get(key)) for key, _header, _others, _width in _COLUMNS)
    return out.getvalue().encode("utf-8-sig")


def _harmless(value: Any) -> str:
    """A spreadsheet takes what begins with = for an order, unless a ' stands before it."""
    text = value.isoformat() if isinstance(value, date) else str(value or "")
    return f"'{text}" if _RUNS.match(text) else text


def _rows_of_csv(text: str) -> Iterator[_Row]:
    head = text.lstrip().split("\n", 1)[0]
    delimiter = max(",;\t", key=head.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise Unreadable(_("这个 CSV 文件读不了，请用 Excel 另存为“CSV UTF-8”再发。")) from error
    plain = [
        [cell[1:] if cell[:1] == "'" and _RUNS.match(cell) else cell for cell in row[:MOST_COLUMNS]] for row in rows
    ]
    yield from _table(enumerate(plain, 1))


def _decoded(data: bytes) -> str:
    """As Excel saves it in China, too."""
    for encoding in ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable(_("认不出文件的编码，请另存为 UTF-8 再发。"))


# YAML and JSON


_Dumper: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
_Loader: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # every scalar is what was written
DEEPEST = 8  # lists in lists: a phrase needs four


def _dumped(data: Any) -> bytes:
    return bytes(yaml.dump(data, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=10_000, encoding="utf-8"))


def _to_yaml(phrases: Sequence[Phrase]) -> bytes:
    return _dumped([_entry(phrase) for phrase in phrases])


def _entry(phrase: Phrase) -> dict[str, Any]:
    """The phrase as the phrasebook writes it."""
    when, valid = phrase.when or When(), phrase.valid
    entry: dict[str, Any] = {
        "id": phrase.id, "situation": phrase.situation, "group": phrase.group, "texts": list(phrase.texts),
        "en": list(phrase.en), "styles": {tone: list(texts) for tone, texts in phrase.styles.items()},
        "aliases": list(phrase.aliases), "says": list(phrase.says), "alarm": list(phrase.alarm),
        "avoid": list(phrase.avoid), "next": phrase.next,
        "tags": list(phrase.tags), "source": phrase.source, "note": phrase.note,
        "when": {
            name: value for name, value in (
                ("from", f"{when.start:%H:%M}" if when.start is not None else None),
                ("to", f"{when.end:%H:%M}" if when.end is not None else None),
                ("season", when.season), ("holiday", when.holiday),
            ) if value
        },
        "valid": {
            name: str(value) for name, value in
            (("from", valid.start), ("until", valid.until), ("successor", valid.successor)) if value
        },
    }  # fmt: skip
    kept = ("id", "situation", "group", "texts", "aliases", "says", "next", "source")
    return {name: value for name, value in entry.items() if value or name in kept}


def _rows_of_yaml(text: str) -> Iterator[_Row]:
    lines: dict[int, int] = {}
    try:
        root = _values(text, lines)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        raise Unreadable(_("第 {line} 行不符合 YAML 的写法，请检查缩进、冒号和引号。").format(line=line)) from error
    for key in ("phrases", "matches"):
        root = root.get(key, root) if isinstance(root, dict) else root
    if not isinstance(root, list):
        raise Unreadable(_("文件里没有话术：要么是 phrases/*.yaml 那样的一列，要么是 espanso 的 matches。"))
    for number, item in enumerate(root, 1):
        yield _row_of_entry(item, lines.get(id(item), number))


def _values(text: str, lines: dict[int, int]) -> Any:
    """The first document as plain values; `lines` learns where each list and mapping begins.

    Built from events, so that nesting without end and references, which could mean an endless file, end it at once.
    """
    root: list[Any] = []
    stack: list[Any] = [root]
    keys: list[Any] = [None]
    for parsed in yaml.parse(text, Loader=_Loader):
        event: Any = parsed
        mark: Any = event.start_mark
        if isinstance(event, yaml.AliasEvent) or len(stack) > DEEPEST:
            raise yaml.MarkedYAMLError(None, None, "reference or nesting", mark)
        if isinstance(event, yaml.CollectionEndEvent):
            stack.pop()
            keys.pop()
            continue
        if isinstance(event, yaml.DocumentEndEvent):
            break
        if not isinstance(event, yaml.NodeEvent):
            continue
        value: Any = {} if isinstance(event, yaml.MappingStartEvent) else []
        if isinstance(event, yaml.ScalarEvent):
            value = "" if event.implicit[0] and event.value in ("~", "null", "Null", "NULL") else event.value
        else:
            lines[id(value)] = mark.line + 1
        into = stack[-1]
        if isinstance(into, list):
            into.append(value)
        elif keys[-1] is None and not isinstance(value, str):
            raise yaml.MarkedYAMLError(None, None, "a name that is no word", mark)
        elif keys[-1] is None:
            keys[-1] = value
        else:
            into[keys[-1]] = value
            keys[-1] = None
        if not isinstance(value, str):
            stack.append(value)
            keys.append(None)
    return root[0] if root else None


def _rows_of_json(text: str) -> Iterator[_Row]:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unreadable(_("这个 JSON 文件写坏了，读不了。")) from error
    for key in ("phrases", "payload", "data", "canned_responses", "matches"):
        data = data.get(key, data) if isinstance(data, dict) else data
    if not isinstance(data, list):
        raise Unreadable(_("文件里没有话术：要一个列表，每项有 short_code 和 content。"))
    for number, item in enumerate(data, 1):
        yield _row_of_entry(item, number)


def _row_of_entry(item: Any, number: int) -> _Row:
    """An entry of the phrasebook, a canned response of Chatwoot or a match of espanso."""
    if not isinstance(item, dict):
        return _Row(number=number, cells={}, problem=_("这一项不是一条话术。"))
    try:
        if "short_code" in item and "content" in item:
            return _Row(number=number, cells=_of_chatwoot(item), joins=True)
        if {"replace", "form"} & item.keys():
            return _Row(number=number, cells=_of_espanso(item), joins=True)
        return _Row(number=number, cells=_of_entry(item))
    except _Wrong as wrong:
        return _Row(number=number, cells={}, problem=str(wrong))


def _of_entry(item: Mapping[str, Any]) -> dict[str, Any]:
    cells: dict[str, Any] = {}
    for name, value in item.items():
        if name in ("styles", "when", "valid"):
            inner = value if isinstance(value, dict) else {}
            if name == "when":
                hours = "-".join(filter(None, (_said(inner.get("from")), _said(inner.get("to")))))
                cells |= {"hours": hours, "season": inner.get("season"), "holiday": inner.get("holiday")}
            else:
                cells |= {
                    key: inner.get(key) for key in ("formal", "shop", "from", "until", "successor") if key in inner
                }
            continue
        key = _column(str(name))
        if key == "text1" and isinstance(value, list):
            cells |= {f"text{at}": text for at, text in enumerate(value[:9], 1)}
        elif key:
            cells[key] = value
    for key, value in cells.items():
        if isinstance(value, dict) or (isinstance(value, list) and key not in _LISTS):
            raise _Wrong(_("`{key}` 写法不对。").format(key=key))
    return cells


# Chatwoot: {"short_code", "content"} as its API takes and gives them; unique short codes; Liquid variables.

_LIQUID = {"称呼": "contact.name", "self": "agent.name"}
_OF_LIQUID = {
    "contact.name": "称呼", "contact.first_name": "称呼", "contact.last_name": "称呼",
    "agent.name": "self", "agent.first_name": "self", "agent.last_name": "self",
}  # fmt: skip
_VARIABLE = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")


def _to_chatwoot(phrases: Sequence[Phrase]) -> bytes:
    taken: set[str] = set()
    items = []
    for phrase in phrases:
        for text in phrase.texts:
            code, number = phrase.situation, 1
            while code in taken:
                number += 1
                code = f"{phrase.situation}-{number}"
            taken.add(code)
            content = SLOT.sub(_liquid, text)
            items.append({"short_code": code, "content": content})
    return json.dumps(items, ensure_ascii=False, indent=1).encode()


def _liquid(slot: re.Match[str]) -> str:
    name = slot[1].strip()
    return f"{{{{{_LIQUID[name]}}}}}" if name in _LIQUID else f"【{SLOTS.get(name, name)}】"


def _of_chatwoot(item: Mapping[str, Any]) -> dict[str, Any]:
    content = _VARIABLE.sub(lambda m: _slot_of(_OF_LIQUID.get(m[1]), m[0]), _said(item["content"]))
    return {"situation": re.sub(r"-\d{1,3}$", "", _said(item["short_code"])), "text1": content}


def _slot_of(slot: str | None, written: str) -> str:
    if slot is None:
        raise _Wrong(
            _("带有别家的变量 {written}，请改成 {slot} 这样的空格。").format(slot="{称呼}", written=cut(written, 24))
        )
    return f"{{{slot}}}"


# espanso: a match per wording; slots are the fields of a form; the names are found in its search bar.

_FIELD = re.compile(r"\[\[\s*(\w+)\s*\]\]")


def _to_espanso(phrases: Sequence[Phrase]) -> bytes:
    matches = []
    for phrase in phrases:
        letters = initials(phrase.situation) or re.sub(r"[^a-z0-9]+", "-", fold(phrase.situation).text).strip("-")
        for number, text in enumerate(phrase.texts):
            # A trigger closed by a semicolon is never the beginning of another.
            match: dict[str, Any] = {"trigger": f":{letters or phrase.id};", "label": phrase.situation}
            said = re.sub(r"\[(?=\[)|\](?=\])", lambda m: "［" if m[0] == "[" else "］", text)
            if SLOT.search(text):
                match["form"] = _slots_named(said, "[[{name}]]")
            else:
                match["replace"] = text
            if number == 0 and (terms := [*phrase.aliases, *phrase.says]):
                match["search_terms"] = terms
            matches.append(match)
    return _dumped({"matches": matches})


def _of_espanso(item: Mapping[str, Any]) -> dict[str, Any]:
    if item.get("form"):
        text = _FIELD.sub(lambda m: f"{{{_SLOT_NAMED.get(m[1], m[1])}}}", _said(item["form"]))
    else:
        written = _said(item.get("replace")).replace("$|$", "")
        text = _VARIABLE.sub(lambda m: _slot_of(_form_field(m[1]), m[0]), written)
    triggers = item.get("triggers")
    trigger = _said(item.get("trigger") or (triggers[0] if isinstance(triggers, list) and triggers else ""))
    label = _said(item.get("label")) or trigger.strip(":;/ ")
    return {"situation": label, "text1": text, "says": item.get("search_terms") or []}


def _form_field(name: str) -> str | None:
    """The slot that a field of a form stands for: form1.reason, form1.原因; None for what espanso works out itself."""
    form, _dot, field = name.partition(".")
    if not form.startswith("form") or not field:
        return None
    return _SLOT_NAMED.get(field) or (field if field in SLOTS else None)
