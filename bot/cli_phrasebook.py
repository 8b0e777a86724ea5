"""`huashu phrasebook`: is the book in order, how rich is it, out of it into files and from files into a team's own."""

import asyncio
import json
import sys
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bot.errors import BookError, Unreadable
from bot.language.speech import _
from bot.settings import Settings, read_settings

if TYPE_CHECKING:  # what a verb needs it loads itself: `huashu --help` is not to wait for a dictionary
    from bot.checks.phrasebook import Figures, Finding, Proof
    from bot.collecting.sifting import Sifted
    from bot.phrases.phrase import Phrase
    from bot.shared.book import Book
    from bot.shared.database import Transaction
    from bot.teams.person import Person

phrasebook = typer.Typer(help="话术本：查错、看数、导出、导入。", no_args_is_help=True)
screen = Console(highlight=False, soft_wrap=True)
Json = Annotated[bool, typer.Option("--json", help="输出 JSON。")]
WORST = 10  # situations named in the table of the most robbed
_FORM_OF = {".xlsx": "xlsx", ".csv": "csv", ".yaml": "yaml", ".yml": "espanso", ".json": "chatwoot"}


@phrasebook.command()
def check(
    as_json: Json = False,
    full: Annotated[bool, typer.Option("--full", help="每一句原话都去掉再问一遍，不只抽查；要几分钟。")] = False,
) -> None:
    """查话术本：写法、重复、互相抢答、忌语、空格、规范覆盖。有错误时退出码是 1。"""
    from bot.checks.phrasebook import broken
    from bot.shared.book import default_shipped

    settings = read_settings()
    findings = broken(default_shipped(), settings.book) or _out_of_time(settings)
    proof = None if findings else _proof(settings, full=full)
    if proof:
        findings = list(proof.findings)
    if as_json:
        print(json.dumps(_as_json(findings, proof), ensure_ascii=False, indent=1))  # noqa: T201
    else:
        _show_findings(findings)
        if proof:
            _show_standings(proof)
    if any(finding.kind == "error" for finding in findings):
        sys.exit(1)


def _out_of_time(settings: Settings) -> list["Finding"]:
    """What the calendar and the clocks object to beyond their schemas: a chain that is not there, a time nobody can read."""
    from bot.app import read_times
    from bot.checks.phrasebook import as_finding

    try:
        read_times(_book(settings), settings)
    except BookError as problem:
        return [as_finding(line) for line in problem.sentence.splitlines()]
    return []


@phrasebook.command()
def stats(as_json: Json = False) -> None:
    """看话术本有多少：条数、句数、分类、行业、规范覆盖、最单薄的十条。"""
    from bot.checks.phrasebook import figures
    from bot.phrases.yaml_file import phrases_of

    book = _book(read_settings())
    counted = figures(phrases_of(book), book.read("norms.yaml"))
    if as_json:
        data = {
            "phrases": counted.phrases, "texts": counted.texts, "aliases": counted.aliases, "says": counted.says,
            "says_per_phrase": dict(zip(("min", "median", "max"), counted.said, strict=True)),
            "groups": counted.groups, "tags": counted.tags,
            "shares": {name: round(share, 4) for name, share in counted.shares.items()},
            "coverage": _coverage(counted), "poorest": [phrase.id for phrase in counted.poorest],
        }  # fmt: skip
        print(json.dumps(data, ensure_ascii=False, indent=1))  # noqa: T201
        return
    _show_figures(counted)


@phrasebook.command()
def export(
    form: Annotated[str, typer.Option("--format", help="xlsx、csv、yaml、chatwoot 或 espanso。")] = "",
    out: Annotated[Path | None, typer.Option(help="写到哪个文件；不写就打印出来（xlsx 一定要写）。")] = None,
) -> None:
    """把话术本（连同团队自己的叠加）写成文件。"""
    from bot.phrases import exchange
    from bot.phrases.yaml_file import phrases_of

    form = form or (_FORM_OF.get(out.suffix.lower(), "yaml") if out else "yaml")
    if form not in exchange.FORMATS:
        raise typer.BadParameter(_("--format 只能是 {forms}").format(forms="、".join(exchange.FORMATS)))
    if form == "xlsx" and out is None:
        raise typer.BadParameter(_("xlsx 不能打印，请加 --out 话术.xlsx"))
    phrases = phrases_of(_book(read_settings()))
    _name, data = exchange.export(phrases, form)
    if out is None:
        sys.stdout.buffer.write(data)
        return
    try:
        out.write_bytes(data)
    except OSError as problem:
        raise Unreadable(_("写不进 {file}：{problem}").format(file=out, problem=problem.strerror)) from None
    screen.print(_("已导出 {n} 条到 {file}。").format(n=len(phrases), file=out), markup=False)


