"""Words and buttons about promises. Pure: values in, messages out."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.language.speech import _
from bot.promises.asking import when_buttons
from bot.promises.moments import say_clock, say_moment, say_overdue, say_span
from bot.promises.promise import Draft, Promise
from bot.promises.workdays import Calendar
from bot.shared.message import Button, Message, Rows, copy, press
from bot.shared.text import cut, html

HALF_A_MINUTE = timedelta(seconds=30)  # a reminder that leaves at 14:30:01 says 30 minutes
REASONS = ("配件未到", "需要其他部门配合", "暂时没联系上您")  # as the customer is told


def reason_label(place: int) -> str:
    return (_("配件未到"), _("等其他部门"), _("联系不上客户"))[place]


def card(
    promise: Promise, *, owner: str, now: datetime, zone: ZoneInfo, taker: str = "", told: Sequence[str] = ()
) -> Message:
    """The living card: edited in place whenever something changes."""
    if not promise.is_open:
        return Message(text=_settled(promise, owner=owner, taker=taker, now=now, zone=zone))
    when = say_moment(promise.due, now=now, zone=zone)
    lines = [
        f"{promise.mark(now)} <b>{html(promise.name)}</b>",
        _("{when}前答复 · 责任人 {owner}").format(when=when, owner=html(owner))
        if not promise.overdue(now)
        else _("原定 {when} 答复，{late} · 责任人 {owner}").format(
            when=say_clock(promise.due, now=now, zone=zone), late=say_overdue(promise.due, now=now), owner=html(owner)
        ),
    ]
    if promise.progress and promise.progress_at:
        at = say_clock(promise.progress_at, now=now, zone=zone)
        lines.append(_("进展 {at}：{what}").format(at=at, what=html(cut(promise.progress, 60))))
    if promise.extended:
        lines.append(_("已延期 {n} 次").format(n=promise.extended))
    if told:
        lines.append(_("已上报 {names}").format(names=html("、".join(told))))
    if taker and promise.taken_at:
        lines.append(
            _("⚪ {name} {at} 接手").format(name=html(taker), at=say_clock(promise.taken_at, now=now, zone=zone))
        )
    return Message(text="\n".join(lines), buttons=handling_buttons(promise, told=bool(told)))


def holes(posts: Sequence[str]) -> str:
    """Said with a new promise while posts of its chain can't be told anything."""
    return _("注意：{posts}无人能收通知，超时会跳过这一级。请主管用 /team 查看、/invite 补人。").format(
        posts="、".join(posts)
    )


def handling_buttons(promise: Promise, *, told: bool = False) -> Rows:
    """What the owner can do, the likely thing first. 上报主管 only while nobody was `told`."""
    args = (promise.id, promise.version)
    first = (press(_("已答复"), "p.done", *args), press(_("记进展"), "p.note", *args))
    extend = press(_("延期"), "p.extend", *args)
    if told or promise.raised_at or promise.taken_by:
        return ((*first, extend),)
    return (first, (extend, press(_("上报主管"), "p.raise", *args)))


def taking_buttons(promise: Promise) -> Rows:
    """What somebody told of a broken promise can do."""
    args = (promise.id, promise.version)
    return ((press(_("我来处理"), "e.take", *args), press(_("催责任人"), "e.urge", *args)),)


def _settled(promise: Promise, *, owner: str, taker: str, now: datetime, zone: ZoneInfo) -> str:
    lines = [f"✅ <b>{html(promise.name)}</b>"]
    if promise.answered_at:
        at = say_clock(promise.answered_at, now=now, zone=zone)
        who = taker if promise.answered_by and promise.answered_by == promise.taken_by and taker else owner
        late = promise.answered_at - promise.due
        how = _("超时 {span}").format(span=say_span(late)) if late.total_seconds() > 0 else _("在时限内")
        lines.append(_("{at} 已答复 · {who} · {how}").format(at=at, who=html(who), how=how))
    if promise.answer:
        lines.append(_("答复：{what}").format(what=html(cut(promise.answer, 100))))
    return "\n".join(lines)


