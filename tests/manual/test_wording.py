"""What can be done with the wordings that were found: fill them, say them otherwise, judge them, keep them.

The phrasebook here is a small one, so that a test shows both what an agent types and all there is to find.
"""

from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path

import pytest

from bot.app import Norms
from bot.phrases.index import Index
from bot.phrases.phrase import Phrase, Valid, When
from bot.playground.message import Message
from bot.shared.message import Message as Said
from bot.shared.message import press
from bot.teams import actions as teams
from tests.manual.test_promises import logged
from tests.team import GROUP, SHANGHAI, Someone, Team, team_at_work


def phrase(id: str, situation: str, *texts: str, group: str = "样例", **more: object) -> Phrase:
    return Phrase(id=id, situation=situation, group=group, texts=texts, **more)  # type: ignore[arg-type]


BOOK = [
    phrase(
        "wait",
        "让客户久等",
        "{称呼}，抱歉让您久等了，{due}前给您回电。",
        "对不起，让您久等了。",
        group="等候",
        says=("等了半天都没人理我", "等太久了"),
        aliases=("久等", "等候"),
        avoid=("急什么",),
        next="promise",
        en=("{称呼}, I'm sorry to have kept you waiting. I'll call you by {due}.",),
        styles={"formal": ("{称呼}，让您久候，谨致歉意。",), "shop": ("亲，让您久等啦～",)},
    ),
    phrase(
        "wait-check",
        "查询要等一会",
        "请您稍等，我查一下。",
        group="等候",
        aliases=("等候",),
        says=("等我查一下", "要等一会", "查得太久了"),
    ),
    phrase(
        "wait-queue",
        "前面有人排队",
        "前面还有几位，请您稍等。",
        group="等候",
        aliases=("等候",),
        says=("排队要等多久", "等叫号", "排队排太久了"),
    ),
    phrase(
        "wait-late",
        "来晚了让客户等",
        "我来晚了，让您等，很抱歉。",
        group="等候",
        aliases=("等候",),
        says=("师傅来晚了让人等",),
    ),
    phrase(
        "leak",
        "漏水投诉",
        "漏水的事我已记下，原因是{reason}，可以先{alternative}。",
        group="投诉受理",
        says=("家里漏水三天没人管", "天花板滴水", "我要投诉漏水"),
        next="complaint",
        avoid=("自己接一下",),
    ),
    phrase(
        "angry",
        "安抚愤怒",
        "{称呼}，我完全理解您的心情。我听着呢，请您慢慢说。",
        group="安抚同理",
        says=("客户大发雷霆",),
    ),
    phrase("return", "退货须知", "请您按步骤来，包装好再寄。" * 22),
    phrase("moon", "中秋祝福", "祝您中秋快乐，阖家团圆！", group="祝福", says=("佳节祝福",), when=When(holiday="中秋")),
    phrase("dragon", "端午祝福", "祝您端午安康！", group="祝福", says=("佳节祝福",), when=When(holiday="端午节")),
    phrase("morning", "清晨问候", "早上好！", group="问候", says=("打个招呼",), when=When(start=time(5), end=time(12))),
    phrase("evening", "晚间问候", "晚上好！", group="问候", says=("打个招呼",), when=When(start=time(18), end=time(5))),
    phrase(
        "fee-old",
        "旧收费标准",
        "上门费五十元。",
        says=("上门收多少钱",),
        valid=Valid(until=date(2026, 6, 11), successor="fee-new"),
    ),
    phrase("fee-new", "新收费标准", "上门费六十元。", says=("六月起的收费",), valid=Valid(start=date(2026, 6, 12))),
]


@pytest.fixture(scope="module")
def norms(norms: Norms) -> Norms:
    return replace(norms, index=Index(BOOK, {}))


def labels(message: Message) -> list[list[str]]:
    return [[button.text for button in row] for row in message.buttons]


async def rows(team: Team, statement: str) -> list[tuple[object, ...]]:
    assert team.bot
    async with team.bot.database.reading() as tx:
        return [tuple(row) for row in await tx.connection.execute_fetchall(statement)]


