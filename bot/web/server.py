"""The webhook: an update is on disk before it is answered with 200. Only Telegram, by its secret, is let in."""

import hmac
import json
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

MOST = 1_000_000  # bytes of one update; Telegram's are far smaller
Store = Callable[[Sequence[dict[str, Any]]], Awaitable[None]]


def webhook(path: str, secret: str, store: Store) -> Starlette:
    """The application: POST `path` with the secret token header, GET /healthz."""

    async def update(request: Request) -> Response:
        given = request.headers.get("X-Telegram-Bot-Api-Secret-Token", "")
        if not hmac.compare_digest(given.encode(), secret.encode()):
            return PlainTextResponse("forbidden", 403)
        body = b""
        async for piece in request.stream():
            body += piece
            if len(body) > MOST:
                return PlainTextResponse("too large", 413)
        try:
            data = json.loads(body)
        except ValueError:
            return PlainTextResponse("not json", 400)
        number = data.get("update_id") if isinstance(data, dict) else None
        if not isinstance(number, int) or isinstance(number, bool) or abs(number) >= 2**63:
            return PlainTextResponse("not an update", 400)
        await store([data])
        return Response(status_code=200)

    async def health(request: Request) -> Response:
        return PlainTextResponse("ok")

    return Starlette(routes=[Route(path, update, methods=["POST"]), Route("/healthz", health)])


async def serve(app: Starlette, port: int, host: str = "0.0.0.0") -> None:  # noqa: S104 - behind a proxy or in a container
    """Serve until cancelled. Signals are left to whoever runs the loop."""
    server = uvicorn.Server(uvicorn.Config(app, host=host, port=port, log_level="warning", lifespan="off"))
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
    await server._serve()
