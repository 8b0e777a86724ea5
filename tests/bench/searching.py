"""Phrase search alone, in this process, beside what most tools do: LIKE over the same texts in SQLite."""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter

from bot.app import open_book, read_index
from bot.phrases.yaml_file import phrases_of
from bot.settings import Settings

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


@dataclass(frozen=True, kw_only=True)
class Searched:
    seconds: list[float]
    answered: int  # queries of QUERIES that found anything


def search_phrases(settings: Settings, advance: Callable[[], None]) -> tuple[int, Searched, Searched]:
    """How many texts there are, then ours and LIKE's times for the same queries, turn by turn."""
    book = open_book(settings)
    index = read_index(book)
    rows = [(phrase.situation, text) for phrase in phrases_of(book) for text in phrase.texts]
    database = sqlite3.connect(":memory:")
    database.execute("CREATE TABLE phrase (situation TEXT, text TEXT)")
    database.executemany("INSERT INTO phrase VALUES (?, ?)", rows)

    def like(query: str) -> list[tuple[str, str]]:
        found = database.execute(
            "SELECT situation, text FROM phrase WHERE situation LIKE :q OR text LIKE :q LIMIT 3", {"q": f"%{query}%"}
        )
        return found.fetchall()

    ours: list[float] = []
    likes: list[float] = []
    for _round in range(ROUNDS):
        for query in QUERIES:
            ours.append(_timed(index.find, query))
            likes.append(_timed(like, query))
        advance()
    return (
        len(rows),
        Searched(seconds=ours, answered=sum(bool(index.find(query)) for query in QUERIES)),
        Searched(seconds=likes, answered=sum(bool(like(query)) for query in QUERIES)),
    )


def _timed(find: Callable[[str], object], query: str) -> float:
    began = perf_counter()
    find(query)
    return perf_counter() - began