async def asks(someone: Someone, query: str, *words: str) -> Message:
    await someone.types(query)
    return someone.hears(*words)


# On the screen


async def test_three_wordings_what_not_to_say_and_what_can_be_done(team: Team) -> None:
    li = team["小李"]
    answer = await asks(li, "等候", "① 让客户久等\n抱歉让您久等了，10:30前给您回电。\n不要说：急什么", "② ", "③ ")
    assert labels(answer) == [
        ["复制 ①", "复制 ②", "复制 ③"], ["先生", "女士", "换一批"], ["更多"], ["记为承诺 10:30"]
    ]  # fmt: skip
    await li.presses("换一批", on=answer)
    assert "抱歉让您久等了" not in li.sees(answer, "① ").text


async def test_a_forwarded_message_is_answered_with_a_kind_sentence_first(team: Team) -> None:
    li = team["小李"]
    await team.playground.world.say(li.id, "家里漏水三天没人管", forward_from="王女士")
    await team.rest()
    answer = li.hears("先说：我完全理解您的心情。", "漏水投诉", "不要说：自己接一下")
    assert answer.text.startswith("先说：")
    await li.presses("女士", on=answer)
    li.sees(answer, "先说：女士，我完全理解您的心情。")


async def test_a_reply_asks_about_the_message_replied_to(team: Team) -> None:
    li = team["小李"]
    number = await team.playground.world.say(li.id, "天花板滴水", forward_from="王女士")
    await team.rest()
    li.hears("漏水投诉")
    await li.types("话术", reply_to=team.playground.world.message(li.id, number))
    li.hears("先说：", "漏水投诉")


async def test_what_was_typed_by_the_agent_needs_no_courtesy(team: Team) -> None:
    li = team["小李"]
    answer = await asks(li, "家里漏水三天没人管", "漏水投诉")
    assert "先说" not in answer.text


async def test_asked_in_traditional_answered_in_traditional(team: Team) -> None:
    li = team["小李"]
    answer = await asks(li, "讓客戶久等", "讓客戶久等", "抱歉讓您久等了，10:30前給您回電。")
    await li.presses("女士", on=answer)
    li.sees(answer, "女士，抱歉讓您久等了")
    await asks(li, "让客户久等", "抱歉让您久等了，10:30前给您回电。")


async def test_who_reads_traditional_gets_it_whatever_was_typed(team: Team) -> None:
    li = team["小李"]
    await li.types("/help")
    helped = li.hears("直接打字")
    await li.presses("繁體中文", on=helped)
    await asks(li, "让客户久等", "抱歉讓您久等了")


async def test_a_wording_too_long_for_a_button_is_copied_by_a_tap_on_it(team: Team) -> None:
    li = team["小李"]
    answer = await asks(li, "退货须知", "退货须知", "请您按步骤来")
    assert "复制" not in li.buttons(answer)


async def test_an_answer_from_before_an_update_can_still_be_pressed(team: Team) -> None:
    li = team["小李"]
    answer = await asks(li, "等候", "① 让客户久等")
    assert team.bot
    async with team.bot.database.transaction() as tx:
        await tx.connection.execute("UPDATE searches SET given = '{}', hits = '[]'")
    await li.presses("女士", on=answer)
    li.sees(answer, "女士，抱歉让您久等了")


# Blanks


async def test_a_blank_is_filled_by_a_button_the_next_by_typing(team: Team) -> None:
    li = team["小李"]
    answer = await asks(li, "漏水投诉", "【原因】", "【替代方案】", "发送前还要填：原因、替代方案")
    await li.presses("填原因", on=answer)
    li.sees(answer, "原因？选一个，或直接打字：")
    await li.presses("配件还没到", on=answer)
    li.sees(answer, "原因是配件还没到，可以先【替代方案】", "发送前还要填：替代方案")
    await li.presses("填替代方案", on=answer)
    await li.types("搬到隔壁房间")
    li.sees(answer, "已填好，请看下面最新的一条。")
    assert not li.buttons(answer)
    li.hears("原因是配件还没到，可以先搬到隔壁房间。")


