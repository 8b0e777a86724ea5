"""Words and buttons about wordings of one's own. Pure."""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.checks.rule import Checked
from bot.collecting.wording import (
    APPROVED,
    DAYS,
    PERSONAL,
    PROPOSED,
    RETURNED,
    TEAM,
    Gap,
    OwnPhrase,
    Tidied,
)
from bot.language.speech import _
from bot.phrases.fill import SLOTS
from bot.phrases.phrase import Phrase
from bot.promises.moments import say_clock, say_date
from bot.shared.message import Button, Message, Rows, press
from bot.shared.text import cut, html
from bot.teams.person import Person

A_PAGE = 4
FINDINGS_SHOWN = 3
LABEL_MOST = 14
WAITING_SHOWN = 6
SLOTS_NAMED = 6
NUMBERS = "①②③④⑤⑥⑦⑧⑨⑩"
REASONS_MANY = 3
_SLOT = re.compile(r"\{([^{}\n]{1,24})\}")


def reason_label(place: int) -> str:
    """The usual reasons for sending a wording back."""
    return (_("和现有话术重复"), _("不够具体"), _("语气要再缓和些"))[place % REASONS_MANY]


def with_blanks(text: str) -> str:
    """A wording as people read it: {reason} is 【原因】. Typed back that way, it is a slot again (wording.tidied)."""
    return _SLOT.sub(lambda found: f"【{SLOTS.get(found[1], found[1])}】", text)


# Collecting


def how() -> str:
    return _("收新的：回复一条消息写“收录”，或发：收录 那句话。")


def ask_text(own: OwnPhrase | None = None) -> Message:
    if own is None or not own.text:
        return Message(
            text=_("把要收录的那句话发过来。"), buttons=((press(_("取消"), "o.drop", own.id),),) if own else ()
        )
    return Message(
        text=_("想改成怎么说？直接打字。现在是：\n<code>{text}</code>").format(text=html(with_blanks(own.text))),
        buttons=((press(_("返回"), "o.card", own.id), press(_("取消"), "o.drop", own.id)),),
    )


def forbidden(own: OwnPhrase, checked: Checked) -> Message:
    """A wording that breaks a norm is not kept; what is wrong, and the way on."""
    lines = [html(forbidden_sentence(checked))]
    buttons: list[Button] = []
    if checked.rewrite:
        lines += [_("可以改成："), f"<code>{html(with_blanks(checked.rewrite))}</code>"]
        buttons.append(press(_("用改好的这句"), "o.better", own.id))
    lines.append(_("也可以直接打字改。"))
    buttons.append(press(_("自己改"), "o.text", own.id))
    return Message(text="\n".join(lines), buttons=(tuple(buttons), (press(_("取消"), "o.drop", own.id),)))


def forbidden_sentence(checked: Checked) -> str:
    return "\n".join([_("还不能收录，有 {n} 处不能这样说：").format(n=len(checked.findings)), *_findings(checked)])


def unknown_slot_sentence(slot: str) -> str:
    names = "、".join(f"【{name}】" for name in list(SLOTS.values())[:SLOTS_NAMED])
    return _("没有 {{{slot}}} 这种填空。可以写：{names}…").format(slot=cut(slot, 12), names=names)


def _findings(checked: Checked) -> list[str]:
    return [
        _("“{found}”：{why}").format(found=cut(finding.found, 30), why=finding.why)
        for finding in checked.findings[:FINDINGS_SHOWN]
    ]


def ask_situation(own: OwnPhrase, near: Sequence[Phrase], tidy: Tidied | None = None) -> Message:
    lines = [
        _("什么情况下用这句？选一个，或直接打字："),
        f"<code>{html(with_blanks(own.text))}</code>",
        *_replaced(tidy),
    ]
    choices = tuple((press(cut(phrase.situation, LABEL_MOST), "o.sit", own.id, phrase.id),) for phrase in near)
    return Message(text="\n".join(lines), buttons=(*choices, (press(_("取消"), "o.drop", own.id),)))


