"""The phrasebook's index kept on disk, so that a bot is ready at once: built anew when the book or the code changes."""

import hashlib
import json
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import structlog

from bot.language import fold, meaning, pinyin, words
from bot.phrases import fill, index, phrase, pieces, yaml_file
from bot.phrases.index import Built, Index
from bot.phrases.yaml_file import phrase_of, synonyms_of
from bot.shared.book import Book

log = structlog.get_logger()
FILE = "phrases.index"
_MADE_WITH = ("opencc", "pypinyin", "rjieba")
_MADE_BY = (fold, meaning, pinyin, words, fill, pieces, index, phrase, yaml_file)


def open_index(book: Book, home: Path) -> Index:
    """The index of the book, from `home` when it was kept there for exactly this book and this code.

    Raises BookError with every problem of a book that was not kept yet. A file that can't be read or written costs
    time, nothing else.
    """
    mark = _mark(book)
    file = home / FILE
    kept = _read(file, mark)
    if kept is None:
        entries, synonyms = book.read_folder("phrases"), synonyms_of(book)
        kept = Index([phrase_of(entry) for entry in entries], synonyms, book.read("offtopic.yaml"))
        _write(file, {"mark": mark, "entries": entries, "synonyms": synonyms, "names": kept.built.names}, kept)
    return kept


def _mark(book: Book) -> str:
    """What the book and the code that reads it are, to the byte."""
    mark = hashlib.sha256(book.fingerprint("phrases", "synonyms.yaml", "offtopic.yaml").encode())
    for file in (*(Path(str(module.__file__)) for module in _MADE_BY), meaning.FILE):
        mark.update(file.read_bytes())
    for name in _MADE_WITH:
        mark.update(f"{name} {version(name)}".encode())
    return mark.hexdigest()


def _read(file: Path, mark: str) -> Index | None:
    if not file.is_file():
        return None
    try:
        with np.load(file, allow_pickle=False) as parts:
            written: dict[str, Any] = json.loads(parts["json"].tobytes())
            if written["mark"] != mark:
                return None
            arrays = {name: parts[name] for name in parts.files if name != "json"}
        phrases = [phrase_of(entry) for entry in written["entries"]]
        return Index(phrases, written["synonyms"], built=Built(written["names"], arrays))
    except Exception as problem:  # a damaged file raises whatever its damage leads to; the book itself is whole
        log.warning("the kept index can't be read; it is built anew", why=repr(problem))
        return None


def _write(file: Path, written: dict[str, Any], made: Index) -> None:
    letters = np.frombuffer(json.dumps(written, ensure_ascii=False).encode(), np.uint8)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        for left in file.parent.glob(f"{FILE}?*"):  # of a process that was killed while writing
            left.unlink(missing_ok=True)
        with tempfile.NamedTemporaryFile(dir=file.parent, prefix=FILE, delete=False) as draft:
            try:
                np.savez(draft, allow_pickle=False, json=letters, **made.built.arrays)
                draft.flush()
                Path(draft.name).replace(file)
            except BaseException:
                Path(draft.name).unlink(missing_ok=True)
                raise
    except OSError as problem:
        log.warning("the index can't be kept; it is built at every start", why=str(problem))
