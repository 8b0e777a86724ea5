"""One update as the rooms hear it: who, where, what. Pure; Telegram's shapes stop here."""

import re
from dataclasses import dataclass, field
from typing import Any, Literal

from bot.language.fold import fold
from bot.shared.text import clean

Kind = Literal["text", "edited", "file", "press", "inline", "chosen", "reaction", "membership", "moved"]
MESSAGES: tuple[tuple[str, Kind], ...] = (("message", "text"), ("edited_message", "edited"))
# What a person can send that has no words of its own.
FILES = ("photo", "document", "voice", "audio", "video", "video_note", "animation", "sticker", "location", "contact")


@dataclass(frozen=True, kw_only=True)
class Sender:
    id: int
    name: str
    language: str = ""


@dataclass(frozen=True, kw_only=True)
class Heard:
    """`chat` is where it was said (for an inline search, the searcher). `query` is what a press or search is answered
    with. `message` is the message said, pressed on or reacted to."""

    update_id: int
    kind: Kind
    chat: int
    private: bool
    sender: Sender
    text: str = ""
    message: int = 0
    reply_to: int | None = None
    reply_text: str = ""
    query: str = ""
    forwarded: bool = False
    emojis: tuple[str, ...] = ()
    joined: bool = False
    file: str = ""  # a document: what Telegram gives it out by, its name and its size in bytes
    file_name: str = ""
    file_size: int = 0
    args: tuple[str, ...] = field(default=())

    @property
    def number(self) -> int:
        """The first argument of a press as a number; 0 when it is none (nobody honest sends that)."""
        return self.int_arg(0)

    def int_arg(self, place: int) -> int:
        value = self.args[place] if place < len(self.args) else ""
        return int(value) if value.isascii() and value.lstrip("-").isdigit() and len(value) < 19 else 0


def hear(update: dict[str, Any]) -> Heard | None:
    """An update (Bot API JSON) as the rooms hear it; None for what nobody here listens to or can't be read."""
    try:
        heard = _hear(update)
    except (KeyError, TypeError, ValueError, AttributeError):
        return None
    return heard if heard and _is_sound(heard) else None


def chat_of(update: dict[str, Any]) -> int:
    """Whose order an update must keep: its chat, or its sender where it has none."""
    heard = hear(update)
    return heard.chat if heard else 0


def _hear(update: dict[str, Any]) -> Heard | None:
    for name, kind in MESSAGES:
        if name in update:
            return _message(update["update_id"], update[name], kind)
    number = update["update_id"]
    if press := update.get("callback_query"):
        message = press.get("message") or {}
        chat = message.get("chat") or {"id": press["from"]["id"], "type": "private"}
        verb, *args = str(press.get("data", "")).split(":")
        return Heard(
            update_id=number, kind="press", chat=chat["id"], private=chat["type"] == "private",
            sender=_sender(press["from"]), text=verb, args=tuple(args), query=press["id"],
            message=message.get("message_id", 0),
        )  # fmt: skip
    if search := update.get("inline_query"):
        return Heard(
            update_id=number, kind="inline", chat=search["from"]["id"], private=True,
            sender=_sender(search["from"]), text=clean(search.get("query", "")), query=search["id"],
        )  # fmt: skip
    if chosen := update.get("chosen_inline_result"):
        return Heard(
            update_id=number, kind="chosen", chat=chosen["from"]["id"], private=True, sender=_sender(chosen["from"]),
            text=clean(chosen.get("query", "")), args=(str(chosen["result_id"]),),
        )  # fmt: skip
    if reaction := update.get("message_reaction"):
        if "user" not in reaction:
            return None
        emojis = tuple(r.get("emoji", "") for r in reaction.get("new_reaction", []))
        return Heard(
            update_id=number, kind="reaction", chat=reaction["chat"]["id"],
            private=reaction["chat"]["type"] == "private", sender=_sender(reaction["user"]),
            message=reaction["message_id"], emojis=emojis,
        )  # fmt: skip
    if member := update.get("my_chat_member"):
        return Heard(
            update_id=number, kind="membership", chat=member["chat"]["id"], private=member["chat"]["type"] == "private",
            sender=_sender(member["from"]),
            joined=member["new_chat_member"]["status"] in ("member", "administrator", "creator", "restricted"),
        )  # fmt: skip
    return None


def _message(number: int, message: dict[str, Any], kind: Kind) -> Heard | None:
    if "migrate_to_chat_id" in message:
        return Heard(
            update_id=number, kind="moved", chat=message["chat"]["id"], private=False, sender=Sender(id=0, name=""),
            args=(str(message["migrate_to_chat_id"]),),
        )  # fmt: skip
    if "from" not in message or (message["from"].get("is_bot") and "via_bot" not in message):
        return None
    replied = message.get("reply_to_message") or {}
    words = message.get("text") or message.get("caption") or ""
    document = message.get("document") or {}
    if not words and any(name in message for name in FILES):
        kind = "file"
    elif not words:
        return None
    return Heard(
        update_id=number, kind=kind, chat=message["chat"]["id"], private=message["chat"]["type"] == "private",
        sender=_sender(message["from"]), text=clean(words), message=message["message_id"],
        reply_to=replied.get("message_id"), reply_text=clean(replied.get("text") or replied.get("caption") or ""),
        forwarded="forward_origin" in message, file=document.get("file_id", ""),
        file_name=clean(document.get("file_name", "")), file_size=document.get("file_size", 0),
    )  # fmt: skip


def _sender(user: dict[str, Any]) -> Sender:
    name = " ".join(filter(None, (user.get("first_name"), user.get("last_name"))))
    return Sender(id=user["id"], name=clean(name)[:64], language=user.get("language_code") or "")


def _is_sound(heard: Heard) -> bool:
    """Numbers where the database expects numbers, words where words; one bad update must not stop the others."""
    numbers = (heard.update_id, heard.chat, heard.sender.id, heard.message, heard.reply_to or 0, heard.file_size)
    words = (heard.text, heard.query, heard.sender.language, heard.file, *heard.emojis)
    return all(type(n) is int and abs(n) < 2**63 for n in numbers) and all(isinstance(word, str) for word in words)


def command(text: str, username: str, words: dict[str, str]) -> tuple[str, str] | None:
    """The command a text gives and what follows it: `/say 催单`, `/say@bot 催单`, `话术 催单`, `话术：催单`, `/话术 催单`.

    `words` maps Chinese words to command names. None for ordinary text and for commands to another bot; an unknown
    command comes back under its own name.
    """
    first, rest = (*re.split(r"[\s：:，,]+", text, maxsplit=1), "")[:2]
    if first.startswith("/"):
        name, _, addressed = first[1:].partition("@")
        if addressed and addressed.lower() != username.lower():
            return None
        name = name.lower()
        return words.get(fold(name).text, name), rest.strip()
    named = words.get(fold(first).text)
    return (named, rest.strip()) if named else None