async def test_a_blank_can_be_skipped_and_the_asking_be_left(team: Team) -> None:
    li = team["小李"]
    answer = await asks(li, "漏水投诉", "【原因】")
    await li.presses("填原因", on=answer)
    await li.presses("跳过", on=answer)
    li.sees(answer, "替代方案？")
    await li.presses("取消", on=answer)
    li.sees(answer, "【原因】", "【替代方案】")
    assert "填替代方案" in li.buttons(answer)
    await asks(li, "久等", "让客户久等")  # typing is a question again, not the value of a blank


async def test_a_customers_message_passed_on_meanwhile_is_a_new_question(team: Team) -> None:
    li = team["小李"]
    answer = await asks(li, "漏水投诉", "【原因】")
    await li.presses("填原因", on=answer)
    await team.playground.world.say(li.id, "等了半天都没人理我", forward_from="王女士")
    await team.rest()
    li.hears("让客户久等")


async def test_what_was_filled_in_outlives_a_restart(team: Team) -> None:
    li = team["小李"]
    answer = await asks(li, "漏水投诉", "【原因】")
    await li.presses("填原因", on=answer)
    await team.stops()
    await team.starts()
    await li.types("师傅请假")
    li.sees(answer, "已填好")
    again = li.hears("原因是师傅请假，")
    await team.stops()
    await team.starts()
    await li.presses("更多", on=again)
    await li.presses("返回", on=again)
    li.sees(again, "原因是师傅请假，")


@pytest.mark.parametrize(
    "blank",
    ["优惠内容", "时间:上午或下午", "请在这里写清楚具体的办理地点和联系人的姓名电话", "🎁🎂🎈🎉🎊🎋🎌🎍🎎🎏🎐🎑"],
)
async def test_a_blank_of_ones_own_can_be_called_anything(team: Team, blank: str) -> None:
    li = team["小李"]
    await owns(team, li, "personal", "告诉客户促销", f"本月的活动是{{{blank}}}，欢迎选购。")
    answer = await asks(li, "告诉客户促销", f"本月的活动是【{blank}】")
    await li.presses(f"填{blank}", on=answer)
    li.sees(answer, f"{blank}？直接打字：")
    await li.presses("跳过", on=answer)
    li.sees(answer, f"本月的活动是【{blank}】")
    answer = await asks(li, "告诉客户促销", f"本月的活动是【{blank}】")
    await li.presses(f"填{blank}", on=answer)
    await li.types("满一百减十")
    li.sees(answer, "已填好，请看下面最新的一条。")
    li.hears("本月的活动是满一百减十，欢迎选购。")
    await asks(li, "久等", "让客户久等")  # and typing is a question again


# The customer it is about


async def test_another_customers_question_is_not_filled_with_the_open_case(team: Team) -> None:
    li = team["小李"]
    await logged(li)
    answer = await asks(li, "久等", "抱歉让您久等了，10:30前")
    assert "张先生" not in answer.text
    await li.presses("张先生", on=answer)
    li.sees(answer, "张先生，抱歉让您久等了，15:00前", "已按 #0611-01 张先生 填好")


async def test_a_question_about_the_matter_of_the_open_case_is_filled_from_it(team: Team) -> None:
    li = team["小李"]
    await logged(li, "张先生 13800138000 窗口久等没人理，答应今天下午3点前答复")
    answer = await asks(
        li,
        "久等",
        "张先生，抱歉让您久等了，15:00前",
        "已按 #0611-01 张先生 填好",
    )
    assert not any("记为承诺" in label for label in li.buttons(answer))  # it is promised already
    await li.presses("不填这位客户", on=answer)
    now = li.sees(answer, "抱歉让您久等了，10:30前")
    assert "张先生" not in now.text
    await team.until("14:30")
    li.hears("🟡 还剩 30 分钟")


async def test_a_name_that_was_typed_counts_more_than_the_open_case(team: Team) -> None:
    li = team["小李"]
    await logged(li)
    answer = await asks(li, "李女士等太久了", "李女士，抱歉让您久等了，10:30前")
    assert "填好" not in answer.text


