"""Minding your words: what is wrong, why, and the sentence to send instead.

The team here has two rules of its own, so that a test shows what they say.
"""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.app import Norms, read_checker
from bot.playground.markup import cut
from bot.playground.message import Message
from bot.shared.book import Book, default_shipped
from tests.manual.test_promises import logged
from tests.manual.test_wording import labels, rows
from tests.team import GROUP, Someone, Team

TRADITIONAL = "這個我不知道。我會盡快給您答覆"
OUR_RULES = """
rules:
  - {id: our-way, class: 敷衍, level: bad, forms: [按老规矩来], why: 说清怎么办, instead: null, source: []}
  - {id: our-word, class: 口语, level: hint, forms: [弄一下], why: 说得正式一些, instead: 处理, source: []}
"""


@pytest.fixture(scope="module")
def norms(norms: Norms, tmp_path_factory: pytest.TempPathFactory) -> Norms:
    ours: Path = tmp_path_factory.mktemp("ours")
    (ours / "forbidden.yaml").write_text(OUR_RULES, encoding="utf-8")
    return replace(norms, checker=read_checker(Book(default_shipped(), ours)))


async def checks(someone: Someone, draft: str, *words: str) -> Message:
    await someone.types(f"/check {draft}")
    return someone.hears(*words)


def copied(message: Message) -> list[str]:
    """What the copy buttons of a message copy."""
    return [button.value for row in message.buttons for button in row if button.kind == "copy"]


# A bad draft


async def test_a_draft_is_checked_and_put_right(team: Team) -> None:
    li = team["小李"]
    answer = await checks(li, "这个我不知道，您再等等吧", "🔴 有 2 处不能这样说", "不知道", "打发", "改成这样发：")
    assert "复制" in li.buttons(answer)


async def test_what_was_found_is_underlined_in_the_draft(team: Team) -> None:
    li = team["小李"]
    answer = await checks(li, "您好，急什么，师傅下午3点到")
    underlined = [cut(answer.text, one.offset, one.length) for one in answer.entities if one.type == "underline"]
    assert underlined == ["急什么"]


async def test_it_is_told_in_eight_lines_before_the_sentence_to_send(team: Team) -> None:
    li = team["小李"]
    draft = "急什么，不知道，找别人去，我说不能办就不能办，喊什么，你烦不烦，您搞错了，墙上贴着没长眼睛呀"
    answer = await checks(li, draft, "… 还有")
    said = answer.text.split("改成这样发：")[0] if "改成这样发：" in answer.text else answer.text
    assert len(said.splitlines()) <= 8
    assert all(line.count("🔴") + line.count("🟡") <= 1 for line in answer.text.splitlines())


async def test_a_matter_of_taste_is_pointed_out_and_may_go(team: Team) -> None:
    await checks(
        team["小李"], "师傅已经弄一下了", "🟡 可以发，有 1 处建议改", "🟡 口语“弄一下”：说得正式一些，可改成“处理”"
    )


async def test_where_nothing_safe_can_be_said_the_agent_is_asked_to_write_it_anew(team: Team) -> None:
    li = team["小李"]
    answer = await checks(
        li, "这件事按老规矩来", "🔴 敷衍“按老规矩来”：说清怎么办", "请改写这一句：“按老规矩来”，改好再查一次"
    )
    assert not copied(answer)


async def test_traditional_is_answered_in_traditional(team: Team) -> None:
    li = team["小李"]
    answer = await checks(li, TRADITIONAL, "先說會去問", "改成這樣發：")
    assert any("請您稍等" in text and "我會" in text for text in copied(answer))
    await checks(li, "这个我不知道", "先说会去问", "改成这样发：")


# A fine draft


async def test_a_fine_draft_may_go(team: Team) -> None:
    li = team["小李"]
    await li.types("检查 您好，请问有什么可以帮您？")
    li.hears("🟢 可以发，没有忌语")


async def test_without_a_draft_it_is_asked_for_once(team: Team) -> None:
    li = team["小李"]
    await li.types("/check")
    li.hears("把准备发给客户的话贴过来")
    await li.types("急什么")
    li.hears("不能这样说")
    await li.types("客户等了很久")  # a search again, not a draft
    li.hears("久等")


async def test_replying_checks_any_message(team: Team) -> None:
    li = team["小李"]
    number = await team.playground.world.say(li.id, "这事不归我管", forward_from="小王")
    await team.rest()
    li.hears("")
    await li.types("检查", reply_to=team.playground.world.message(li.id, number))
    li.hears("不能这样说")


