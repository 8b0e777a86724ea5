"""The proof of the phrasebook: what in it is broken, what robs what, what of the norms is missing, and where it stands.

An error has to be put right before the book is used; a hint is worth a look.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from statistics import median
from typing import Any, Literal

from bot.checks.check import Checker
from bot.checks.rule import Channel, Occasion
from bot.errors import BookError
from bot.language.fold import fold
from bot.language.speech import _
from bot.phrases.exchange import SLOT
from bot.phrases.fill import SLOTS, fill, slots_in
from bot.phrases.index import Index
from bot.phrases.phrase import Phrase
from bot.shared.book import Book

Kind = Literal["error", "hint"]
ALIKE = 0.85  # share of common pairs of characters from which two wordings are nearly the same
SHORT = 6  # a wording of fewer characters is like another only when it is the same
TELLING = 4  # a wording to avoid of fewer characters (没有) is meant as a whole answer, not as a part of one
FOLDS = 5  # utterances are left out a fifth at a time: five indexes instead of thousands …
SAMPLED = 2  # … and of these fifths so many are asked, unless the whole book is wanted
AMONG = 3  # an utterance finds its situation when it is among so many: what an agent is shown
ROBBED = 0.4  # below this share of utterances found again, a situation is named
TOLD_MISSES = 3  # utterances quoted in a hint
POOREST = 10
_NOT_BARE = re.compile(r"[\W_]+")
_ROW = re.compile(r"\b[A-Z]\d{3}\b")
_ID = re.compile(r"^\s*(?:-\s+)?(?:\{\s*)?id:\s*[\"']?([a-z0-9-]+)")
_PLACED = re.compile(r"^(?P<file>.+?) 第 (?P<line>\d+) 行：(?P<what>.+)$")
_PLAIN = {"称呼": "张先生", "due": "今天 15:00", "reason": "系统升级", "alternative": "换一件新的", "self": "小李"}
_CHANNELS: Mapping[str, Channel] = {"formal": "formal", "shop": "shop"}


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing to look at: where, what, what to do. `line` is 0 when no line can be named."""

    kind: Kind
    topic: str
    file: str
    line: int
    what: str
    todo: str
    phrase: str = ""


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How a situation holds its own: of its utterances, each asked as if the book didn't have it, how many found it."""

    phrase: str
    situation: str
    asked: int
    found: int
    robbers: Mapping[str, int]  # ids that came first instead; "" for nothing at all
    missed: tuple[str, ...]

    @property
    def share(self) -> float:
        return self.found / self.asked if self.asked else 1.0


@dataclass(frozen=True, kw_only=True)
class Coverage:
    """Rows of the norms: how many there are, which a phrase names, which stay out for a reason, which are missing."""

    rows: int
    named: int
    left_out: int
    missing: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Proof:
    findings: tuple[Finding, ...]
    standings: tuple[Standing, ...]  # the most robbed first
    coverage: Coverage

    @property
    def passed(self) -> bool:
        return not any(finding.kind == "error" for finding in self.findings)


Build = Callable[[Sequence[Phrase]], Index]


def broken(shipped: Path, overlay: Path | None) -> list[Finding]:
    """Everything the schemas object to, in all files of the book; nothing when every file can be used."""
    book = Book(shipped, overlay)
    found: list[Finding] = []
    for schema in sorted((shipped / "schema").glob("*.schema.json")):
        stem = schema.name.removesuffix(".schema.json")
        try:
            if (shipped / stem).is_dir():
                book.read_folder(stem)
            else:
                book.read(f"{stem}.yaml")
        except BookError as problem:
            found += [as_finding(line) for line in problem.sentence.splitlines()]
    return found


def as_finding(sentence: str) -> Finding:
    """A sentence of BookError as a finding, its file and line apart."""
    placed = _PLACED.match(sentence)
    return Finding(
        kind="error",
        topic="schema",
        file=placed["file"] if placed else "",
        line=int(placed["line"]) if placed else 0,
        what=placed["what"] if placed else sentence,
        todo=_("照提示改好，保存后再查一遍。"),
    )


