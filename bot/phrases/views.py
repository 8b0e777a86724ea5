"""Words and buttons about wordings. Pure. What is for the customer stands alone, ready to copy untouched."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from bot.language.speech import _, spoken
from bot.phrases.english import fill_english, say_in_english
from bot.phrases.fill import READY, SLOTS, Case, Filled, fill, in_script, say_to_customer
from bot.phrases.phrase import Phrase
from bot.phrases.search import NO_CASE, UNDECIDED, Search
from bot.shared.message import Button, Message, Rows, copy, press
from bot.shared.text import cut, html

A_PAGE = 3
A_ROW = 3
QUERY_MOST = 256  # characters of an inline query (Bot API)
ID_MOST = 36  # characters of a phrase's id that fit into callback data beside a search's
SLOT_MOST = 36  # bytes of a blank's name that fit there
CASES_MOST = 3  # customers to choose from; of more, a name is quicker typed
NUMBERS = "①②③④⑤⑥⑦⑧⑨⑩"
ISSUE_MOST = 20  # characters of a case's matter that still read naturally inside a sentence
STORY = 8  # characters from which a query tells what happened and can begin a complaint


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Who asks and when, for the slots: `due` is the time offered to the customer, `address` how they are called."""

    address: str
    speaker: str
    org: str
    local: datetime
    due: datetime
    slots: Mapping[str, str] = field(default_factory=dict)  # filled by the agent
    case: Case | None = None  # the customer it is about
    cases: Sequence[Case] = ()  # whom it may be about

    def given(self) -> Mapping[str, str]:
        known = {"称呼": self.address, "self": self.speaker, "org": self.org, "due": self.due_words()}
        if self.case:
            known["issue"] = self.case.matter if len(self.case.matter) <= ISSUE_MOST else ""
        return {**known, **self.slots}

    def due_words(self) -> str:
        return say_to_customer(self.due, now=self.local, zone=self.due.tzinfo or UTC)

    def due_in_english(self) -> str:
        return say_in_english(self.due, now=self.local, zone=self.due.tzinfo or UTC)


@dataclass(frozen=True, kw_only=True)
class Wording:
    phrase: Phrase
    text: str
    missing: tuple[str, ...]
    dated: bool  # it names the offered time
    plain: bool = False  # there is none in the language or tone that was asked for