def _replaced(tidy: Tidied | None) -> list[str]:
    if tidy is None or not tidy.replaced:
        return []
    said = "、".join(f"“{words}”→【{SLOTS.get(slot, slot)}】" for words, slot in tidy.replaced)
    return [_("客户信息已换成填空，用时再填：{said}").format(said=html(said))]


def card(own: OwnPhrase, person: Person, tidy: Tidied | None = None) -> Message:
    """The draft: for whom shall it be kept?"""
    lines = [
        _("情境：{situation}").format(situation=html(own.situation)),
        f"<code>{html(with_blanks(own.text))}</code>",
        *_replaced(tidy),
    ]
    edit = (press(_("改"), "o.edit", own.id), press(_("取消"), "o.drop", own.id))
    mine = press(_("存为我的话术"), "o.keep", own.id)
    if own.renews:
        rows: Rows = ((press(_("换成这句"), "o.adopt" if own.scope == TEAM else "o.keep", own.id), *edit),)
    elif person.leads:
        rows = ((press(_("直接收进团队话术"), "o.adopt", own.id), mine), edit)
    else:
        rows = ((mine, press(_("推荐给团队"), "o.offer", own.id)), edit)
    return Message(text="\n".join(lines), buttons=rows)


def ask_what(own: OwnPhrase) -> Message:
    return Message(
        text=_("改哪里？\n情境：{situation}\n<code>{text}</code>").format(
            situation=html(own.situation), text=html(with_blanks(own.text))
        ),
        buttons=(
            (press(_("改这句话"), "o.text", own.id), press(_("改情境"), "o.name", own.id)),
            (press(_("返回"), "o.card", own.id),),
        ),
    )


def dropped() -> Message:
    return Message(text=_("没有收录。需要时再发“收录”。"))


def replaced() -> str:
    return _("已更新，请看下面最新的一条。")


def kept(own: OwnPhrase) -> Message:
    """The receipt: it is in use."""
    if own.scope == PERSONAL:
        head = _("✅ 已存为我的话术，只有自己搜得到：{situation}")
    else:
        head = _("✅ 已收进团队话术，全组都能搜到：{situation}")
    buttons = [press(_("改"), "o.change", own.id), press(_("停用"), "o.stop", own.id)]
    if own.scope == TEAM:
        buttons.append(press(_("到期日"), "o.until", own.id))
    return Message(text=_with_text(head, own), buttons=(tuple(buttons),))


def proposed(own: OwnPhrase, names: Sequence[str]) -> Message:
    head = _("⚪ 已推荐给团队，等 {names} 审批：{situation}")
    if not names:
        head = _("⚪ 已推荐给团队，暂时没有主管能收到通知，主管发 /approve 就能看到：{situation}")
    return Message(
        text=_with_text(head, own, names="、".join(names)),
        buttons=((press(_("撤回"), "o.recall", own.id),),),
    )


def recalled() -> str:
    return _("推荐已撤回，主管那边也看不到了。")


def _with_text(head: str, own: OwnPhrase, names: str = "") -> str:
    return (
        f"{head.format(situation=html(own.situation), names=html(names))}\n<code>{html(with_blanks(own.text))}</code>"
    )


def over_to_private(username: str) -> Message:
    """All that a group sees."""
    return Message(
        text=_("已记下，请到私聊里接着收录。"), buttons=((Button(text=_("去私聊"), url=f"https://t.me/{username}"),),)
    )


def open_first(username: str) -> Message:
    """To somebody whom the bot can't write to in private yet."""
    return Message(
        text=_("请先去私聊点“开始”，再回来发一次“收录”。"),
        buttons=((Button(text=_("去私聊"), url=f"https://t.me/{username}"),),),
    )


# Deciding