def prove(
    phrases: Sequence[Phrase],
    rows: Sequence[Mapping[str, Any]],
    checker: Checker,
    build: Build,
    places: "Places",
    known: Callable[[str], bool] = lambda _next: True,
    fifths: int = FOLDS,
    rules: Sequence[Finding] = (),
) -> Proof:
    """Everything that can be wrong with a book whose files are sound. `known` says whether a next step exists;
    `fifths` is how many of five utterances are asked for their situation; `rules` is what the proof of the rules found."""
    standings = tuple(leave_out(phrases, build, fifths))
    coverage = covered(phrases, rows)
    findings = [
        *_slots(phrases, places),
        *_wordings(phrases, checker, places),
        *_links(phrases, known, places),
        *_twins(phrases, places),
        *_lines(phrases, build(phrases), places),
        *_sources(phrases, rows, coverage, places),
        *_robbed(standings, places),
        *rules,
    ]
    findings.sort(key=lambda finding: (finding.kind != "error", finding.topic, finding.file, finding.line))
    return Proof(findings=tuple(findings), standings=standings, coverage=coverage)


class Places:
    """Where entries and their words stand in the files; what the team wrote goes before what ships."""

    def __init__(self, shipped: Path, overlay: Path | None, files: str = "phrases/*.yaml") -> None:
        self._shipped = shipped
        self._entries: dict[str, list[tuple[str, int, list[str]]]] = defaultdict(list)
        for folder in (overlay, shipped):
            for file in sorted(folder.glob(files)) if folder else ():
                self._read(file)

    def of(self, phrase: str, words: str = "") -> tuple[str, int]:
        """File and line of these words in an entry, or of the entry itself."""
        entries = self._entries.get(phrase, [])
        written = words.splitlines()[0] if words else ""
        for file, start, lines in entries if written else ():
            exact = [at for at, line in enumerate(lines) if line.strip().strip("-\"' ") == written]
            near = exact or [at for at, line in enumerate(lines) if written in line]
            if near:
                return file, start + near[0]
        return entries[0][:2] if entries else ("", 0)

    def _read(self, file: Path) -> None:
        shipped = file.is_relative_to(self._shipped)
        label = (Path("phrasebook") / file.relative_to(self._shipped)).as_posix() if shipped else str(file)
        lines = file.read_text(encoding="utf-8-sig").splitlines()
        starts = [(at, match[1]) for at, line in enumerate(lines) if (match := _ID.match(line))]
        ends = [at for at, _name in starts[1:]] + [len(lines)]
        for (start, name), end in zip(starts, ends, strict=False):  # a file may hold no entry at all
            self._entries[name].append((label, start + 1, lines[start:end]))


# Wordings


def _wordings_of(phrase: Phrase) -> Iterator[tuple[str, str]]:
    """Everything an entry says in Chinese, each with its tone."""
    yield from (("", text) for text in phrase.texts)
    yield from ((tone, text) for tone, texts in phrase.styles.items() for text in texts)


def _slots(phrases: Iterable[Phrase], places: Places) -> Iterator[Finding]:
    for phrase in phrases:
        for text in (*(text for _tone, text in _wordings_of(phrase)), *phrase.en):
            if re.search(r"[{}]", SLOT.sub("", text)):
                yield _error(
                    "slots", places, phrase, text,
                    _("“{text}”里的花括号没有配成对。").format(text=_short(text)),
                    _("一个空格写成 {{due}} 这样，左右各一个花括号。").format(),
                )  # fmt: skip
            for slot in dict.fromkeys(slots_in(text)):
                if slot not in SLOTS:
                    near = get_close_matches(slot, SLOTS, 1) or [s for s, name in SLOTS.items() if name == slot]
                    yield _error(
                        "slots", places, phrase, text,
                        _("“{text}”里没有 {{{slot}}} 这种空格。").format(text=_short(text), slot=slot),
                        _("改成 {{{near}}}。").format(near=near[0]) if near else
                        _("可以用：{slots}。").format(slots="、".join(SLOTS)),
                    )  # fmt: skip
        for words in (phrase.situation, *phrase.aliases, *phrase.says, *phrase.avoid):
            if re.search(r"[{}]", words):
                yield _error(
                    "slots", places, phrase, words,
                    _("“{words}”里有花括号，这里不会填空。").format(words=_short(words)),
                    _("写成平常的话，不要花括号。"),
                )  # fmt: skip
        if len(phrase.en) > len(phrase.texts):
            yield _error(
                "english", places, phrase, phrase.en[len(phrase.texts)],
                _("英文有 {en} 句，中文只有 {texts} 句。").format(en=len(phrase.en), texts=len(phrase.texts)),
                _("英文要和 texts 一句对一句，多出来的请删掉，或补上中文。"),
            )  # fmt: skip