@phrasebook.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help=".xlsx、.csv、.yaml 或 .json", exists=True, dir_okay=False)],
    team: Annotated[str, typer.Option(help="收进哪个团队。")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只看结果，不写入。")] = False,
) -> None:
    """把文件里的话术收进一个团队自己的话术；同一个文件导入两次也只收一次。"""
    from bot.app import read_checker
    from bot.collecting.file_actions import known_of, take_in
    from bot.collecting.sifting import sift, wordings_of
    from bot.phrases import exchange
    from bot.phrases.yaml_file import phrases_of
    from bot.promises.calendar_file import read_calendar
    from bot.shared.clock import Clock
    from bot.shared.database import Database

    settings = read_settings()
    book = _book(settings)
    found = exchange.read(file.name, file.read_bytes())
    zone = read_calendar(book.read("calendar.yaml"), zone=settings.tz or None).zone
    checker, of_book = read_checker(book), wordings_of(phrases_of(book))

    async def work() -> tuple["Sifted", int]:
        database = await Database.open(settings.database)
        try:
            async with database.reading() as tx:
                by = await _supervisor(tx, team)
                known = await known_of(tx, by)
            sifted = sift(found, checker, of_book | known)  # takes its time, so nobody is kept from writing
            if dry_run:
                return sifted, 0
            async with database.transaction() as tx:
                taken = await take_in(
                    tx, sifted.incoming, by, file=file.name, via="cli", now=Clock().now(), zone=zone
                )  # fmt: skip
            return sifted, taken
        finally:
            await database.close()

    sifted, taken = asyncio.run(work())
    _show_import(sifted, team, taken=taken, dry_run=dry_run)
    if sifted.problems:
        sys.exit(1)


async def _supervisor(tx: "Transaction", team: str) -> "Person":
    """In whose name a file is taken in: the team's first supervisor, else whoever leads it."""
    from bot.teams import actions as teams
    from bot.teams.person import ROLES

    people = await teams.everybody(tx)
    if team not in {person.team for person in people}:
        names = "、".join(dict.fromkeys(person.team for person in people)) or _("还没有团队")
        raise Unreadable(_("没有“{team}”这个团队。现有：{names}。").format(team=team, names=names))
    leading = [person for person in people if person.team == team and person.leads]
    if not leading:
        raise Unreadable(_("{team} 还没有主管，请先用 huashu team add 添加一位。").format(team=team))
    return min(leading, key=lambda person: list(ROLES).index(person.role))


def _show_import(sifted: "Sifted", team: str, *, taken: int, dry_run: bool) -> None:
    for problem in sifted.problems:
        screen.print(problem.sentence, markup=False)
    for note in sifted.notes:
        screen.print(note, markup=False)
    if sifted.dropped:
        screen.print(_("团队话术不带这几项，没有导入：{names}。").format(names="、".join(sifted.dropped)), markup=False)
    told = (
        _("可以导入 {n} 条；{known} 条已经有了，{bad} 处有问题。没有写入。")
        if dry_run
        else _("已导入 {n} 条到{team}；{known} 条已经有了，{bad} 处有问题。")
    )
    n = len(sifted.incoming) if dry_run else taken
    screen.print(told.format(n=n, team=team, known=sifted.known, bad=len(sifted.problems)), markup=False)


def _book(settings: Settings) -> "Book":
    from bot.shared.book import Book, default_shipped

    return Book(default_shipped(), settings.book)


def _proof(settings: Settings, *, full: bool) -> "Proof":
    from bot.app import read_checker
    from bot.checks.phrasebook import FOLDS, SAMPLED, Places, prove
    from bot.checks.rule_proof import prove_rules
    from bot.phrases.index import Index
    from bot.phrases.yaml_file import phrases_of, synonyms_of
    from bot.shared.book import Book, default_shipped

    book = _book(settings)
    synonyms, offtopic = synonyms_of(book), book.read("offtopic.yaml")

    def build(phrases: Sequence["Phrase"]) -> Index:
        return Index(phrases, synonyms, offtopic)

    steps = _steps([folder for folder in (default_shipped(), settings.book) if folder])
    places = Places(default_shipped(), settings.book)
    checker = read_checker(book)
    rules = prove_rules(
        checker, book, Book(default_shipped()), Places(default_shipped(), settings.book, "forbidden.yaml")
    )  # fmt: skip
    return prove(
        phrases_of(book), book.read("norms.yaml"), checker, build, places, lambda step: _exists(step, steps),
        fifths=FOLDS if full else SAMPLED, rules=rules,
    )  # fmt: skip


def _exists(step: str, steps: Mapping[str, Collection[str]]) -> bool:
    """Whether a script: or form: is in the book; unknown, so granted, while the book has none at all."""
    kind, _colon, name = step.partition(":")
    return not steps.get(kind) or name in steps[kind]


def _steps(folders: Sequence[Path]) -> dict[str, set[str]]:
    """The ids of the book's scripts and forms, by kind."""
    return {
        kind: {id for folder in folders for file in (folder / f"{kind}s").glob("*.yaml") for id in _ids(file)}
        for kind in ("script", "form")
    }


