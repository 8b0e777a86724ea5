"""Telegram as a small working thing: people, chats, messages and what waits for the bot, kept in one SQLite file."""

import asyncio
import secrets
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from itertools import takewhile
from pathlib import Path
from typing import Any

from bot.playground.commands import Menus, Reader
from bot.playground.errors import PlaygroundError, bad_request, forbidden
from bot.playground.faults import REMEMBERED, Call, Fault, Faults
from bot.playground.feed import Feed, Subscription
from bot.playground.files import describe_file
from bot.playground.markup import Entity, found_entities, in_order, units
from bot.playground.message import Button, File, FileKind, Message, from_record
from bot.playground.people import CAST, Person, utc_now
from bot.playground.queue import UpdateQueue
from bot.playground.store import Store
from bot.playground.views import BotUser, Chat, Json, Views, unix

GROUP_ID = -1001
BOT_ID = 7_000_000_001
TEXT_LIMIT = 4096
CALLBACK_LIFE = timedelta(seconds=150)
INLINE_LIFE = timedelta(seconds=30)
# A poll this recent means that the bot is alive, between two of its long polls.
ALIVE_SECONDS = 5.0
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


@dataclass(frozen=True, kw_only=True)
class Press:
    """A pressed button."""

    id: str
    person: int
    at: datetime
    answered: bool = False


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the bot said to a press."""

    query: str
    person: int
    text: str
    alert: bool
    url: str | None = None


@dataclass(frozen=True, kw_only=True)
class InlineResult:
    id: str
    title: str = ""
    description: str = ""
    text: str = ""
    entities: tuple[Entity, ...] = ()
    markup: dict[str, Any] | None = None
    file: File | None = None


@dataclass(frozen=True, kw_only=True)
class InlineAnswer:
    query_id: str
    results: tuple[InlineResult, ...] = ()
    next_offset: str = ""
    button: dict[str, Any] | None = None
    late: bool = False  # nothing came in time

    def result(self, identity: str) -> InlineResult | None:
        return next((one for one in self.results if one.id == identity), None)


@dataclass(frozen=True, kw_only=True)
class InlineQuery:
    id: str
    person: int
    query: str
    offset: str
    at: datetime
    answer: InlineAnswer | None = None


class World:
    """Whatever a person does is a coroutine named for it; whatever can be looked at is a plain method.

    The bot is an administrator of the team group, so that it hears everything there in spite of its privacy mode.
    """

    def __init__(
        self,
        *,
        path: Path | None = None,
        people: Sequence[Person] = CAST,
        group_title: str = "客服一组",
        bot_name: str = "话术助手",
        bot_username: str = "huashu_bot",
        clock: Callable[[], datetime] = utc_now,
        token: str | None = None,
    ) -> None:
        self._store = Store(path)
        self._settings: dict[str, Any] = self._store.all("setting")
        self.token: str = token or self._settings.get("token") or f"{BOT_ID}:{secrets.token_urlsafe(26)[:35]}"
        self._set("token", self.token)
        self.now = clock
        self.people = {person.id: person for person in people}
        self.bot = BotUser(id=int(self.token.split(":")[0]), name=bot_name, username=bot_username)
        self.chats = _chats(people, group_title)
        self.queue = UpdateQueue(self._store, clock)
        self.menus = Menus(self._store)
        self.views = Views(bot=self.bot, people=self.people, chats=self.chats, find=self.find)
        self.feed = Feed(time.time_ns() // 1_000_000)
        self.faults = Faults()
        self.ledger: deque[Call] = deque(maxlen=REMEMBERED)
        self.answers: list[Answer] = []
        self.webhook: Json = self._settings.get("webhook", {})
        self.webhook_failing = False
        self.on_webhook: Callable[[], None] = lambda: None
        self._heard = -ALIVE_SECONDS
        self._messages: dict[int, dict[int, Message]] = {chat: {} for chat in self.chats}
        self._unread: dict[tuple[int, int], int] = {}
        self._files: dict[str, File] = {}
        self._presses: dict[str, Press] = {}
        self._inline: dict[str, InlineQuery] = {}
        self._inline_cache: dict[tuple[int, str, str], tuple[datetime, str]] = {}
        self._asked: dict[str, asyncio.Future[InlineAnswer]] = {}
        self._load()
        self.save()

    # Looking

    def messages(self, chat: int) -> list[Message]:
        return list(self._messages[chat].values())

    def find(self, chat: int, message_id: int | None) -> Message | None:
        return None if message_id is None else self._messages.get(chat, {}).get(message_id)

    def message(self, chat: int, message_id: int) -> Message:
        found = self.find(chat, message_id)
        if not found:
            raise PlaygroundError("这条消息不在了。")
        return found

    def pending(self) -> int:
        """Updates the bot has not confirmed."""
        return len(self.queue.waiting())

    def unread(self, person: int, chat: int) -> int:
        return self._unread[person, chat]

    def commands(self, person: int, chat: int) -> list[dict[str, str]]:
        who = self.people[person]
        private = self.chats[chat].kind == "private"
        language = who.language_code.split("-")[0]
        return self.menus.shown(
            Reader(person=person, chat=chat, private=private, admin=who.group_admin, language=language)
        )

    def subscribe(self, after: int | None = None) -> Subscription:
        return self.feed.subscribe(after)

    def file(self, identity: str) -> tuple[File, bytes] | None:
        found = self._files.get(identity)
        return (found, self._store.file(identity)) if found else None

    @property
    def online(self) -> bool:
        """Whether a bot is listening."""
        if self.webhook:
            return not self.webhook_failing
        return self.queue.polled or time.monotonic() - self._heard < ALIVE_SECONDS

    def fail_next(
        self,
        method: str,
        status: int,
        description: str = "",
        parameters: Mapping[str, Any] | None = None,
        *,
        times: int = 1,
        chat: int | None = None,
        after: bool = False,
    ) -> None:
        """The next calls of a method fail; status 0 cuts the connection, `after` carries the call out first."""
        self.faults.add(
            Fault(
                method=method.lower(),
                status=status,
                description=description,
                parameters=parameters,
                times=times,
                chat=chat,
                after=after,
            )
        )

    # What people do

    async def start(self, person: int, parameter: str | None = None) -> int:
        """Open the bot, perhaps by a link https://t.me/<bot>?start=<parameter>."""
        if self._is("blocked", person):
            await self.unblock(person)
        return await self.say(person, f"/start {parameter}" if parameter else "/start")

    async def say(
        self,
        person: int,
        text: str,
        chat: int | None = None,
        *,
        reply_to: int | None = None,
        forward_from: int | str | None = None,
    ) -> int:
        """Send a text; `forward_from` names a person here or somebody outside. A long text goes in parts: the last id."""
        where = self._place(person, chat)
        if not text.strip():
            raise PlaygroundError("请先写点什么。")
        self._check_reply(where, reply_to)
        last = 0
        for part in _parts(text.strip()):
            last = self._said(
                person,
                where,
                text=part,
                entities=in_order(found_entities(part)),
                reply_to=reply_to,
                forwarded_from=self._name(forward_from),
                forwarded_person=forward_from if isinstance(forward_from, int) else None,
            )
        return last

    async def edit(self, person: int, message_id: int, text: str, chat: int | None = None) -> None:
        where = self._place(person, chat)
        message = self.message(where, message_id)
        if message.sender != person or message.via_bot or message.forwarded_from:
            raise PlaygroundError("只能改自己写的消息。")
        short = text.strip()
        if units(short) > TEXT_LIMIT:
            raise PlaygroundError(f"一条消息最多 {TEXT_LIMIT} 个字。")
        if not short and not message.file:
            raise PlaygroundError("请先写点什么。")
        if short != message.text:
            edited = self.change(message, text=short, entities=in_order(found_entities(short)), edited_at=self.now())
            self._tell_bot("edited_message", where, self.views.message(edited))

    async def forward(self, person: int, from_chat: int, message_id: int, chat: int) -> int:
        source = self.message(self._place(person, from_chat), message_id)
        where = self._place(person, chat)
        return self._said(person, where, **self.forwarded(source))

    async def press(
        self,
        person: int,
        message_id: int,
        data: str | None = None,
        chat: int | None = None,
        *,
        label: str | None = None,
    ) -> str:
        """Press a button by its data or its label; the id of the callback query."""
        where = self._place(person, chat)
        message = self.message(where, message_id)
        button = message.button(data=data, label=label)
        if not button:
            raise PlaygroundError("这个按钮不在了。")
        press = Press(id=_id(), person=person, at=self.now())
        self._keep_press(press)
        self._tell_bot("callback_query", where, self._pressed(press, message, button))
        return press.id

    async def inline(
        self, person: int, query: str, chat: int | None = None, offset: str = "", *, seconds: float = 10
    ) -> InlineAnswer:
        """Type `@bot query` and wait for what it offers; an answer the bot lets Telegram keep is not asked again."""
        where = self._place(person, chat, reading=True)
        if known := self._kept_answer(person, query, offset):
            return known
        asked = InlineQuery(id=_id(), person=person, query=query[:256], offset=offset, at=self.now())
        self._inline[asked.id] = asked
        self._asked[asked.id] = asyncio.get_running_loop().create_future()
        payload = {
            "id": asked.id,
            "from": self.views.user(person),
            "query": asked.query,
            "offset": offset,
            "chat_type": "sender" if where == person else self.chats[where].kind,
        }
        self._tell_bot("inline_query", person, payload)
        try:
            async with asyncio.timeout(seconds):
                return await self._asked[asked.id]
        except TimeoutError:
            return InlineAnswer(query_id=asked.id, late=True)
        finally:
            del self._asked[asked.id]

    async def choose(self, person: int, query_id: str, result_id: str, chat: int | None = None) -> int:
        """Send an offered result; the bot hears which one was taken."""
        where = self._place(person, chat)
        asked = self._inline.get(query_id)
        result = asked and asked.answer and asked.answer.result(result_id)
        if not asked or not result:
            raise PlaygroundError("这条候选已经过期，请重新输入。")
        inline_id = _id() if result.markup else None
        chosen = {"result_id": result_id, "from": self.views.user(person), "query": asked.query}
        self._tell_bot("chosen_inline_result", person, chosen | ({"inline_message_id": inline_id} if inline_id else {}))
        return self._said(
            person,
            where,
            text=result.text,
            entities=result.entities,
            markup=result.markup,
            file=result.file,
            via_bot=True,
            inline_id=inline_id,
        )

    async def react(self, person: int, message_id: int, emoji: str | None, chat: int | None = None) -> None:
        """Put one reaction, or take it back; the bot hears of it only if it asked for message_reaction."""
        where = self._place(person, chat)
        before = self.message(where, message_id)
        after = self.set_reaction(before, person, emoji)
        payload = {
            "chat": self.views.chat(where),
            "message_id": message_id,
            "user": self.views.user(person),
            "date": unix(self.now()),
            "old_reaction": _reactions_of(before, person),
            "new_reaction": _reactions_of(after, person),
        }
        self._tell_bot("message_reaction", where, payload)

    async def send_file(
        self,
        person: int,
        kind: FileKind,
        name: str,
        data: bytes,
        caption: str = "",
        chat: int | None = None,
        *,
        reply_to: int | None = None,
    ) -> int:
        where = self._place(person, chat)
        self._check_reply(where, reply_to)
        file = self.keep_file(kind, name, data)
        text = caption.strip()
        return self._said(
            person, where, text=text, entities=in_order(found_entities(text)), file=file, reply_to=reply_to
        )

    async def block(self, person: int) -> None:
        self._set_blocked(person, True)

    async def unblock(self, person: int) -> None:
        self._set_blocked(person, False)

    async def read(self, person: int, chat: int | None = None, message_id: int | None = None) -> None:
        """Everything up to a message (or to the last one) has been seen."""
        where = self._place(person, chat, reading=True)
        newest = max(self._messages[where], default=0)
        self._mark_read(person, where, min(message_id or newest, newest))
        self.save()

    # What the bot does: the primitives under its methods

    def reach(self, chat: int) -> Chat:
        """The chat, if the bot may write there."""
        if chat not in self.chats:
            raise bad_request("chat not found")
        if self.chats[chat].kind == "group":
            if self._is("left", chat):
                raise forbidden("bot was kicked from the group chat")
        elif not self._is("opened", chat):
            raise forbidden("bot can't initiate conversation with a user")
        elif self._is("blocked", chat):
            raise forbidden("bot was blocked by the user")
        return self.chats[chat]

    def knows(self, chat: int) -> bool:
        """Whether the bot has ever met this chat."""
        return chat in self.chats and (self.chats[chat].kind == "group" or self._is("opened", chat))

    def has_left(self, chat: int) -> bool:
        return self._is("left", chat)

    def post(self, sender: int, chat: int, **content: Any) -> Message:
        """A new message from anybody."""
        name = self.bot.name if sender == self.bot.id else self.people[sender].name
        self._set("last_message", self._settings.get("last_message", 0) + 1)
        message = Message(
            id=self._settings["last_message"], chat=chat, sender=sender, name=name, date=self.now(), **content
        )
        self._keep(message)
        self.feed.publish("message", message=self.views.bubble(message))
        if sender in self.people:
            self._mark_read(sender, chat, message.id)
        for person in self.chats[chat].members:
            if person != sender:
                self._unread[person, chat] += 1
                self._publish_unread(person, chat)
        return message

    def change(self, message: Message, **content: Any) -> Message:
        """An edited message; quietly, when `edited_at` is not given (buttons alone)."""
        changed = replace(message, **content)
        self._keep(changed)
        self.feed.publish("edit", message=self.views.bubble(changed))
        return changed

    def delete(self, message: Message) -> None:
        del self._messages[message.chat][message.id]
        self._store.remove("message", message.id)
        self.feed.publish("delete", chat=message.chat, id=message.id)
        for person in self.chats[message.chat].members:
            before = self._unread[person, message.chat]
            self._count_unread(person, message.chat)
            if self._unread[person, message.chat] != before:
                self._publish_unread(person, message.chat)

    def set_reaction(self, message: Message, who: int, emoji: str | None) -> Message:
        others = {key: tuple(one for one in ids if one != who) for key, ids in message.reactions.items()}
        reactions = {key: ids for key, ids in others.items() if ids}
        if emoji:
            reactions[emoji] = (*reactions.get(emoji, ()), who)
        changed = replace(message, reactions=reactions)
        self._keep(changed)
        self.feed.publish("reaction", message=self.views.bubble(changed))
        return changed

    def forwarded(self, source: Message) -> Json:
        """The content of a forward: where it first came from stays with it."""
        origin = source.forwarded_from or source.name
        person = source.forwarded_person if source.forwarded_from else source.sender
        return {**copied(source), "forwarded_from": origin, "forwarded_person": person}

    def by_inline_id(self, inline_id: str) -> Message | None:
        everywhere = (message for chat in self._messages.values() for message in chat.values())
        return next((one for one in everywhere if one.inline_id == inline_id), None)

    def keep_file(self, kind: FileKind, name: str, data: bytes) -> File:
        file = describe_file(f"BQAC{secrets.token_hex(16)}", kind, name, data)
        self._files[file.id] = file
        self._store.put("file", file.id, asdict(file))
        self._store.put_file(file.id, data)
        return file

    def answer_press(self, query_id: str, text: str, *, alert: bool, url: str | None) -> None:
        press = self._presses.get(query_id)
        if not press or press.answered or self.now() - press.at >= CALLBACK_LIFE:
            raise bad_request(TOO_OLD)
        self._keep_press(replace(press, answered=True))
        self.answers.append(Answer(query=query_id, person=press.person, text=text, alert=alert, url=url))
        self.feed.publish("answer", person=press.person, text=text, alert=alert, query=query_id)

    def answer_inline(self, answer: InlineAnswer, *, keep: timedelta, personal: bool) -> None:
        asked = self._inline.get(answer.query_id)
        if not asked or asked.answer or self.now() - asked.at >= INLINE_LIFE:
            raise bad_request(TOO_OLD)
        self._inline[asked.id] = replace(asked, answer=answer)
        owner = asked.person if personal else 0
        self._inline_cache[owner, asked.query, asked.offset] = (self.now() + keep, asked.id)
        waiting = self._asked.get(asked.id)
        if waiting and not waiting.done():
            waiting.set_result(answer)

    def show_typing(self, chat: int) -> None:
        self.feed.publish("typing", chat=chat)

    def show_commands(self) -> None:
        self.feed.publish("commands", commands=self.all_commands())

    def all_commands(self) -> dict[str, dict[str, list[dict[str, str]]]]:
        return {
            str(person): {str(chat.id): self.commands(person, chat.id) for chat in self.chats_of(person)}
            for person in self.people
        }

    def chats_of(self, person: int) -> list[Chat]:
        return [chat for chat in self.chats.values() if person in chat.members]

    def leave(self, chat: int) -> None:
        self._set(f"left:{chat}", True)

    def pin(self, chat: int, message_id: int | None) -> None:
        self._set(f"pinned:{chat}", message_id)

    def pinned(self, chat: int) -> Message | None:
        return self.find(chat, self._settings.get(f"pinned:{chat}"))

    def set_webhook(self, webhook: Json) -> None:
        self.webhook = webhook
        self.webhook_failing = False
        self._set("webhook", webhook)
        self.on_webhook()

    def heard(self) -> None:
        """The bot has just polled."""
        self._heard = time.monotonic()

    def save(self) -> None:
        """Called before anything is answered, so that a killed process has lost nothing it confirmed."""
        self._store.commit()

    def hang_up(self) -> None:
        """Whoever waits for updates or events waits no longer."""
        self.feed.close()
        self.queue.interrupt()

    def close(self) -> None:
        self.hang_up()
        self._store.close()

    # Within

    def _load(self) -> None:
        for fields in self._store.all("file").values():
            self._files[fields["id"]] = File(**fields)
        messages = sorted(map(from_record, self._store.all("message").values()), key=lambda one: one.id)
        for message in messages:
            self._messages.setdefault(message.chat, {})[message.id] = message
        for chat in self.chats.values():
            for person in chat.members:
                self._count_unread(person, chat.id)
        for fields in self._store.all("press").values():
            self._presses[fields["id"]] = Press(**{**fields, "at": datetime.fromisoformat(fields["at"])})

    def _said(self, person: int, chat: int, **content: Any) -> int:
        message = self.post(person, chat, **content)
        if self.chats[chat].kind == "private":
            self._set(f"opened:{person}", True)
        self._tell_bot("message", chat, self.views.message(message))
        return message.id

    def _tell_bot(self, kind: str, lane: int, payload: Json) -> None:
        if not self._is("left", lane):
            self.queue.put(kind, lane, payload)
        self.save()

    def _place(self, person: int, chat: int | None, *, reading: bool = False) -> int:
        """The chat a person means, if they may write (or at least look) there."""
        if person not in self.people:
            raise PlaygroundError("没有这个人。")
        where = person if chat is None else chat
        if where not in self.chats or person not in self.chats[where].members:
            raise PlaygroundError(f"{self.people[person].name}不在这个群里。")
        if where == person and not reading and self._is("blocked", person):
            raise PlaygroundError("你已停用机器人，请先发送 /start 重新启用。")
        return where

    def _check_reply(self, chat: int, reply_to: int | None) -> None:
        if reply_to is not None:
            self.message(chat, reply_to)

    def _name(self, origin: int | str | None) -> str | None:
        return self.people[origin].name if isinstance(origin, int) else origin

    def _pressed(self, press: Press, message: Message, button: Button) -> Json:
        common = {
            "id": press.id,
            "from": self.views.user(press.person),
            "chat_instance": str(message.chat),
            "data": button.value,
        }
        if message.inline_id:
            return common | {"inline_message_id": message.inline_id}
        return common | {"message": self.views.message(message)}

    def _kept_answer(self, person: int, query: str, offset: str) -> InlineAnswer | None:
        for owner in (person, 0):
            until, query_id = self._inline_cache.get((owner, query, offset), (self.now(), ""))
            if until > self.now():
                return self._inline[query_id].answer
        return None

    def _keep(self, message: Message) -> None:
        self._messages[message.chat][message.id] = message
        self._store.put("message", message.id, message.as_record())

    def _keep_press(self, press: Press) -> None:
        self._presses[press.id] = press
        self._store.put("press", press.id, {**asdict(press), "at": press.at.isoformat()})

    def _set_blocked(self, person: int, blocked: bool) -> None:
        before, after = ("member", "kicked") if blocked else ("kicked", "member")
        self._set(f"blocked:{person}", blocked)
        payload = {
            "chat": self.views.chat(person),
            "from": self.views.user(person),
            "date": unix(self.now()),
            "old_chat_member": self.views.member(person, self.bot.id, status=before),
            "new_chat_member": self.views.member(person, self.bot.id, status=after),
        }
        self._tell_bot("my_chat_member", person, payload)

    def _mark_read(self, person: int, chat: int, message_id: int) -> None:
        if message_id > self._settings.get(_read(person, chat), 0):
            self._set(_read(person, chat), message_id)
            self._count_unread(person, chat)
            self._publish_unread(person, chat)

    def _count_unread(self, person: int, chat: int) -> None:
        read = self._settings.get(_read(person, chat), 0)
        newer = takewhile(lambda message: message.id > read, reversed(self._messages[chat].values()))
        self._unread[person, chat] = sum(message.sender != person for message in newer)

    def _publish_unread(self, person: int, chat: int) -> None:
        self.feed.publish("unread", person=person, chat=chat, n=self.unread(person, chat))

    def _is(self, state: str, who: int) -> bool:
        return bool(self._settings.get(f"{state}:{who}"))

    def _set(self, name: str, value: object) -> None:
        self._settings[name] = value
        self._store.put("setting", name, value)


