"""Words and buttons about promises. Pure: values in, messages out."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.language.speech import _
from bot.promises.asking import Question, echo_rows, when_rows
from bot.promises.clocks import TRANSFERRED
from bot.promises.moments import say_clock, say_clocks, say_moment, say_overdue, say_span
from bot.promises.picker import Verbs, minutes, page
from bot.promises.promise import MOVED, Draft, Promise
from bot.promises.workdays import Calendar
from bot.shared.message import Button, Message, Rows, copy, press
from bot.shared.text import cut, html

HALF_A_MINUTE = timedelta(seconds=30)  # a reminder that leaves at 14:30:01 says 30 minutes
REASONS = ("配件未到", "需要其他部门配合", "暂时没联系上您")  # as the customer is told


def reason_label(place: int) -> str:
    return (_("配件未到"), _("等其他部门"), _("联系不上客户"))[place]


def card(
    promise: Promise, *, owner: str, now: datetime, zone: ZoneInfo, taker: str = "", told: Sequence[str] = (),
    norms: Sequence[Promise] = (), empty: Sequence[str] = (),
) -> Message:  # fmt: skip
    """The living card: edited in place whenever something changes. `norms` are the other clocks of the complaint,
    `empty` the posts of its chain that nobody could tell, said now and not when it is due."""
    beside = _beside(norms, now=now, zone=zone)
    closing = next((clock for clock in norms if clock.is_open and clock.closes), None)
    if not promise.is_open:
        settled = _settled(promise, owner=owner, taker=taker, now=now, zone=zone)
        if closing:  # answered is not settled
            return Message(
                text=f"{settled.replace('✅', closing.mark(now), 1)}\n{beside}", buttons=closing_buttons(closing)
            )
        return Message(text=settled)
    when = say_moment(promise.due, now=now, zone=zone)
    mark = min((clock for clock in (promise, *norms) if clock.is_open and not clock.reported), key=_due).mark(now)
    lines = [
        f"{mark} <b>{html(promise.name)}</b>",
        _("答复时限 {when} · 责任人 {owner}").format(when=when, owner=html(owner))
        if not promise.overdue(now)
        else _("原定 {when} 答复，{late} · 责任人 {owner}").format(
            when=say_clock(promise.due, now=now, zone=zone), late=say_overdue(promise.due, now=now), owner=html(owner)
        ),
    ]
    if beside:
        lines.append(beside)
    if promise.progress and promise.progress_at:
        at = say_clock(promise.progress_at, now=now, zone=zone)
        lines.append(_("进展 {at}：{what}").format(at=at, what=html(cut(promise.progress, 60))))
    if promise.extended:
        lines.append(_("已延期 {n} 次").format(n=promise.extended))
    if told:
        lines.append(_("已上报 {names}").format(names=html("、".join(told))))
    if empty:
        lines.append(holes(empty))
    if taker and promise.taken_at:
        lines.append(
            _("⚪ {name} {at} 接手").format(name=html(taker), at=say_clock(promise.taken_at, now=now, zone=zone))
        )
    return Message(text="\n".join(lines), buttons=handling_buttons(promise, told=bool(told), closing=closing))


def _due(promise: Promise) -> datetime:
    return promise.due


def _beside(norms: Sequence[Promise], *, now: datetime, zone: ZoneInfo) -> str:
    """What the norms ask for beside the promise, the earliest first: 规范：首次答复 今天 15:15 · 办结 今天 18:00."""
    parts = []
    for clock in sorted(norms, key=lambda clock: (not clock.is_open, clock.due)):
        name = html(clock.policy.name)
        if clock.state == MOVED:
            parts.append(_("已转{department}").format(department=html(clock.answer or "")))
        elif not clock.is_open:
            parts.append(f"{name} ✓")
        elif clock.reported:
            parts.append(_("{name} 待收到").format(name=name))
        elif clock.overdue(now):
            parts.append(f"{name} {say_overdue(clock.due, now=now)}")
        else:
            parts.append(f"{name} {say_clock(clock.due, now=now, zone=zone)}")
    return _("规范：{clocks}").format(clocks=" · ".join(parts)) if parts else ""


def holes(posts: Sequence[str]) -> str:
    """Said with a new promise while posts of its chain can't be told anything."""
    return _("注意：{posts}无人能收通知，超时会跳过这一级。请主管用 /team 查看、/invite 补人。").format(
        posts="、".join(posts)
    )