def _wordings(phrases: Iterable[Phrase], checker: Checker, places: Places) -> Iterator[Finding]:
    """What the checker would object to if an agent sent it: the book must keep its own rules."""
    given = dict(SLOTS) | _PLAIN
    for phrase in phrases:
        for tone, text in _wordings_of(phrase):
            occasion = Occasion(channel=_CHANNELS.get(tone, "formal"), fault_ours=True)
            checked = checker.check(fill(text, given).text, occasion=occasion)
            for finding in (*checked.findings, *checked.hints):
                instead = _("可改成：{instead}").format(instead=finding.instead) if finding.instead else ""
                yield replace(
                    _error(
                        "forbidden", places, phrase, text,
                        _("“{text}”里的“{found}”：{why}").format(
                            text=_short(text), found=finding.found, why=finding.why
                        ),
                        instead or _("换个说法，再用 huashu check 查一遍。"),
                    ),
                    kind="error" if finding.level == "bad" else "hint",
                )  # fmt: skip
            for words in phrase.avoid:
                if len(_bare(words)) >= TELLING and _bare(words) in _bare(text):
                    yield _error(
                        "forbidden", places, phrase, text,
                        _("“{text}”里就有这条自己写着不要说的“{words}”。").format(text=_short(text), words=words),
                        _("改掉这句话，或把它从 avoid 里去掉。"),
                    )  # fmt: skip


def _links(phrases: Sequence[Phrase], known: Callable[[str], bool], places: Places) -> Iterator[Finding]:
    ids = {phrase.id for phrase in phrases}
    for phrase in phrases:
        valid = phrase.valid
        if valid.successor and (valid.successor not in ids or valid.successor == phrase.id):
            near = get_close_matches(valid.successor, ids - {phrase.id}, 1)
            yield _error(
                "links", places, phrase, "successor",
                _("停用后改用的 {id} 不存在。").format(id=valid.successor)
                if valid.successor != phrase.id else _("停用后改用的是它自己。"),
                _("是不是想写 {near}？").format(near=near[0]) if near else _("写一条已有话术的代号，或删掉 successor。"),
            )  # fmt: skip
        if valid.start and valid.until and valid.until < valid.start:
            yield _error(
                "links", places, phrase, "until",
                _("到 {until} 为止，却从 {start} 才起。").format(until=valid.until, start=valid.start),
                _("from 要写在 until 之前的日子。"),
            )  # fmt: skip
        if phrase.next and ":" in phrase.next and not known(phrase.next):
            yield _error(
                "links", places, phrase, phrase.next,
                _("下一步 {next} 不存在。").format(next=phrase.next),
                _("写已有的流程或表单的代号，或留空。"),
            )  # fmt: skip


def _twins(phrases: Sequence[Phrase], places: Places) -> Iterator[Finding]:
    """Wordings that are the same, or nearly: somebody copied, or one situation was entered twice."""
    rows = [(phrase, text, _pairs(text)) for phrase in phrases for _tone, text in _wordings_of(phrase)]
    rows = sorted((row for row in rows if row[2]), key=lambda row: len(row[2]))
    for (one, first, had), (other, second, has) in _of_like_length(rows):
        like = 2 * len(had & has) / (len(had) + len(has))
        if like < ALIKE or (like < 1 and len(had) < SHORT):
            continue
        if one.when != other.when or (one.id == other.id and like < 1):
            continue  # another hour has its own greeting; two ways in one place are offered side by side
        where = _("同一条里") if one.id == other.id else f"{one.id}（{one.situation}）"
        yield replace(
            _error(
                "twins", places, other, second,
                _("“{second}”和{where}的“{first}”{how}。").format(
                    second=_short(second), first=_short(first), where=where,
                    how=_("一样") if like == 1 else _("几乎一样"),
                ),
                _("留一处，或改出各自情境的说法。"),
            ),
            kind="hint",
        )  # fmt: skip


_Row = tuple[Phrase, str, frozenset[str]]


def _of_like_length(rows: Sequence[_Row]) -> Iterator[tuple[_Row, _Row]]:
    """Pairs of rows, sorted by length, that could be alike: the longer of two must not be too long for it."""
    for at, row in enumerate(rows):
        for other in rows[at + 1 :]:
            if 2 * len(row[2]) < ALIKE * (len(row[2]) + len(other[2])):
                break
            yield row, other


