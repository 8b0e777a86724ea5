"""Words and buttons about people. Pure."""

from collections.abc import Sequence
from datetime import UTC, datetime

from bot.language.speech import SOURCE, _, spoken, zone_named
from bot.shared.message import Button, Message, Rows, press
from bot.shared.text import html
from bot.teams.person import AGENT, DEPUTY, OWNER, SUPERVISOR, Person, title
from bot.teams.zones import COMMON, say_offset, say_zone

SHOWN = 20  # names to a post: a team view is one message


def stranger() -> Message:
    """All that somebody who was not invited hears."""
    return Message(text=_("这是内部客服助手，需要邀请才能使用。请向主管要邀请链接。"))


def menu(role: str, *, private: bool = True) -> list[tuple[str, str]]:
    """The command menu (name, what it does), the most used first."""
    rows = [("say", _("找话术：打几个字或客户原话"))]
    rows.append(("check", _("检查：发给客户前查忌语")))
    rows.append(("collect", _("收录：把好话术存下来")))
    if private:
        rows += [
            ("complaint", _("投诉：一句话登记")),
            ("promise", _("承诺：记一个答复时间")),
            ("my", _("我的：待答复的承诺")),
            ("done", _("已答复：记下怎么答复的")),
            ("extend", _("延期：改答复时间")),
            ("progress", _("进展：记一笔")),
            ("ask", _("请示：不能自己答应的，请主管定")),
            ("why", _("为什么：时间是怎么来的")),
            ("whatif", _("推演：没人处理会怎样")),
        ]
        if role != AGENT:
            rows += [
                ("approve", _("审批：大家推荐的话术")),
                ("team", _("团队：谁在什么岗位")),
                ("invite", _("邀请同事加入")),
                ("settings", _("设置：日历、工作时间、时区")),
            ]
        rows.append(("help", _("帮助")))
    return rows


def welcome(person: Person) -> Message:
    """After joining: what to try first."""
    lines = [
        _("{name}，已加入 {team}，岗位：{role}。").format(
            name=html(person.name), team=html(person.team), role=title(person.role)
        )
    ]
    if person.role == AGENT:
        lines += [
            _("找话术：直接打字，如“客户等了很久”。"),
            _("登记投诉：/complaint 张先生 13800138000 电梯坏了，答应明天下午3点前答复"),
            _("到时前会在这里提醒。"),
        ]
    elif person.role == OWNER:
        lines += [_("先发 /invite 邀请同事；/team 看每个岗位有没有人。"), _("找话术：直接打字，如“客户等了很久”。")]
    else:
        lines += [
            _("承诺超时会通知到这里；点“我来处理”接手，回复“收到”也行。"),
            _("/team 看团队，/invite 邀请同事。"),
        ]
    return Message(text="\n".join(lines), buttons=(_other_language(),))


def help_text(person: Person, *, private: bool) -> Message:
    lines = [
        _("直接打字就能找话术：关键词、客户原话、拼音都行；任何聊天里打 @ 加机器人名字也行。"),
        _("/complaint 登记投诉 · /promise 记承诺 · /my 看待答复的"),
        _("/why 看时间怎么来的 · /whatif 推演没人处理会怎样"),
        _("/check 查忌语；或回复一条消息写“检查” · /ask 请示主管"),
        _("/collect 收录好话术；或回复一条消息写“收录”。发“收藏”看自己留下的"),
        _("命令也可以写中文：投诉 张先生 电梯坏了 明天上午答复"),
    ]
    if person.role != AGENT:
        lines.append(_("/approve 审批推荐的话术 · 发“导出”“导入”成批拿走、带进话术"))
        lines.append(_("/team 看团队 · /invite 邀请同事 · /settings 日历和工作时间"))
        lines.append(_("群里发 /quiet 静默，只查忌语、私下提醒；先把机器人设为群管理员，才看得到群消息"))
    zone = (press(_("时区"), "t.zone"),) if private else ()
    return Message(text="\n".join(lines), buttons=((*_other_language(), *zone),))


def _other_language() -> tuple[Button, ...]:
    """The button names the other language in that language."""
    other = ("zh_Hant", "繁體中文") if spoken() == SOURCE else (SOURCE, "简体中文")
    return (press(other[1], "t.speak", other[0]),)


def ask_zone(person: Person, *, now: datetime) -> Message:
    """Whose clock a person in another place reads."""
    shown = _("现在只按团队时间显示。")
    if person.zone and zone_named(person.zone):
        shown = _("现在按{zone}时间显示（{clock}）。").format(zone=_called(person.zone), clock=_clock(person.zone, now))
    how = _("人在别处，就选所在的城市，或直接打字，如：巴黎、Seattle、UTC+9。")
    cities = [press(say_zone(zone), "t.zoned", zone) for zone in COMMON]
    rows: Rows = tuple(tuple(cities[start : start + 4]) for start in range(0, len(cities), 4))
    return Message(
        text=f"{shown}\n{how}",
        buttons=(*rows, (press(_("与团队一致"), "t.zoned"), press(_("上一步"), "t.help"))),
    )


