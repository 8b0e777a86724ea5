"""Words and buttons about checked drafts, counts, style and quiet groups. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.checks.counts import Counts, Overheard
from bot.checks.marking import marked
from bot.checks.offer import Offer, Timed
from bot.checks.rule import Channel, Finding, Rule
from bot.language.speech import _, spoken
from bot.phrases.fill import in_script, say_to_customer
from bot.promises.moments import say_clock
from bot.promises.picker import minutes
from bot.promises.promise import Promise
from bot.shared.message import Button, Message, Rows, copy, press
from bot.shared.text import cut, html

MOST_LINES = 8  # above the sentence to send
FOUND = 30  # characters of a finding in its own line
CLASSES = 5  # of a week's counts
TOLD = 4  # findings of a quiet group in one message


# A checked draft


def result(
    offer: Offer, id: int, *, place: int = 0, case: Promise | None = None, private: bool = True, now: datetime,
    zone: ZoneInfo,
) -> Message:  # fmt: skip
    """What breaks the norms, why, and the sentence to send instead: the `place`-th of those on offer.

    `id` is what the draft is kept by for the buttons; `case` is the only one the agent has open.
    """
    place = place % len(offer.sends) if offer.sends else 0
    send = offer.sends[place] if offer.sends else ""
    notes = [_timed(one, now=now, zone=zone) for one in offer.vague] if place == 0 else []
    last = _instead_line(offer, send)
    room = MOST_LINES - 2 - len(notes) - bool(last)
    lines = [_head(offer), *_found_lines(offer, room), *notes]
    if offer.checked.findings or offer.checked.hints:
        lines.insert(1, marked(offer.draft, (*offer.checked.findings, *offer.checked.hints)))
    if last:
        lines.append(last)
    if send:
        lines.append(f"<code>{html(send)}</code>")
    return Message(text="\n".join(lines), buttons=_buttons(offer, id, send, place, case, private, now=now, zone=zone))


def _head(offer: Offer) -> str:
    bad, hints = len(offer.checked.findings), len(offer.checked.hints)
    if bad and hints:
        return _("🔴 有 {n} 处不能这样说，{hints} 处建议改：").format(n=bad, hints=hints)
    if bad:
        return _("🔴 有 {n} 处不能这样说：").format(n=bad)
    return _("🟡 可以发，有 {n} 处建议改：").format(n=hints) if hints else _("🟢 可以发，没有忌语。")


def _found_lines(offer: Offer, room: int) -> list[str]:
    """One line to a finding, the grave ones first."""
    lines = [_found("🔴", finding) for finding in offer.checked.findings]
    lines += [_found("🟡", hint) for hint in offer.checked.hints]
    if len(lines) > room:
        left = len(lines) - room + 1
        lines[room - 1 :] = [_("… 还有 {n} 处").format(n=left)]
    return lines


def _found(mark: str, finding: Finding) -> str:
    """🔴 推诿“不归我管”：首问负责 …"""
    line = _("{mark} {kind}“{found}”：{why}").format(
        mark=mark, kind=_book(finding.kind), found=html(cut(finding.found, FOUND)), why=_book(finding.why)
    )
    if finding.level == "hint" and finding.instead:
        line += _("，可改成“{instead}”").format(instead=_book(finding.instead))
    return line


def _timed(one: Timed, *, now: datetime, zone: ZoneInfo) -> str:
    assert one.due
    return _("“{word}”没有确切时间，按规范（{default}）填了 {when}").format(
        word=html(one.word), default=_book(one.default), when=say_clock(one.due, now=now, zone=zone)
    )


def _instead_line(offer: Offer, send: str) -> str:
    if not send:
        if not offer.checked.findings:
            return ""
        first = offer.checked.findings[0]
        return _("请改写这一句：“{found}”，改好再查一次。").format(found=html(cut(first.found, FOUND)))
    return _("改成这样发：") if offer.checked.findings or offer.checked.hints else _("带上时间更好：")


def _buttons(
    offer: Offer, id: int, send: str, place: int, case: Promise | None, private: bool, *, now: datetime, zone: ZoneInfo
) -> Rows:
    first = [button for button in (copy(_("复制"), send),) if button]
    if not private:
        return (tuple(first),) if first else ()
    if len(offer.sends) > 1:
        first.append(press(_("换一种改法"), "h.other", id, (place + 1) % len(offer.sends)))
    record = list(
        {button.text: button for button in (_record(id, one, now=now, zone=zone) for one in offer.times)}.values()
    )
    if case and case.own and any(one.due for one in offer.times):
        record.append(press(_("改 #{number} 的时间").format(number=case.number), "h.extend", case.id, case.version, id))
    if offer.needs_leave:
        first.append(press(_("请示主管"), "h.ask", id))
    narrow = [record] if len(record) < 3 else [record[:2], record[2:]]
    return tuple(tuple(row) for row in (first, *narrow) if row)


def _record(id: int, one: Timed, *, now: datetime, zone: ZoneInfo) -> Button:
    if one.due is None:
        return press(_("记为承诺"), "h.record", id, one.place)
    label = _("记为承诺 {due}").format(due=say_to_customer(one.due, now=now, zone=zone))
    return press(label, "h.record", id, one.place, *((minutes(one.due),) if one.word else ()))


def ask_draft(*, leads: bool, private: bool) -> Message:
    if not private:
        return Message(text=_("请把草稿写在命令后面，如：/check 这个我不知道"))
    rows = ((press(_("我的统计"), "h.mine"), *((press(_("团队统计"), "h.team"),) if leads else ()), style_button()),)
    return Message(text=_("把准备发给客户的话贴过来，看看有没有忌语。"), buttons=rows)


# Inline


def in_words(findings: Sequence[Finding]) -> str:
    """What was wrong, for the line under an inline result: 推诿“不归我管”、称呼你“你”."""
    told = [_("{kind}“{found}”").format(kind=_script(one.kind), found=cut(one.found, 12)) for one in findings]
    return _("原句：{found}").format(found="、".join(dict.fromkeys(told)))


def too_long_inline() -> str:
    return _("太长了，请私聊发 /check 查")


def rewrite_it(finding: Finding) -> str:
    """On the only button when there is nothing to offer."""
    return cut(_("请改写“{found}”：{why}").format(found=cut(finding.found, 10), why=_script(finding.why)), 60)


# Counts


def own_counts(counts: Counts, rules: Mapping[str, Rule]) -> Message:
    lines = [_("本周到现在检查 {n} 次，上周同期 {before} 次").format(n=counts.checks, before=counts.checks_before)]
    lines += _class_lines(counts, rules, compared=counts.checks_before > 0)
    lines.append(_("只有本人看得到。"))
    return Message(text="\n".join(lines), buttons=((press(_("查一句"), "h.draft"), style_button()),))


def team_counts(counts: Counts, rules: Mapping[str, Rule]) -> Message:
    """Classes and their trend, never who."""
    back = ((press(_("查一句"), "h.draft"), style_button()),)
    if not counts.enough:
        return Message(text=_("本周检查过的客服不到 3 人，人数太少，不显示。"), buttons=back)
    lines = [_("本周到现在 {people} 名客服检查 {n} 次").format(people=counts.people, n=counts.checks)]
    if not counts.comparable:
        lines.append(_("上周同期人数太少，不作比较。"))
    lines += _class_lines(counts, rules, compared=counts.comparable)
    return Message(text="\n".join(lines), buttons=back)


def _class_lines(counts: Counts, rules: Mapping[str, Rule], *, compared: bool) -> list[str]:
    shown = [count for count in counts.classes if count.times or (compared and count.before)][:CLASSES]
    if not shown:
        return [_("没有查出忌语。")]
    lines = []
    for count in shown:
        line = f"{_book(count.kind)} {count.times}"
        lines.append(f"{line}{_trend(count.times, count.before)}" if compared else line)
    rule = rules.get(shown[0].rule)
    if shown[0].times and rule and rule.instead:
        lines.append(
            _("最多的是{kind}，改说：“{instead}”").format(kind=_book(shown[0].kind), instead=_book(rule.instead))
        )
    return lines


def _trend(times: int, before: int) -> str:
    if times == before:
        return _("（与上周持平）")
    change = _("（少了 {n}）") if times < before else _("（多了 {n}）")
    return change.format(n=abs(times - before))


# Style


def style_button() -> Button:
    return press(_("风格"), "h.style")


def style(channel: Channel, *, may_change: bool) -> Message:
    """How the team talks to its customers."""
    now = _("正式：不用“亲”等网络用语") if channel == "formal" else _("网店：可以用“亲”等称呼")
    lines = [_("检查风格 {style}").format(style=now)]
    if not may_change:
        return Message(text="\n".join([*lines, _("由主管改。")]), buttons=((press(_("查一句"), "h.draft"),),))
    lines.append(_("其余忌语两种风格都不许说。"))
    choices = (("formal", _("正式")), ("shop", _("网店")))
    buttons = [
        press(_("{name}（现在）").format(name=name) if one == channel else name, "h.styled", one)
        for one, name in choices
    ]
    return Message(text="\n".join(lines), buttons=(tuple(buttons),))


def channel_named(name: str) -> Channel:
    """The style a button carries."""
    return "shop" if name == "shop" else "formal"


# Quiet groups


def hushed(chat: int) -> Message:
    lines = [
        _("🟢 这个群已静默：客服写的话会检查，群里什么都不说。"),
        _("不合规范的话只私下告诉写的人，内容不保存。"),
        _("机器人要能看到群消息：设为群管理员，或在 BotFather 里关掉 Group Privacy。"),
    ]
    return Message(text="\n".join(lines), buttons=((press(_("关闭静默"), "h.loud", chat),),))


def about_quiet() -> Message:
    return Message(
        text=_(
            "静默要在群里打开：主管在群里发 /quiet，关闭发 /quiet off。\n"
            "打开后机器人只检查、不说话，不合规范的话私下告诉写的人。\n"
            "机器人要能看到群消息：设为群管理员，或在 BotFather 里关掉 Group Privacy。"
        )
    )


def loud() -> Message:
    return Message(text=_("已关闭静默，群里的话不再检查。"))


def was_not_quiet() -> Message:
    return Message(text=_("这个群没有开静默，不用关。"))


def others_group() -> Message:
    return Message(text=_("这个群是别的团队的静默群，没有改。"))


def only_leads_hush() -> Message:
    return Message(text=_("静默由主管打开和关闭，没有改。"))


def silent_here() -> Message:
    return Message(text=_("那个群是静默的，命令请在这里发。"))


def overheard(heard: Sequence[Overheard], rules: Mapping[str, Rule], *, now: datetime, zone: ZoneInfo) -> Message:
    """To the author alone; nothing of what was typed, only what the book says of it."""
    lines = [_("🔴 群里的话有 {n} 处不能这样说：").format(n=len(heard))]
    for one in heard[:TOLD]:
        rule = rules.get(one.rule)
        line = _("{at} {kind}").format(at=say_clock(one.at, now=now, zone=zone), kind=_book(one.kind))
        if rule:
            line += _("：{why}").format(why=_book(rule.why))
            if rule.instead:
                line += _("。改说“{instead}”").format(instead=_book(rule.instead))
        lines.append(line)
    if len(heard) > TOLD:
        lines.append(_("… 还有 {n} 处").format(n=len(heard) - TOLD))
    lines.append(_("发之前可以先用 /check 查。"))
    return Message(text="\n".join(lines))


def _script(text: str) -> str:
    """Words of the book in the reader's script."""
    return in_script(text, spoken())


def _book(text: str) -> str:
    return html(_script(text))