def handling_buttons(promise: Promise, *, told: bool = False, closing: Promise | None = None) -> Rows:
    """What the owner can do, the likely thing first. 上报主管 only while nobody was `told`; 转部门 while the matter can
    be `closing` here."""
    args = (promise.id, promise.version)
    buttons = [
        press(_("已答复"), "p.done", *args),
        press(_("记进展"), "p.note", *args),
        press(_("延期"), "p.extend", *args),
    ]
    if closing and TRANSFERRED in closing.policy.until:
        buttons.append(press(_("转部门"), "p.move", *args))
    if not (told or promise.raised_at or promise.taken_by):
        buttons.append(press(_("上报主管"), "p.raise", *args))
    buttons.append(_why(promise))
    first = 2 if len(buttons) == 4 else 3
    return tuple(buttons[:first]), tuple(buttons[first:])


def _why(promise: Promise) -> Button:
    """Where its time is from, or why somebody is told."""
    return press(_("为什么"), "w.why", promise.id)


def closing_buttons(clock: Promise) -> Rows:
    """The customer was answered; what is left is to settle the matter."""
    args = (clock.id, clock.version)
    move = (press(_("转部门"), "p.move", *args),) if TRANSFERRED in clock.policy.until else ()
    return ((press(_("已办结"), "p.close", *args), press(_("记进展"), "p.note", *args), *move),)


def taking_buttons(promise: Promise) -> Rows:
    """What somebody told of a broken promise can do."""
    args = (promise.id, promise.version)
    return ((press(_("我来处理"), "e.take", *args), press(_("催责任人"), "e.urge", *args), _why(promise)),)


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


def reminder(promise: Promise, *, case: Sequence[Promise], now: datetime, zone: ZoneInfo, late: bool) -> Message:
    """What the owner hears before, at and after the time. `case` are all clocks of the complaint, the agent's own
    promise first; `late` when the bot itself comes late with it."""
    name = _called(promise)
    if promise.due > now:
        head = _("🟡 还剩 {span}：{name}").format(span=say_span(promise.due - now + HALF_A_MINUTE), name=name)
    elif (now - promise.due).total_seconds() < 60:
        head = _("🔴 到时间了：{name}").format(name=name)
    else:
        head = _("🔴 {late}：{name}").format(late=say_overdue(promise.due, now=now), name=name)
    lines = [head, _asked_for(promise, now=now, zone=zone)]
    if promise.progress and promise.progress_at:
        at = say_clock(promise.progress_at, now=now, zone=zone)
        lines.append(_("上次进展 {at}：{what}").format(at=at, what=html(cut(promise.progress, 60))))
    if promise.due <= now:
        lines.append(_("办不完请转部门，或记下进展。") if promise.closes else _("没有结果也请先回个话，再约新时间。"))
    if late:
        lines.append(_("（机器人曾停机，提醒晚到）"))
    return Message(text="\n".join(lines), buttons=owners_buttons(promise, case))


def _called(promise: Promise) -> str:
    """#1122-03 张先生 电梯故障, with the clock's name before it when a norm asks: 首次答复 #1122-03 …"""
    return html(promise.name) if promise.own else f"{html(promise.policy.name)} {html(promise.name)}"


def _asked_for(promise: Promise, *, now: datetime, zone: ZoneInfo) -> str:
    when = say_clock(promise.due, now=now, zone=zone)
    if promise.own:
        return _("承诺的答复时限：{when}。").format(when=when)
    return _("规范：{within}，时限 {when}。").format(within=html(promise.due_says), when=when)


