"""A hub that follows a scripted phone system, and short ways to look at it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from wallboard_tui.hub.hub import Hub
from wallboard_tui.hub.settings import SourceSettings
from wallboard_tui.hub.tails import Tails
from wallboard_tui.model.base import Doc
from wallboard_tui.model.directory import SourceHealth
from wallboard_tui.sources.asterisk.ami import AmiSettings

Block = Callable[..., bytes]
QUEUE = "asterisk:pbx1:sales"
ANN = "asterisk:pbx1:Ann"


def settings(pbx: Any, **given: Any) -> AmiSettings:
    """The account on a phone system."""
    return AmiSettings("127.0.0.1", "wallboard", port=pbx.port, secret_env="PBX1_SECRET", timeout_s=2.0, **given)


@asynccontextmanager
async def following(home: Path, source: SourceSettings) -> AsyncIterator[Hub]:
    """A hub that follows one phone system."""
    hub = Hub.open(home)
    tails = Tails(hub, [source])
    try:
        tails.start()
        yield hub
    finally:
        await tails.stop()
        hub.close()


async def until(hub: Hub, condition: Callable[[], object]) -> None:
    """Wait until something holds in the hub."""
    async with asyncio.timeout(20):
        while not await hub.read(condition):  # noqa: ASYNC110 - it is looked at from outside
            await asyncio.sleep(0.02)


def health(hub: Hub) -> Doc:
    """The health of the source."""
    doc = hub.document("source", "pbx1") or {"key": "pbx1", "system": "asterisk"}
    SourceHealth.load(doc)
    return doc


def call(hub: Hub, ident: str = "1.1") -> Doc:
    """A call, empty where there is none."""
    return hub.document("call", f"asterisk:pbx1:{ident}") or {}


def waits(hub: Hub, ident: str) -> Callable[[], bool]:
    """Whether a caller waits, for ``until``."""
    return lambda: call(hub, ident).get("state") == "waiting"


def joined(block: Block, ident: str = "1.1", queue: str = "sales") -> bytes:
    return block(Event="QueueCallerJoin", Uniqueid=ident, Queue=queue, CallerIDNum="+353861234567", Exten="5001")


def member(block: Block, event: str, **fields: str) -> bytes:
    known = {"Queue": "sales", "MemberName": "Ann", "Interface": "PJSIP/101", "Membership": "static", "Paused": "0"}
    return block(Event=event, **{**known, **fields})


def empty_lists(block: Block) -> dict[str, list[bytes]]:
    """A phone system with one queue, one member, and nothing going on."""
    return {
        "queuestatus": [
            block(Event="QueueParams", Queue="sales", Strategy="ringall", Calls="0", ServiceLevel="30"),
            block(
                Event="QueueMember", Queue="sales", Name="Ann", Location="PJSIP/101", Membership="static", Paused="0"
            ),
        ],
        "coreshowchannels": [],
        "agents": [],
    }


def said(hub: Hub) -> list[str]:
    """What presence documents say."""
    with hub.view.reading() as db:
        return [what for (what,) in db.execute("SELECT what FROM presence")]
