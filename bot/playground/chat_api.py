"""What the chat page asks for: everything at first, then events; and each thing a person can do."""

import asyncio
import inspect
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from bot.playground.errors import PlaygroundError
from bot.playground.feed import Event, Subscription
from bot.playground.message import FILE_KINDS
from bot.playground.people import Clock
from bot.playground.views import Json
from bot.playground.world import InlineAnswer, InlineResult, World

PAGE = Path(__file__).parent / "page"
SHOWN = 200
HEARTBEAT_SECONDS = 15
WATCH_SECONDS = 0.5
CATCH_UP = 40  # looks, a twentieth of a second apart, that the bot has to handle a jump
log = logging.getLogger(__name__)
MORNING = 9
FILE_LIMIT = 20 * 1024 * 1024
Deed = Callable[["ChatApi", Json], Awaitable[Json]]


class ChatApi:
    def __init__(self, world: World, clock: Clock | None, zone: ZoneInfo) -> None:
        self._world = world
        self._clock = clock
        self._zone = zone
        self._told: Json = {"online": world.online, "next_due": None}

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/", self.page),
            Route("/chat/state", self.state),
            Route("/chat/events", self.events),
            Route("/chat/file", self.take_file, methods=["POST"]),
            Route("/chat/file/{id}", self.give_file),
            *(Route(f"/chat/{name}", _answering(self, deed), methods=["POST"]) for name, deed in DEEDS.items()),
            Mount("/page", StaticFiles(directory=PAGE, check_dir=False)),
        ]

    async def watch(self) -> None:
        """Tell the page what nobody announces: the bot coming and going, and the next thing to fall due."""
        while True:
            try:
                await self._tell_changes()
            except Exception:
                log.exception("the page was not told what changed")  # the next look tells it
            await asyncio.sleep(WATCH_SECONDS)

    # Reading

    async def page(self, _: Request) -> Response:
        return FileResponse(PAGE / "index.html", headers={"Cache-Control": "no-cache"})

    async def state(self, _: Request) -> Response:
        world = self._world
        bot = {"id": world.bot.id, "name": world.bot.name, "username": world.bot.username, "online": world.online}
        people = [
            {"id": one.id, "name": one.name, "title": one.title, "guest": one.guest} for one in world.people.values()
        ]
        chats = [
            {"id": one.id, "kind": one.kind, "title": one.title, "members": list(one.members)}
            for one in world.chats.values()
        ]
        messages = {
            str(chat): [world.views.bubble(one) for one in world.messages(chat)[-SHOWN:]] for chat in world.chats
        }
        unread = {
            str(person): {str(chat.id): world.unread(person, chat.id) for chat in world.chats_of(person)}
            for person in world.people
        }
        return JSONResponse(
            {
                **await self._time(),
                "time_control": self._clock is not None,
                "zone": self._zone.key,
                "bot": bot,
                "people": people,
                "chats": chats,
                "messages": messages,
                "commands": world.all_commands(),
                "unread": unread,
                "seq": world.feed.seq,
            }
        )

    async def events(self, request: Request) -> Response:
        after = request.headers.get("last-event-id") or request.query_params.get("after", "")
        subscription = self._world.subscribe(int(after) if after.isdigit() else None)
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(_stream(subscription), media_type="text/event-stream", headers=headers)

    async def give_file(self, request: Request) -> Response:
        found = self._world.file(request.path_params["id"])
        if not found:
            return _refusal("没有这个文件。", 404)
        file, content = found
        # Somebody's HTML must not run as our page.
        shown = file.kind in {"photo", "voice"} and file.mime.startswith(("image/", "audio/"))
        headers = {
            "Content-Disposition": f"{'inline' if shown else 'attachment'}; filename*=UTF-8''{quote(file.name)}",
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "X-Content-Type-Options": "nosniff",
        }
        return Response(content, media_type=file.mime if shown else "application/octet-stream", headers=headers)

    # Doing

    async def say(self, given: Json) -> Json:
        said = await self._world.say(
            _id(given, "person"), _text(given, "text"), _id(given, "chat"), reply_to=given.get("reply_to")
        )
        return {"id": said}

    async def edit(self, given: Json) -> Json:
        await self._world.edit(_id(given, "person"), _id(given, "id"), _text(given, "text"), _id(given, "chat"))
        return {}

    async def press(self, given: Json) -> Json:
        person, message, chat = _id(given, "person"), _id(given, "id"), _id(given, "chat")
        return {"query": await self._world.press(person, message, _text(given, "data"), chat)}

    async def inline(self, given: Json) -> Json:
        offset = _text(given, "offset") if given.get("offset") else ""
        return _shown(await self._world.inline(_id(given, "person"), _text(given, "query"), _id(given, "chat"), offset))

    async def choose(self, given: Json) -> Json:
        chosen = _text(given, "query_id"), _text(given, "result_id")
        return {"id": await self._world.choose(_id(given, "person"), *chosen, _id(given, "chat"))}

    async def react(self, given: Json) -> Json:
        await self._world.react(_id(given, "person"), _id(given, "id"), given.get("emoji") or None, _id(given, "chat"))
        return {}

    async def read(self, given: Json) -> Json:
        await self._world.read(_id(given, "person"), _id(given, "chat"), given.get("id"))
        return {}

    async def forward(self, given: Json) -> Json:
        source = _id(given, "from_chat"), _id(given, "id")
        return {"id": await self._world.forward(_id(given, "person"), *source, _id(given, "chat"))}

    async def block(self, given: Json) -> Json:
        await self._world.block(_id(given, "person"))
        return {}

    async def move_time(self, given: Json) -> Json:
        """Minutes forward, one second past the next thing due, or the next morning."""
        if not self._clock:
            raise PlaygroundError("这里用的是真实时间，不能快进。")
        await self._clock.advance(await self._distance(self._clock, given))
        for _ in range(CATCH_UP):
            due = await self._next_due()
            if due is None or due > self._world.now():
                break
            await asyncio.sleep(0.05)  # what falls due is not yet handled: it is no step to offer
        time = await self._time()
        self._told = {**self._told, **time}
        self._world.feed.publish("time", **time)
        return time

    async def take_file(self, request: Request) -> Response:
        async with request.form(max_files=1, max_part_size=FILE_LIMIT) as form:
            upload = form.get("file")
            kind = next((one for one in FILE_KINDS if one == form.get("kind")), None)
            if not isinstance(upload, UploadFile) or not kind:
                return _refusal("请选择一个文件。")
            if (upload.size or 0) > FILE_LIMIT:
                return _refusal("文件太大，最多 20 MB。")
            given = {name: value for name, value in form.items() if isinstance(value, str)}
            data = await upload.read()
        return await _answered(self._keep_file(given, kind, upload.filename or "文件", data))

    async def _keep_file(self, given: Json, kind: Any, name: str, data: bytes) -> Json:
        caption = str(given.get("caption", ""))
        where = _id(given, "person"), _id(given, "chat")
        return {"id": await self._world.send_file(where[0], kind, name, data, caption, where[1])}

    # Time

    async def _time(self) -> Json:
        due = await self._next_due()
        return {"now": self._world.now().isoformat(), "next_due": due and due.isoformat()}

    async def _next_due(self) -> datetime | None:
        if not self._clock:
            return None
        due = self._clock.next_due()
        return await due if inspect.isawaitable(due) else due

    async def _distance(self, clock: Clock, given: Json) -> timedelta:
        now = clock.now()
        match given.get("to"):
            case "next":
                due = await self._next_due()
                if not due:
                    raise PlaygroundError("现在没有等待到期的事情。")
                return max(due + timedelta(seconds=1) - now, timedelta())
            case "morning":
                here = now.astimezone(self._zone)
                morning = here.replace(hour=MORNING, minute=0, second=0, microsecond=0)
                return (morning if morning > here else morning + timedelta(days=1)) - here
        minutes = given.get("minutes")
        if not isinstance(minutes, int | float) or not 0 < minutes <= 366 * 24 * 60:
            raise PlaygroundError("请说明快进多少分钟。")
        return timedelta(minutes=minutes)

    async def _tell_changes(self) -> None:
        online = self._world.online
        if online != self._told.get("online"):
            self._world.feed.publish("bot", online=online)
        time = await self._time()
        if time["next_due"] != self._told.get("next_due"):
            self._world.feed.publish("time", **time)
        self._told = {**time, "online": online}