def owners_buttons(promise: Promise, case: Sequence[Promise], *, told: bool = False) -> Rows:
    """On any clock's message: what can be done about the promise, or when it is kept, about settling the matter."""
    own = case[0] if case else promise
    closing = next((clock for clock in case if clock.is_open and clock.closes), None)
    if own.is_open or closing is None:
        return handling_buttons(own, told=told, closing=closing)
    return closing_buttons(closing)


def owner_told(promise: Promise, *, case: Sequence[Promise], names: Sequence[str], now: datetime) -> Message:
    """The owner sees who was told."""
    if promise.overdue(now):
        head = _("🔴 {late}：{name}").format(late=say_overdue(promise.due, now=now), name=_called(promise))
    else:
        head = _("{mark} 已上报：{name}").format(mark=promise.mark(now), name=html(promise.name))
    told = _("已通知 {names}。").format(names=html("、".join(names)))
    return Message(text=f"{head}\n{told}", buttons=owners_buttons(promise, case, told=True))


def escalation(
    promise: Promise, *, owner: str, reminded: Sequence[datetime], now: datetime, zone: ZoneInfo, next_post: str,
    next_at: datetime | None, late: bool,
) -> Message:  # fmt: skip
    """What a lead hears when a promise is broken, or when its owner asks for help."""
    name = _called(promise)
    if promise.overdue(now):
        told = _("🔴 {late}未答复：{name}") if promise.own else _("🔴 {late}：{name}")
        head = told.format(late=say_overdue(promise.due, now=now), name=name)
    else:
        head = _("🟡 {owner} 请求协助：{name}").format(owner=html(owner), name=name)
    lines = [head, _asked_for(promise, now=now, zone=zone)]
    if reminded and promise.overdue(now):
        times = say_clocks(reminded, zone=zone)
        lines.append(_("责任人 {owner}（{times} 已提醒，未回应）").format(owner=html(owner), times=times))
    else:
        lines.append(_("责任人 {owner}").format(owner=html(owner)))
    if promise.progress:
        lines.append(_("进展：{what}").format(what=html(cut(promise.progress, 60))))
    if next_at and next_post:
        at = say_clock(next_at, now=now, zone=zone)
        lines.append(_("若无人接手，{at} 上报{post}。").format(at=at, post=next_post))
    if late:
        lines.append(_("（机器人曾停机，通知晚到）"))
    return Message(text="\n".join(lines), buttons=taking_buttons(promise))


def escalation_taken(promise: Promise, *, owner: str, taker: str, now: datetime, zone: ZoneInfo, mine: bool) -> Message:
    """The same message after somebody took it on; the taker can go on from there."""
    at = say_clock(promise.taken_at or now, now=now, zone=zone)
    lines = [
        _("⚪ {name} {at} 接手：{case}").format(name=html(taker), at=at, case=_called(promise)),
        _asked_for(promise, now=now, zone=zone),
        _("责任人 {owner}").format(owner=html(owner)),
    ]
    if mine:
        lines.append(_("答复客户后请点“已答复”。"))
    args = (promise.id, promise.version)
    buttons: Rows = ()
    if mine:
        second = press(_("改时间"), "p.extend", *args) if promise.own else press(_("记进展"), "p.note", *args)
        buttons = closing_buttons(promise) if promise.closes else ((press(_("已答复"), "p.done", *args), second),)
    return Message(text="\n".join(lines), buttons=buttons)


def report(
    promise: Promise, own: Promise, *, owner: str, now: datetime, zone: ZoneInfo, again: bool, late: bool
) -> Message:
    """A post hears that a complaint was logged; `again` when the level before did not say 收到 in time."""
    lines = [
        _("🔴 登记已 {span}，没人点“收到”：{name}").format(span=say_span(now - promise.set_at), name=html(promise.name))
        if again
        else _("⚪ 新投诉：{name}").format(name=html(promise.name)),
        _("{owner} 登记，答复时限 {when}。").format(owner=html(owner), when=say_clock(own.due, now=now, zone=zone)),
        _("请点“收到”，时限 {when}。").format(when=say_clock(promise.due, now=now, zone=zone))
        if now < promise.due
        else _("请点“收到”。"),
    ]
    if late:
        lines.append(_("（机器人曾停机，通知晚到）"))
    received = press(_("收到"), "e.take", promise.id, promise.version)
    return Message(text="\n".join(lines), buttons=((received, _why(promise)),))


