"""What somebody says about a phone system that is to be followed, and what the hub answers."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx

from wallboard_tui.model.base import Doc

from ..conftest import House

Block = Callable[..., bytes]
SECRET = "sesame-4711-open"
SALES = "asterisk:pbx1:sales"
CERTIFICATES = Path(__file__).parents[2] / "data" / "tls"


def member(block: Block, name: str, extension: str) -> bytes:
    return block(
        Event="QueueMember", Queue="sales", Name=name, Location=f"PJSIP/{extension}", Membership="static", Paused="0"
    )


def office(block: Block) -> dict[str, list[bytes]]:
    """One queue; Bob is somebody already by name, Dana is not, and of one nothing but the interface is known."""
    known = ("Bob Tanaka", "201"), ("Dana Reed", "202"), ("PJSIP/203", "203")
    return {
        "queuestatus": [
            block(Event="QueueParams", Queue="sales", Strategy="ringall", Calls="0", ServiceLevel="30"),
            *(member(block, *one) for one in known),
        ],
        "coreshowchannels": [],
        "agents": [],
    }


def given(pbx: Any, **changes: Any) -> Doc:
    """What somebody says about the phone system; ``None`` takes a field away."""
    said = {"name": "pbx1", "host": "127.0.0.1", "port": pbx.port, "login": "wallboard", "secret_env": "PBX1_SECRET"}
    return {key: value for key, value in {**said, **changes}.items() if value is not None}


async def put(house: House, said: Doc) -> httpx.Response:
    async with house.operator() as client:
        return await client.put(f"/source-settings/{quote(said['name'], safe='')}", json=said)


async def added(house: House, said: Doc) -> Doc:
    response = await put(house, said)
    assert response.status_code == 200, response.text
    found: Doc = response.json()
    return found


async def refused(house: House, said: Doc) -> Doc:
    """What the hub says to a set-up that fails: it names thing, reason and next step, and nothing is left behind."""
    async with house.operator() as client:
        trial = await client.post("/source-trials", json=said)
    before = (everything(house.hub.home), house.hub.journal.seq())
    response = await put(house, said)
    assert response.status_code in (422, 500), response.text
    assert (everything(house.hub.home), house.hub.journal.seq()) == before
    assert house.runtime.settings.sources == ()
    error: Doc = response.json()["error"]
    assert error["reason"].endswith(".")
    assert error["next"]
    assert trial.json()["error"] == error, "a trial says the same, before anything is agreed"
    return error


def everything(home: Path) -> dict[str, bytes]:
    """Settings and secrets in a home."""
    files = [home / "hub.toml", *(home / "secrets").glob("*")]
    return {file.name: file.read_bytes() for file in files if file.is_file()}


def holds(home: Path, text: str) -> list[str]:
    """Files of a home in which a text stands."""
    return [str(file) for file in home.rglob("*") if file.is_file() and text.encode() in file.read_bytes()]


async def until(condition: Callable[[], Any]) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.02)


def health(house: House) -> Doc:
    return house.hub.document("source", "pbx1") or {}


async def checks(house: House) -> dict[tuple[str, str], tuple[str, str]]:
    """What doctor says: of what and what → state, and what it says with the next step."""
    async with house.operator() as client:
        found = (await client.get("/doctor")).json()
    return {(one["of"], one["what"]): (one["state"], f"{one['says']} {one['next']}".strip()) for one in found}
