"""`python -m bot.locales.make` writes zh_Hant.po from the texts in the code; `--check` only says what is wrong with it.

OpenCC gives each translation. One that a person reworded is kept and marked "reviewed"; empty it to get OpenCC's again.
The code is read by `ast`: on Python 3.11 Babel's own reader misses texts within f-strings.
"""

import ast
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from string import Formatter

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po

from bot.language.speech import LOCALES
from bot.phrases.fill import in_script

LOCALE = "zh_Hant"
CATALOGUE = LOCALES / f"{LOCALE}.po"
CODE = LOCALES.parent
REVIEWED = "reviewed"
# No dates and no names: two people who make the catalogue of the same code get the same file.
HEADER = f"""\
# 繁體中文。由 make translations 生成；改过的译文会保留，并标上 {REVIEWED}。
msgid ""
msgstr ""
"Language: {LOCALE}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""
# Traditional readers quote with corner brackets; OpenCC leaves quotation marks alone.
_QUOTES = str.maketrans("“”‘’", "「」『』")


@dataclass(frozen=True)
class Text:
    """A text of the code, and the file it is in."""

    text: str
    file: str


def main() -> None:
    checking = sys.argv[1:] == ["--check"]
    if sys.argv[1:] and not checking:
        sys.exit("用法：python -m bot.locales.make [--check]")
    texts, problems = read_code(CODE)
    kept = read_catalogue(CATALOGUE)
    if checking:
        problems += differences(texts, kept)
    else:
        catalogue = made(texts, kept)
        CATALOGUE.write_bytes(written(catalogue))
        problems += wrong_slots(catalogue)
    if problems:
        sys.exit("\n".join(problems))


def read_code(root: Path) -> tuple[list[Text], list[str]]:
    """Every text given to `_`, in order of files and places, and what is wrong with how it is given."""
    texts: list[Text] = []
    problems: list[str] = []
    for file in sorted(root.rglob("*.py")):
        if "playground" in file.relative_to(root).parts:
            continue  # stands in for Telegram; speaks 简体 only
        name = file.relative_to(root.parent).as_posix()
        for call in _calls(ast.parse(file.read_text(encoding="utf-8"))):
            match call.args:
                case [ast.Constant(value=str(text))] if text and not call.keywords:
                    texts.append(Text(text, name))
                case _:
                    problems.append(
                        f"{name} 第 {call.lineno} 行：_() 里只能直接写一段文字，不能用变量或 f-string；"
                        "要填的内容写成 {名称}，再用 .format 填。"
                    )
    return texts, problems


def read_catalogue(file: Path) -> Catalog:
    """The catalogue as it is; empty where there is none."""
    if not file.exists():
        return Catalog(locale=LOCALE)
    with file.open("rb") as lines:
        return read_po(lines, locale=LOCALE, abort_invalid=True)


def made(texts: Iterable[Text], kept: Catalog) -> Catalog:
    """The catalogue of these texts: what OpenCC gives, or what a person made of it."""
    catalogue = Catalog(locale=LOCALE)
    for text in texts:
        before = kept.get(text.text)
        said = traditional(text.text)
        reworded = before is not None and before.string not in ("", said)
        catalogue.add(
            text.text,
            before.string if before is not None and reworded else said,
            locations=[(text.file, 0)],
            user_comments=_comments(before, reworded),
        )
    return catalogue


def written(catalogue: Catalog) -> bytes:
    """The catalogue's file: a header that never changes, then the entries in order, each with its files."""
    entries = BytesIO()
    write_po(entries, catalogue, width=0, omit_header=True, include_lineno=False, sort_by_file=False)
    return HEADER.encode() + entries.getvalue().lstrip(b"\n")


def differences(texts: Iterable[Text], kept: Catalog) -> list[str]:
    """What keeps the catalogue from being up to date with the code, a sentence each."""
    wanted = list(dict.fromkeys(text.text for text in texts))
    present = {str(entry.id) for entry in entries(kept) if entry.string}
    missing = [f"缺译文：{text!r}" for text in wanted if text not in present]
    obsolete = [f"代码里已经没有：{entry.id!r}" for entry in entries(kept) if entry.id not in set(wanted)]
    problems = missing + obsolete
    if problems:
        problems.append(f"{CATALOGUE.name} 不是最新的，请运行 make translations，再看一遍改动。")
    return problems + wrong_slots(kept)


def wrong_slots(catalogue: Catalog) -> list[str]:
    """Translations whose {slots} are not those of their text."""
    return [
        f"译文里的 {{名称}} 和原文不一样，请改 {CATALOGUE.name}：{entry.id!r} → {entry.string!r}"
        for entry in entries(catalogue)
        if slots(str(entry.id)) != slots(str(entry.string))
    ]


def slots(text: str) -> Counter[str] | None:
    """The slots of a text, however ordered; None where its braces don't match."""
    try:
        return Counter(f"{name}!{how}:{spec}" for _, name, spec, how in Formatter().parse(text) if name is not None)
    except ValueError:
        return None


def entries(catalogue: Catalog) -> Iterator[Message]:
    """The catalogue's entries without its header."""
    return (entry for entry in catalogue if entry.id)


def traditional(text: str) -> str:
    """Taiwan's words (s2twp): 連結 and 檔案 read naturally in Hong Kong too; the phrasebook's wordings use the same."""
    return in_script(text, LOCALE).translate(_QUOTES)


def _calls(tree: ast.AST) -> Iterator[ast.Call]:
    found = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
    named = (call for call in found if isinstance(call.func, ast.Name) and call.func.id == "_")
    return iter(sorted(named, key=lambda call: (call.lineno, call.col_offset)))


def _comments(before: Message | None, reworded: bool) -> list[str]:
    others = [line for line in before.user_comments if line != REVIEWED] if before else []
    return [*others, REVIEWED] if reworded else others


if __name__ == "__main__":
    main()
