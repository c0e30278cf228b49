"""Room ``hub``: live sources set up, taken away and examined, by the operator, while the hub runs."""

import asyncio
from collections.abc import Iterable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from wallboard_tui.hub import settings_file
from wallboard_tui.hub.caller import TheHub, TheOperator, TheRuntime
from wallboard_tui.hub.doctor import BAD, LINE, examine
from wallboard_tui.hub.errors import HubError, not_found
from wallboard_tui.hub.hub import Hub
from wallboard_tui.hub.released import release
from wallboard_tui.hub.routes.signed_in import signed_in
from wallboard_tui.hub.runtime import Runtime
from wallboard_tui.hub.settings import SourceSettings
from wallboard_tui.hub.source_given import SECRETS, AsteriskGiven, with_queues
from wallboard_tui.hub.source_setup import Looked, look, opened
from wallboard_tui.hub.systems import system_of
from wallboard_tui.model.base import Doc
from wallboard_tui.model.kinds import KINDS

router = signed_in("operator")

SETTLE_S = 15.0
"""So long somebody who sets a source up waits to see it connected; it goes on without them."""
LOOK_S = 0.1


@router.post("/source-trials")
async def try_source(body: AsteriskGiven, _who: TheOperator, hub: TheHub, runtime: TheRuntime) -> Doc:
    """Connect to an Asterisk, look at it and at its files, and say what would be made of it. Changes nothing."""
    await asyncio.to_thread(settings_file.check, runtime.settings.file)
    with runtime.working():
        async with opened(body, hub) as connection:
            looked = await look(body, hub, connection)
            looked.require()
            await connection.close()
        return looked.answer()


@router.put("/source-settings/{name}")
async def put_source(name: str, body: AsteriskGiven, who: TheOperator, hub: TheHub, runtime: TheRuntime) -> Doc:
    """Keep a source and begin to follow it; make the people and extensions that were proposed."""
    body = body.model_copy(update={"name": name})
    source = body.settings(hub.home)
    await asyncio.to_thread(settings_file.check, runtime.settings.file)
    with runtime.working():
        async with opened(body, hub) as connection:
            looked = await look(body, hub, connection)
            looked.require()
            await _keep(looked, who.person, hub, runtime)
            await runtime.tails.end(name)
            runtime.tails.begin(source, connection)
        known = [one for one in runtime.settings.sources if one.name != name]
        runtime.settings = replace(runtime.settings, sources=(*known, source))
        return {
            **looked.answer(),
            "settings": str(runtime.settings.file),
            "health": await _settled(hub, runtime, name, body.queues),
            "lasting": runtime.giving_way is None or runtime.giving_way.is_set(),
        }


class Queues(BaseModel):
    """Which queues of a phone system are followed: those of these names, or all of them."""

    queues: tuple[str, ...] = ()
    all_queues: bool = False


@router.put("/source-settings/{name}/queues")
async def put_queues(name: str, body: Queues, who: TheOperator, hub: TheHub, runtime: TheRuntime) -> Doc:
    """Follow other queues than before; what else was said of the source stays. Answers as for the source itself."""
    known = next((one for one in runtime.settings.sources if one.name == name), None)
    if known is None:
        raise _not_followed(name, runtime.settings.sources)
    given = await asyncio.to_thread(with_queues, known, hub.home, body.queues, body.all_queues)
    return await put_source(name, given, who, hub, runtime)


def _not_followed(name: str, sources: Iterable[SourceSettings]) -> HubError:
    names = ", ".join(one.name for one in sources)
    return not_found("source", name, f"Followed are: {names}." if names else "No source is followed.")


async def _keep(looked: Looked, by: str, hub: Hub, runtime: Runtime) -> None:
    """Write settings and secret, what was proposed, and what the queues' settings are: all of it or nothing."""
    given, file, secret = looked.given, runtime.settings.file, hub.home / SECRETS / looked.given.name
    with settings_file.undone_on_failure(file, secret):
        await asyncio.to_thread(settings_file.put_source, file, given.name, given.written(hub.home))
        await asyncio.to_thread(_keep_secret, given, secret, hub.home)
        await hub.run(_commit, looked, by, hub)


def _commit(looked: Looked, by: str, hub: Hub) -> None:
    """On the hub's thread."""
    given = looked.given
    changes = [hub.put(kind, KINDS[kind].load(doc).dump(), by) for kind, doc in looked.proposal.documents()]
    note = f"{given.ami(hub.home).address}, {len(looked.proposal.added)} people"
    said = [hub.put("queue", doc, f"source:{given.name}") for doc in _queues(looked, hub)]
    hub.commit([*changes, *said, hub.audit(by, "source.added", given.name, note=note)])


def _queues(looked: Looked, hub: Hub) -> list[Doc]:
    """The queues with the settings that the phone system says they have, as its line will write them: files are read
    before it is up, and their figures rest on these. Static members come with the line, together with their agents.
    """
    found = {doc["key"]: doc for kind, doc in looked.probe.documents(looked.given.name) if kind == "queue"}
    known = hub.journal.get_many("queue", list(found))
    old = {key: entry.change.doc for key, entry in known.items()}
    combine = system_of("asterisk").combine
    settings = {key: {name: value for name, value in doc.items() if name != "members"} for key, doc in found.items()}
    return [combine("queue", old.get(key), doc) for key, doc in settings.items()]


def _keep_secret(given: AsteriskGiven, path: Path, home: Path) -> None:
    """Write a secret that was typed; one that is not needed any more goes."""
    if given.kept_in(home) is not None and given.secret is not None:
        settings_file.put_secret(path, given.secret)
    else:
        settings_file.drop(path)


@router.delete("/source-settings/{name}")
async def drop_source(name: str, who: TheOperator, hub: TheHub, runtime: TheRuntime) -> Doc:
    """Follow a source no more. Its calls stay."""
    config = runtime.settings.file
    written = await asyncio.to_thread(settings_file.take_out_source, config, name)
    left = tuple(one for one in runtime.settings.sources if one.name != name)
    if not written and len(left) == len(runtime.settings.sources):
        raise _not_followed(name, left)
    await asyncio.to_thread(settings_file.drop, hub.home / SECRETS / name)
    runtime.settings = replace(runtime.settings, sources=left)
    await runtime.tails.end(name)
    await hub.run(release, hub, [one.name for one in left])
    await hub.run(hub.commit, [hub.audit(who.person, "source.removed", name)])
    return {"source": name, "settings": str(config)}


@router.get("/doctor")
async def doctor(_who: TheOperator, hub: TheHub, runtime: TheRuntime) -> list[dict[str, Any]]:
    """Everything about this hub and its sources that can be checked. Lines that are down, and could be had just now,
    are tried again at once.
    """
    found = await examine(hub, runtime.settings)
    for check in found:
        if check.what == LINE and check.state != BAD:
            runtime.tails.try_now(check.of)
    return [asdict(check) for check in found]


async def _settled(hub: Hub, runtime: Runtime, name: str, queues: tuple[str, ...]) -> Doc:
    """The source's health once its line, which follows these queues, is up or has failed; as it is when that takes too
    long, or the hub ends.
    """
    loop = asyncio.get_running_loop()
    end = loop.time() + SETTLE_S
    while True:
        found = await hub.read(hub.document, "source", name)
        doc = found or {}
        up = doc.get("links", {}).get("ami") == "up" and doc.get("follows") == list(queues)
        if up or doc.get("errors", {}).get("ami") or loop.time() > end or not runtime.tails.follows(name):
            return doc
        await asyncio.sleep(LOOK_S)
