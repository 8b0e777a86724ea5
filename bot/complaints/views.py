"""Words and buttons about complaints. Pure."""

from datetime import datetime

from bot.complaints.complaint import Complaint
from bot.language.speech import _
from bot.promises.asking import when_buttons
from bot.promises.moments import say_moment
from bot.promises.workdays import Calendar
from bot.shared.message import Message, Rows, press
from bot.shared.text import cut, html


def draft(
    complaint: Complaint, *, earlier: tuple[int, int], problem: str, now: datetime, calendar: Calendar
) -> Message:
    """What was read, to be checked before it counts. Without a safe time it asks for one."""
    who = " ".join(filter(None, (complaint.customer, complaint.phone)))
    lines = [_("请核对后登记") if complaint.due else _("还缺答复时间，内容已存为草稿")]
    lines.append(_("客户  {who}").format(who=html(who) or _("（没写，登记后可补）")))
    if complaint.place:
        lines.append(_("地点  {place}").format(place=html(complaint.place)))
    lines.append(_("事由  {matter}").format(matter=html(cut(complaint.matter, 120)) or _("（没写）")))
    if complaint.due:
        lines.append(_("答复  {when}").format(when=say_moment(complaint.due, now=now, zone=calendar.zone)))
        if complaint.due_says:
            lines.append("      " + html(complaint.due_says))
    times, broken = earlier
    if times:
        again = _("🟡 该客户 30 天内第 {n} 次").format(n=times + 1)
        lines.append(again + (_("，其中 {n} 次失约").format(n=broken) if broken else ""))
    if complaint.due:
        return Message(text="\n".join(lines), buttons=_checking(complaint))
    lines.append(html(problem) or _("什么时候答复客户？选一个，或直接打字，如“明天下午三点前”："))
    buttons: Rows = (
        *when_buttons("c.when", complaint.id, now=now, calendar=calendar),
        (press(_("其他时间"), "c.time", complaint.id), press(_("取消"), "c.cancel", complaint.id)),
    )
    return Message(text="\n".join(lines), buttons=buttons)


def _checking(complaint: Complaint) -> Rows:
    return (
        (press(_("登记"), "c.ok", complaint.id), press(_("改时间"), "c.retime", complaint.id)),
        (press(_("改内容"), "c.reword", complaint.id), press(_("取消"), "c.cancel", complaint.id)),
    )


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


def ask_own_time(complaint: Complaint) -> Message:
    return Message(
        text=_("直接打字写时间，如：\n今天 17:30 · 明天下午三点前 · 两小时内 · 3个工作日内"),
        buttons=((press(_("上一步"), "c.retime", complaint.id),),),
    )


def cancelled(complaint: Complaint) -> Message:
    return Message(text=_("没有登记。原文：\n<code>{said}</code>").format(said=html(cut(complaint.said, 300))))