def norm_settled(promise: Promise, *, by: str, received: str, now: datetime, zone: ZoneInfo) -> Message:
    """A clock of the norms that stopped. `received` is how a report is answered, on record."""
    at = say_clock(promise.answered_at or now, now=now, zone=zone)
    told = _("✅ {by} {at} 已处理：{name}")
    if promise.state == MOVED:
        told = _("⚪ {by} {at} 已转{department}：{name}")
    elif promise.reported and promise.answer == received:
        told = _("✅ {by} {at} 收到：{name}")
    slots = {"by": html(by), "at": at, "name": _called(promise), "department": html(promise.answer or "")}
    return Message(text=told.format(**slots))


def ask_department(promise: Promise) -> Message:
    return Message(
        text=_("{name}\n转给哪个部门？直接打字，如“工程部”。责任人不变，仍要盯到办结。").format(
            name=html(promise.name)
        ),
        buttons=((press(_("取消"), "p.back", promise.id, promise.version),),),
    )


def which(promises: Iterable[Promise]) -> Message:
    """收到, when several wait: which of them?"""
    buttons = [press(f"#{p.number} {cut(p.gist, 8)}", "e.take", p.id, p.version) for p in list(promises)[:8]]
    return Message(text=_("有几件在等人接手，接哪一件？"), buttons=tuple((button,) for button in buttons))


def follow_up(promise: Promise, *, now: datetime) -> Message:
    """To whoever took it on and has not answered the customer yet."""
    state = say_overdue(promise.due, now=now) if promise.overdue(now) else _("还没答复")
    if promise.closes:
        head = _("🔴 {state}，接手后仍未办结：{name}").format(state=state, name=html(promise.name))
        return Message(text=head, buttons=closing_buttons(promise))
    head = _("🔴 {state}，接手后仍未答复：{name}").format(state=state, name=html(promise.name))
    args = (promise.id, promise.version)
    return Message(text=head, buttons=((press(_("已答复"), "p.done", *args), press(_("改时间"), "p.extend", *args)),))


