"""The draft checker alone, in this process, with the rules that ship and with a thousand, beside every regex in turn."""

import random
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from time import thread_time

import yaml

from bot.app import read_checker
from bot.checks.check import Checker
from bot.checks.regex import Regex
from bot.checks.rewrite import clauses_of
from bot.checks.tight import tighten
from bot.checks.yaml_file import read_rules
from bot.language.words import COMMON, words
from bot.phrases.phrase import Phrase
from bot.phrases.yaml_file import phrases_of
from bot.shared.book import Book, default_shipped
from tests.bench.figures import Row, percentiles

THOUSAND = 1000
LONG = 200  # characters of a draft
DRAFTS = 400
EVERY = 8  # of so many sentences one breaks a norm
Advance = Callable[[], None]


def check_drafts(advance: Advance) -> tuple[list[Row], list[str]]:
    """Rows of the shipped rules and of a thousand; a note on what was asked."""
    shipped = Book(default_shipped())
    phrases = phrases_of(shipped)
    drafts = drafts_of(shipped, phrases)
    rows: list[Row] = []
    told: list[str] = []
    with TemporaryDirectory() as team:
        count = len(read_rules(shipped).rules)
        overlay(Path(team), phrases, THOUSAND - count)
        for many, book in ((count, shipped), (THOUSAND, Book(default_shipped(), Path(team)))):
            checker = read_checker(book)
            rows += _race(f"查草稿，{many} 条规则", checker, book, drafts)
            advance()
            told.append(f"{many} 条规则，{_bad(checker, drafts)}/{len(drafts)} 篇查出忌语")
    longest = max(map(len, drafts))
    return rows, [
        f"查草稿：每篇 {longest} 字以内，由书里的话术和忌语的例句拼成；{'；'.join(told)}。话术的时间含改写和承诺；"
        "逐条正则只算把每条正则在全文跑一遍。都算占用的 CPU 时间。"
    ]


def drafts_of(book: Book, phrases: Sequence[Phrase]) -> list[str]:
    """Good wordings of the book with a forbidden one here and there, cut to length."""
    chance = random.Random(7)
    good = [text for phrase in phrases for text in phrase.texts]
    bad = [form for rule in read_rules(book).rules for form in (*rule.forms, *rule.bad)]
    drafts = []
    for _draft in range(DRAFTS):
        draft = ""
        while len(draft) < LONG:
            draft += chance.choice(bad) + "。" if chance.randrange(EVERY) == 0 else chance.choice(good)
        drafts.append(draft[:LONG])
    return drafts


def overlay(folder: Path, phrases: Sequence[Phrase], count: int) -> None:
    """A team's own rules, as many as these, made of the words its customers use."""
    chance = random.Random(11)
    said = (words(text) for phrase in phrases for text in (*phrase.says, *phrase.texts))
    known = sorted({word for cut in said for word in cut if 2 <= len(word) <= 4 and word not in COMMON})
    known = [word for word in known if re.fullmatch(r"[一-龥]+", word)]

    def some(least: int, most: int) -> list[str]:
        return chance.sample(known, chance.randint(least, most))

    def either(least: int, most: int) -> str:
        return f"(?:{'|'.join(some(least, most))})"

    rules = [
        {
            "id": f"team-{number}",
            "class": "本店",
            "level": chance.choice(("bad", "hint")),
            "forms": [
                chance.choice(("不", "别", "谁", "又")).join(some(2, 2)) for _form in range(chance.randint(2, 6))
            ],
            "patterns": [
                f"{either(2, 6)}(?:都|就|也|一律|反正|根本)*(?:不|没|别){either(2, 6)}<语气>",
                f"<您>(?:自己|当时|还|又)*{either(2, 5)}[^,.?]{{0,6}}{either(2, 5)}",
            ][: chance.randint(1, 2)],
            "except": [f"(?:请|可以|帮您|为您)[^,.?]{{0,4}}{either(2, 5)}"],
            "why": "本店规定",
            "instead": None,
            "source": [],
        }
        for number in range(count)
    ]
    text = yaml.safe_dump({"rules": rules}, allow_unicode=True, sort_keys=False)
    (folder / "forbidden.yaml").write_text(text, encoding="utf-8")


def _race(what: str, checker: Checker, book: Book, drafts: Sequence[str]) -> list[Row]:
    """Both read the same drafts in turn, so that drift of the machine hits each alike; once before that, unmeasured,
    since a regex is compiled when a draft first calls for it."""
    for draft in drafts:
        checker.check(draft)
    regexes = [pattern for rule in read_rules(book).rules for pattern in _all_of(rule.forms, rule.patterns)]
    ours: list[float] = []
    theirs: list[float] = []
    for draft in drafts:
        tighten.cache_clear()
        clauses_of.cache_clear()
        began = thread_time()
        checker.check(draft)
        ours.append(thread_time() - began)
        text = tighten(draft).text
        began = thread_time()
        for regex in regexes:
            regex.search(text)
        theirs.append(thread_time() - began)
    return percentiles(what, ours, theirs, "逐条正则")


def _all_of(forms: Sequence[str], patterns: Sequence[Regex]) -> list[re.Pattern[str]]:
    compiled = [regex.compiled for regex in patterns]
    return [re.compile("|".join(map(re.escape, forms))), *compiled] if forms else compiled


def _bad(checker: Checker, drafts: Sequence[str]) -> int:
    return sum(checker.check(draft).verdict == "bad" for draft in drafts)
