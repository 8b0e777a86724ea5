"""What a Bot API call brings: names and values, whether they came as JSON, as a form or with files."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from starlette.datastructures import UploadFile
from starlette.requests import Request

from bot.playground.errors import ApiError, bad_request

UPLOAD_LIMIT = 50 * 1024 * 1024


@dataclass(frozen=True)
class Upload:
    name: str
    data: bytes


class Parameters:
    def __init__(self, values: Mapping[str, Any], files: Mapping[str, Upload] | None = None) -> None:
        self.values = values
        self.files = files or {}

    def __contains__(self, name: str) -> bool:
        return self.values.get(name) is not None

    def text(self, name: str) -> str:
        value = self.values.get(name)
        return "" if value is None else str(value)

    def number(self, name: str, default: int = 0) -> int:
        try:
            return int(self.text(name) or default)
        except ValueError:
            raise bad_request(f'can\'t parse "{name}" as an integer') from None

    def flag(self, name: str) -> bool:
        return self.text(name).lower() in {"true", "1", "yes"}

    def data(self, name: str, kind: type[dict[str, Any]] | type[list[Any]]) -> Any:
        """A value that is JSON in the API: parsed if it came as a string; None when absent."""
        value = self.values.get(name)
        if isinstance(value, str):
            if not value:
                return None
            try:
                value = json.loads(value)
            except ValueError:
                raise bad_request(f"can't parse {name} JSON object") from None
        if value is not None and not isinstance(value, kind):
            wanted = "object" if kind is dict else "array"
            raise bad_request(f"{wanted} expected as {name}")
        return value

    def chat(self, name: str = "chat_id") -> int:
        value = self.text(name)
        if not value:
            raise bad_request(f"{name} is empty")
        try:
            return int(value)
        except ValueError:
            raise bad_request("chat not found") from None

    def for_ledger(self) -> dict[str, Any]:
        """As a test wants to read them: JSON strings opened, files by name."""
        shown = {name: _opened(value) for name, value in self.values.items()}
        return shown | {name: upload.name for name, upload in self.files.items()}


async def read_parameters(request: Request) -> Parameters:
    values: dict[str, Any] = dict(request.query_params)
    length = request.headers.get("content-length", "0")
    if length.isdigit() and int(length) > UPLOAD_LIMIT + 65536:
        raise ApiError(413, "Request Entity Too Large")
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "multipart/form-data":
        return await _from_multipart(request, values)
    body = await request.body()
    if kind == "application/json" and body:
        return Parameters(values | _json_object(body))
    return Parameters(values | dict(parse_qsl(body.decode(errors="replace"), keep_blank_values=True)))


async def _from_multipart(request: Request, values: dict[str, Any]) -> Parameters:
    files = {}
    async with request.form() as form:
        for name, value in form.multi_items():
            if isinstance(value, UploadFile):
                files[name] = Upload(value.filename or name, await value.read())
            else:
                values[name] = value
    return Parameters(values, files)


def _json_object(body: bytes) -> dict[str, Any]:
    try:
        value = json.loads(body)
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise bad_request("can't parse request as a JSON object")
    return value


def _opened(value: Any) -> Any:
    if isinstance(value, str) and value[:1] in {"{", "["}:
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value