def reminder(promise: Promise, kind: str, *, now: datetime, zone: ZoneInfo, late: bool) -> Message:
    """What the owner hears. `kind` is before, due or after; `late` when the bot itself comes late with it."""
    name = html(promise.name)
    if promise.due > now:
        head = _("🟡 还剩 {span}：{name}").format(span=say_span(promise.due - now + HALF_A_MINUTE), name=name)
    elif (now - promise.due).total_seconds() < 60:
        head = _("🔴 到时间了：{name}").format(name=name)
    else:
        head = _("🔴 {late}：{name}").format(late=say_overdue(promise.due, now=now), name=name)
    lines = [head, _("承诺 {when} 前答复客户。").format(when=say_clock(promise.due, now=now, zone=zone))]
    if promise.progress and promise.progress_at:
        at = say_clock(promise.progress_at, now=now, zone=zone)
        lines.append(_("上次进展 {at}：{what}").format(at=at, what=html(cut(promise.progress, 60))))
    if promise.due <= now:
        lines.append(_("没有结果也请先回个话，再约新时间。"))
    if late:
        lines.append(_("（机器人曾停机，提醒晚到）"))
    return Message(text="\n".join(lines), buttons=handling_buttons(promise))


def owner_told(promise: Promise, *, names: Sequence[str], now: datetime) -> Message:
    """The owner sees who was told."""
    if promise.overdue(now):
        head = _("🔴 {late}：{name}").format(late=say_overdue(promise.due, now=now), name=html(promise.name))
    else:
        head = _("{mark} 已上报：{name}").format(mark=promise.mark(now), name=html(promise.name))
    told = _("已通知 {names}。").format(names=html("、".join(names)))
    return Message(text=f"{head}\n{told}", buttons=handling_buttons(promise, told=True))


def escalation(
    promise: Promise, *, owner: str, reminded: Sequence[str], now: datetime, zone: ZoneInfo, next_post: str,
    next_at: datetime | None, late: bool,
) -> Message:  # fmt: skip
    """What a lead hears when a promise is broken, or when its owner asks for help."""
    name = html(promise.name)
    if promise.overdue(now):
        head = _("🔴 {late}未答复：{name}").format(late=say_overdue(promise.due, now=now), name=name)
    else:
        head = _("🟡 {owner} 请求协助：{name}").format(owner=html(owner), name=name)
    lines = [head, _("承诺 {when} 前答复客户。").format(when=say_clock(promise.due, now=now, zone=zone))]
    if reminded and promise.overdue(now):
        lines.append(_("责任人 {owner}（{times} 已提醒，未答复）").format(owner=html(owner), times="、".join(reminded)))
    else:
        lines.append(_("责任人 {owner}").format(owner=html(owner)))
    if promise.progress:
        lines.append(_("进展：{what}").format(what=html(cut(promise.progress, 60))))
    if next_at and next_post:
        at = say_clock(next_at, now=now, zone=zone)
        lines.append(_("{at} 前无人接手，将上报{post}。").format(at=at, post=next_post))
    if late:
        lines.append(_("（机器人曾停机，通知晚到）"))
    return Message(text="\n".join(lines), buttons=taking_buttons(promise))


def escalation_taken(promise: Promise, *, owner: str, taker: str, now: datetime, zone: ZoneInfo, mine: bool) -> Message:
    """The same message after somebody took it on; the taker can go on from there."""
    at = say_clock(promise.taken_at or now, now=now, zone=zone)
    lines = [
        _("⚪ {name} {at} 接手：{case}").format(name=html(taker), at=at, case=html(promise.name)),
        _("承诺 {when} 前答复客户 · 责任人 {owner}").format(
            when=say_clock(promise.due, now=now, zone=zone), owner=html(owner)
        ),
    ]
    if mine:
        lines.append(_("答复客户后请点“已答复”。"))
    args = (promise.id, promise.version)
    buttons: Rows = ((press(_("已答复"), "p.done", *args), press(_("改时间"), "p.extend", *args)),) if mine else ()
    return Message(text="\n".join(lines), buttons=buttons)


def which(promises: Iterable[Promise]) -> Message:
    """收到, when several wait: which of them?"""
    buttons = [press(f"#{p.number} {cut(p.gist, 8)}", "e.take", p.id, p.version) for p in list(promises)[:8]]
    return Message(text=_("有几件在等人接手，接哪一件？"), buttons=tuple((button,) for button in buttons))


def follow_up(promise: Promise, *, now: datetime) -> Message:
    """To whoever took it on and has not answered the customer yet."""
    state = say_overdue(promise.due, now=now) if promise.overdue(now) else _("还没答复")
    head = _("🔴 {state}，接手后仍未答复：{name}").format(state=state, name=html(promise.name))
    args = (promise.id, promise.version)
    return Message(text=head, buttons=((press(_("已答复"), "p.done", *args), press(_("改时间"), "p.extend", *args)),))


