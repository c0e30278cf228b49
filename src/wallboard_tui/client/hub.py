"""Room ``client``: one terminal's line to its hub, over HTTP. Knows an address, a token and ``model``."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import httpx
from httpx_sse import EventSource, SSEError
from pydantic_core import from_json

from wallboard_tui import PROTOCOL
from wallboard_tui.client.address import endpoint
from wallboard_tui.client.errors import HubError
from wallboard_tui.client.wire import (
    check_owner,
    http_client,
    not_a_hub,
    other_protocol,
    quoted,
    refusal,
    words,
)
from wallboard_tui.model.base import Doc
from wallboard_tui.model.me import Me

ANSWER_S = 10.0
"""A hub that is up answers any small request well within this."""
CONNECT_S = 2.0
"""Short: a try that hangs must not keep a board from being back within 5 s of its hub."""
SILENCE_S = 12.0
"""A feed beats every 4 s; three beats missed, and nobody is there any more."""
Params = Mapping[str, str | int | float | bool | None]
Revive = Callable[[], Awaitable[object]]
"""Sees to it that a hub answers at the address."""
AGAIN = 3
"""So often a request is made anew at a hub that was brought back."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame of the feed. ``cursor`` stands on durable frames only: where to resume once it is applied."""

    event: str
    data: Doc
    cursor: str | None
    size: int = 0
    """Bytes of its data on the wire, about."""