async def test_of_several_open_cases_the_customer_is_chosen(team: Team) -> None:
    li = team["小李"]
    await logged(li)
    await li.types("/complaint 王女士 空调漏水，答应今天下午4点前答复")
    card = li.hears("请核对后登记")
    await li.presses("登记", on=card)
    team["陈主管"].hears("⚪ 新投诉")
    answer = await asks(li, "等候", "抱歉让您久等了，10:30前")
    assert labels(answer)[1:3] == [["张先生", "王女士"], ["不填客户", "换一批", "更多"]]
    assert len(answer.buttons) <= 4
    await li.presses("王女士", on=answer)
    li.sees(answer, "王女士，抱歉让您久等了，16:00前", "已按 #0611-02 王女士 填好")
    await li.presses("不填这位客户", on=answer)
    assert {"先生", "女士"} <= set(li.buttons(answer))


async def test_in_a_group_nobodys_case_is_named(team: Team) -> None:
    li = team["小李"]
    await team["陈主管"].types("/start", in_group=True)
    await logged(li)
    await li.types("/say 等候", in_group=True)
    said = team.playground.world.messages(GROUP)[-1]
    assert "抱歉让您久等了" in said.text
    assert "张先生" not in said.text
    assert {button.text for row in said.buttons for button in row} == {
        "复制 ①",
        "复制 ②",
        "复制 ③",
        "先生",
        "女士",
        "换一批",
    }


# What follows


async def test_a_trouble_becomes_the_draft_of_a_complaint(team: Team) -> None:
    li = team["小李"]
    answer = await asks(li, "3栋王女士家里漏水三天没人管", "漏水投诉")
    await li.presses("登记投诉", on=answer)
    li.hears("还缺答复时间，内容已存为草稿", "王女士", "漏水三天没人管")
    li.sees(answer, "漏水投诉")


async def test_a_bare_word_is_no_complaint_yet(team: Team) -> None:
    li = team["小李"]
    answer = await asks(li, "漏水投诉", "漏水投诉")
    await li.presses("登记投诉", on=answer)
    li.hears("一句话写下来")


# 更多


async def test_the_same_in_english_in_another_tone_and_back(team: Team) -> None:
    li = team["小李"]
    answer = await asks(li, "张先生等太久了", "张先生，抱歉让您久等了")
    await li.presses("更多", on=answer)
    assert li.buttons(answer)[-4:] == ["English", "正式", "网店", "返回"]
    await li.presses("English", on=answer)
    li.sees(
        answer,
        "Mr Zhang, I'm sorry to have kept you waiting. I'll call you by 10:30.",
        "（没有这个版本，先给平常的说法）",
    )
    await li.presses("更多", on=answer)
    await li.presses("中文", on=answer)
    li.sees(answer, "张先生，抱歉让您久等了")
    await li.presses("更多", on=answer)
    await li.presses("正式", on=answer)
    li.sees(answer, "张先生，让您久候，谨致歉意。")
    await li.presses("更多", on=answer)
    await li.presses("平常", on=answer)
    li.sees(answer, "张先生，抱歉让您久等了")


async def test_what_was_liked_comes_first_next_time(team: Team) -> None:
    li, wang = team["小李"], team["小王"]
    answer = await asks(li, "佳节祝福", "① 中秋祝福", "② 端午祝福")
    await li.presses("更多", on=answer)
    assert "以后搜“佳节祝福”，这一条会更靠前" in await li.presses("② 👍", on=answer)
    assert "已经记过了" in await li.presses("② 👍✓", on=answer)
    li.sees(answer, "① 中秋祝福", "② 端午祝福")  # nothing moves under one's finger
    await asks(li, "佳节祝福", "① 端午祝福", "② 中秋祝福")
    await asks(wang, "佳节祝福", "① 端午祝福")  # the team learns too


async def test_what_is_learnt_is_kept_without_the_customer(team: Team) -> None:
    li = team["小李"]
    answer = await asks(li, "张先生13800138000说佳节祝福", "① 中秋祝福", "② 端午祝福")
    await li.presses("更多", on=answer)
    await li.presses("② 👍", on=answer)
    assert await rows(team, "SELECT phrase, query FROM choices") == [("dragon", "#说佳节祝福")]
    await asks(li, "李女士13900139000说佳节祝福", "① 端午祝福")  # another customer, the same question


