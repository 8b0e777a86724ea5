"""The picture in the README: `python -m tests.web.picture` plays a day on the page and writes deploy/playground.png."""

import asyncio
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from playwright.async_api import async_playwright, expect

from tests.web.conftest import FLAGS, browser_path
from tests.web.desk import THURSDAY_AFTERNOON
from tests.web.real import Desk, Huashu

PICTURE = Path(__file__).parents[2] / "deploy" / "playground.png"


async def play(desk: Desk) -> None:
    page, li, wang = desk.page, desk.li, desk.wang
    await page.get_by_role("button", name="问一句话术").click()
    await li.sees("让客户久等")
    await page.get_by_role("button", name="登记一件投诉").click()
    await li.presses("登记")
    await li.sees("责任人 小李")
    await wang.says("/check 这事不归我们管，你再等等吧")
    await expect(wang.log.locator(".from-bot")).to_have_count(2)
    await desk.goes_on_until(desk.zhou, "未答复：#")
    await li.sees("已通知 周副总")
    await expect(page.locator("#time-next")).to_be_enabled()


def set_clock(home: Path) -> None:
    """The picture's day is always the same one."""
    shift = THURSDAY_AFTERNOON - datetime.now(UTC)
    (home / "playground-clock").write_text(str(shift.total_seconds()))


async def main() -> None:
    with tempfile.TemporaryDirectory() as home:
        set_clock(Path(home))
        huashu = Huashu(Path(home))
        await huashu.start()
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=browser_path(), args=FLAGS)
            page = await browser.new_page(
                viewport={"width": 1600, "height": 1000},
                device_scale_factor=0.9,  # 1440 × 900, with room for the whole story
                color_scheme="light",
                reduced_motion="reduce",
            )
            await page.goto(huashu.url)
            desk = Desk(page)
            for seat in (desk.li, desk.wang, desk.chen, desk.zhou):
                await seat.sees("已加入")
            await play(desk)
            await desk.li.field.click()
            question = desk.li.log.locator(".mine").filter(has_text="客户等了很久")
            await question.evaluate("(one) => one.closest('.scroll').scrollTo(0, one.offsetTop - 12)")
            await page.mouse.move(720, 4)
            await page.evaluate("document.activeElement.blur()")
            await expect(page.locator(".toast")).to_have_count(0)
            await page.screenshot(path=PICTURE)
            await browser.close()
        await huashu.close()


if __name__ == "__main__":
    asyncio.run(main())
