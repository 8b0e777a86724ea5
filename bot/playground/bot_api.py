"""The Bot API over HTTP: one call in, its answer (or an ordered misfortune) out."""

import asyncio
import inspect
import json
import secrets
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.playground.bot_methods import METHODS
from bot.playground.errors import ApiError
from bot.playground.faults import Call, Fault
from bot.playground.parameters import Parameters, read_parameters
from bot.playground.world import World


class BotApi:
    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[Route]:
        return [
            Route("/bot{token}/{method}", self.answer, methods=["GET", "POST"]),
            Route("/file/bot{token}/{path:path}", self.download),
        ]

    async def answer(self, request: Request) -> Response:
        method = request.path_params["method"].lower()
        given = Parameters({})
        try:
            self._check_token(request.path_params["token"])
            given = await read_parameters(request)
            fault = self._world.faults.take(method, given.values.get("chat_id"))
            if fault and not fault.after:
                return await self._struck(request, given, fault)
            result = await self._unless_gone(request, self.call(method, given))
            if fault:
                return await self._struck(request, given, fault)
        except ApiError as refused:
            return self._refused(request, given, refused)
        self._record(request, given, 200, result)
        return _json(200, {"ok": True, "result": result})

    async def call(self, method: str, given: Parameters) -> Any:
        """Carry out a call and save what it did, before anybody is told."""
        perform = METHODS.get(method.lower())
        if not perform:
            raise ApiError(404, "Not Found")
        try:
            result = perform(self._world, given)
            return await result if inspect.isawaitable(result) else result
        finally:
            self._world.save()

    async def download(self, request: Request) -> Response:
        try:
            self._check_token(request.path_params["token"])
        except ApiError as refused:
            return _json(refused.status, _refusal(refused))
        identity = request.path_params["path"].rpartition("/")[2].partition(".")[0]
        found = self._world.file(identity)
        if not found:
            return _json(404, _refusal(ApiError(404, "Not Found")))
        return Response(found[1], media_type="application/octet-stream")

    def _check_token(self, token: str) -> None:
        if not secrets.compare_digest(token.encode(), self._world.token.encode()):
            raise ApiError(401, "Unauthorized")

    async def _struck(self, request: Request, given: Parameters, fault: Fault) -> Response:
        if fault.status:
            return self._refused(request, given, ApiError(fault.status, fault.description, fault.parameters))
        self._record(request, given, 0, fault.description)
        request.state.transport.abort()
        await _gone(request)
        return Response()  # into the void

    def _refused(self, request: Request, given: Parameters, refused: ApiError) -> Response:
        self._record(request, given, refused.status, refused.description)
        return _json(refused.status, _refusal(refused))

    def _record(self, request: Request, given: Parameters, status: int, answer: Any) -> None:
        method = request.path_params["method"]
        now = self._world.now()
        self._world.ledger.append(Call(method=method, params=given.for_ledger(), status=status, answer=answer, at=now))

    async def _unless_gone(self, request: Request, work: Any) -> Any:
        """A long poll ends with its caller: a bot that was killed is not mistaken for one that listens."""
        if request.path_params["method"].lower() != "getupdates":
            return await work
        polling, gone = asyncio.ensure_future(work), asyncio.ensure_future(_gone(request))
        try:
            await asyncio.wait({polling, gone}, return_when=asyncio.FIRST_COMPLETED)
            return await polling if polling.done() else []
        finally:
            polling.cancel()
            gone.cancel()


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _refusal(refused: ApiError) -> dict[str, Any]:
    body = {"ok": False, "error_code": refused.status, "description": refused.description}
    return body | ({"parameters": refused.parameters} if refused.parameters else {})


def _json(status: int, body: dict[str, Any]) -> Response:
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return Response(text.encode(errors="replace"), status_code=status, media_type="application/json")