async def test_in_a_group_the_answer_has_nothing_private_to_press(team: Team) -> None:
    li = team["小李"]
    await team["陈主管"].types("/start", in_group=True)
    await li.types("/check 我们会双倍赔偿您", in_group=True)
    answer = team.playground.world.messages(GROUP)[-1]
    assert "不能这样说" in answer.text and labels(answer) == [["复制"]]


# Inline


async def test_inline_gives_the_better_sentence_first(team: Team) -> None:
    li = team["小李"]
    offered = await li.searches("?这个我不知道")
    assert len(offered) == 1 and "不知道" not in offered[0]


async def test_inline_says_what_was_wrong(team: Team) -> None:
    answer = await team.playground.world.inline(team["小李"].id, "?这个我不知道", chat=team["小李"].id)
    assert answer.results[0].description == "原句：不知道“我不知道”"


async def test_inline_never_offers_a_bad_draft_and_says_why(team: Team) -> None:
    answer = await team.playground.world.inline(team["小李"].id, "?这件事按老规矩来", chat=team["小李"].id)
    assert answer.results == () and answer.button and answer.button["text"] == "请改写“按老规矩来”：说清怎么办"


async def test_inline_offers_a_fine_draft_as_it_is(team: Team) -> None:
    assert await team["小李"].searches("?您好，请问有什么可以帮您？") == ["您好，请问有什么可以帮您？"]


async def test_a_draft_that_telegram_cuts_off_is_not_judged_by_its_beginning(team: Team) -> None:
    assert await team["小李"].searches("?" + "您好，电梯今天下午四点前修好。" * 30) == []


async def test_inline_is_traditional_when_asked_so(team: Team) -> None:
    [first, *_others] = await team["小李"].searches(f"?{TRADITIONAL}")
    assert "請您稍等" in first


async def test_a_draft_sent_inline_counts_as_a_check(team: Team) -> None:
    li, world = team["小李"], team.playground.world
    offered = await world.inline(li.id, "?这个我不知道", chat=GROUP)
    await team.rest()
    assert await rows(team, "SELECT COUNT(*) FROM checks") == [(0,)]  # typing is not sending
    await world.choose(li.id, offered.query_id, offered.results[0].id, GROUP)
    await team.rest()
    assert await rows(team, "SELECT kind, times FROM check_findings") == [("不知道", 1)]


async def test_inline_offers_wordings_to_send_anywhere(team: Team) -> None:
    li = team["小李"]
    offered = await li.searches("道歉")
    assert any("抱歉" in text or "对不起" in text for text in offered)
    assert await li.searches("")  # the first minute of any conversation


# Promises in a draft


async def test_a_promise_in_a_draft_is_remembered_by_a_tap(team: Team) -> None:
    li = team["小李"]
    answer = await checks(li, "张先生您好，明天下午三点前给您回电", "🟢 可以发")
    assert "记为承诺 明天 15:00" in li.buttons(answer)
    await li.presses("记为承诺 明天 15:00")
    echo = li.hears("记为承诺：张先生 给您回电", "答复 明天 15:00（周五", "读自“明天下午三点前”")
    await li.presses("记下", on=echo)
    li.sees(echo, "#0611-01")
    li.sees(answer, "🟢 可以发")  # the answer stays where it was


async def test_a_vague_promise_gets_the_time_of_the_norm(team: Team) -> None:
    li = team["小李"]
    answer = await checks(li, "我们会尽快给您答复", "“尽快”没有确切时间，按规范（半个工作日内）填了 今天 15:15")
    assert copied(answer) == ["我们会在今天 15:15 前给您答复"]
    await team.passes(minutes=20)
    await li.presses("记为承诺 15:15")  # the time that was shown, whatever the clock says by now
    echo = li.hears("答复 今天 15:15")
    await li.presses("记下", on=echo)
    await team.until("14:45")
    li.hears("🟡 还剩 30 分钟：#0611-01")
    await li.presses("已答复")
    await li.presses("已解决并告知")


async def test_another_way_to_put_it(team: Team) -> None:
    li = team["小李"]
    answer = await checks(li, "我们会尽快给您答复", "不能这样说")
    first = copied(answer)
    await li.presses("换一种改法")
    assert copied(li.sees(answer, "改成这样发：")) != first
    await li.presses("换一种改法")
    assert copied(li.sees(answer)) == first


async def test_a_fine_draft_with_a_soft_word_is_better_with_a_time(team: Team) -> None:
    li = team["小李"]
    answer = await checks(li, "我马上为您查询", "“马上”没有确切时间，按规范（10分钟内）填了 今天 10:10")
    assert copied(answer) == ["我今天 10:10 前为您查询"]