async def test_what_was_turned_down_comes_later_but_stays(team: Team) -> None:
    li = team["小李"]
    answer = await asks(li, "佳节祝福", "① 中秋祝福")
    await li.presses("更多", on=answer)
    assert "这一条会靠后" in await li.presses("👎", on=answer)
    assert await rows(team, "SELECT judged, hits FROM searches") == [("down", '["moon", "dragon"]')]
    await asks(li, "佳节祝福", "① 端午祝福", "② 中秋祝福")


async def test_a_wording_called_by_its_name_stays_first_whatever_was_chosen(team: Team) -> None:
    li = team["小李"]
    answer = await asks(li, "久等", "① 让客户久等")
    await li.presses("更多", on=answer)
    await li.presses("👎", on=answer)
    await asks(li, "久等", "① 让客户久等")


async def test_another_persons_search_cannot_be_pressed(team: Team) -> None:
    li, wang = team["小李"], team["小王"]
    answer = await asks(li, "漏水投诉", "漏水投诉")
    search = next(b.value for row in answer.buttons for b in row if b.text == "更多").split(":")[1]
    assert team.bot
    for verb in (
        "s.menu",
        "s.more",
        "s.fill",
        "s.up",
        "s.keep",
        "s.log",
        "s.case",
        "s.near",
        "s.lang",
        "s.back",
        "s.skip",
    ):
        number = await team.bot.telegram.send(wang.id, Said(text="伪", buttons=((press("点", verb, search, "leak"),),)))
        forged = wang.hears("伪")
        told = await wang.presses("点", on=team.playground.world.message(wang.id, number))
        assert "同事查的" in told or "已不在话术库里" in told, verb
        wang.sees(forged, "伪")


# 收藏


async def test_a_favourite_is_kept_listed_and_dropped(team: Team) -> None:
    li = team["小李"]
    await li.types("收藏")
    li.hears("还没有收藏")
    answer = await asks(li, "漏水投诉", "漏水投诉")
    await li.presses("更多", on=answer)
    assert "已收藏" in await li.presses("收藏", on=answer)
    assert "取消收藏" in li.buttons(answer)
    await li.types("我的话术")
    listed = li.hears("我的话术 1 条", "漏水投诉", "漏水的事我已记下")
    assert li.buttons(listed) == ["复制 ①", "取消收藏 ①"]
    await li.presses("取消收藏 ①", on=listed)
    li.sees(listed, "还没有收藏")
    assert await rows(team, "SELECT * FROM choices") == []


async def test_many_favourites_are_turned_page_by_page(team: Team) -> None:
    li = team["小李"]
    for query in ("让客户久等", "查询要等一会", "漏水投诉", "安抚愤怒"):
        answer = await asks(li, query, query)
        await li.presses("更多", on=answer)
        await li.presses("收藏", on=answer)
        await team.passes(seconds=1)
    await li.types("收藏")
    listed = li.hears("我的话术 4 条 · 第 1/2 页", "安抚愤怒")
    await li.presses("下一页", on=listed)
    li.sees(listed, "第 2/2 页", "让客户久等")


async def test_a_wording_that_has_run_out_names_its_successor(team: Team) -> None:
    li = team["小李"]
    answer = await asks(li, "旧收费标准", "上门费五十元")
    await li.presses("更多", on=answer)
    await li.presses("收藏", on=answer)
    await team.passes(days=1)
    answer = await asks(li, "旧收费标准", "上门费六十元")
    assert "五十元" not in answer.text
    await li.types("收藏")
    li.hears("旧收费标准", "已于6月11日停用，请改用：", "上门费六十元")


async def test_an_old_answer_never_offers_what_has_run_out_since(team: Team) -> None:
    li = team["小李"]
    await owns(
        team, li, "team", "泳池关门时间", "泳池今天二十点关门，欢迎明天再来。", until="2026-06-11T16:00:00.000+00:00"
    )
    fee = await asks(li, "旧收费标准", "上门费五十元")
    pool = await asks(li, "泳池关门时间", "泳池今天二十点关门")
    await team.passes(days=1)
    await li.presses("更多", on=fee)
    assert "五十元" not in li.sees(fee, "上门费六十元").text
    assert "谢谢" in await li.presses("① 👍", on=fee)
    assert "这几条都已停用，请再搜一次" in await li.presses("更多", on=pool)


