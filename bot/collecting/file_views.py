"""Words and buttons about files of phrases, in and out. Pure."""

from collections.abc import Sequence

from bot.collecting.sifting import Sifted
from bot.language.speech import _
from bot.shared.message import Message, press
from bot.shared.text import cut, html

TOLD = 3  # problems named; the rest is a number
LINE = 90  # characters of each
FORMS = {"xlsx": "Excel", "csv": "CSV", "yaml": "YAML", "chatwoot": "Chatwoot", "espanso": "espanso"}
WHOLE, BOOK, TEAM = "all", "book", "team"


def ask_file() -> Message:
    return Message(
        text=_(
            "把 .xlsx、.csv、.yaml 或 .json 文件直接发过来。\n"
            "第一行写“情境”“话术1”，还可以有“客户会怎么说”“停用日期”等列。\n"
            "要样表：发“导出”，照着改。"
        )
    )


def found_in(name: str, sifted: Sifted, file: int) -> Message:
    """What was read, before anything is taken in."""
    new = len(sifted.incoming)
    parts = [_("读到 {n} 条").format(n=sifted.total)]
    if sifted.problems:
        parts.append(_("{n} 条有问题").format(n=len(sifted.problems)))
    if sifted.known:
        parts.append(_("{n} 条已经有了").format(n=sifted.known))
    lines = [f"{cut(name, 40)}：{'，'.join(parts)}。", *_problems(sifted)]
    lines += [cut(note, LINE) for note in sifted.notes[:1]]
    if len(sifted.notes) > 1:
        lines.append(_("像这样的客户信息共换了 {n} 处。").format(n=len(sifted.notes)))
    if sifted.dropped:
        lines.append(_("团队话术不带这几项，不会导入：{names}。").format(names="、".join(sifted.dropped)))
    if not new:
        lines.append(_("没有可以导入的。改好后再发一次就行。") if sifted.problems else _("没有新的，不用导入。"))
        return Message(text=html("\n".join(lines)))
    buttons = ((press(_("导入 {n} 条").format(n=new), "f.take", file), press(_("取消"), "f.drop", file)),)
    return Message(text=html("\n".join(lines)), buttons=buttons)


def _problems(sifted: Sifted) -> list[str]:
    lines = [cut(problem.sentence, LINE) for problem in sifted.problems[:TOLD]]
    if more := len(sifted.problems) - len(lines):
        lines.append(_("……还有 {n} 条").format(n=more))
    return lines


def taken(name: str, count: int, sifted: Sifted) -> Message:
    lines = [_("✅ 已导入 {n} 条到团队话术，现在就搜得到。").format(n=count), cut(name, 40)]
    if sifted.problems:
        lines += [_("没导入的 {n} 条：").format(n=len(sifted.problems)), *_problems(sifted)]
        lines.append(_("改好后再发一次就行，已有的不会重复。"))
    return Message(text=html("\n".join(lines)), buttons=((press(_("看团队话术"), "o.list", TEAM, 0),),))


def put_away(name: str) -> Message:
    return Message(text=_("没有导入：{name}。要用时再发一次。").format(name=html(cut(name, 40))))


def ask_what(book: int, team: int) -> Message:
    """What to export; nothing is asked when the team has none of its own."""
    if not team:
        return ask_form(BOOK, book)
    return Message(
        text=_("导出哪些？话术本 {book} 条，团队话术 {team} 条。").format(book=book, team=team),
        buttons=(
            (press(_("全部"), "f.what", WHOLE), press(_("团队话术"), "f.what", TEAM), press(_("话术本"), "f.what", BOOK)),
        ),
    )  # fmt: skip


def ask_form(what: str, count: int) -> Message:
    buttons = [press(label, "f.out", what, form) for form, label in FORMS.items()]
    return Message(
        text=_("导出 {n} 条，存成哪种？Excel 和 CSV 改好后可以再发回来导入。").format(n=count),
        buttons=(tuple(buttons[:3]), tuple(buttons[3:])),
    )


def caption(count: int) -> str:
    return _("话术 {n} 条。改好后发回来就能导入。").format(n=count)


def exported(name: str, count: int, losses: Sequence[str]) -> Message:
    lines = [_("✅ 已导出 {name}，{n} 条。").format(name=name, n=count)]
    if losses:
        lines.append(_("这种格式存不下：{names}。").format(names="、".join(losses)))
    return Message(text=html("\n".join(lines)))
