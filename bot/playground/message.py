"""A message as Telegram keeps it, with its file and buttons, and how it is saved."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from bot.playground.markup import Entity, as_html, entity

FileKind = Literal["photo", "document", "voice"]
FILE_KINDS: tuple[FileKind, ...] = ("photo", "document", "voice")


@dataclass(frozen=True, kw_only=True)
class File:
    id: str
    kind: FileKind
    name: str
    mime: str
    size: int
    width: int = 0
    height: int = 0
    duration: int = 0

    @property
    def unique_id(self) -> str:
        return f"Ag{self.id[-12:]}"

    @property
    def path(self) -> str:
        suffix = {"photo": ".jpg", "voice": ".oga"}.get(self.kind) or self.name[self.name.rfind(".") :]
        folder = {"photo": "photos", "voice": "voice"}.get(self.kind, "documents")
        return f"{folder}/{self.id}{suffix if suffix.startswith('.') else ''}"


@dataclass(frozen=True, kw_only=True)
class Button:
    text: str
    kind: str  # callback, copy, url, inline, inline_here or other
    value: str = ""
    style: str | None = None

    def as_json(self) -> dict[str, str]:
        named = {"callback": "data", "copy": "copy", "url": "url", "inline": "query", "inline_here": "query"}
        shown = {"text": self.text, "kind": self.kind}
        if self.kind in named:
            shown[named[self.kind]] = self.value
        return shown | ({"style": self.style} if self.style else {})


@dataclass(frozen=True, kw_only=True)
class Message:
    id: int
    chat: int
    sender: int
    name: str
    date: datetime
    text: str = ""  # the caption when there is a file
    entities: tuple[Entity, ...] = ()
    markup: dict[str, Any] | None = None  # reply_markup as the bot gave it
    reply_to: int | None = None
    edited_at: datetime | None = None
    via_bot: bool = False
    inline_id: str | None = None
    forwarded_from: str | None = None
    forwarded_person: int | None = None  # None: outside this playground, or hidden
    reactions: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    file: File | None = None

    @property
    def html(self) -> str:
        return as_html(self.text, self.entities)

    @property
    def buttons(self) -> list[list[Button]]:
        return [[_button(one) for one in row] for row in (self.markup or {}).get("inline_keyboard", [])]

    @property
    def keyboard(self) -> list[list[str]]:
        """The texts of a reply keyboard sent with the message."""
        rows = (self.markup or {}).get("keyboard", [])
        return [[one if isinstance(one, str) else one["text"] for one in row] for row in rows]

    def button(self, *, data: str | None = None, label: str | None = None) -> Button | None:
        """The first callback button with this data, or this label."""
        pressable = (one for row in self.buttons for one in row if one.kind == "callback")
        return next((one for one in pressable if one.value == data or one.text == label), None)

    def as_record(self) -> dict[str, Any]:
        return {
            **vars(self),
            "date": self.date.isoformat(),
            "edited_at": self.edited_at and self.edited_at.isoformat(),
            "entities": [one.as_json() for one in self.entities],
            "file": self.file and vars(self.file),
        }


def from_record(fields: dict[str, Any]) -> Message:
    edited = fields["edited_at"]
    return Message(
        **{
            **fields,
            "date": datetime.fromisoformat(fields["date"]),
            "edited_at": edited and datetime.fromisoformat(edited),
            "entities": tuple(map(entity, fields["entities"])),
            "reactions": {emoji: tuple(ids) for emoji, ids in fields["reactions"].items()},
            "file": fields["file"] and File(**fields["file"]),
        }
    )


def _button(fields: dict[str, Any]) -> Button:
    kind, value = "other", ""
    if "callback_data" in fields:
        kind, value = "callback", fields["callback_data"]
    elif "copy_text" in fields:
        kind, value = "copy", fields["copy_text"]["text"]
    elif "url" in fields:
        kind, value = "url", fields["url"]
    elif "switch_inline_query_current_chat" in fields:
        kind, value = "inline_here", fields["switch_inline_query_current_chat"]
    elif "switch_inline_query" in fields:
        kind, value = "inline", fields["switch_inline_query"]
    return Button(text=fields["text"], kind=kind, value=value, style=fields.get("style"))
