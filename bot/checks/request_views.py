"""Words and buttons about a request 请示. Pure."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.checks.request import AGREED, Request
from bot.language.speech import _
from bot.promises.moments import say_clock
from bot.shared.message import Button, Message, copy, press
from bot.shared.text import cut, html
from bot.teams.person import Person, title

SHOWN = 300  # characters of what was asked
GLIMPSE = 30  # … where it only says which request is meant


def ask_text() -> Message:
    return Message(text=_("请示什么？一句话写清楚，如：\n能不能给张先生减免一个月物业费"))


def asked(request: Request, leads: Sequence[Person]) -> Message:
    """What the asker sees while it waits."""
    lines = [
        _("⚪ 已请示 {names}：{text}").format(names=_names(leads), text=html(cut(request.text, GLIMPSE))),
        _("答复前先不要答应客户。{minutes} 分钟（工作时间）没人答复，会再往上报。").format(minutes=30),
    ]
    return Message(text="\n".join(lines))


def asked_already() -> str:
    return _("已经请示过了，答复会发到这里。")


def notice(request: Request, *, asker: str, case: str, again: bool) -> Message:
    """What a lead hears. `again`: the level below has not answered in time."""
    head = _("🟡 {name} 的请示还没人答复：") if again else _("⚪ {name} 请示：")
    lines = [head.format(name=html(asker)), _quoted(request)]
    if request.why:
        lines.append(_("为什么要请示：{why}").format(why=html(request.why)))
    if case:
        lines.append(_("客户：{case}").format(case=html(case)))
    return Message(text="\n".join(lines), buttons=(_deciding(request),))


def ask_opinion(request: Request, *, asker: str) -> Message:
    lines = [
        _("{name} 请示：").format(name=html(asker)),
        _quoted(request),
        _("意见怎么写？以“同意”或“不同意”开头，如：同意，最多赔 200 元"),
    ]
    return Message(text="\n".join(lines), buttons=((press(_("取消"), "a.back", request.id),),))


def which_way(request: Request, opinion: str) -> Message:
    """An opinion that says neither yes nor no."""
    return Message(
        text=_("意见：{opinion}\n是同意还是不同意？").format(opinion=html(cut(opinion, SHOWN))),
        buttons=(
            (
                press(_("同意"), "a.with", request.id, 1),
                press(_("不同意"), "a.with", request.id, 0),
                press(_("取消"), "a.back", request.id),
            ),
        ),
    )


def decided(request: Request, *, asker: str, by: str, now: datetime, zone: ZoneInfo) -> Message:
    """Every lead's notice after one of them has decided."""
    lines = [
        _verdict(request, by=by, now=now, zone=zone),
        _("{name} 请示：").format(name=html(asker)),
        _quoted(request),
    ]
    if request.opinion:
        lines.append(_opinion(request))
    return Message(text="\n".join(lines))


def answered_below(request: Request, *, by: str, now: datetime, zone: ZoneInfo) -> Message:
    """The asker's receipt after the decision, which came as a message of its own."""
    verdict = _verdict(request, by=by, now=now, zone=zone)
    return Message(text=_("{verdict}\n{text}").format(verdict=verdict, text=html(cut(request.text, GLIMPSE))))


def answer(
    request: Request, *, by: str, say: str, due: tuple[str, int] | None, customer: str, now: datetime, zone: ZoneInfo
) -> Message:
    """What the asker hears: who decided, and what may be said now. `due` is a time that `say` names: (label, minutes)."""
    lines = [_verdict(request, by=by, now=now, zone=zone)]
    lines.append(_("请示：{text}").format(text=html(cut(request.text, GLIMPSE))))
    if request.opinion:
        lines.append(_opinion(request))
    buttons: list[Button] = []
    if say:
        lines.append(_("可以这样说：") if request.state == AGREED else _("改成这样说："))
        lines.append(f"<code>{html(say)}</code>")
        buttons += filter(None, [copy(_("复制"), say)])
        if due:
            buttons.append(press(_("记为承诺 {due}").format(due=due[0]), "n.record", due[1], customer[:10]))
    elif request.state == AGREED:
        lines.append(_("按意见办，说之前可用 /check 再查一遍。"))
    return Message(text="\n".join(lines), buttons=(tuple(buttons),) if buttons else ())


def raised(request: Request, leads: Sequence[Person], *, below: Sequence[Person]) -> Message:
    """The asker hears that nobody answered in time, and who was asked now."""
    lines = [_("🟡 请示还没人答复：{text}").format(text=html(cut(request.text, GLIMPSE)))]
    if leads:
        lines.append(_("已再请示 {names}。").format(names=_names(leads)))
    elif below:
        lines.append(_("上面没有人可以再报了，请直接联系 {names}。").format(names=_names(below)))
    else:
        lines.append(_("主管都通知不到，请当面或打电话联系。"))
    return Message(text="\n".join(lines))


def too_late(request: Request, *, by: str) -> str:
    """At the button of a lead who was not the first."""
    said = _("{name} 已经同意了。") if request.state == AGREED else _("{name} 已经定了：不同意。")
    return said.format(name=by)


def _deciding(request: Request) -> tuple[Button, ...]:
    return (
        press(_("同意"), "a.yes", request.id),
        press(_("不同意"), "a.no", request.id),
        press(_("写意见"), "a.write", request.id),
    )


def _quoted(request: Request) -> str:
    return _("“{text}”").format(text=html(cut(request.text, SHOWN)))


def _opinion(request: Request) -> str:
    return _("意见：{opinion}").format(opinion=html(cut(request.opinion, SHOWN)))


def _verdict(request: Request, *, by: str, now: datetime, zone: ZoneInfo) -> str:
    at = say_clock(request.decided_at or now, now=now, zone=zone)
    said = _("✅ {name} {at} 同意") if request.state == AGREED else _("🔴 {name} {at} 不同意")
    return said.format(name=html(by), at=at)


def _names(people: Sequence[Person]) -> str:
    return html("、".join(_("{name}（{post}）").format(name=one.name, post=title(one.role)) for one in people))