async def test_the_nearest_situation_never_offers_what_has_run_out(team: Team) -> None:
    li = team["小李"]
    await team.passes(days=1)
    await asks(li, "量子力学第三定律", "没找到合适的话术")
    assert team.bot
    search = (await rows(team, "SELECT MAX(id) FROM searches"))[0][0]
    near = Said(text="最近的", buttons=((press("新收费标准", "s.near", search, "fee-new"),),))
    await team.bot.telegram.send(li.id, near)
    answer = li.hears("最近的")
    await li.presses("新收费标准", on=answer)
    assert "五十元" not in li.sees(answer, "最接近的是：", "上门费六十元").text


async def test_a_page_of_favourites_asks_only_about_what_is_on_it(team: Team) -> None:
    li = team["小李"]
    assert team.bot
    async with team.bot.database.transaction() as tx:
        for number in range(1, 41):
            await tx.connection.execute(
                "INSERT INTO favourites (person_id, phrase, wording, at) SELECT id, ?, 0, ? FROM people WHERE telegram_id = ?",
                (f"own-{number}", f"2026-06-01T00:00:{number:02}.000+00:00", li.id),
            )
    asked: list[str] = []
    await tx.connection.set_trace_callback(asked.append)
    await li.types("收藏")
    await tx.connection.set_trace_callback(None)
    li.hears("我的话术 40 条 · 第 1/14 页", "这一条已不在话术库里")
    assert 3 <= len([one for one in asked if "own_phrases" in one]) <= 9


async def test_a_favourite_of_the_team_one_has_left_tells_nothing_of_it(team: Team) -> None:
    li, wang = team["小李"], team["小王"]
    await owns(team, li, "team", "泳池关门时间", "泳池今天二十点关门，欢迎明天再来。")
    answer = await asks(wang, "泳池关门时间", "泳池今天二十点关门")
    await wang.presses("更多", on=answer)
    await wang.presses("收藏", on=answer)
    assert team.bot
    async with team.bot.database.transaction() as tx:
        await teams.enrol(
            tx, telegram_id=wang.id, name="小王", role="agent", team="客服二组", now=team.clock.now()
        )  # fmt: skip
    await wang.types("收藏")
    listed = wang.hears("这一条已不在话术库里")
    assert "二十点" not in listed.text
    assert "停用" not in listed.text


async def test_in_a_group_only_what_is_the_teams_is_found(team: Team) -> None:
    li = team["小李"]
    await team["陈主管"].types("/start", in_group=True)
    await owns(team, li, "team", "泳池关门时间", "泳池今天二十点关门，欢迎明天再来。")
    await owns(team, li, "personal", "泳池关门提醒", "我私下提醒您，泳池十九点就清场。", id=18)
    await asks(li, "泳池关门提醒", "十九点就清场")
    await li.types("/say 泳池关门提醒", in_group=True)
    said = team.playground.world.messages(GROUP)[-1]
    assert "二十点关门" in said.text
    assert "十九点" not in said.text


async def test_ones_own_wording_is_found_and_listed_and_nobody_elses(team: Team) -> None:
    li, wang = team["小李"], team["小王"]
    await owns(team, li, "personal", "泳池关门时间", "泳池今天二十点关门，欢迎明天再来。")
    await asks(li, "泳池关门时间", "泳池今天二十点关门")
    await li.types("我的话术")
    listed = li.hears("泳池关门时间", "泳池今天二十点关门")
    assert li.buttons(listed) == ["复制 ①"]
    await wang.types("泳池关门时间")
    assert "二十点" not in wang.hears("").text


async def test_a_teams_wording_is_found_by_all_until_it_ends(team: Team) -> None:
    li, wang = team["小李"], team["小王"]
    await owns(
        team, li, "team", "泳池关门时间", "泳池今天二十点关门，欢迎明天再来。", until="2026-06-11T16:00:00.000+00:00"
    )
    answer = await asks(wang, "泳池关门时间", "泳池今天二十点关门")
    await wang.presses("更多", on=answer)
    await wang.presses("收藏", on=answer)
    await team.passes(days=1)
    await wang.types("收藏")
    wang.hears("已于6月", "停用，没有替代的")


