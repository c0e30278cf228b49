"""Room ``cli``: what the hub is asked about phone systems."""

import asyncio
import os
from pathlib import Path
from typing import Any
from urllib.parse import quote

LOOK_S, MOST_LOOKS = 0.05, 400
"""How often, and how many times, it is looked whether a hub that was asked to end has ended."""


def as_request(said: dict[str, Any]) -> dict[str, Any]:
    """The request, with absolute paths."""
    body = {
        key: str(value.expanduser().absolute()) if isinstance(value, Path) else value for key, value in said.items()
    }
    return {key: value for key, value in body.items() if value is not None}


async def try_it(body: dict[str, Any]) -> dict[str, Any]:
    return await _with_secret("POST", "/source-trials", body)


async def put(body: dict[str, Any]) -> dict[str, Any]:
    return await _with_secret("PUT", f"/source-settings/{quote(body['name'], safe='')}", body)


async def _with_secret(method: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
    """Ask the hub. One that an earlier command left, without the variable that this command has, makes way for one
    that has it; a service stays as it is.
    """
    from wallboard_tui.client.errors import HubError

    try:
        return dict(await request(method, path, body))
    except HubError as error:
        known_here = bool(os.environ.get(body.get("secret_env") or ""))
        if error.name != "ami-no-secret" or not known_here or not await _made_way():
            raise
    return dict(await request(method, path, body))


async def _made_way() -> bool:
    """Whether the hub of a command has ended, as it was asked to."""
    from wallboard_tui.client.child import answers
    from wallboard_tui.client.errors import HubError
    from wallboard_tui.client.home import Home

    try:
        await request("POST", "/hand-over")
    except HubError:
        return False
    home = Home.find()
    for _ in range(MOST_LOOKS):
        if not await answers(home):
            return True
        await asyncio.sleep(LOOK_S)
    return False


async def request(method: str, path: str, body: dict[str, Any] | None = None) -> Any:
    from wallboard_tui.cli.reach import operator

    async with operator() as hub:
        return await hub.request(method, path, body)
