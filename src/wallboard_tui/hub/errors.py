"""Room ``hub``: the one shape in which a caller learns that something was refused or failed.

Knows ``journal``'s errors.
"""

import json
import logging
import sqlite3
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict
from starlette.exceptions import HTTPException

from wallboard_tui.hub.protocol import HEADERS
from wallboard_tui.journal import Conflict, JournalError
from wallboard_tui.view.view import ViewCorrupt

log = logging.getLogger(__name__)


class HubError(Exception):
    """Something was refused or failed: an HTTP status, a name for programs, and for people the reason and the next
    step.
    """

    def __init__(self, status: int, name: str, reason: str, next: str, **more: Any) -> None:
        super().__init__(f"{reason} {next}")
        self.status = status
        self.name = name
        self.reason = reason
        self.next = next
        self.more = more

    def body(self) -> dict[str, Any]:
        """``{"error": {"name", "reason", "next", …}}``; all times in it are epoch seconds."""
        return {"error": {"name": self.name, "reason": self.reason, "next": self.next, **self.more}}


class ErrorDetail(BaseModel):
    """What went wrong: a name for programs, the reason and the next step for people, and what else belongs to it."""

    model_config = ConfigDict(extra="allow")
    name: str
    reason: str
    next: str


class ErrorBody(BaseModel):
    """The shape of every answer but a good one, for the hub's own description of its calls."""

    error: ErrorDetail


REFUSALS: dict[int | str, dict[str, Any]] = {
    401: {"model": ErrorBody, "description": "Nobody is signed in with this token, or no longer."},
    403: {"model": ErrorBody, "description": "Whoever asks may not; the reason names the permission or rule."},
    426: {"model": ErrorBody, "description": "The hub and the caller speak different versions."},
}
"""What a call may answer that only people who are signed in may make."""


def not_permitted(what: str, *permissions: str, instead: str = "") -> HubError:
    """A person lacks some permissions. Says which, so that they know what to ask for. ``instead``: what they may do
    as it is.
    """
    several = "s" if len(permissions) > 1 else ""
    return HubError(
        403,
        "not-permitted",
        f"You may not {what}: that takes the permission{several} {', '.join(f'“{one}”' for one in permissions)}.",
        f"Ask an admin of your organisation for {'them' if several else 'it'}{instead}.",
    )


def not_found(what: str, key: str, next: str) -> HubError:
    """There is no such thing, or the caller may not know of it: the same answer for both."""
    return HubError(404, "not-found", f"There is no {what} “{key}”.", next)


def of_journal(error: JournalError | Conflict) -> HubError:
    """What a journal's refusal means to a caller."""
    if isinstance(error, Conflict):
        return HubError(
            409,
            "changed-meanwhile",
            f"Somebody changed {error.kind} “{error.key}” first.",
            "Look at it again, then repeat what you did.",
            kind=error.kind,
            key=error.key,
            expected=error.expected,
            found=error.found,
        )
    name = "disk-full" if "disk" in error.reason else "journal-failed"
    return HubError(507 if name == "disk-full" else 503, name, f"{error.thing}: {error.reason}.", error.next)


def of_view(error: sqlite3.Error) -> HubError:
    """What trouble at the hub's view means to a caller."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR):
        return HubError(
            507,
            "disk-full",
            f"The disk has no room for the hub's view ({error}).",
            "Make room, then try again; what was acknowledged is safe.",
        )
    log.error("The view failed", exc_info=error)
    return HubError(503, "view-failed", f"The hub's view cannot be used ({error}).", "Run: wallboard rebuild")


def answer(error: HubError) -> JSONResponse:
    """The HTTP answer for an error."""
    headers = dict(HEADERS)
    if "until" in error.more and "now" in error.more:
        headers["Retry-After"] = str(max(1, round(error.more["until"] - error.more["now"])))
    return JSONResponse(error.body(), error.status, headers=headers)


def too_large() -> HubError:
    """The body of a request has more bytes than any request needs."""
    return HubError(413, "too-large", "That is more than the hub takes at once.", "Send less.")


def _of_http(error: HTTPException) -> HubError:
    if error.status_code == 404:
        return HubError(404, "no-such-call", "The hub has no such address.", "See /docs for the calls it knows.")
    if error.status_code == 413:
        return too_large()
    if error.status_code == 405:
        return HubError(405, "wrong-method", "This address takes another method.", "See /docs for the calls it knows.")
    return HubError(error.status_code, "refused", str(error.detail), "See /docs for the calls it knows.")


def _of_validation(error: RequestValidationError) -> HubError:
    first = error.errors()[0]
    if first["type"] == "json_invalid":
        return HubError(422, "wrong-call", "The body is not JSON.", "See /docs for what the hub expects.")
    where = ".".join(str(part) for part in first["loc"] if part != "body") or "the body"
    return HubError(422, "wrong-call", f"{where}: {first['msg']}.", "See /docs for what the hub expects.")


def install(app: FastAPI) -> None:
    """Make every failure of ``app`` answer in the one shape. What nobody foresaw is logged, and never shown."""

    @app.exception_handler(HubError)
    async def of_hub(_request: Request, error: HubError) -> JSONResponse:
        return answer(error)

    @app.exception_handler(JournalError)
    @app.exception_handler(Conflict)
    async def journal(_request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, JournalError | Conflict)
        return answer(of_journal(error))

    @app.exception_handler(sqlite3.Error)
    async def view(_request: Request, error: sqlite3.Error) -> JSONResponse:
        return answer(of_view(error))

    @app.exception_handler(ViewCorrupt)
    async def damaged(_request: Request, error: ViewCorrupt) -> JSONResponse:
        reason = "The hub's view is damaged. It is set aside and made again from the journal, which lost nothing."
        return answer(HubError(503, "view-damaged", reason, "Try again in a moment."))

    @app.exception_handler(HTTPException)
    async def http(_request: Request, error: HTTPException) -> JSONResponse:
        return answer(_of_http(error))

    @app.exception_handler(RequestValidationError)
    async def validation(_request: Request, error: RequestValidationError) -> JSONResponse:
        return answer(_of_validation(error))

    @app.exception_handler(Exception)
    async def unforeseen(request: Request, error: Exception) -> JSONResponse:
        log.error("%s %s failed", request.method, request.url.path, exc_info=error)
        return answer(
            HubError(500, "hub-failed", "The hub failed at this; its log says how.", "Try again; then tell an admin.")
        )


def line(error: HubError) -> bytes:
    """An error as one line of NDJSON, for answers that had already begun."""
    return json.dumps(error.body(), ensure_ascii=False).encode() + b"\n"