def ask_answer(promise: Promise) -> Message:
    args = (promise.id, promise.version)
    return Message(
        text=_("{name}\n怎么答复客户的？直接打字，或选：").format(name=html(promise.name)),
        buttons=(
            (press(_("已解决并告知"), "p.solved", *args), press(_("未解决，给了新时间"), "p.unsolved", *args)),
            (press(_("取消"), "p.back", *args),),
        ),
    )


def ask_progress(promise: Promise) -> Message:
    return Message(
        text=_("{name}\n有什么进展？直接打字，一句话就行。").format(name=html(promise.name)),
        buttons=((press(_("取消"), "p.back", promise.id, promise.version),),),
    )


def ask_reason(promise: Promise) -> Message:
    args = (promise.id, promise.version)
    reasons = tuple(press(reason_label(place), "p.reason", *args, place) for place in range(len(REASONS)))
    return Message(
        text=_("{name}\n为什么延期？选一个，或直接打字：").format(name=html(promise.name)),
        buttons=(reasons, (press(_("取消"), "p.back", *args),)),
    )


def tell_customer(wording: str) -> Message:
    """After an extension: the customer hears it before the old time, with reason and apology."""
    button = copy(_("复制"), wording)
    return Message(
        text=_("请现在就告诉客户：\n<code>{wording}</code>").format(wording=html(wording)),
        buttons=((button,),) if button else (),
    )


def ask_new_time(promise: Promise, *, now: datetime, calendar: Calendar, problem: str = "") -> Message:
    args = (promise.id, promise.version)
    question = problem or _("新的答复时间？选一个，或直接打字，如“明天下午三点前”：")
    return Message(
        text=f"{html(promise.name)}\n{html(question)}",
        buttons=(
            *when_buttons("p.when", *args, now=now, calendar=calendar),
            (press(_("上一步"), "p.extend", *args), press(_("取消"), "p.back", *args)),
        ),
    )


def confirm_time(promise: Promise, *, due: datetime, says: str, now: datetime, zone: ZoneInfo) -> Message:
    args = (promise.id, promise.version)
    return Message(
        text=_("{name}\n新时间 {when}\n{says}").format(
            name=html(promise.name), when=say_moment(due, now=now, zone=zone), says=html(says)
        ),
        buttons=(
            (press(_("确定"), "p.extok", *args, int(due.timestamp() // 60)), press(_("改时间"), "p.retime", *args)),
        ),
    )


def replaced() -> str:
    return _("已更新，请看下面最新的一条。")


def draft(draft: Draft, *, problem: str, now: datetime, calendar: Calendar) -> Message:
    """A promise that was typed, echoed before it counts; without a safe time it asks."""
    customer = "" if draft.customer in draft.gist else draft.customer
    what = " ".join(filter(None, (customer, draft.gist))) or _("给客户答复")
    lines = [_("记为承诺：{what}").format(what=html(what))]
    if draft.due:
        lines.append(_("答复 {when}").format(when=say_moment(draft.due, now=now, zone=calendar.zone)))
        if draft.due_says:
            lines.append(html(draft.due_says))
        buttons: Rows = (
            (press(_("记下"), "n.make", draft.id), press(_("改时间"), "n.time", draft.id)),
            (press(_("取消"), "n.drop", draft.id),),
        )
    else:
        lines.append(html(problem) or _("什么时候答复？选一个，或直接打字，如“明天下午三点前”："))
        buttons = (
            *when_buttons("n.when", draft.id, now=now, calendar=calendar),
            (press(_("取消"), "n.drop", draft.id),),
        )
    return Message(text="\n".join(lines), buttons=buttons)


def listed(promises: Sequence[Promise], *, now: datetime, zone: ZoneInfo, verb: str = "p.card") -> Message:
    """/my: what is still to be answered, the earliest first."""
    if not promises:
        return Message(text=_("手头没有待答复的承诺。\n登记投诉发 /complaint，记承诺发 /promise。"))
    shown = promises[:6]
    lines = [_("待答复 {n} 件，最早的在前：").format(n=len(promises))]
    for promise in shown:
        when = say_overdue(promise.due, now=now) if promise.overdue(now) else say_clock(promise.due, now=now, zone=zone)
        lines.append(f"{promise.mark(now)} {html(promise.name)} · {when}")
    if len(promises) > len(shown):
        lines.append(_("… 还有 {n} 件").format(n=len(promises) - len(shown)))
    buttons: list[Button] = [press(f"#{p.number}", verb, p.id, p.version) for p in shown]
    return Message(text="\n".join(lines), buttons=tuple(tuple(buttons[i : i + 3]) for i in range(0, len(buttons), 3)))