def wordings(
    found: Sequence[tuple[Phrase, int]], asked: Asked, *, language: str = "", style: str = ""
) -> list[Wording]:
    """All wordings of what was found (a phrase and the number of its best text): the best of each, then the others."""
    turns: list[tuple[int, int, Phrase, int]] = []
    for place, (phrase, best) in enumerate(found):
        count = len(phrase.texts)
        turns += [(turn, place, phrase, (best + turn) % count) for turn in range(count)]
    # First three situations in their best wording, then other wordings of these, then the situations below.
    turns.sort(key=lambda t: (t[1] // A_PAGE, t[0], t[1]))
    return [wording(phrase, text, asked, language=language, style=style) for _turn, _place, phrase, text in turns]


def wording(phrase: Phrase, text: int, asked: Asked, *, language: str = "", style: str = "") -> Wording:
    """One text of a phrase, filled in; in plain Chinese where it has no other."""
    other = phrase.said(text, language=language, style=style) if language or style else None
    template = other if other is not None else phrase.texts[text]
    filled = _filled(template, asked, english=language == "en" and other is not None)
    return Wording(
        phrase=phrase, text=filled.text, missing=filled.missing, dated="{due}" in template,
        plain=bool(language or style) and other is None,
    )  # fmt: skip


def _filled(template: str, asked: Asked, *, english: bool) -> Filled:
    if english:
        return fill_english(template, asked.given(), at=asked.local.time(), due=asked.due_in_english())
    return fill(in_script(template, spoken()), asked.given(), at=asked.local.time())


# The answer


def on_page(found: Sequence[Wording], page: int) -> list[Wording]:
    start = page * A_PAGE % max(len(found), 1)
    return list(found[start : start + A_PAGE])


def answer(search: Search, found: Sequence[Wording], *, asked: Asked, private: bool, courtesy: str = "") -> Message:
    """The best wordings, three at a time, each with its copy button."""
    shown = on_page(found, search.page)
    lines = [_("先说：{wording}").format(wording=_ready(courtesy))] if courtesy else []
    if search.near:
        lines.append(_("最接近的是："))
    lines += _lines(shown)
    if missing := open_slots(shown, ()):
        named = "、".join(in_script(SLOTS.get(slot, slot), spoken()) for slot in missing)
        lines.append(_("发送前还要填：{slots}").format(slots=html(named)))
    if asked.case:
        lines.append(_("已按 {case} 填好").format(case=html(asked.case.name)))
    rows = [_copies(shown)]
    if private:
        rows += [*_private_rows(search, found, shown, asked), _next_step(search, shown, asked)]
    else:
        rows.append((*_titles(search, found, asked), *_another(search, found)))
    return Message(text="\n".join(lines), buttons=tuple(row for row in rows if row))


def _lines(shown: Sequence[Wording]) -> list[str]:
    lines = []
    for number, one in zip(NUMBERS, shown, strict=False):
        title = html(in_script(one.phrase.situation, spoken()))
        if len(shown) > 1:
            title = f"{number} {title}"
        lines.append(f"<b>{title}</b>" + (_("（没有这个版本，先给平常的说法）") if one.plain else ""))
        lines.append(_ready(one.text))
        if one is shown[0] and one.phrase.avoid:
            avoid = " / ".join(in_script(words, spoken()) for words in one.phrase.avoid)
            lines.append(_("不要说：{words}").format(words=html(avoid)))
    return lines


def _ready(text: str) -> str:
    return f"<code>{html(text)}</code>"


def _copies(shown: Sequence[Wording]) -> tuple[Button, ...]:
    single = len(shown) == 1
    labels = [_("复制") if single else _("复制 {n}").format(n=number) for number in NUMBERS[: len(shown)]]
    made = [copy(label, one.text) for label, one in zip(labels, shown, strict=True)]
    return tuple(button for button in made if button)


def _private_rows(search: Search, found: Sequence[Wording], shown: Sequence[Wording], asked: Asked) -> Rows:
    """Whom it is for, the customers of open cases first; what is blank; everything else."""
    another, more = _another(search, found), press(_("更多"), "s.menu", search.id)
    if choosing(search, asked):
        names = [case.customer or f"#{case.number}" for case in asked.cases]
        pairs = zip(names, asked.cases, strict=True)
        labels = [name if names.count(name) == 1 else case.name for name, case in pairs]
        customers = [
            press(cut(label, 20), "s.case", search.id, case.id) for label, case in zip(labels, asked.cases, strict=True)
        ]
        if len(customers) > 1:
            return tuple(customers), (press(_("不填客户"), "s.case", search.id, NO_CASE), *another, more)
        return (*customers, *_titles(search, found, asked)), (*another, more)
    other = (press(_("不填这位客户"), "s.case", search.id, NO_CASE),) if asked.case else ()
    slot = next(iter(open_slots(shown, search.skipped)), None)
    blank = (press(_("填{slot}").format(slot=slot_name(slot)), "s.fill", search.id),) if slot else ()
    whom, rest = (*other, *_titles(search, found, asked), *another), (*blank, more)
    return ((*whom, *rest),) if len(whom) + len(rest) <= A_ROW else (whom, rest)


def choosing(search: Search, asked: Asked) -> bool:
    """Whether it is still open which customer it is about."""
    return search.case == UNDECIDED and not asked.address and bool(asked.cases)


def _titles(search: Search, found: Sequence[Wording], asked: Asked) -> tuple[Button, ...]:
    if asked.address or not ("{称呼}" in search.courtesy or any("称呼" in one.phrase.slots for one in found)):
        return ()
    return tuple(
        press(title, "s.more", search.id, search.page, key) for title, key in ((_("先生"), "先生"), (_("女士"), "女士"))
    )


def _another(search: Search, found: Sequence[Wording]) -> tuple[Button, ...]:
    return (press(_("换一批"), "s.more", search.id, search.page + 1),) if len(found) > A_PAGE else ()


def _next_step(search: Search, shown: Sequence[Wording], asked: Asked) -> tuple[Button, ...]:
    buttons = []
    kept_already = asked.case is not None and asked.case.due == asked.due
    if any(one.dated for one in shown) and not kept_already:
        minutes = int(asked.due.timestamp() // 60)
        label = _("记为承诺 {due}").format(due=asked.due_words())
        buttons.append(press(label, "n.record", minutes, asked.address[:6]))
    if any(one.phrase.next == "complaint" for one in shown) and not asked.case:
        buttons.append(press(_("登记投诉"), "s.log", search.id))
    return tuple(buttons)


# Filling a blank


def open_slots(shown: Sequence[Wording], skipped: Collection[str]) -> list[str]:
    """What is still blank in the wordings on the screen, in order; `skipped` are keys."""
    missing = dict.fromkeys(slot for one in shown for slot in one.missing)
    return [slot for slot in missing if slot_key(slot) not in skipped]


def slot_key(slot: str) -> str:
    """What stands for a slot in callback data, however somebody named it."""
    return slot.replace(":", "").encode()[:SLOT_MOST].decode(errors="ignore")


def slot_name(slot: str) -> str:
    return in_script(SLOTS.get(slot, slot), spoken())


def ask_slot(search: Search, slot: str, shown: Sequence[Wording]) -> Message:
    """One blank at a time; the wording stands above the question."""
    template = next(one for one in shown if slot in one.missing)
    ready = READY.get(slot, ())
    ask = _("{slot}？选一个，或直接打字：") if ready else _("{slot}？直接打字：")
    values = [press(in_script(value, spoken()), "s.slot", search.id, slot, n) for n, value in enumerate(ready)]
    rows = [tuple(values[i : i + 2]) for i in range(0, len(values), 2)]
    rows.append((press(_("跳过"), "s.skip", search.id, slot_key(slot)), press(_("取消"), "s.back", search.id)))
    return Message(text=f"{_ready(template.text)}\n{ask.format(slot=html(slot_name(slot)))}", buttons=tuple(rows))


def filled_below() -> Message:
    return Message(text=_("已填好，请看下面最新的一条。"))


# 更多


def menu(search: Search, found: Sequence[Wording], *, kept: Collection[str]) -> Message:
    """The same wordings with what else can be done with each."""
    shown = on_page(found, search.page)
    rows: list[tuple[Button, ...]] = []
    for number, one in zip(NUMBERS, shown, strict=False):
        name = one.phrase.id
        if one.phrase in [earlier.phrase for earlier in shown[: NUMBERS.index(number)]] or len(name) > ID_MOST:
            continue
        mark = search.marks.get(name, "")
        row = (
            press(f"{number} 👍" + ("✓" if mark == "up" else ""), "s.up", search.id, name),
            press("👎" + ("✓" if mark == "down" else ""), "s.down", search.id, name),
            press(_("取消收藏") if name in kept else _("收藏"), "s.keep", search.id, name),
        )
        rows.append(row)
    rows.append((*_variants(search, shown), press(_("返回"), "s.back", search.id)))
    return Message(text="\n".join(_lines(shown)), buttons=tuple(row for row in rows if row))


def _variants(search: Search, shown: Sequence[Wording]) -> list[Button]:
    buttons = []
    if search.language == "en":
        buttons.append(press(_("中文"), "s.lang", search.id))
    elif any(one.phrase.en for one in shown):
        buttons.append(press("English", "s.lang", search.id, "en"))
    for style, label in (("formal", _("正式")), ("shop", _("网店"))):
        if search.style == style:
            buttons.append(press(_("平常"), "s.style", search.id))
        elif any(style in one.phrase.styles for one in shown):
            buttons.append(press(label, "s.style", search.id, style))
    return buttons


def thanks(kind: str, query: str) -> str:
    """What a judgement changes."""
    if kind == "up":
        return _("谢谢，记下了。以后搜“{query}”，这一条会更靠前。").format(query=cut(query, 20))
    return _("谢谢，记下了。以后搜“{query}”，这一条会靠后。").format(query=cut(query, 20))


# Nothing found


def nothing_found(search: Search, nearest: Sequence[Phrase] = (), *, noted: bool = False) -> Message:
    """Honest silence, and what to do next: the nearest situations, or other words."""
    lines = [_("没找到合适的话术：{query}").format(query=html(cut(search.query, 60)))]
    if nearest:
        lines.append(_("是不是下面这些情况？不是就换个说法，或把客户的原话发来。"))
    else:
        lines.append(_("换个说法试试，如：催单、道歉、要赔偿；或把客户的原话发来。"))
    if noted:
        lines.append(_("已记下来，每周汇总给主管。"))
    short = [phrase for phrase in nearest if len(phrase.id) <= ID_MOST]
    near = [press(in_script(phrase.situation, spoken()), "s.near", search.id, phrase.id) for phrase in short]
    again = Button(text=_("换个说法再搜"), here=cut(search.query, 40))
    return Message(text="\n".join(lines), buttons=(*((button,) for button in near), (again,)))


def ask_query() -> Message:
    return Message(text=_("客户遇到什么情况？直接打字，如：客户等了很久、催单、要退款；客户的原话也行。"))


# 收藏


@dataclass(frozen=True, kw_only=True)
class Keepsake:
    """A wording on somebody's list: `ended` says why it is offered no more, with what to say instead, if anything."""

    id: str
    title: str
    text: str
    favourite: bool
    ended: str = ""


def ended_on(day: date | None, followed: bool) -> str:
    """Since when a wording is not said any more, and whether there is another."""
    said = _("{month}月{day}日").format(month=day.month, day=day.day) if day else ""
    at = _("已于{day}停用").format(day=said) if day else _("已停用")
    return at + (_("，请改用：") if followed else _("，没有替代的，请重新搜。"))


def said(text: str, asked: Asked) -> str:
    """A sentence that is no phrase by itself, filled in."""
    return _filled(text, asked, english=False).text


def pages_of(many: int) -> int:
    """How many pages so many fill; an empty one is a page, too."""
    return max(1, -(-many // A_PAGE))


def keepsakes(found: Sequence[Keepsake], page: int, many: int) -> Message:
    """One page of what somebody kept and their own wordings, so many in all."""
    if not found:
        return Message(text=_("还没有收藏。找到好用的话术后，点“更多”再点“收藏”，以后发“收藏”就能拿到。"))
    pages = pages_of(many)
    title = _("我的话术 {n} 条").format(n=many)
    lines = [title + (_(" · 第 {page}/{pages} 页").format(page=page + 1, pages=pages) if pages > 1 else "")]
    copies: list[Button] = []
    drops: list[Button] = []
    for number, one in zip(NUMBERS, found, strict=False):
        lines.append(f"<b>{number} {html(one.title)}</b>")
        if one.ended:
            lines.append(html(one.ended))
        if one.text:
            lines.append(_ready(one.text))
            if button := copy(_("复制 {n}").format(n=number), one.text):
                copies.append(button)
        if one.favourite:
            drops.append(press(_("取消收藏 {n}").format(n=number), "k.drop", one.id, page))
    turns = []
    if pages > 1:
        turns = [press(_("上一页"), "k.page", (page - 1) % pages), press(_("下一页"), "k.page", (page + 1) % pages)]
    rows = [tuple(copies), tuple(drops), tuple(turns)]
    return Message(text="\n".join(lines), buttons=tuple(row for row in rows if row))


def offered_due(now: datetime, in_hours: datetime) -> datetime:
    """A time an agent can keep: half an hour from now (in working hours), rounded up to the quarter."""
    earliest = max(now, in_hours)
    quarter = timedelta(minutes=15)
    midnight = earliest.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + -((midnight - earliest) // quarter) * quarter