async def test_a_promise_without_a_time_asks_for_one(team: Team) -> None:
    li = team["小李"]
    await checks(li, "我会给您答复", "🟢 可以发")
    await li.presses("记为承诺")
    li.hears("记为承诺：", "什么时候答复？")
    await li.types("明天上午十点")
    li.hears("答复 明天 10:00")
    await li.presses("取消")


async def test_the_only_open_case_is_offered_and_nothing_about_it_changes_silently(team: Team) -> None:
    li = team["小李"]
    card = await logged(li)
    answer = await checks(li, "明天上午十点前给您答复")
    assert labels(answer)[-1] == ["记为承诺 明天 10:00", "改 #0611-01 的时间"]
    await li.presses("改 #0611-01 的时间")
    li.hears("#0611-01 张先生 电梯坏了", "为什么延期？")
    li.sees(card, "今天 15:00")
    await li.types("配件未到")
    li.hears("明天 10:00")  # the draft's time, to be confirmed
    li.sees(card, "今天 15:00")
    await li.presses("取消")
    await li.presses("记为承诺 明天 10:00", on=answer)
    li.hears("记为承诺：张先生 给您答复", "答复 明天 10:00")
    await li.presses("取消")


async def test_what_must_not_be_promised_alone_is_not_offered_as_a_promise(team: Team) -> None:
    li = team["小李"]
    answer = await checks(li, "我们明天上午十点前给您双倍赔偿", "越权承诺")
    assert "请示主管" in li.buttons(answer) and not any("记为承诺" in label for label in li.buttons(answer))


async def test_a_draft_of_days_ago_is_forgotten(team: Team) -> None:
    li = team["小李"]
    await checks(li, "我会给您答复")
    await team.passes(days=3)
    await checks(li, "您好")
    assert await rows(team, "SELECT text FROM checked_drafts") == [("您好",)]
    assert "已过期" in await li.presses("记为承诺")


# Counts


async def test_an_agent_sees_their_own_counts_and_whether_they_fall(team: Team) -> None:
    li = team["小李"]
    for draft in ("这个我不知道", "这个我不知道，急什么", "您好"):
        await checks(li, draft)
    await team.passes(days=7)
    await checks(li, "急什么")
    await li.types("/check")
    asked = li.hears("把准备发给客户的话贴过来")
    assert li.buttons(asked) == ["我的统计", "风格"]
    await li.presses("我的统计")
    li.sees(
        asked, "本周到现在检查 1 次，上周同期 3 次", "不耐烦 1（与上周持平）", "不知道 0（少了 2）", "只有本人看得到"
    )
    li.sees(asked, "最多的是不耐烦，改说：“")


async def test_leads_see_classes_of_the_team_and_nobody_by_name(team: Team) -> None:
    li, wang, chen = team["小李"], team["小王"], team["陈主管"]
    await checks(li, "急什么")
    await checks(wang, "急什么")
    await chen.types("/check 团队统计")
    chen.hears("人数太少，不显示")
    zhao = team["小赵"]
    await joins(team, zhao)
    await checks(zhao, "这个我不知道")
    await chen.types("/check")
    asked = chen.hears("把准备发给客户的话贴过来")
    await chen.presses("团队统计")
    shown = chen.sees(asked, "3 名客服检查 3 次", "上周同期人数太少，不作比较", "不耐烦 2", "不知道 1").text
    assert not any(name in shown for name in ("小李", "小王", "小赵"))


async def test_counts_are_nobody_elses(team: Team) -> None:
    li = team["小李"]
    await checks(li, "急什么")
    await li.types("/check 团队统计")
    li.hears("团队统计由主管查看")
    await team["小王"].types("/check 统计")
    team["小王"].hears("本周到现在检查 0 次", "没有查出忌语")


async def test_of_a_check_only_classes_are_counted_no_text(team: Team) -> None:
    await checks(team["小李"], "这个我不知道，您再等等吧")
    assert await rows(team, "SELECT kind, times FROM check_findings ORDER BY kind") == [("不知道", 1), ("打发", 1)]


async def joins(team: Team, someone: Someone) -> None:
    await team["陈主管"].types("/invite 客服")
    link = team["陈主管"].hears("邀请链接").text
    await someone.types(f"/start {link.rpartition('start=')[2]}")
    someone.hears("已加入")


# Style


async def test_a_lead_chooses_how_the_team_talks(team: Team) -> None:
    li, chen = team["小李"], team["陈主管"]
    await checks(li, "亲，在的", "网络用语")
    await chen.types("/check 风格")
    style = chen.hears("检查风格 正式")
    await chen.presses("网店")
    chen.sees(style, "检查风格 网店")
    await checks(li, "亲，在的", "🟢 可以发")
    assert await li.searches("?亲，在的") == ["亲，在的"]
    await li.types("/check 风格")
    li.hears("检查风格 网店", "由主管改")