def decision(own: OwnPhrase, author: str, *, mended: str = "") -> Message:
    """What somebody recommends, with everything needed to decide in one press."""
    lines = [
        _("⚪ 待审批：{author} 推荐一句话术").format(author=html(author)),
        _("情境：{situation}").format(situation=html(own.situation)),
        f"<code>{html(with_blanks(own.text))}</code>",
    ]
    if mended:
        lines.append(_("{name} 改过这句。").format(name=html(mended)))
    labels = {0: _("批准·长期"), 90: _("批准·90 天"), 30: _("批准·30 天")}
    return Message(
        text="\n".join(lines),
        buttons=(
            tuple(press(labels[days], "o.yes", own.id, days, own.seal) for days in DAYS),
            (press(_("修改"), "o.mend", own.id), press(_("退回"), "o.no", own.id)),
        ),
    )


def decided(own: OwnPhrase, author: str, decider: str, *, now: datetime, zone: ZoneInfo) -> Message:
    """The same message after somebody decided."""
    at = say_clock(own.decided_at or now, now=now, zone=zone)
    if own.state == RETURNED:
        head = _("{name} {at} 退回：{author} 推荐的“{situation}”")
    elif own.state == APPROVED:
        head = _("✅ {name} {at} 批准：{author} 推荐的“{situation}”")
    else:
        head = _("{name} {at} 撤回：{author} 推荐的“{situation}”")
    lines = [
        head.format(name=html(decider), at=at, author=html(author), situation=html(own.situation)),
        f"<code>{html(with_blanks(own.text))}</code>",
    ]
    if own.state == APPROVED:
        lines.append(lasting(own, zone))
    elif own.reason:
        lines.append(_("原因：{reason}").format(reason=html(own.reason)))
    return Message(text="\n".join(lines))


def decided_already(own: OwnPhrase, decider: str, *, now: datetime, zone: ZoneInfo) -> str:
    """What the second of two hears."""
    at = say_clock(own.decided_at or now, now=now, zone=zone)
    said = {
        APPROVED: _("{name} {at} 已经批准了这条。"),
        RETURNED: _("{name} {at} 已经退回了这条。"),
    }.get(own.state, _("{name} {at} 已经撤回了这条。"))
    return said.format(name=decider, at=at)


def lasting(own: OwnPhrase, zone: ZoneInfo) -> str:
    """Until when it may be used; the last day counts."""
    if own.valid_until is None:
        return _("长期有效")
    return _("有效期到 {day}（含当天）").format(day=say_date(_last_day(own.valid_until, zone)))


def _last_day(until: datetime, zone: ZoneInfo) -> date:
    return (until.astimezone(zone) - timedelta(minutes=1)).date()


def ask_mending(own: OwnPhrase) -> Message:
    return Message(
        text=_("想改成怎么说？直接打字。现在是：\n<code>{text}</code>").format(text=html(with_blanks(own.text))),
        buttons=((press(_("返回"), "o.look", own.id),),),
    )


def ask_reason(own: OwnPhrase) -> Message:
    reasons = tuple(press(reason_label(place), "o.why", own.id, place) for place in range(REASONS_MANY))
    return Message(
        text=_("为什么退回“{situation}”？选一个，或直接打字：").format(situation=html(own.situation)),
        buttons=(reasons, (press(_("返回"), "o.look", own.id),)),
    )


def told_approved(own: OwnPhrase, decider: str, zone: ZoneInfo) -> Message:
    """To whoever recommended it."""
    head = _("✅ 推荐的话术被采纳了，谢谢！全组现在都能搜到：{situation}")
    return Message(text=f"{_with_text(head, own)}\n" + _("{name} 批准，{lasting}").format(
        name=html(decider), lasting=lasting(own, zone)
    ))  # fmt: skip


