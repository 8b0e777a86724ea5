"""Bad input is normal: a clear sentence, nothing lost, nobody let in, no stack trace."""

import pytest

from tests.team import GROUP, Team


async def test_an_unknown_command(team: Team) -> None:
    li = team["小李"]
    await li.types("/frobnicate now")
    li.hears("没有 /frobnicate 这个命令", "/help")


async def test_nonsense_finds_nothing_and_says_so(team: Team) -> None:
    li = team["小李"]
    await li.types("qzx@@##")
    answer = li.hears("没找到合适的话术", "换个说法")
    assert li.buttons(answer) == ["换个说法再搜"]


@pytest.mark.parametrize(
    "text", ["😀😀😀", "\u200b\u200b话术\u0007", "<b>粗体</b> & <script>", "**星** _下划_ `码`", "​" * 50 + "催单"]
)
async def test_emoji_control_characters_and_markup_are_only_text(team: Team, text: str) -> None:
    li = team["小李"]
    await li.types(text)
    li.hears("")
    await li.types(f"/complaint 张先生 {text} 坏了，今天下午3点前答复")
    li.hears("请核对后登记")


async def test_ten_thousand_characters(team: Team) -> None:
    li = team["小李"]
    await li.types("客户等了很久" * 1667)  # Telegram cuts it into three messages
    for _part in range(3):
        li.hears("让客户久等")
    await li.types("/complaint " + "电梯又坏了，" * 600)
    li.hears("太长了", "没有登记")


async def test_markup_in_names_stays_text(team: Team) -> None:
    li = team["小李"]
    await li.types("/complaint <i>张先生</i> <a href='x'>电梯</a>坏了，今天下午3点前答复")
    card = li.hears("<a href='x'>电梯</a>坏了")
    await li.presses("登记")
    li.sees(card, "#0611-01")
    team["陈主管"].hears("⚪ 新投诉：#0611-01")


async def test_a_photo_where_text_is_expected(team: Team) -> None:
    li = team["小李"]
    await li.sends("photo")
    li.hears("这里只能处理文字")
    await li.types("/complaint")
    li.hears("一句话写下来")
    await li.sends("photo")
    li.hears("这一步要打字回答", "没有丢")
    await li.types("张先生 电梯坏了，今天下午3点前答复")
    li.hears("请核对后登记")


async def test_a_photo_with_words_counts_as_the_words(team: Team) -> None:
    li = team["小李"]
    await li.sends("photo", caption="客户等了很久")
    li.hears("让客户久等")


async def test_a_forwarded_command_is_not_an_order(team: Team) -> None:
    li = team["小李"]
    await team.playground.world.say(li.id, "/complaint 王女士 漏水 明天答复", forward_from="王女士")
    await team.rest()
    message = li.said()[-1]
    li.hears("")
    assert "请核对后登记" not in message.text


async def test_an_empty_command_asks_for_what_is_missing(team: Team) -> None:
    li = team["小李"]
    for command, question in (("/say", "客户遇到什么情况"), ("/check", "贴过来"), ("/promise", "答应了谁")):
        await li.types(command)
        li.hears(question)
    await li.types("取消")
    li.hears("已取消，什么都没有改")


async def test_a_button_of_another_life(team: Team) -> None:
    li = team["小李"]
    world = team.playground.world
    from bot.shared.message import Message, press

    assert team.bot
    number = await team.bot.telegram.send(li.id, Message(text="旧", buttons=((press("点", "old.verb", 1),),)))
    li.hears("旧")
    assert await li.presses("点", on=world.message(li.id, number)) == "这个按钮已经不能用了，请发 /help。"
    for data in (
        "p.done:999:1",
        "p.done:x",
        "c.ok:",
        "c.ok:99999999999999999999",
        "s.more:5:-9:x",
        "e.take:1",
        "n.make:0",
    ):
        number = await team.bot.telegram.send(li.id, Message(text="伪", buttons=((press("点", *data.split(":")),),)))
        li.hears("伪")
        assert await li.presses("点", on=world.message(li.id, number))


async def test_a_group_that_nobody_took_in_hears_little(team: Team) -> None:
    li = team["小李"]
    await li.types("大家好", in_group=True)
    await li.types("/say 催单", in_group=True)
    said = [m.text for m in team.playground.world.messages(GROUP) if m.sender > 7_000_000]
    assert said == ["这个群还没有接入。请主管在群里发 /start。"]
    await team["陈主管"].types("/start", in_group=True)
    await li.types("/say 道歉", in_group=True)
    said = [m.text for m in team.playground.world.messages(GROUP) if m.sender > 7_000_000]
    assert "这个群已接入 客服一组" in said[1] and "①" in said[2]


async def test_malformed_updates_are_put_aside(team: Team) -> None:
    from bot.inbox import intake

    assert team.bot
    bad = [
        {"update_id": 101},
        {"update_id": 102, "message": "text"},
        {"update_id": 103, "message": {"chat": {}, "from": None, "text": 5}},
        {"update_id": 104, "callback_query": {"id": "1", "from": {"id": 1001}, "data": None}},
        {"update_id": 105, "inline_query": []},
        {"update_id": 106, "message_reaction": {"chat": {"id": 1, "type": "private"}, "user": {"id": 1001}}},
    ]
    await intake.store(team.bot.database, team.clock, bad)
    await team.rest()
    await team["小李"].types("催单")
    team["小李"].hears("①")