def ask_answer(promise: Promise, *, first: bool = False) -> Message:
    """`first`: the norms still ask for a first answer, which may be given without settling the promise."""
    args = (promise.id, promise.version)
    return Message(
        text=_("{name}\n怎么答复客户的？直接打字，或选：").format(name=html(promise.name)),
        buttons=(
            (press(_("已解决并告知"), "p.solved", *args), press(_("未解决，给了新时间"), "p.unsolved", *args)),
            (press(_("先答复了，时间不变"), "p.replied", *args), press(_("取消"), "p.back", *args))
            if first
            else (press(_("取消"), "p.back", *args),),
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


PICKING = Verbs(room="p").pages
PICKING_DRAFT = Verbs(room="n").pages


def new_time(promise: Promise) -> Verbs:
    return Verbs(room="p", args=(promise.id, promise.version))


def ask_new_time(promise: Promise, *, asked: Question, echoed: bool, now: datetime, calendar: Calendar) -> Message:
    """`echoed`: a new time stands already, 上一步 leads back to it."""
    args = (promise.id, promise.version)
    text = asked.text or _("新的答复时间？选一个，或直接打字，如“明天下午三点前”：")
    back = press(_("上一步"), "p.keep" if echoed else "p.extend", *args)
    rows = when_rows(
        asked, back, press(_("取消"), "p.back", *args), verbs=new_time(promise), now=now, calendar=calendar
    )
    return Message(text=f"{html(promise.name)}\n{html(text)}", buttons=rows)


def confirm_time(promise: Promise, *, due: datetime, says: str, now: datetime, calendar: Calendar) -> Message:
    args = (promise.id, promise.version)
    main = (
        press(_("确定"), "p.extok", *args, minutes(due)),
        press(_("改时间"), "p.retime", *args),
        press(_("取消"), "p.back", *args),
    )
    return Message(
        text=_("{name}\n新时间 {when}\n{says}").format(
            name=html(promise.name), when=say_moment(due, now=now, zone=calendar.zone), says=html(says)
        ),
        buttons=(main, *echo_rows(due, verbs=new_time(promise), now=now, calendar=calendar)),
    )


def picking_time(promise: Promise, verb: str, number: int, *, now: datetime, calendar: Calendar) -> Message:
    """A page of the calendar keyboard for a new deadline."""
    turned = page(verb, number, verbs=new_time(promise), now=now, calendar=calendar)
    return Message(text=f"{html(promise.name)}\n{turned.text}", buttons=turned.buttons)


def replaced() -> str:
    return _("已更新，请看下面最新的一条。")


def draft(draft: Draft, *, asked: Question | None, now: datetime, calendar: Calendar) -> Message:
    """A promise that was typed, echoed before it counts; or `asked` for its time, without which it never counts."""
    lines = [_("记为承诺：{what}").format(what=_what(draft))]
    if draft.due:
        lines.append(_("答复 {when}").format(when=say_moment(draft.due, now=now, zone=calendar.zone)))
        if draft.due_says and asked is None:
            lines.append(html(draft.due_says))
    verbs = Verbs(room="n", args=(draft.id,))
    drop = press(_("取消"), "n.drop", draft.id)
    if draft.due and asked is None:
        main = (press(_("记下"), "n.make", draft.id), press(_("改时间"), "n.time", draft.id), drop)
        near = echo_rows(draft.due, verbs=verbs, now=now, calendar=calendar)
        return Message(text="\n".join(lines), buttons=(main, *near))
    asked = asked or Question()
    lines.append(html(asked.text) or _("什么时候答复？选一个，或直接打字，如“明天下午三点前”："))
    back = (press(_("上一步"), "n.keep", draft.id),) if draft.due else ()
    return Message(
        text="\n".join(lines), buttons=when_rows(asked, *back, drop, verbs=verbs, now=now, calendar=calendar)
    )


def picking_draft(draft: Draft, verb: str, number: int, *, now: datetime, calendar: Calendar) -> Message:
    """A page of the calendar keyboard for a promise that is being made."""
    turned = page(verb, number, verbs=Verbs(room="n", args=(draft.id,)), now=now, calendar=calendar)
    return Message(text=f"{_what(draft)}\n{turned.text}", buttons=turned.buttons)


def _what(draft: Draft) -> str:
    customer = "" if draft.customer in draft.gist else draft.customer
    return html(" ".join(filter(None, (customer, draft.gist))) or _("给客户答复"))


def _my_time(clock: Promise, *, now: datetime, zone: ZoneInfo) -> str:
    when = say_overdue(clock.due, now=now) if clock.overdue(now) else say_clock(clock.due, now=now, zone=zone)
    return when if clock.own else f"{html(clock.policy.name)} {when}"


def listed(cases: Sequence[Sequence[Promise]], *, now: datetime, zone: ZoneInfo, verb: str = "p.card") -> Message:
    """/my: what is still to be answered, the earliest clock of each case first."""
    if not cases:
        return Message(text=_("手头没有待答复的承诺。\n登记投诉发 /complaint，记承诺发 /promise。"))
    shown = cases[:6]
    lines = [_("待答复 {n} 件，最早的在前：").format(n=len(cases))]
    for case in shown:
        first = min(case, key=_due)
        clocks = dict.fromkeys((first, case[0]))  # the earliest, and what was promised
        when = " · ".join(_my_time(clock, now=now, zone=zone) for clock in clocks)
        lines.append(f"{first.mark(now)} {html(first.name)} · {when}")
    if len(cases) > len(shown):
        lines.append(_("… 还有 {n} 件").format(n=len(cases) - len(shown)))
    buttons: list[Button] = [press(f"#{case[0].number}", verb, case[0].id, case[0].version) for case in shown]
    return Message(text="\n".join(lines), buttons=tuple(tuple(buttons[i : i + 3]) for i in range(0, len(buttons), 3)))