def told_returned(own: OwnPhrase, decider: str) -> Message:
    head = _("推荐的话术被退回，改好可以再推荐：{situation}")
    return Message(
        text=f"{_with_text(head, own)}\n" + _("{name}：{reason}").format(name=html(decider), reason=html(own.reason)),
        buttons=((press(_("改好再推荐"), "o.redo", own.id), press(_("存为我的话术"), "o.mine", own.id)),),
    )


def waiting(rows: Sequence[tuple[OwnPhrase, str]], many: int) -> Message:
    """/approve: the first of so many that wait, the longest waiting first."""
    if not rows:
        return Message(text=_("没有待审批的话术。客服发“收录”可以推荐。"))
    lines = [_("待审批 {n} 条，最早的在前：").format(n=many)]
    numbered = list(zip(NUMBERS, rows, strict=False))
    lines += [f"{number} {html(cut(own.situation, 20))} · {html(author)}" for number, (own, author) in numbered]
    if many > len(rows):
        lines.append(_("… 还有 {n} 条").format(n=many - len(rows)))
    buttons = [press(number, "o.open", own.id) for number, (own, _author) in numbered]
    return Message(text="\n".join(lines), buttons=_in_rows(buttons, 3))


# What there is


def listed(
    own: Sequence[OwnPhrase], person: Person, *, scope: str, page: int, now: datetime, zone: ZoneInfo
) -> Message:
    """A page of the team's or of one's own wordings; a number opens one."""
    pages = max(1, -(-len(own) // A_PAGE))
    page = min(max(page, 0), pages - 1)
    shown = own[page * A_PAGE : (page + 1) * A_PAGE]
    name = _("团队话术") if scope == TEAM else _("我的话术")
    lines = [_("{name} {n} 条").format(name=name, n=len(own))]
    if pages > 1:
        lines[0] += _("（第 {page}/{pages} 页）").format(page=page + 1, pages=pages)
    for number, one in zip(NUMBERS, shown, strict=False):
        state = _state(one, now, zone)
        mark = _("（{state}）").format(state=state) if state else ""
        lines.append(f"{number} {html(cut(one.situation, 16))}：{html(cut(one.text, 24))}{mark}")
    lines.append(how())
    rows: list[tuple[Button, ...]] = []
    if shown:
        rows.append(tuple(press(number, "o.show", one.id, page) for number, one in zip(NUMBERS, shown, strict=False)))
    turning = []
    if page:
        turning.append(press(_("上一页"), "o.list", scope, page - 1))
    if page + 1 < pages:
        turning.append(press(_("下一页"), "o.list", scope, page + 1))
    if person.leads:
        other = (_("我的话术"), PERSONAL) if scope == TEAM else (_("团队话术"), TEAM)
        turning.append(press(other[0], "o.list", other[1], 0))
    return Message(text="\n".join(lines), buttons=(*rows, tuple(turning)) if turning else tuple(rows))


def _state(own: OwnPhrase, now: datetime, zone: ZoneInfo) -> str:
    """What there is to say about it beside that it is in use for good."""
    if own.state == PROPOSED:
        return _("待审批")
    if own.expired(now):
        return _("已到期")
    if own.valid_from and own.valid_from > now:
        return _("还没生效")
    return lasting(own, zone) if own.valid_until else ""


def _since(own: OwnPhrase, zone: ZoneInfo) -> str:
    if own.valid_from is None:
        return ""
    return _("{day}起 · ").format(day=say_date(own.valid_from.astimezone(zone).date()))


def entry(own: OwnPhrase, author: str, *, page: int, now: datetime, zone: ZoneInfo) -> Message:
    """One wording in use, with what can be done to it."""
    state = _state(own, now, zone) or _("长期有效")
    lines = [
        _("情境：{situation}").format(situation=html(own.situation)),
        f"<code>{html(with_blanks(own.text))}</code>",
        _("第 {n} 版 · {author} · {since}{state}").format(
            n=own.version, author=html(author), state=state, since=_since(own, zone)
        ),
    ]
    back = press(_("返回"), "o.list", own.scope if own.state == APPROVED else PERSONAL, page)
    if own.state == PROPOSED:
        return Message(text="\n".join(lines), buttons=((press(_("撤回"), "o.recall", own.id), back),))
    buttons = (press(_("改"), "o.change", own.id), press(_("停用"), "o.stop", own.id))
    if own.scope == TEAM:
        return Message(text="\n".join(lines), buttons=((*buttons, press(_("到期日"), "o.until", own.id)), (back,)))
    return Message(text="\n".join(lines), buttons=((*buttons, press(_("推荐给团队"), "o.share", own.id)), (back,)))


def ask_stop(own: OwnPhrase) -> Message:
    """What can't be undone asks once more."""
    who = _("全组就搜不到这句了") if own.scope == TEAM else _("就搜不到这句了")
    return Message(
        text=_("停用后{who}：{situation}\n<code>{text}</code>").format(
            who=who, situation=html(own.situation), text=html(with_blanks(own.text))
        ),
        buttons=((press(_("确定停用"), "o.stopok", own.id), press(_("返回"), "o.show", own.id, 0)),),
    )


def stopped(own: OwnPhrase, name: str, *, now: datetime, zone: ZoneInfo) -> Message:
    at = say_clock(now, now=now, zone=zone)
    head = _("{name} {at} 停用：").format(name=html(name), at=at) + html(own.situation)
    return Message(text=f"{head}\n<code>{html(with_blanks(own.text))}</code>")


def ask_until(own: OwnPhrase) -> Message:
    labels = {0: _("长期有效"), 90: _("90 天"), 30: _("30 天")}
    question = _("“{situation}”用到哪天？选一个，或直接打日期，如“12月31日”：").format(situation=own.situation)
    return Message(
        text=html(question),
        buttons=(
            tuple(press(labels[days], "o.til", own.id, days) for days in DAYS),
            (press(_("返回"), "o.show", own.id, 0),),
        ),
    )


# Gaps


def report(gaps: Sequence[Gap], masked: Sequence[str], unused: Sequence[tuple[str, int]], *, late: bool) -> Message:
    """Once a week to supervisors: what was searched for in vain. `masked` are the queries as others may read them,
    `unused` situations with how often they were found."""
    lines = []
    if gaps:
        lines.append(_("上次报告以来，有 {n} 种问法没有合适的话术：").format(n=len(gaps)))
        for number, (gap, query) in enumerate(zip(gaps, masked, strict=True), 1):
            times = _("（{n} 次）").format(n=gap.times) if gap.times > 1 else ""
            lines.append(f"{number} {html(query)}{times}")
    if unused:
        said = "、".join(_("{situation}（{n} 次）").format(situation=html(name), n=n) for name, n in unused)
        lines.append(_("常被搜到却没人用：{said}").format(said=said))
    if gaps:
        lines.append(_("点“补”写一句，下次就搜得到。"))
    if late:
        lines.append(_("（机器人曾停机，这份报告晚了）"))
    buttons = [press(_("补 {n}").format(n=number), "g.fill", gap.search) for number, gap in enumerate(gaps, 1)]
    return Message(text="\n".join(lines), buttons=_in_rows(buttons, 4))


def ask_for_gap(own: OwnPhrase, query: str) -> Message:
    return Message(
        text=_("有人搜“{query}”，该怎么说？直接打字：").format(query=html(query)),
        buttons=((press(_("取消"), "o.drop", own.id),),),
    )


def filled_already(own: OwnPhrase, name: str) -> str:
    return cut(_("{name} 已经补了：{text}").format(name=name, text=with_blanks(own.text)), 190)


def _in_rows(buttons: Sequence[Button], wide: int) -> Rows:
    return tuple(tuple(buttons[start : start + wide]) for start in range(0, len(buttons), wide))
