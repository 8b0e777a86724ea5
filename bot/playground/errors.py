"""What can go wrong here: as the bot hears it (in Telegram's words), as a person reads it (in Chinese)."""

from collections.abc import Mapping
from typing import Any


class ApiError(Exception):
    """A refused Bot API call; the description is what Telegram answers, word for word where it is known."""

    def __init__(self, status: int, description: str, parameters: Mapping[str, Any] | None = None) -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.parameters = dict(parameters) if parameters else None


def bad_request(reason: str) -> ApiError:
    return ApiError(400, f"Bad Request: {reason}")


def forbidden(reason: str) -> ApiError:
    return ApiError(403, f"Forbidden: {reason}")


def conflict(reason: str) -> ApiError:
    return ApiError(409, f"Conflict: {reason}")


class PlaygroundError(Exception):
    """Something a person cannot do here; the text is the sentence on the page."""
