"""Phrase search alone, in this process, beside what other tools do over the same texts: LIKE, FTS5, BM25, tantivy."""

import random
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import perf_counter
from typing import Any

import bm25s
import tantivy

from bot.app import open_book
from bot.language.words import words
from bot.phrases.index import Index
from bot.phrases.phrase import Phrase
from bot.phrases.saved import open_index
from bot.phrases.yaml_file import synonyms_of
from bot.settings import Settings
from tests.bench.figures import Row, percentiles

# What agents type: keywords, whole sentences of customers, slips of the pen, 拼音, 繁體, a long story.
QUERIES = (
    "催单", "客户等了很久", "道歉", "要退款", "拒绝赔偿", "怎么还没人来修", "电梯又坏了", "张先生等太久了",
    "等了半天都没人理我", "你们什么态度", "我要找你们领导", "快递到哪了", "发票开错了", "空调漏水", "水管爆了",
    "dengtaijiu", "cuidan", "tuikuan", "kehu shengqi", "客戶很生氣", "什麼時候出貨", "客訴", "軟體當機了",
    "安府客户", "等侯", "催但", "投素", "物业费为什么涨", "房间太吵睡不着", "早餐时间", "车什么时候修好",
    "定金能退吗", "系统登不上去", "数据丢了", "感谢客户", "结束语", "您好开头怎么说", "听不清", "没权限要转主管",
    "我上周三就报修了，打了五次电话，每次都说马上来，到现在也没有人来，家里地板都泡坏了，你们到底管不管",
)  # fmt: skip
ROUNDS = 10
MANY = 100_000
MANY_ROUNDS = 3
SLOW = 0.02  # seconds a question: what is slower over many phrases is asked only once
Find = Callable[[str], Sequence[Any]]
Advance = Callable[[], None]


@dataclass
class _Engine:
    name: str
    find: Find
    seconds: list[float] = field(default_factory=list)
    answered: int = 0


def search_phrases(settings: Settings, advance: Advance) -> tuple[list[Row], list[str]]:
    """Rows of the shipped book and of a hundred thousand phrases; notes on how much was found and how soon ready."""
    book = open_book(settings)
    began = perf_counter()
    built = open_index(book, settings.home)
    building = perf_counter() - began
    began = perf_counter()
    index = open_index(book, settings.home)
    index.find(QUERIES[0])
    ready = perf_counter() - began
    rows = [Row(what="查话术就绪", ours=ready, theirs=building, unit="s", other="从头建索引")]
    rows += _race("只查话术库", index, built.phrases, ROUNDS, settings.home, advance)
    told = [f"只查话术库：{len(built.phrases)} 个情境，{len(QUERIES)} 种问法；{_answered()}。"]
    many = _many(built.phrases)
    rows += _race(
        f"{MANY // 10_000} 万条里查", Index(many, synonyms_of(book)), many, MANY_ROUNDS, settings.home, advance
    )
    told.append(f"{MANY // 10_000} 万条由书里的句子重新拼成，每条一个情境、一句话术、三种问法。")
    return rows, told


_found: dict[str, int] = {}


def _answered() -> str:
    return "、".join(f"{name} {found} 种" for name, found in _found.items()) + "有结果"


def _race(what: str, index: Index, phrases: Sequence[Phrase], rounds: int, home: Path, advance: Advance) -> list[Row]:
    """All engines answer the same questions in turn, so that drift of the machine hits each alike."""
    engines = [_Engine("话术", index.find), *_others(phrases)]
    for engine in engines:
        engine.answered = sum(bool(len(engine.find(query))) for query in QUERIES)
        _found.setdefault(engine.name, engine.answered)
    for _round in range(rounds):
        for query in QUERIES:
            for engine in engines:
                if _round and max(engine.seconds) > SLOW:
                    continue
                began = perf_counter()
                engine.find(query)
                engine.seconds.append(perf_counter() - began)
        advance()
    ours, *others = engines
    return [row for other in others for row in percentiles(what, ours.seconds, other.seconds, other.name)]


def _others(phrases: Sequence[Phrase]) -> list[_Engine]:
    texts = [" ".join((phrase.situation, *phrase.aliases, *phrase.says, *phrase.texts)) for phrase in phrases]
    cut = [[word for word in words(text) if word.strip()] for text in texts]
    return [
        _Engine("SQLite LIKE", _like(texts)),
        _Engine("SQLite FTS5", _fts5(texts)),
        _Engine("bm25s", _bm25s(cut)),
        _Engine("tantivy", _tantivy(cut)),
    ]


def _like(texts: Sequence[str]) -> Find:
    database = sqlite3.connect(":memory:")
    database.execute("CREATE TABLE phrase (text TEXT)")
    database.executemany("INSERT INTO phrase VALUES (?)", [(text,) for text in texts])
    return lambda query: database.execute(
        "SELECT rowid FROM phrase WHERE text LIKE ? LIMIT 3", (f"%{query}%",)
    ).fetchall()


def _fts5(texts: Sequence[str]) -> Find:
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE phrase USING fts5 (text, tokenize = 'trigram')")
    database.executemany("INSERT INTO phrase VALUES (?)", [(text,) for text in texts])

    def find(query: str) -> Sequence[Any]:
        grams = {query[at : at + 3] for at in range(len(query) - 2)}
        asked = " OR ".join('"{}"'.format(gram.replace('"', '""')) for gram in grams)
        if not asked:
            return []
        return database.execute(
            "SELECT rowid FROM phrase WHERE phrase MATCH ? ORDER BY rank LIMIT 3", (asked,)
        ).fetchall()

    return find


def _bm25s(cut: Sequence[list[str]]) -> Find:
    engine = bm25s.BM25()
    engine.index(list(cut), show_progress=False)

    def find(query: str) -> Sequence[Any]:
        found, scores = engine.retrieve([words(query)], k=3, show_progress=False)
        return [place for place, score in zip(found[0], scores[0], strict=True) if score > 0]

    return find


def _tantivy(cut: Sequence[list[str]]) -> Find:
    schema = tantivy.SchemaBuilder()
    schema.add_text_field("text", stored=False, tokenizer_name="whitespace")
    index = tantivy.Index(schema.build())
    writer = index.writer()
    for text in cut:
        writer.add_document(tantivy.Document(text=" ".join(text)))
    writer.commit()
    index.reload()
    searcher = index.searcher()

    def find(query: str) -> Sequence[Any]:
        asked = " ".join('"{}"'.format(word.replace('"', "")) for word in words(query) if word.strip())
        hits: Sequence[Any] = searcher.search(index.parse_query(asked, ["text"]), 3).hits
        return hits

    return find


def _many(phrases: Sequence[Phrase]) -> list[Phrase]:
    """A hundred thousand phrases put together anew from the sentences of the book."""
    chance = random.Random(7)
    says = [saying for phrase in phrases for saying in phrase.says]
    made = []
    for number in range(MANY):
        phrase = phrases[number % len(phrases)]
        made.append(
            replace(
                phrase,
                id=f"made-{number}",
                situation=f"{phrase.situation}{number}",
                texts=(chance.choice(phrase.texts),),
                aliases=(),
                says=tuple(chance.choice(says)[:8] + chance.choice(says)[-8:] for _saying in range(3)),
            )
        )
    return made
