"""Words and buttons about wordings. Pure. What is for the customer stands alone, ready to copy untouched."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.language.speech import _, spoken
from bot.phrases.fill import SLOTS, fill, in_script, say_to_customer
from bot.phrases.index import Hit
from bot.phrases.phrase import Phrase
from bot.shared.message import Button, Message, Rows, copy, press
from bot.shared.text import cut, html

A_PAGE = 3
QUERY_MOST = 256  # characters of an inline query (Bot API)
NUMBERS = "①②③④⑤⑥⑦⑧⑨⑩"


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Who asks and when, for the slots: `due` is the time offered to the customer, `address` how they are called."""

    address: str
    speaker: str
    org: str
    local: datetime
    due: datetime

    def given(self) -> Mapping[str, str]:
        return {"称呼": self.address, "self": self.speaker, "org": self.org, "due": self.due_words()}

    def due_words(self) -> str:
        return say_to_customer(self.due, now=self.local, zone=self.due.tzinfo or UTC)


@dataclass(frozen=True, kw_only=True)
class Wording:
    phrase: Phrase
    text: str
    missing: tuple[str, ...]
    dated: bool  # it names the offered time


def wordings(hits: Sequence[Hit], asked: Asked) -> list[Wording]:
    """All wordings of the hits: the best of each first, then their others."""
    hits = [hit for hit in hits if hit.phrase.when is None or hit.phrase.when.fits(asked.local.time())]
    turns: list[tuple[int, int, Phrase, int]] = []
    for place, hit in enumerate(hits):
        count = len(hit.phrase.texts)
        turns += [(turn, place, hit.phrase, (hit.text + turn) % count) for turn in range(count)]
    # First three situations in their best wording, then other wordings of these, then the situations below.
    turns.sort(key=lambda t: (t[1] // A_PAGE, t[0], t[1]))
    found = []
    for _turn, _place, phrase, text in turns:
        template = phrase.texts[text]
        filled = fill(in_script(template, spoken()), asked.given(), at=asked.local.time())
        found.append(Wording(phrase=phrase, text=filled.text, missing=filled.missing, dated="{due}" in template))
    return found


def answer(query: str, found: Sequence[Wording], *, search: int, page: int, asked: Asked, private: bool) -> Message:
    """The best wordings, three at a time, each with its copy button."""
    start = page * A_PAGE % max(len(found), 1)
    shown = list(found[start : start + A_PAGE])
    lines: list[str] = []
    for number, wording in zip(NUMBERS, shown, strict=False):
        situation = html(in_script(wording.phrase.situation, spoken()))
        lines.append(f"<b>{number} {situation}</b>" if len(shown) > 1 else f"<b>{situation}</b>")
        lines.append(f"<code>{html(wording.text)}</code>")
        if wording is shown[0] and wording.phrase.avoid:
            avoid = " / ".join(in_script(words, spoken()) for words in wording.phrase.avoid)
            lines.append(_("不要说：{words}").format(words=html(avoid)))
        if wording.missing:
            lines.append(
                _("发出前请填：{slots}").format(
                    slots=html("、".join(SLOTS.get(slot, slot) for slot in wording.missing))
                )
            )
    buttons = [_copies(shown), _more(found, search, page, asked), _promise(shown, asked) if private else ()]
    return Message(text="\n".join(lines), buttons=tuple(row for row in buttons if row))


def _copies(shown: Sequence[Wording]) -> tuple[Button, ...]:
    single = len(shown) == 1
    labels = [_("复制") if single else _("复制 {n}").format(n=number) for number in NUMBERS[: len(shown)]]
    made = [copy(label, wording.text) for label, wording in zip(labels, shown, strict=True)]
    return tuple(button for button in made if button)


def _more(found: Sequence[Wording], search: int, page: int, asked: Asked) -> tuple[Button, ...]:
    buttons = []
    if not asked.address and any("{称呼}" in text for wording in found for text in wording.phrase.texts):
        buttons += [press(_("先生"), "s.more", search, page, "先生"), press(_("女士"), "s.more", search, page, "女士")]
    if len(found) > A_PAGE:
        buttons.append(press(_("换一批"), "s.more", search, page + 1, asked.address[:6]))
    return tuple(buttons)


def _promise(shown: Sequence[Wording], asked: Asked) -> tuple[Button, ...]:
    if not any(wording.dated for wording in shown):
        return ()
    minutes = int(asked.due.timestamp() // 60)
    return (press(_("记为承诺 {due}").format(due=asked.due_words()), "n.record", minutes, asked.address[:6]),)


def nothing_found(query: str) -> Message:
    """Honest silence, and what to do next."""
    again: Rows = ((Button(text=_("换个说法再搜"), here=cut(query, 40)),),)
    return Message(
        text=_("没找到合适的话术：{query}\n换个说法试试，如：催单、道歉、要赔偿；或把客户的原话发来。").format(
            query=html(cut(query, 60))
        ),
        buttons=again,
    )


def ask_query() -> Message:
    return Message(text=_("客户怎么了？直接打字，如：客户等了很久、催单、要退款；客户的原话也行。"))


def offered_due(now: datetime, in_hours: datetime) -> datetime:
    """A time an agent can keep: half an hour from now (in working hours), rounded up to the quarter."""
    earliest = max(now, in_hours)
    quarter = timedelta(minutes=15)
    midnight = earliest.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + -((midnight - earliest) // quarter) * quarter
