"""People: the owner's first link, invitations, strangers, who is in which post."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.app import Norms
from tests.conftest import THURSDAY
from tests.team import Someone, Team, team_at_work


@pytest.fixture
async def empty(tmp_path: Path, norms: Norms) -> AsyncIterator[Team]:
    """A bot on its first day: nobody has joined yet."""
    async with team_at_work(tmp_path, norms, start=THURSDAY, enrolled=False) as team:
        yield team


def token_of(link: str | None) -> str:
    assert link and link.startswith("https://t.me/huashu_bot?start=")
    return link.split("start=")[1]


async def invited(by: Someone, post: str) -> str:
    await by.types("/invite")
    by.hears("邀请到哪个岗位？")
    message = by.said()[-1]
    await by.presses(post)
    return token_of(by.sees(message, f"{post}的邀请链接，只能用一次").text.splitlines()[-1])


async def test_the_first_start_gives_a_link_for_one_owner(empty: Team) -> None:
    assert empty.bot
    token = token_of(await empty.bot.owner_link())
    li, wang = empty["小李"], empty["小王"]
    await li.types(f"/start {token}")
    li.hears("小李，已加入 客服一组，岗位：机主", "/invite")
    await wang.types(f"/start {token}")
    wang.hears("这个邀请链接已失效")
    assert await empty.bot.owner_link() is None


async def test_a_newer_owner_link_replaces_the_unused_one(empty: Team) -> None:
    assert empty.bot
    old, new = token_of(await empty.bot.owner_link()), token_of(await empty.bot.owner_link())
    li = empty["小李"]
    await li.types(f"/start {old}")
    li.hears("这个邀请链接已失效")
    await li.types(f"/start {new}")
    li.hears("岗位：机主")


async def test_the_owner_invites_each_post(empty: Team) -> None:
    assert empty.bot
    owner = empty["周副总"]
    await owner.types(f"/start {token_of(await empty.bot.owner_link())}")
    owner.hears("机主")
    for name, post in (("小李", "客服"), ("陈主管", "客服主管")):
        token = await invited(owner, post)
        await empty[name].types(f"/start {token}")
        empty[name].hears(f"{name}，已加入 客服一组，岗位：{post}")
    await owner.types("/team")
    owner.hears("机主：周副总", "客服主管：陈主管", "客服：小李", "缺 主管副总经理")


async def test_strangers_get_a_polite_refusal_and_nothing_else(team: Team) -> None:
    zhao = team["小赵"]
    for text in ("你好", "/say 催单", "/complaint 张先生 电梯坏了 明天答复", "/start wrong-token", "投诉"):
        await zhao.types(text)
        zhao.hears("邀请")
    assert await zhao.searches("道歉", in_group=False) == []
    assert team.bot
    async with team.bot.database.reading() as tx:
        count = await tx.connection.execute_fetchall("SELECT COUNT(*) FROM complaints")
    assert next(iter(count))[0] == 0


async def test_an_invitation_ends_after_three_days(team: Team) -> None:
    token = await invited(team["周副总"], "客服")
    await team.passes(days=3, minutes=1)
    await team["小赵"].types(f"/start {token}")
    team["小赵"].hears("这个邀请链接已失效")


async def test_nobody_invites_above_themselves(team: Team) -> None:
    li, chen = team["小李"], team["陈主管"]
    await li.types("/invite 客服")
    li.hears("邀请同事由主管来做")
    await chen.types("/invite 机主")
    chen.hears("要由上一级来邀请")
    await chen.types("/invite 老板")
    chen.hears("没有这个岗位：老板", "客服主管")


async def test_trying_an_agents_link_costs_a_lead_nothing(team: Team) -> None:
    chen, zhao = team["陈主管"], team["小赵"]
    token = await invited(chen, "客服")
    await chen.types(f"/start {token}")
    chen.hears("已经是客服主管，这个链接没有用掉")
    await zhao.types(f"/start {token}")
    zhao.hears("小赵，已加入")


async def test_each_reads_their_own_language(team: Team) -> None:
    li, wang = team["小李"], team["小王"]
    await li.types("/help")
    message = li.hears("直接打字就能找话术")
    await li.presses("繁體中文", on=message)
    li.sees(message, "直接打字就能找話術")
    await li.types("/complaint 张三丰先生 电梯坏了，今天下午3点前答复")
    li.hears("請核對後登記", "电梯坏了")  # what was typed is never converted
    await wang.types("/help")
    wang.hears("直接打字就能找话术")


async def test_whoever_opened_the_bot_before_being_enrolled_can_be_told(team: Team) -> None:
    zhao = team["小赵"]
    await zhao.types("你好")
    zhao.hears("需要邀请才能使用")
    assert team.bot
    from bot.teams import actions as teams

    async with team.bot.database.transaction() as tx:
        await teams.enrol(tx, telegram_id=zhao.id, name="小赵", role="agent", team=None, now=team.clock.now())
    await zhao.types("承诺 今天下午3点前给张先生回电")
    zhao.hears("答复 今天 15:00")
    await zhao.presses("记下")
    await team.until("14:30")
    zhao.hears("🟡 还剩 30 分钟")


async def test_a_post_that_cannot_be_told_is_reported_when_the_promise_is_made(team: Team) -> None:
    li, chen = team["小李"], team["陈主管"]
    await team.playground.world.block(chen.id)
    await team.rest()
    await li.types("投诉 张先生 电梯坏了，今天下午3点前答复")
    card = li.hears("请核对后登记")
    await li.presses("登记")
    li.sees(card, "#0611-01", "注意：客服主管无人能收通知")
    team["周副总"].hears("⚪ 新投诉：#0611-01")
    await team["周副总"].types("/team")
    team["周副总"].hears("陈主管（停用了机器人，通知不到）", "缺 客服主管")
