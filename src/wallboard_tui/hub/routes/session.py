"""Room ``hub``: signing in and out, and who one is then."""

from typing import Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from wallboard_tui.hub.caller import TheAccess, TheCaller, TheHub, TheRuntime, address_of
from wallboard_tui.hub.sessions import Ended

router = APIRouter(tags=["session"])


class SignInBody(BaseModel):
    """Who one is, and the password. ``terminal``: a name for the device, for the list of one's terminals."""

    person: str = Field(max_length=200)
    password: str = Field(max_length=4096)
    terminal: str = Field("", max_length=200)


class PasswordBody(BaseModel):
    """``old``: the password, or a one-time code."""

    person: str = Field(max_length=200)
    old: str = Field(max_length=4096)
    new: str = Field(max_length=4096)
    terminal: str = Field("", max_length=200)


@router.post("/sign-in")
async def sign_in(body: SignInBody, request: Request, runtime: TheRuntime) -> dict[str, Any]:
    """Sign in. The token goes into ``Authorization: Bearer …``."""
    with runtime.hub.precedence.first():
        token, session = await runtime.sign_in.sign_in(body.person, body.password, body.terminal, address_of(request))
        access = await runtime.hub.read(runtime.hub.access, session.person)
    return {"token": token, "me": access.me.model_dump(mode="json")}


@router.post("/password")
async def password(body: PasswordBody, request: Request, runtime: TheRuntime) -> dict[str, Any]:
    """Choose a new password, and sign in with it. Every other terminal of the person is signed out."""
    token, session = await runtime.sign_in.new_password(
        body.person, body.old, body.new, body.terminal, address_of(request)
    )
    access = await runtime.hub.read(runtime.hub.access, session.person)
    return {"token": token, "me": access.me.model_dump(mode="json")}


@router.post("/sign-out", status_code=204)
async def sign_out(who: TheCaller, runtime: TheRuntime) -> Response:
    """End this session."""
    if who.session is not None:
        await runtime.feed.end_session(who.session, Ended.SIGNED_OUT)
    return Response(status_code=204)


@router.post("/activity", status_code=204)
async def activity(who: TheCaller, runtime: TheRuntime) -> Response:
    """A key was pressed: the idle limit begins anew."""
    if who.session is not None and (change := runtime.sessions.touch(who.session)) is not None:
        await runtime.hub.run(runtime.hub.commit, [change])
    return Response(status_code=204)


@router.get("/me")
async def me(hub: TheHub, access: TheAccess) -> dict[str, Any]:
    """Who one is, what one may see and do, and what is composed from it."""
    return {**access.me.model_dump(mode="json"), "server_time": hub.clock()}