@cache
def _pairs(text: str) -> frozenset[str]:
    bare = _bare(SLOT.sub("", text))
    return frozenset(bare[at : at + 2] for at in range(len(bare) - 1))


# What leads to a wording


def _lines(phrases: Sequence[Phrase], index: Index, places: Places) -> Iterator[Finding]:
    """Names must find their own entry first; no line should stand in two entries."""
    names: dict[str, dict[str, Phrase]] = defaultdict(dict)
    said: dict[str, dict[str, Phrase]] = defaultdict(dict)
    for phrase in phrases:
        for name in (phrase.situation, *phrase.aliases):
            names[_bare(name)].setdefault(phrase.id, phrase)
        for line in phrase.says:
            said[_bare(line)].setdefault(phrase.id, phrase)
    for phrase in phrases:
        for name in dict.fromkeys((phrase.situation, *phrase.aliases)):
            others = [one for id, one in names[_bare(name)].items() if id != phrase.id]
            if others:
                if next(iter(names[_bare(name)])) != phrase.id:
                    yield _error(
                        "names", places, phrase, name,
                        _("“{name}”也是 {id}（{situation}）的叫法。").format(
                            name=name, id=others[0].id, situation=others[0].situation
                        ),
                        _("一个叫法只能属于一条，请留在更合适的那条。"),
                    )  # fmt: skip
                continue
            hits = index.find(name, 1)
            if not hits or hits[0].phrase.id != phrase.id:
                robber = f"{hits[0].phrase.id}（{hits[0].phrase.situation}）" if hits else _("没有任何结果")
                yield _error(
                    "names", places, phrase, name,
                    _("输入“{name}”，先找到的不是自己，是{robber}。").format(name=name, robber=robber),
                    _("换一个更明确的叫法，或从对方那里去掉相近的句子。"),
                )  # fmt: skip
        for line in phrase.says:
            named, holders = names.get(_bare(line), {}), said[_bare(line)]
            others = [one for id, one in (holders | named).items() if id != phrase.id]
            if others and (next(iter(holders)) != phrase.id or named):
                yield replace(
                    _error(
                        "names", places, phrase, line,
                        _("“{line}”在 {id}（{situation}）里也有。").format(
                            line=line, id=others[0].id, situation=others[0].situation
                        ),
                        _("留在更合适的那条，另一条换句话写。"),
                    ),
                    kind="hint",
                )  # fmt: skip


def leave_out(phrases: Sequence[Phrase], build: Build, fifths: int = FOLDS) -> list[Standing]:
    """Ask each utterance of a book that lacks it (and a fifth of all others), the most robbed situation first."""
    asked: Counter[str] = Counter()
    robbers: dict[str, Counter[str]] = defaultdict(Counter)
    missed: dict[str, list[str]] = defaultdict(list)
    for fold_number in range(fifths):
        index = build(
            [
                replace(phrase, says=tuple(s for at, s in enumerate(phrase.says) if at % FOLDS != fold_number))
                for phrase in phrases
            ]
        )
        for phrase in phrases:
            for line in phrase.says[fold_number::FOLDS]:
                asked[phrase.id] += 1
                hits = [hit.phrase.id for hit in index.find(line, AMONG)]
                if phrase.id not in hits:
                    robbers[phrase.id][hits[0] if hits else ""] += 1
                    missed[phrase.id].append(line)
    standings = [
        Standing(
            phrase=phrase.id,
            situation=phrase.situation,
            asked=asked[phrase.id],
            found=asked[phrase.id] - len(missed[phrase.id]),
            robbers=dict(robbers[phrase.id].most_common()),
            missed=tuple(missed[phrase.id]),
        )
        for phrase in phrases
    ]
    return sorted(standings, key=lambda standing: (standing.share, -standing.asked))


def _robbed(standings: Iterable[Standing], places: Places) -> Iterator[Finding]:
    for standing in standings:
        if standing.share >= ROBBED:
            continue
        file, line = places.of(standing.phrase)
        by = "、".join(f"{id or _('没有结果')} {count}" for id, count in list(standing.robbers.items())[:TOLD_MISSES])
        lines = " / ".join(standing.missed[:TOLD_MISSES])
        yield Finding(
            kind="hint", topic="robbed", file=file, line=line, phrase=standing.phrase,
            what=_("“{situation}”的 {asked} 句里只有 {found} 句找得回自己，多被抢走：{by}。").format(
                situation=standing.situation, asked=standing.asked, found=standing.found, by=by
            ),
            todo=_("多写几句各不相同的原话；找不回的如：{lines}").format(lines=lines),
        )  # fmt: skip