def copied(source: Message) -> Json:
    """The content of a copy, which says nothing of its source."""
    return {"text": source.text, "entities": source.entities, "file": source.file}


def _chats(people: Sequence[Person], group_title: str) -> dict[int, Chat]:
    private = [Chat(id=one.id, kind="private", title=one.name, members=(one.id,)) for one in people]
    team = tuple(one.id for one in people if not one.guest)
    group = Chat(id=GROUP_ID, kind="group", title=group_title, members=team)
    return {chat.id: chat for chat in (*private, group)}


def _parts(text: str) -> list[str]:
    """As clients do with a text too long for one message."""
    encoded = text.encode("utf-16-le", "surrogatepass")
    parts: list[str] = []
    while encoded:
        end = 2 * TEXT_LIMIT
        if len(encoded) > end and 0xDC <= encoded[end + 1] <= 0xDF:  # never between the halves of one character
            end -= 2
        parts.append(encoded[:end].decode("utf-16-le", "replace"))
        encoded = encoded[end:]
    return parts


def _reactions_of(message: Message, who: int) -> list[Json]:
    return [{"type": "emoji", "emoji": emoji} for emoji, ids in message.reactions.items() if who in ids]


def _read(person: int, chat: int) -> str:
    return f"read:{person}:{chat}"


def _id() -> str:
    return str(secrets.randbits(62))
