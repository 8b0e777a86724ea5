"""What the chat page is told, and what the people on it can do: asked over HTTP, as the page does."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.playground.bot_methods import METHODS
from bot.playground.parameters import Parameters
from bot.playground.people import CAST
from bot.playground.server import Playground
from bot.playground.world import GROUP_ID

LI, WANG, CHEN, ZHOU, ZHAO = (person.id for person in CAST)
MONDAY = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)  # 10:00 in Shanghai


class MovedClock:
    def __init__(self) -> None:
        self.at = MONDAY
        self.due: datetime | None = None

    def now(self) -> datetime:
        return self.at

    async def advance(self, delta: timedelta) -> None:
        self.at += delta

    async def next_due(self) -> datetime | None:
        return self.due


class Page:
    """The chat page, and the bot it talks to."""

    def __init__(self, playground: Playground, http: httpx.AsyncClient, clock: MovedClock) -> None:
        self.playground = playground
        self.world = playground.world
        self.http = http
        self.clock = clock

    async def state(self) -> Any:
        return (await self.http.get("/chat/state")).json()

    async def do(self, deed: str, **fields: Any) -> Any:
        answer = await self.http.post(f"/chat/{deed}", json=fields)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def refused(self, deed: str, **fields: Any) -> str:
        answer = await self.http.post(f"/chat/{deed}", json=fields)
        assert answer.status_code == 400
        return str(answer.json()["error"])

    def bot(self, method: str, **values: Any) -> Any:
        return METHODS[method.lower()](self.world, Parameters(values))


@pytest.fixture
async def page() -> AsyncIterator[Page]:
    clock = MovedClock()
    playground = Playground(clock=clock)
    await playground.start()
    async with httpx.AsyncClient(base_url=playground.url, trust_env=False) as http:
        yield Page(playground, http, clock)
    await playground.stop()


@asynccontextmanager
async def listening(page: Page, after: int) -> AsyncIterator[AsyncIterator[dict[str, Any]]]:
    async with page.http.stream("GET", f"/chat/events?after={after}", timeout=5) as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        yield _events(stream)


async def _events(stream: httpx.Response) -> AsyncIterator[dict[str, Any]]:
    async for line in stream.aiter_lines():
        if line.startswith("data: "):
            yield json.loads(line.removeprefix("data: "))


async def first(events: AsyncIterator[dict[str, Any]], kind: str) -> dict[str, Any]:
    async for event in events:
        if event["type"] == kind:
            return event
    raise AssertionError(f"no {kind}")


async def test_the_cast_and_their_chats_are_shown(page: Page) -> None:
    state = await page.state()
    assert [(one["name"], one["title"], one["guest"]) for one in state["people"]] == [
        ("小李", "客服", False),
        ("小王", "客服", False),
        ("陈主管", "客服主管", False),
        ("周副总", "主管副总经理", False),
        ("小赵", "访客", True),
    ]
    group = state["chats"][-1]
    assert (group["id"], group["kind"], group["title"]) == (GROUP_ID, "group", "客服一组")
    assert group["members"] == [LI, WANG, CHEN, ZHOU]
    assert state["bot"] == {"id": page.world.bot.id, "name": "话术助手", "username": "huashu_bot", "online": False}
    assert (state["zone"], state["time_control"]) == ("Asia/Shanghai", True)
    assert datetime.fromisoformat(state["now"]) == MONDAY


async def test_a_message_is_drawn_with_everything_on_it(page: Page) -> None:
    said = await page.do("say", person=LI, chat=LI, text="怎么道歉")
    rows = [
        [
            {"text": "采用", "callback_data": "use:1", "style": "success"},
            {"text": "复制", "copy_text": {"text": "非常抱歉"}},
        ],
        [
            {"text": "规范", "url": "https://t.me/x"},
            {"text": "再搜", "switch_inline_query_current_chat": "抱歉"},
            {"text": "发给", "switch_inline_query": "抱歉"},
        ],
    ]
    page.bot(
        "sendMessage",
        chat_id=LI,
        text="<b>非常抱歉</b>",
        parse_mode="HTML",
        reply_markup={"inline_keyboard": rows},
        reply_parameters={"message_id": said["id"]},
    )
    shown = (await page.state())["messages"][str(LI)][-1]
    assert shown == {
        "id": said["id"] + 1,
        "chat": LI,
        "from": page.world.bot.id,
        "name": "话术助手",
        "text": "非常抱歉",
        "entities": [{"type": "bold", "offset": 0, "length": 4}],
        "buttons": [
            [
                {"text": "采用", "kind": "callback", "data": "use:1", "style": "success"},
                {"text": "复制", "kind": "copy", "copy": "非常抱歉"},
            ],
            [
                {"text": "规范", "kind": "url", "url": "https://t.me/x"},
                {"text": "再搜", "kind": "inline_here", "query": "抱歉"},
                {"text": "发给", "kind": "inline", "query": "抱歉"},
            ],
        ],
        "keyboard": [],
        "date": MONDAY.isoformat(),
        "edited": None,
        "reply_to": {"id": said["id"], "name": "小李", "text": "怎么道歉"},
        "via_bot": False,
        "forwarded_from": None,
        "reactions": {},
        "file": None,
    }


async def test_what_happens_is_told_as_it_happens(page: Page) -> None:
    seq = (await page.state())["seq"]
    async with listening(page, seq) as events:
        said = await page.do("say", person=LI, chat=LI, text="您好")
        assert (await first(events, "message"))["message"]["text"] == "您好"
        await page.do("edit", person=LI, chat=LI, id=said["id"], text="您好呀")
        assert (await first(events, "edit"))["message"]["edited"]
        await page.do("react", person=LI, chat=LI, id=said["id"], emoji="👌")
        assert (await first(events, "reaction"))["message"]["reactions"] == {"👌": [LI]}
        page.bot("sendChatAction", chat_id=LI, action="typing")
        assert (await first(events, "typing"))["chat"] == LI
        sent = page.bot(
            "sendMessage",
            chat_id=LI,
            text="选",
            reply_markup={"inline_keyboard": [[{"text": "好", "callback_data": "ok"}]]},
        )
        press = await page.do("press", person=LI, chat=LI, id=sent["message_id"], data="ok")
        page.bot("answerCallbackQuery", callback_query_id=press["query"])
        answer = await first(events, "answer")
        assert (answer["person"], answer["text"], answer["alert"], answer["query"]) == (LI, "", False, press["query"])
        page.bot("deleteMessage", chat_id=LI, message_id=sent["message_id"])
        assert (await first(events, "delete"))["id"] == sent["message_id"]
        page.bot("setMyCommands", commands=[{"command": "help", "description": "帮助"}])
        menus = await first(events, "commands")
        assert menus["commands"][str(WANG)][str(GROUP_ID)] == [{"command": "help", "description": "帮助"}]


async def test_events_missed_while_away_are_told_on_return(page: Page) -> None:
    seq = (await page.state())["seq"]
    await page.do("say", person=LI, chat=LI, text="一")
    await page.do("say", person=LI, chat=LI, text="二")
    async with listening(page, seq) as events:
        texts = [(await first(events, "message"))["message"]["text"] for _ in range(2)]
    assert texts == ["一", "二"]


async def test_a_page_away_for_too_long_is_told_to_load_again(page: Page) -> None:
    async with listening(page, 1) as events:
        assert (await anext(events))["type"] == "reload"


async def test_unread_messages_are_counted_per_person_until_read(page: Page) -> None:
    said = await page.do("say", person=LI, chat=GROUP_ID, text="收到一件投诉")
    state = await page.state()
    assert [state["unread"][str(one)][str(GROUP_ID)] for one in (LI, WANG, CHEN)] == [0, 1, 1]
    async with listening(page, state["seq"]) as events:
        await page.do("read", person=WANG, chat=GROUP_ID, id=said["id"])
        told = await first(events, "unread")
    assert (told["person"], told["chat"], told["n"]) == (WANG, GROUP_ID, 0)


async def test_a_bot_that_polls_is_online(page: Page) -> None:
    seq = (await page.state())["seq"]
    async with listening(page, seq) as events:
        poll = asyncio.create_task(page.http.get(f"/bot{page.playground.token}/getUpdates?timeout=30"))
        assert (await first(events, "bot"))["online"] is True
        assert (await page.state())["bot"]["online"] is True
        poll.cancel()


async def test_inline_results_are_offered_and_sent(page: Page) -> None:
    typed = asyncio.create_task(page.do("inline", person=LI, chat=GROUP_ID, query="道歉", offset=""))
    (update,) = (await page.http.get(f"/bot{page.playground.token}/getUpdates?timeout=5")).json()["result"]
    article = {
        "type": "article",
        "id": "a",
        "title": "道歉",
        "description": "开场",
        "input_message_content": {"message_text": "非常抱歉"},
    }
    page.bot(
        "answerInlineQuery",
        inline_query_id=update["inline_query"]["id"],
        results=[article],
        button={"text": "更多", "start_parameter": "more"},
    )
    offered = await typed
    assert offered["results"] == [{"id": "a", "title": "道歉", "description": "开场", "text": "非常抱歉"}]
    assert offered["button"] == {"text": "更多", "start": "more"}
    sent = await page.do("choose", person=LI, chat=GROUP_ID, query_id=offered["query_id"], result_id="a")
    shown = (await page.state())["messages"][str(GROUP_ID)][-1]
    assert (shown["id"], shown["via_bot"], shown["text"]) == (sent["id"], True, "非常抱歉")


async def test_a_file_is_sent_shown_and_given_back_without_running_as_our_page(page: Page) -> None:
    answer = await page.http.post(
        "/chat/file",
        data={"person": str(LI), "chat": str(LI), "kind": "document", "caption": "证据"},
        files={"file": ("记录.html", b"<script>1</script>", "text/html")},
    )
    shown = (await page.state())["messages"][str(LI)][-1]
    assert (shown["id"], shown["text"]) == (answer.json()["id"], "证据")
    assert (shown["file"]["kind"], shown["file"]["name"], shown["file"]["size"]) == ("document", "记录.html", 18)
    given = await page.http.get(shown["file"]["url"])
    assert given.content == b"<script>1</script>"
    assert given.headers["content-type"] == "application/octet-stream"
    assert given.headers["content-disposition"].startswith("attachment")
    assert given.headers["x-content-type-options"] == "nosniff"


async def test_a_message_is_forwarded_with_its_origin(page: Page) -> None:
    said = await page.do("say", person=LI, chat=LI, text="原话")
    await page.do("forward", person=LI, from_chat=LI, id=said["id"], chat=GROUP_ID)
    shown = (await page.state())["messages"][str(GROUP_ID)][-1]
    assert (shown["text"], shown["forwarded_from"]) == ("原话", "小李")


async def test_time_moves_by_minutes_to_the_next_thing_due_and_to_the_morning(page: Page) -> None:
    moved = await page.do("time", minutes=30)
    assert datetime.fromisoformat(moved["now"]) == MONDAY + timedelta(minutes=30)
    page.clock.due = MONDAY + timedelta(hours=2)
    assert datetime.fromisoformat((await page.state())["next_due"]) == page.clock.due
    moved = await page.do("time", to="next")
    assert datetime.fromisoformat(moved["now"]) == page.clock.due + timedelta(seconds=1)
    page.clock.due = None
    assert await page.refused("time", to="next") == "现在没有等待到期的事情。"
    moved = await page.do("time", to="morning")
    assert datetime.fromisoformat(moved["now"]) == datetime(2026, 3, 3, 1, 0, tzinfo=UTC)


async def test_a_new_deadline_is_told_by_itself(page: Page) -> None:
    seq = (await page.state())["seq"]
    async with listening(page, seq) as events:
        page.clock.due = MONDAY + timedelta(hours=2)
        assert (await first(events, "time"))["next_due"] == page.clock.due.isoformat()


async def test_without_a_clock_of_its_own_time_cannot_be_moved() -> None:
    playground = Playground()
    await playground.start()
    async with httpx.AsyncClient(base_url=playground.url, trust_env=False) as http:
        assert (await http.get("/chat/state")).json()["time_control"] is False
        assert (await http.post("/chat/time", json={"minutes": 5})).json()["error"]
    await playground.stop()


@pytest.mark.parametrize(
    ("deed", "fields", "sentence"),
    [
        ("say", {"person": LI, "chat": LI, "text": " "}, "请先写点什么。"),
        ("say", {"person": 7, "chat": 7, "text": "我"}, "没有这个人。"),
        ("say", {"person": ZHAO, "chat": GROUP_ID, "text": "我"}, "小赵不在这个群里。"),
        ("say", {"person": LI, "chat": WANG, "text": "我"}, "小李不在这个群里。"),
        ("say", {"person": LI, "chat": LI}, "请求里缺少 text。"),
        ("edit", {"person": LI, "chat": LI, "id": 99, "text": "我"}, "这条消息不在了。"),
        ("time", {"minutes": -5}, "请说明快进多少分钟。"),
        ("time", {}, "请说明快进多少分钟。"),
        ("choose", {"person": LI, "chat": LI, "query_id": "1", "result_id": "1"}, "这条候选已经过期，请重新输入。"),
    ],
)
async def test_what_cannot_be_done_is_said_in_a_sentence(
    page: Page, deed: str, fields: dict[str, Any], sentence: str
) -> None:
    assert await page.refused(deed, **fields) == sentence


async def test_a_request_that_is_not_json_is_refused(page: Page) -> None:
    answer = await page.http.post("/chat/say", content=b"{")
    assert (answer.status_code, answer.json()) == (400, {"error": "这个请求读不懂。"})


async def test_stopping_does_not_wait_for_open_streams(page: Page) -> None:
    async with listening(page, 0), asyncio.timeout(1):
        await page.playground.stop()


async def test_the_page_itself_is_served(page: Page) -> None:
    answer = await page.http.get("/")
    assert answer.headers["content-type"].startswith("text/html")
    style = await page.http.get("/page/chat.css")
    assert style.headers["content-type"].startswith("text/css")


async def test_unread_and_history_survive_a_restart(tmp_path: Path) -> None:
    killed = Playground(home=tmp_path)
    await killed.world.say(LI, "在吗", chat=GROUP_ID)
    again = Playground(home=tmp_path)
    assert again.world.unread(WANG, GROUP_ID) == 1
    assert [one.text for one in again.world.messages(GROUP_ID)] == ["在吗"]