DEEDS: dict[str, Deed] = {
    "say": ChatApi.say,
    "edit": ChatApi.edit,
    "press": ChatApi.press,
    "inline": ChatApi.inline,
    "choose": ChatApi.choose,
    "react": ChatApi.react,
    "read": ChatApi.read,
    "forward": ChatApi.forward,
    "block": ChatApi.block,
    "time": ChatApi.move_time,
}


def _answering(api: ChatApi, deed: Deed) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        try:
            given = await request.json()
        except ValueError:
            given = None
        if not isinstance(given, dict):
            return _refusal("这个请求读不懂。")
        return await _answered(deed(api, given))

    return answer


async def _answered(deed: Awaitable[Json]) -> Response:
    try:
        return JSONResponse(await deed)
    except PlaygroundError as refused:
        return _refusal(str(refused))


def _refusal(sentence: str, status: int = 400) -> Response:
    return JSONResponse({"error": sentence}, status_code=status)


async def _stream(subscription: Subscription) -> AsyncIterator[str]:
    with subscription:
        yield ": 你好\n\n"
        while True:
            try:
                async with asyncio.timeout(HEARTBEAT_SECONDS):
                    event = await subscription.get()
            except TimeoutError:
                yield ": …\n\n"
            except StopAsyncIteration:
                return
            else:
                yield _line(event)


def _line(event: Event) -> str:
    return f"id: {event.seq}\ndata: {json.dumps(event.as_json(), ensure_ascii=False)}\n\n"


def _shown(answer: InlineAnswer) -> Json:
    if answer.late:
        return {"query_id": answer.query_id, "results": [], "next_offset": "", "button": None, "late": True}
    button = answer.button and {"text": answer.button.get("text"), "start": answer.button.get("start_parameter", "")}
    results = [_candidate(one) for one in answer.results]
    return {"query_id": answer.query_id, "results": results, "next_offset": answer.next_offset, "button": button}


def _candidate(one: InlineResult) -> Json:
    return {"id": one.id, "title": one.title, "description": one.description, "text": one.text}


def _id(given: Json, name: str) -> int:
    try:
        return int(given[name])
    except (KeyError, TypeError, ValueError):
        raise PlaygroundError(f"请求里缺少 {name}。") from None


def _text(given: Json, name: str) -> str:
    value = given.get(name)
    if not isinstance(value, str):
        raise PlaygroundError(f"请求里缺少 {name}。")
    return value