def _ids(file: Path) -> set[str]:
    """Of the entries of a file: a list of them, or one alone. A file that can't be read has none."""
    import yaml

    try:
        data = yaml.safe_load(file.read_bytes())
    except yaml.YAMLError:
        return set()
    return {
        str(entry["id"])
        for entry in (data if isinstance(data, list) else [data])
        if isinstance(entry, dict) and "id" in entry
    }


def _show_findings(findings: Sequence["Finding"]) -> None:
    errors = [finding for finding in findings if finding.kind == "error"]
    hints = [finding for finding in findings if finding.kind == "hint" and finding.topic != "robbed"]
    robbed = sum(finding.topic == "robbed" for finding in findings)
    for title, colour, told in ((_("错误"), "red", errors), (_("提示"), "yellow", hints)):
        for finding in told:
            where = f"{finding.file}:{finding.line}" if finding.line else finding.file
            screen.print(f"[{colour}]{title}[/{colour}] [bold]{escape(where)}[/bold] {escape(finding.what)}")
            screen.print(f"     {finding.todo}", markup=False)
    if errors:
        screen.print(_("{n} 处错误要改好才能用，另有 {m} 条提示。").format(n=len(errors), m=len(hints) + robbed))
    else:
        screen.print(_("没有错误，{m} 条提示。").format(m=len(hints) + robbed))


def _show_standings(proof: "Proof") -> None:
    asked, found = (sum(getattr(one, name) for one in proof.standings) for name in ("asked", "found"))
    robbed = sum(finding.topic == "robbed" for finding in proof.findings)
    screen.print(
        _("逐句去掉再问：{share} 还找得回自己的情境；{n} 个情境不到四成，最差的是：").format(
            share=f"{found / max(asked, 1):.0%}", n=robbed
        )
    )
    table = Table(_("情境"), _("找回"), _("多被谁抢走"))
    for standing in proof.standings[:WORST]:
        by = "、".join(f"{id or _('没有结果')} {n}" for id, n in list(standing.robbers.items())[:3])
        table.add_row(f"{standing.situation} {standing.phrase}", f"{standing.found}/{standing.asked}", by)
    screen.print(table)
    coverage = proof.coverage
    screen.print(
        _("规范 {rows} 行：已有话术 {named}，写明不收 {left_out}，还缺 {missing}。").format(
            rows=coverage.rows, named=coverage.named, left_out=coverage.left_out, missing=len(coverage.missing)
        )
    )


def _as_json(findings: Sequence["Finding"], proof: "Proof | None") -> dict[str, Any]:
    return {
        "ok": not any(finding.kind == "error" for finding in findings),
        "findings": [
            {"kind": one.kind, "topic": one.topic, "file": one.file, "line": one.line, "id": one.phrase,
             "what": one.what, "todo": one.todo}
            for one in findings
        ],
        "found_again": [
            {"id": one.phrase, "situation": one.situation, "asked": one.asked, "found": one.found,
             "robbers": one.robbers, "missed": one.missed}
            for one in proof.standings
        ] if proof else [],
        "coverage": _coverage(proof) if proof else None,
    }  # fmt: skip


def _coverage(holder: "Proof | Figures") -> dict[str, Any]:
    coverage = holder.coverage
    return {
        "rows": coverage.rows, "named": coverage.named, "left_out": coverage.left_out,
        "missing": list(coverage.missing),
    }  # fmt: skip


def _show_figures(counted: "Figures") -> None:
    least, middle, most = counted.said
    screen.print(
        _("{phrases} 条话术，{texts} 句说法，{aliases} 个叫法，{says} 句原话（每条最少 {least}，居中 {middle}，最多 {most}）。").format(
            phrases=counted.phrases, texts=counted.texts, aliases=counted.aliases, says=counted.says, least=least,
            middle=middle, most=most,
        )
    )  # fmt: skip
    names = {"avoid": _("写明不要说"), "en": _("有英文"), "styles": _("有别的口吻"), "next": _("有下一步")}
    screen.print("，".join(f"{names[name]} {share:.0%}" for name, share in counted.shares.items()))
    coverage = counted.coverage
    screen.print(
        _("规范 {rows} 行：已有话术 {named}，写明不收 {left_out}，还缺 {missing}。").format(
            rows=coverage.rows, named=coverage.named, left_out=coverage.left_out, missing=len(coverage.missing)
        )
    )
    for title, counts in ((_("分类"), counted.groups), (_("行业"), counted.tags)):
        screen.print(f"[bold]{title}[/bold] " + "、".join(f"{escape(name)} {n}" for name, n in counts.items()))
    table = Table(_("最单薄的"), _("情境"), _("说法"), _("叫法"), _("原话"))
    for phrase in counted.poorest:
        table.add_row(
            phrase.id, phrase.situation, str(len(phrase.texts)), str(len(phrase.aliases)), str(len(phrase.says))
        )
    screen.print(table)
