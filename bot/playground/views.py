"""The same things in two languages: JSON as the Bot API gives it, JSON as the chat page draws it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from bot.playground.message import File, Message
from bot.playground.people import Person

Json = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Chat:
    id: int
    kind: Literal["private", "group"]
    title: str
    members: tuple[int, ...]  # people; the bot is in every chat


@dataclass(frozen=True, kw_only=True)
class BotUser:
    id: int
    name: str
    username: str


class Views:
    def __init__(
        self,
        *,
        bot: BotUser,
        people: Mapping[int, Person],
        chats: Mapping[int, Chat],
        find: Callable[[int, int | None], Message | None],
    ) -> None:
        self._bot = bot
        self._people = people
        self._chats = chats
        self._find = find

    # As the Bot API gives it

    def user(self, identity: int) -> Json:
        if identity == self._bot.id:
            return {"id": identity, "is_bot": True, "first_name": self._bot.name, "username": self._bot.username}
        person = self._people[identity]
        return {
            "id": identity,
            "is_bot": False,
            "first_name": person.name,
            "username": person.username,
            "language_code": person.language_code,
        }

    def chat(self, identity: int) -> Json:
        chat = self._chats[identity]
        if chat.kind == "group":
            return {"id": identity, "type": "group", "title": chat.title, "all_members_are_administrators": False}
        person = self._people[identity]
        return {"id": identity, "type": "private", "first_name": person.name, "username": person.username}

    def message(self, message: Message, *, nested: bool = False) -> Json:
        shown: Json = {
            "message_id": message.id,
            "from": self.user(message.sender),
            "chat": self.chat(message.chat),
            "date": unix(message.date),
        }
        if message.edited_at:
            shown["edit_date"] = unix(message.edited_at)
        if message.via_bot:
            shown["via_bot"] = self.user(self._bot.id)
        if message.forwarded_from:
            shown["forward_origin"] = self._origin(message)
        answered = self._find(message.chat, message.reply_to)
        if answered and not nested:  # Telegram never nests a reply within a reply
            shown["reply_to_message"] = self.message(answered, nested=True)
        if "inline_keyboard" in (message.markup or {}):
            shown["reply_markup"] = message.markup
        return shown | self._content(message)

    def _origin(self, message: Message) -> Json:
        if message.forwarded_person is None:
            return {"type": "hidden_user", "sender_user_name": message.forwarded_from, "date": unix(message.date)}
        return {"type": "user", "sender_user": self.user(message.forwarded_person), "date": unix(message.date)}

    def _content(self, message: Message) -> Json:
        entities = [one.as_json() for one in message.entities]
        if not message.file:
            return {"text": message.text} | ({"entities": entities} if entities else {})
        content: Json = {message.file.kind: self.attachment(message.file)}
        if message.text:
            content["caption"] = message.text
        if entities:
            content["caption_entities"] = entities
        return content

    def file(self, file: File) -> Json:
        return {"file_id": file.id, "file_unique_id": file.unique_id, "file_size": file.size}

    def attachment(self, file: File) -> Json | list[Json]:
        common = self.file(file)
        match file.kind:
            case "photo":
                return [{**common, "width": file.width, "height": file.height}]
            case "voice":
                return {**common, "duration": file.duration, "mime_type": file.mime}
            case "document":
                return {**common, "file_name": file.name, "mime_type": file.mime}

    def member(self, chat: int, identity: int, *, status: str | None = None) -> Json:
        known = {"user": self.user(identity), "status": status or self._status(chat, identity)}
        match known["status"]:
            case "administrator":
                return known | dict.fromkeys(_RIGHTS, True) | dict.fromkeys(_NO_RIGHTS, False)
            case "creator":
                return known | {"is_anonymous": False}
            case "kicked":
                return known | {"until_date": 0}
        return known

    def _status(self, chat: int, identity: int) -> str:
        if self._chats[chat].kind == "private":
            return "member"
        if identity == self._bot.id:
            return "administrator"
        if identity not in self._chats[chat].members:
            return "left"
        admins = [one for one in self._chats[chat].members if self._people[one].group_admin]
        if identity in admins:
            return "creator" if identity == admins[-1] else "administrator"
        return "member"

    # As the page draws it

    def bubble(self, message: Message) -> Json:
        answered = self._find(message.chat, message.reply_to)
        return {
            "id": message.id,
            "chat": message.chat,
            "from": message.sender,
            "name": message.name,
            "text": message.text,
            "entities": [one.as_json() for one in message.entities],
            "buttons": [[one.as_json() for one in row] for row in message.buttons],
            "keyboard": message.keyboard,
            "date": message.date.isoformat(),
            "edited": message.edited_at and message.edited_at.isoformat(),
            "reply_to": answered and {"id": answered.id, "name": answered.name, "text": _snippet(answered)},
            "via_bot": message.via_bot,
            "forwarded_from": message.forwarded_from,
            "reactions": {emoji: list(ids) for emoji, ids in message.reactions.items()},
            "file": message.file and _shown_file(message.file),
        }


_RIGHTS = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
)
_NO_RIGHTS = (
    "can_be_edited",
    "is_anonymous",
    "can_promote_members",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
)


def unix(moment: datetime) -> int:
    return int(moment.timestamp())


def _snippet(message: Message) -> str:
    line = " ".join(message.text.split()) or (message.file.name if message.file else "")
    return line if len(line) <= 60 else f"{line[:59]}…"


def _shown_file(file: File) -> Json:
    return {"kind": file.kind, "name": file.name, "size": file.size, "url": f"/chat/file/{file.id}"}