# The norms


def covered(phrases: Iterable[Phrase], rows: Iterable[Mapping[str, Any]]) -> Coverage:
    """Which rows of the norms the sources of the phrases name."""
    named = {row for phrase in phrases for row in _ROW.findall(phrase.source)}
    ids = {row["id"]: row for row in rows}
    kept_out = {id for id, row in ids.items() if row.get("left_out")}
    return Coverage(
        rows=len(ids),
        named=len((named & ids.keys()) - kept_out),
        left_out=len(kept_out),
        missing=tuple(id for id in ids if id not in named and id not in kept_out),
    )


def _sources(
    phrases: Iterable[Phrase], rows: Sequence[Mapping[str, Any]], coverage: Coverage, places: Places
) -> Iterator[Finding]:
    known = {row["id"]: row for row in rows}
    for id in coverage.missing:
        row = known[id]
        yield Finding(
            kind="error", topic="norms", file="phrasebook/norms.yaml", line=0,
            what=_("规范 {id}（{group}：{what}）还没有话术。").format(**row),
            todo=_("在合适的话术的 source 里写上 {id}，或在 norms.yaml 写明 left_out 的理由。").format(id=id),
        )  # fmt: skip
    for phrase in phrases:
        for id in dict.fromkeys(_ROW.findall(phrase.source)):
            if id not in known:
                yield _error(
                    "norms", places, phrase, id,
                    _("出处 {id} 不在规范清单里。").format(id=id),
                    _("核对 norms.yaml 里的行号。"),
                )  # fmt: skip
            elif known[id].get("left_out"):
                yield _error(
                    "norms", places, phrase, id,
                    _("出处 {id}（{what}）按规定不收：{left_out}").format(**known[id]),
                    _("删掉这条话术，或从 source 里去掉它。"),
                )  # fmt: skip


# Figures


@dataclass(frozen=True, kw_only=True)
class Figures:
    """How rich the book is. `said` is the least, the middle and the most utterances of an entry."""

    phrases: int
    texts: int
    aliases: int
    says: int
    said: tuple[int, float, int]
    groups: Mapping[str, int]
    tags: Mapping[str, int]
    shares: Mapping[str, float]  # of the entries that have avoid, en, styles, next
    coverage: Coverage
    poorest: tuple[Phrase, ...]


def figures(phrases: Sequence[Phrase], rows: Sequence[Mapping[str, Any]]) -> Figures:
    """What the book holds, and the entries that are hardest to find: the fewest names, utterances and wordings."""
    counts = [len(phrase.says) for phrase in phrases] or [0]
    total = max(len(phrases), 1)
    return Figures(
        phrases=len(phrases),
        texts=sum(len(phrase.texts) for phrase in phrases),
        aliases=sum(len(phrase.aliases) for phrase in phrases),
        says=sum(counts),
        said=(min(counts), median(counts), max(counts)),
        groups=dict(Counter(phrase.group for phrase in phrases).most_common()),
        tags=dict(Counter(tag for phrase in phrases for tag in phrase.tags).most_common()),
        shares={
            name: sum(bool(getattr(phrase, name)) for phrase in phrases) / total
            for name in ("avoid", "en", "styles", "next")
        },
        coverage=covered(phrases, rows),
        poorest=tuple(
            sorted(phrases, key=lambda p: (len(p.says) + len(p.aliases), len(p.texts) + len(p.en), p.id))[:POOREST]
        ),
    )


def _error(topic: str, places: Places, phrase: Phrase, words: str, what: str, todo: str) -> Finding:
    file, line = places.of(phrase.id, words)
    return Finding(kind="error", topic=topic, file=file, line=line, what=what, todo=todo, phrase=phrase.id)


def _bare(text: str) -> str:
    """Nothing but letters, digits and characters: what two lines have to share to be the same."""
    return _NOT_BARE.sub("", fold(text).text)


def _short(text: str) -> str:
    return text if len(text) <= 24 else text[:24] + "…"
