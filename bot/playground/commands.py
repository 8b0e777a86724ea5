"""The command menus a bot has set, and which of them a person sees in a chat."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from bot.playground.store import Store

Menu = list[dict[str, str]]


@dataclass(frozen=True, kw_only=True)
class Reader:
    """Somebody looking at the menu of a chat."""

    person: int
    chat: int
    private: bool
    admin: bool
    language: str  # two letters


class Menus:
    def __init__(self, store: Store) -> None:
        self._store = store
        self._menus: dict[str, Menu] = store.all("menu")

    def set(self, scope: dict[str, Any], language: str, menu: Sequence[dict[str, str]]) -> None:
        key = _key(scope, language)
        self._menus[key] = list(menu)
        self._store.put("menu", key, self._menus[key])

    def get(self, scope: dict[str, Any], language: str) -> Menu:
        return self._menus.get(_key(scope, language), [])

    def delete(self, scope: dict[str, Any], language: str) -> None:
        key = _key(scope, language)
        self._menus.pop(key, None)
        self._store.remove("menu", key)

    def shown(self, reader: Reader) -> Menu:
        """The narrowest menu set for this reader, in their language before the unnamed one."""
        for scope in _scopes(reader):
            for language in (reader.language, ""):
                if menu := self._menus.get(_key(scope, language)):
                    return menu
        return []


def _scopes(reader: Reader) -> Iterator[dict[str, Any]]:
    if reader.private:
        yield {"type": "chat", "chat_id": reader.chat}
        yield {"type": "all_private_chats"}
    else:
        yield {"type": "chat_member", "chat_id": reader.chat, "user_id": reader.person}
        if reader.admin:
            yield {"type": "chat_administrators", "chat_id": reader.chat}
        yield {"type": "chat", "chat_id": reader.chat}
        if reader.admin:
            yield {"type": "all_chat_administrators"}
        yield {"type": "all_group_chats"}
    yield {"type": "default"}


def _key(scope: dict[str, Any], language: str) -> str:
    place = [str(scope[name]) for name in ("type", "chat_id", "user_id") if name in scope]
    return ":".join((*place, language))
