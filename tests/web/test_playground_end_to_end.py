"""The real thing, as a newcomer meets it: `huashu run` without a token, a browser, the three chips, and a kill -9.

One process and one page for the whole file; the tests follow one another, as the newcomer's day does.
"""

import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, expect

from tests.web.real import Desk, Huashu

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def number_of(message: Locator) -> str | None:
    return await message.get_attribute("data-id")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def process(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Huashu]:
    process = Huashu(tmp_path_factory.mktemp("home"))
    await process.start()
    yield process
    await process.close()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def desk(browser: Browser, process: Huashu) -> AsyncIterator[Desk]:
    context = await browser.new_context(
        viewport={"width": 1440, "height": 900},
        reduced_motion="reduce",
        permissions=["clipboard-read", "clipboard-write"],
    )
    page = await context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    await page.goto(process.url)
    desk = Desk(page)
    for seat in (desk.li, desk.wang, desk.chen, desk.zhou):
        await seat.sees("已加入")
    yield desk
    await context.close()
    assert not errors


async def test_a_question_is_answered_with_wording_that_can_be_pasted_untouched(desk: Desk) -> None:
    page, li = desk.page, desk.li
    await expect(page.get_by_role("region", name="欢迎")).to_be_visible()
    await page.get_by_role("button", name="问一句话术").click()
    answer = li.message("让客户久等")
    first = answer.locator(".pre").first
    wording = await first.locator("pre").inner_text()
    assert "①" not in wording
    bubble, block = await answer.locator(".text").bounding_box(), await first.bounding_box()
    assert bubble
    assert block
    assert block["width"] == pytest.approx(bubble["width"]), "a block of its own, across the bubble"
    for tapped in (first, li.key("复制 ①")):
        await page.evaluate("navigator.clipboard.writeText('')")
        await tapped.click()
        await expect(li.toast("已复制")).to_be_visible()
        assert await page.evaluate("navigator.clipboard.readText()") == wording


async def test_a_complaint_climbs_until_somebody_takes_it_on_and_answers(desk: Desk) -> None:
    page, li, chen, zhou = desk.page, desk.li, desk.chen, desk.zhou
    await page.get_by_role("button", name="登记一件投诉").click()
    draft = li.message("请核对后登记")
    await expect(li.key("登记")).to_have_class("key pointed")
    await expect(draft).to_contain_text("读自“明天下午3点前”")
    number = await number_of(draft)
    await li.presses("登记")
    card = li.log.locator(f'.message[data-id="{number}"]')
    await expect(card).to_contain_text("🟢")
    await expect(card).to_contain_text("责任人 小李")
    await expect(li.toast("已登记 #")).to_be_visible()
    await chen.sees("⚪ 新投诉")
    await chen.presses("收到")
    await chen.sees("✅ 陈主管")

    await page.get_by_role("button", name="看它超时后怎么升级").click()
    tour = page.get_by_role("region", name="带看")
    await expect(tour).to_contain_text("承诺已在计时。先不答复，把时间拨到")
    await desk.goes_on_until(li, "🟡 还剩", by="#tour-go")
    await expect(tour).to_contain_text("看 小李：收到提醒")
    await desk.goes_on_until(chen, "🔴 已超时", by="#tour-go")
    await expect(tour).to_contain_text("看 陈主管：超时报上来了")
    await expect(chen.column).to_have_class(re.compile("told"))
    assert "🔴" not in await zhou.log.inner_text()
    await desk.goes_on_until(zhou, "🔴 已超时", by="#tour-go")
    await expect(zhou.tab("话术助手").locator(".badge")).to_have_text("1")

    notices = [await number_of(seat.message("🔴 已超时")) for seat in (chen, zhou)]
    await chen.presses("我来处理")
    for seat, notice in zip((chen, zhou), notices, strict=True):
        await expect(seat.log.locator(f'.message[data-id="{notice}"]')).to_contain_text("⚪ 陈主管")
    await li.sees("⚪ 陈主管")
    await expect(tour).to_contain_text("升级停了")
    await chen.presses("已答复")
    await chen.sees("怎么答复")
    await chen.presses("已解决并告知")
    await chen.sees("✅ #")
    await li.sees("✅ 陈主管")
    await expect(zhou.log.locator(f'.message[data-id="{notices[1]}"]')).to_contain_text("✅")
    await expect(tour).to_contain_text("了结了")
    await expect(page.locator("#time-next")).to_be_disabled()
    await tour.get_by_role("button", name="结束", exact=True).click()
    await expect(tour).to_be_hidden()


async def test_a_stranger_is_refused_and_joins_by_an_invitation(desk: Desk) -> None:
    guest, chen = desk.guest, desk.chen
    await desk.page.get_by_role("button", name="＋ 访客").click()
    await guest.says("客户等了很久")
    await guest.sees("邀请")
    assert "复制 ①" not in await guest.log.inner_text()
    await chen.says("/invite")
    await chen.sees("邀请到哪个岗位？")
    await chen.key("客服").and_(chen.log.get_by_role("button", name="客服", exact=True)).click()
    link = chen.message("邀请链接").locator("a")
    address = await link.get_attribute("href")
    assert address
    await guest.says(address)
    await guest.log.locator(".mine a").last.click()
    await guest.sees("小赵，已加入")
    await guest.says("客户等了很久")
    await guest.sees("让客户久等")


async def test_wording_goes_into_the_group_and_a_nod_takes_a_case_on(desk: Desk) -> None:
    wang, chen = desk.wang, desk.chen
    await wang.opens("客服一组")
    await wang.types("@huashu_bot 道歉")
    options = wang.column.get_by_role("option")
    await expect(options.nth(2)).to_be_visible()
    offered = await options.first.locator(".offer-text").inner_text()
    await wang.field.press("Enter")
    posted = wang.log.locator(".mine").last
    await expect(posted).to_contain_text(offered[:10])
    await expect(posted).to_contain_text("通过 @huashu_bot")

    await wang.opens("话术助手")
    await wang.says("/complaint 李女士 13900139000 空调漏水，答应1小时内答复")
    await wang.presses("登记")
    await wang.sees("责任人 小王")
    await desk.goes_on_until(chen, "未答复：#" + (await wang.message("责任人 小王").inner_text()).split("#")[1][:7])
    number = await number_of(chen.message("未答复：#"))
    notice = chen.log.locator(f'.message[data-id="{number}"]')
    await notice.hover()
    await notice.get_by_role("button", name="表情与更多").click()
    await desk.page.get_by_role("menuitem", name="回应 👌").click()
    await chen.sees("已接手，不再往上报")
    await wang.sees("⚪ 陈主管")
    await expect(notice).to_contain_text("⚪ 陈主管")


async def test_after_a_power_cut_everything_is_there_and_it_answers(desk: Desk, process: Huashu) -> None:
    page, li = desk.page, desk.li
    strip = page.locator("#offline")
    time = await page.locator("#bot-time").inner_text()
    before = await page.locator(".message").all_inner_texts()
    await process.kill()
    await expect(strip).to_have_text("连接断开，正在重连…")
    await process.start()
    await expect(strip).to_be_hidden()
    await page.reload()
    await li.says("客户要投诉到总部")
    answer = li.log.locator(".message").last
    await expect(answer.locator(".pre").first).to_be_visible()
    assert (await page.locator(".message").all_inner_texts())[0] == before[0]
    assert set(before) <= set(await page.locator(".message").all_inner_texts())
    assert time.split("（")[0] in await page.locator("#bot-time").inner_text(), "the clock stays where it was moved to"