async def owns(
    team: Team, someone: Someone, scope: str, situation: str, text: str, until: str | None = None, id: int = 17
) -> None:
    """As after 收录 and 批准."""
    assert team.bot
    async with team.bot.database.transaction() as tx:
        await tx.connection.execute(
            "INSERT INTO own_phrases (id, root, team_id, person_id, scope, state, situation, text, valid_from, valid_until,"
            " created_at) SELECT ?, ?, team_id, id, ?, 'approved', ?, ?, ?, ?, ? FROM people WHERE telegram_id = ?",
            (
                id,
                id,
                scope,
                situation,
                text,
                "2026-06-01T00:00:00.000+00:00",
                until,
                "2026-06-01T00:00:00.000+00:00",
                someone.id,
            ),
        )


# Nothing found


async def test_nothing_found_says_so_and_offers_the_nearest(team: Team) -> None:
    li = team["小李"]
    await li.types("量子力学第三定律")
    answer = li.hears("没找到合适的话术：量子力学第三定律", "已记下来")
    assert li.buttons(answer)[-1] == "换个说法再搜"


async def test_one_of_the_nearest_is_opened_by_its_button(team: Team) -> None:
    li = team["小李"]
    await li.types("火星上排不排队不知道天王星木星土星的水星探测器")
    answer = li.hears("没找到合适的话术", "是不是下面这些情况")
    nearest = li.buttons(answer)[0]
    assert nearest != "换个说法再搜"
    await li.presses(nearest, on=answer)
    li.sees(answer, "最接近的是：", nearest)
    assert len(await rows(team, "SELECT look_at FROM gap_reports WHERE look_at IS NOT NULL")) == 1


# In any chat


async def test_inline_offers_exactly_three_the_first_ready_to_send(team: Team) -> None:
    li = team["小李"]
    world = team.playground.world
    offered = await world.inline(li.id, "漏水投诉", chat=GROUP)
    assert "漏水投诉" in [one.title for one in offered.results]
    offered = await world.inline(li.id, "等候", chat=GROUP)
    assert len(offered.results) == 3
    assert offered.results[0].title == "让客户久等"
    assert "【" not in offered.results[0].text


async def test_what_is_sent_inline_counts_as_chosen(team: Team) -> None:
    li = team["小李"]
    world = team.playground.world
    offered = await world.inline(li.id, "久等", chat=GROUP)
    await world.choose(li.id, offered.query_id, offered.results[0].id, GROUP)
    await team.rest()
    assert await rows(team, "SELECT phrase, kind, query FROM choices") == [("wait", "sent", "久等")]


async def test_inline_answers_in_the_script_it_was_asked_in(team: Team) -> None:
    offered = await team["小李"].searches("讓客戶久等")
    assert "抱歉讓您久等了，10:30前給您回電。" in offered[0]


# Seasons and hours


async def test_a_greeting_fits_the_hour_unless_another_is_asked_for(team: Team) -> None:
    li = team["小李"]
    answer = await asks(li, "打个招呼", "早上好！")
    assert "晚上好" not in answer.text
    await asks(li, "晚间问候", "晚上好！")


async def test_a_festival_is_found_by_name_months_before(team: Team) -> None:
    await asks(team["小李"], "中秋祝福", "祝您中秋快乐")


async def test_near_its_day_a_festival_comes_first(tmp_path: Path, norms: Norms) -> None:
    june = datetime(2026, 6, 15, 10, 0, tzinfo=SHANGHAI)
    async with team_at_work(tmp_path / "june", norms, start=june) as team:
        await asks(team["小李"], "佳节祝福", "① 端午祝福")
    september = datetime(2026, 9, 22, 10, 0, tzinfo=SHANGHAI)
    async with team_at_work(tmp_path / "september", norms, start=september) as team:
        await asks(team["小李"], "佳节祝福", "① 中秋祝福")