class HubClient:
    """Everything a terminal may ask of a hub. Use as an async context manager, or ``close`` it.

    ``address`` is ``unix:/path/to/hub.sock`` or ``http(s)://host:port``. Every method raises ``HubError``.
    ``operator`` makes the caller the operator on the hub's own socket; ``as_person`` lets them act as somebody.
    ``view_as``: look through somebody else's eyes, as far as one's own access goes; nothing can be changed then.
    ``answer_s``: how long to wait for an answer. ``revive`` is awaited when the hub is gone, and what was not heard yet
    is asked again.
    """

    def __init__(
        self,
        address: str,
        *,
        token: str | None = None,
        operator: bool = False,
        as_person: str | None = None,
        view_as: str | None = None,
        answer_s: float = ANSWER_S,
        revive: Revive | None = None,
    ) -> None:
        self.address = address
        self.token = token
        self._revive = revive
        self._socket, base = endpoint(address)
        headers = {"Wallboard-Protocol": str(PROTOCOL)}
        if operator:
            headers["Wallboard-Operator"] = "1"
        if as_person:
            headers["Wallboard-As"] = as_person
        if view_as:
            headers["Wallboard-View-As"] = view_as
        self._http = http_client(self._socket, base, headers, httpx.Timeout(answer_s, pool=None))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Hang up."""
        await self._http.aclose()

    # -- who am I

    async def health(self) -> Doc:
        """The hub's state and version, without signing in. Raises ``HubError`` when what answers is no hub."""
        found = await self.request("GET", "/health")
        if not isinstance(found, dict) or "protocol" not in found:
            raise not_a_hub(self.address)
        if found["protocol"] != PROTOCOL:
            raise other_protocol(self.address, found["protocol"])
        return found

    async def sign_in(self, person: str, password: str, terminal: str = "") -> Me:
        """Sign in; later requests carry the session. ``new-password-needed``: it was a one-time code."""
        return self._signed_in(
            await self.request("POST", "/sign-in", {"person": person, "password": password, "terminal": terminal})
        )

    async def set_password(self, person: str, old: str, new: str) -> Me:
        """Set a new password (``old``: the password or a one-time code), and sign in with it."""
        return self._signed_in(await self.request("POST", "/password", {"person": person, "old": old, "new": new}))

    async def sign_out(self) -> None:
        """End the session at the hub, if it can be told, and forget the token anyway."""
        with suppress(HubError):
            await self.request("POST", "/sign-out")
        self.token = None

    async def activity(self) -> None:
        """Say that a key was pressed, for the idle limit."""
        await self.request("POST", "/activity")

    async def me(self) -> Me:
        """The person who is signed in, and what they may see and do."""
        return Me.model_validate(await self.request("GET", "/me"))

    def _signed_in(self, answer: Any) -> Me:
        try:
            self.token = str(answer["token"])
            return Me.model_validate(answer["me"])
        except (KeyError, TypeError, ValueError) as error:
            raise not_a_hub(self.address) from error

    # -- questions and acts

    async def code(self, person: str) -> Doc:
        """A one-time code for somebody's new or forgotten password: ``{code, until}``."""
        return await self._doc("POST", f"/people/{quoted(person)}/code")

    async def followup(self, key: str, act: str, *, note: str = "", revision: int | None = None) -> Doc:
        """Do something about a missed opportunity; the followup as it stands then. Status 409: somebody was first."""
        return await self._doc("POST", f"/followups/{quoted(key)}", {"act": act, "note": note, "revision": revision})

    async def calls(self, params: Params) -> Any:
        """Calls, newest first, through the gate."""
        return await self.request("GET", "/calls", params=params)

    async def kpis(self, params: Params) -> Any:
        """Measures and KPIs by a dimension, over a period, through the gate."""
        return await self.request("GET", "/kpis", params=params)

    async def sources(self) -> Any:
        """How the sources are doing."""
        return await self.request("GET", "/sources")

    async def board(self, key: str) -> Doc:
        """A board document."""
        return await self._doc("GET", f"/boards/{quoted(key)}")

    async def boards(self) -> Any:
        """The boards this person is offered."""
        return await self.request("GET", "/boards")

    async def put_board(self, key: str, board: Doc) -> Doc:
        """Write a board document."""
        return await self._doc("PUT", f"/boards/{quoted(key)}", board)

    # -- streams

    @asynccontextmanager
    async def feed(self, cursor: str | None = None) -> AsyncIterator[AsyncIterator[Frame]]:
        """The feed from a cursor on. The iterator ends when the hub ends the stream; silence raises ``no-answer``."""
        params = {"cursor": cursor} if cursor else {}
        headers = {**self._authorisation(), "Accept": "text/event-stream", "Cache-Control": "no-store"}
        timeout = httpx.Timeout(ANSWER_S, connect=CONNECT_S, read=SILENCE_S, pool=None)
        with words(self.address):
            async with self._http.stream("GET", "/feed", params=params, headers=headers, timeout=timeout) as response:
                await self._check(response)
                yield self._frames(EventSource(response))

    async def _frames(self, source: EventSource) -> AsyncIterator[Frame]:
        seen = ""
        with words(self.address):
            try:
                async for event in source.aiter_sse():
                    # An SSE id sticks to later events; only a frame that brought one of its own is durable.
                    fresh = event.id != seen
                    seen = event.id
                    data: Doc = from_json(event.data or "{}")  # what is said over and over is there once
                    yield Frame(event.event, data, event.id if fresh and event.id else None, len(event.data))
            except SSEError as error:
                raise not_a_hub(self.address) from error
            except ValueError as error:
                raise HubError("broken-off", f"{self.address} sent a frame that cannot be read: {error}") from error

    async def progress(self, path: str, body: Doc) -> AsyncIterator[Doc]:
        """Ask for long work (import, replay, rebuild) and yield its lines of progress; the last one is the summary."""
        timeout = httpx.Timeout(ANSWER_S, read=None)
        if self._revive is not None:
            await self.health()  # the work itself may not be asked for twice, so the hub is brought back before
        with words(self.address):
            async with self._http.stream(
                "POST", path, json=body, headers=self._authorisation(), timeout=timeout
            ) as response:
                await self._check(response)
                async for line in response.aiter_lines():
                    if line.strip():
                        found: Doc = json.loads(line)
                        if "error" in found:
                            raise refusal(self.address, response.status_code, found)
                        yield found

    async def request(self, method: str, path: str, body: Any = None, *, params: Params | None = None) -> Any:
        """One request; its JSON answer, ``None`` for an empty one."""
        for _ in range(AGAIN):
            try:
                return await self._request(method, path, body, params)
            except HubError as error:
                if not await self._revived(error, harmless=method == "GET"):
                    raise
        return await self._request(method, path, body, params)

    async def _revived(self, error: HubError, *, harmless: bool) -> bool:
        """Whether there is a hub again to ask once more: one that heard nothing, or where asking twice is harmless."""
        if self._revive is None or not (error.name == "unreachable" or (harmless and error.name == "broken-off")):
            return False
        await self._revive()
        return True

    async def _request(self, method: str, path: str, body: Any, params: Params | None) -> Any:
        given = {name: value for name, value in (params or {}).items() if value is not None}
        with words(self.address):
            response = await self._http.request(
                method, path, json=body, params=given or None, headers=self._authorisation()
            )
            await self._check(response)
            if not response.content:
                return None
            try:
                return response.json()
            except ValueError as error:
                raise not_a_hub(self.address) from error

    async def _doc(self, method: str, path: str, body: Any = None) -> Doc:
        found = await self.request(method, path, body)
        if not isinstance(found, dict):
            raise not_a_hub(self.address)
        return found

    def _authorisation(self) -> dict[str, str]:
        if self._socket is not None:
            check_owner(self._socket)
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}

    async def _check(self, response: httpx.Response) -> None:
        if response.is_success:
            return
        await response.aread()
        try:
            found = response.json()
        except ValueError:
            found = None
        raise refusal(self.address, response.status_code, found)