def zone_set(zone: str | None, *, now: datetime) -> Message:
    """What changes from now on."""
    if zone is None:
        text = _("之后只按团队时间显示。")
    else:
        text = _(
            "之后的时间按{zone}时间显示（现在 {clock}），与团队时间不同的，旁边注明团队时间。\n"
            "打字写的时间仍按团队时间读。"
        ).format(zone=_called(zone), clock=_clock(zone, now))
    return Message(text=text, buttons=((press(_("换时区"), "t.zone"),),))


def _called(zone: str) -> str:
    """Before 时间: Chinese names stand close, others apart."""
    name = say_zone(zone)
    return f" {html(name)} " if name.isascii() else html(name)


def _clock(zone: str, now: datetime) -> str:
    """10:00，UTC+1: what the clock says there now."""
    return _("，").join((f"{now.astimezone(zone_named(zone) or UTC):%H:%M}", say_offset(zone, now)))


def ask_role(person: Person) -> Message:
    roles = [role for role in (AGENT, SUPERVISOR, DEPUTY, OWNER) if person.may_invite(role)]
    buttons = [press(title(role), "t.invite", role) for role in roles]
    return Message(
        text=_("邀请到哪个岗位？"), buttons=tuple(tuple(buttons[i : i + 2]) for i in range(0, len(buttons), 2))
    )


def invitation(role: str, link: str) -> Message:
    return Message(
        text=_("{role}的邀请链接，只能用一次，3 天内有效。请只发给本人：\n{link}").format(
            role=title(role), link=html(link)
        ),
        buttons=((Button(text=_("复制链接"), copy=link),),),
    )


def team(people: Sequence[Person], *, empty: Sequence[str]) -> Message:
    """Who is in which post, and who can't be reached."""
    lines = []
    for role in (OWNER, DEPUTY, SUPERVISOR, AGENT):
        names = [_named(person) for person in people if person.role == role]
        if len(names) > SHOWN:
            names[SHOWN:] = [_("等 {n} 人").format(n=len(names))]
        if names:
            lines.append(f"{title(role)}：{html('、'.join(names))}")
    for role in empty:
        lines.append(_("缺 {role}：超时会跳过这一级，请尽快邀请。").format(role=title(role)))
    return Message(text="\n".join(lines))


def _named(person: Person) -> str:
    if not person.started:
        return _("{name}（还没打开机器人，通知不到）").format(name=person.name)
    if not person.reachable:
        return _("{name}（停用了机器人，通知不到）").format(name=person.name)
    return person.name


def group_taken(person: Person) -> Message:
    return Message(
        text=_("这个群已接入 {team}。群里可以用 /say 找话术、/check 查忌语；含客户信息的事请到私聊。").format(
            team=html(person.team)
        )
    )


def group_refused() -> Message:
    return Message(text=_("这个群没有接入，机器人将退出。请由主管拉机器人进群。"))


def group_unknown() -> Message:
    return Message(text=_("这个群还没有接入。请主管在群里发 /start。"))


def only_private(name: str, username: str) -> Message:
    """For commands that show or take customers' data."""
    button = Button(text=_("去私聊"), url=f"https://t.me/{username}?start={name}")
    return Message(text=_("这个命令请到私聊里用：/{name}").format(name=name), buttons=((button,),))


def words_only(*, asked: bool) -> Message:
    """A photo, a voice or a file where text is expected."""
    if asked:
        return Message(text=_("这一步要打字回答。文件已收到，没有丢；问题还在上面，直接打字就行。"))
    return Message(text=_("这里只能处理文字：打几个字找话术，或 /complaint 登记投诉。图片和语音请配一句文字再发。"))


def unknown_command(name: str) -> Message:
    return Message(
        text=_("没有 /{name} 这个命令。发 /help 看能做什么；找话术直接打字就行。").format(name=html(name[:32]))
    )


def no_words() -> Message:
    return Message(text=_("没有看到文字。直接打几个字，如：客户等了很久。"))


def edited_ignored() -> Message:
    return Message(text=_("改旧消息不算回答，请直接打字发一条新的。"))


def cancelled() -> Message:
    return Message(text=_("已取消，什么都没有改。"))


def sorry() -> Message:
    """Something of ours went wrong; what was typed is on disk."""
    return Message(text=_("这一步没办成，内容已存下、没有丢。请再试一次，还不行请告诉机主。"))
