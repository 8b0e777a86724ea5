"""Words and buttons about complaints. Pure."""

from datetime import datetime

from bot.complaints.complaint import Complaint
from bot.language.speech import _
from bot.promises.asking import Question, echo_rows, when_rows
from bot.promises.moments import say_moment
from bot.promises.picker import Verbs, page
from bot.promises.workdays import Calendar
from bot.shared.message import Button, Message, press
from bot.shared.text import cut, html


def verbs(complaint: Complaint) -> Verbs:
    return Verbs(room="c", args=(complaint.id,))


PICKING = Verbs(room="c").pages


def draft(
    complaint: Complaint, *, earlier: tuple[int, int], asked: Question | None, now: datetime, calendar: Calendar
) -> Message:
    """What was read, to be checked before it counts; or `asked` for its time, without which it never counts."""
    who = " ".join(filter(None, (complaint.customer, complaint.phone)))
    if asked is None:
        lines = [_("请核对后登记")]
    else:
        lines = [_("改答复时间") if complaint.due else _("还缺答复时间，内容已存为草稿")]
    lines.append(_("客户  {who}").format(who=html(who) or _("（没写，登记后可补）")))
    if complaint.place:
        lines.append(_("地点  {place}").format(place=html(complaint.place)))
    lines.append(_("事由  {matter}").format(matter=html(cut(complaint.matter, 120)) or _("（没写）")))
    if complaint.due:
        lines.append(_("答复  {when}").format(when=say_moment(complaint.due, now=now, zone=calendar.zone)))
        if complaint.due_says and asked is None:
            lines.append("      " + html(complaint.due_says))
    times, broken = earlier
    if times:
        again = _("🟡 该客户 30 天内第 {n} 次").format(n=times + 1)
        lines.append(again + (_("，其中 {n} 次失约").format(n=broken) if broken else ""))
    if complaint.due and asked is None:
        near = echo_rows(complaint.due, verbs=verbs(complaint), now=now, calendar=calendar)
        return Message(text="\n".join(lines), buttons=(_checking(complaint), *near))
    asked = asked or Question()
    lines.append(html(asked.text) or _("什么时候答复客户？选一个，或直接打字，如“明天下午三点前”："))
    back = (press(_("上一步"), "c.keep", complaint.id),) if complaint.due else ()
    cancel = press(_("取消"), "c.cancel", complaint.id)
    rows = when_rows(asked, *back, cancel, verbs=verbs(complaint), now=now, calendar=calendar)
    return Message(text="\n".join(lines), buttons=rows)


def _checking(complaint: Complaint) -> tuple[Button, ...]:
    return (
        press(_("登记"), "c.ok", complaint.id),
        press(_("改时间"), "c.retime", complaint.id),
        press(_("改内容"), "c.reword", complaint.id),
        press(_("取消"), "c.cancel", complaint.id),
    )


def picking(complaint: Complaint, verb: str, number: int, *, now: datetime, calendar: Calendar) -> Message:
    """A page of the calendar keyboard, under what it is for."""
    turned = page(verb, number, verbs=verbs(complaint), now=now, calendar=calendar)
    what = " ".join(filter(None, (complaint.customer, cut(complaint.matter, 20))))
    return Message(text="\n".join(filter(None, (html(what), turned.text))), buttons=turned.buttons)


def replaced() -> str:
    return _("已更新，请看下面最新的一条。")


def ask_text() -> Message:
    return Message(
        text=_(
            "一句话写下来：谁、电话、什么事、答应几点答复，顺序随意。如：\n"
            "张先生 13800138000 3栋电梯又坏了，答应明天下午3点前答复"
        )
    )


def ask_reword(complaint: Complaint) -> Message:
    return Message(
        text=_("请重写整条，会替换原文。原文（点一下可复制）：\n<code>{said}</code>").format(said=html(complaint.said)),
        buttons=((press(_("保留原样"), "c.keep", complaint.id),),),
    )


def cancelled(complaint: Complaint) -> Message:
    return Message(text=_("没有登记。原文：\n<code>{said}</code>").format(said=html(cut(complaint.said, 300))))
