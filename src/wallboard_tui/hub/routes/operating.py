"""Room ``hub``: what only the operator may do: set up, import, replay, rebuild, and put documents."""

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel, Field
from pydantic_core import to_json
from starlette.responses import StreamingResponse

from wallboard_tui.hub import errors, setup, store
from wallboard_tui.hub.caller import TheHub, TheOperator, TheRuntime
from wallboard_tui.hub.errors import HubError, not_found
from wallboard_tui.hub.imports import reader_of, take_in
from wallboard_tui.hub.routes.signed_in import signed_in
from wallboard_tui.hub.runtime import Runtime
from wallboard_tui.hub.signin import CODE_MAX_S
from wallboard_tui.journal import Conflict, JournalError
from wallboard_tui.model.base import Doc
from wallboard_tui.model.kinds import KINDS
from wallboard_tui.sources.base import UTF8
from wallboard_tui.view import queries

router = signed_in("operator")


class InitBody(BaseModel):
    """The organisation. ``admin``: the first admin's short name; ``admin_name``: their name."""

    name: str
    time_zone: str
    packs: list[str]
    admin: str = "admin"


class ImportBody(BaseModel):
    """Files on the hub's machine. ``zone``: of written times, for CDR. ``encoding``: of their text."""

    kind: str
    paths: list[Path] = Field(min_length=1)
    source: str
    zone: str | None = None
    encoding: str = Field(UTF8, max_length=40)


class ReplayBody(BaseModel):
    """A directory with a recording. ``offset``: it began so many seconds ago; ``began``: at that time, instead."""

    recording: Path
    source: str = "pbx1"
    speed: float = 1.0
    offset: float = 0.0
    began: float | None = Field(None, ge=0)


class ApplyBody(BaseModel):
    """``[kind, document]`` pairs."""

    documents: list[Any]


@router.post("/init")
async def init(body: InitBody, who: TheOperator, hub: TheHub, runtime: TheRuntime) -> dict[str, Any]:
    """Create the organisation and its first admin; the answer holds the admin's one-time code."""
    code = await runtime.sign_in.new_code(CODE_MAX_S)
    person = await hub.run(setup.found, hub, body.name, body.time_zone, body.packs, body.admin, code, who.person)
    return {
        "organisation": body.name,
        "packs": list(dict.fromkeys(body.packs)),
        "person": person.key,
        "role": person.role,
        "code": code.typed,
        "until": code.until,
    }


@router.post("/import")
async def take_files(body: ImportBody, who: TheOperator, hub: TheHub, runtime: TheRuntime) -> StreamingResponse:
    """Take files in; lines of NDJSON say how far it is, the last one is the summary."""
    batches = await hub.read(reader_of, body.kind, body.paths, body.source, body.zone, hub, body.encoding)
    note = f"{body.kind} {', '.join(path.name for path in body.paths)}"[:500]
    await hub.run(hub.commit, [hub.audit(who.person, "files.imported", body.source, note=note)])

    async def lines() -> AsyncIterator[Doc]:
        async for line in take_in(hub, batches, body.source, lambda: _caught_up(runtime)):
            yield line

    return ndjson(runtime, lines())


async def _caught_up(runtime: Runtime) -> AsyncIterator[object]:
    await runtime.catch_up()
    return
    yield


@router.post("/replay")
async def replay(body: ReplayBody, _who: TheOperator, runtime: TheRuntime) -> Doc:
    """Play a recording from now on, so that today is today."""
    return await runtime.replays.begin(body.recording, body.source, body.speed, body.offset, body.began)


@router.post("/rebuild")
async def rebuild(who: TheOperator, hub: TheHub, runtime: TheRuntime) -> StreamingResponse:
    """Make the view again from the journal; lines of NDJSON say how far it is."""
    await hub.run(hub.commit, [hub.audit(who.person, "view.rebuilt")])

    async def lines() -> AsyncIterator[Doc]:
        began = time.monotonic()
        loop = asyncio.get_running_loop()
        said: asyncio.Queue[Doc] = asyncio.Queue()

        def tell(what: str, done: int, total: int) -> None:
            loop.call_soon_threadsafe(said.put_nowait, {"what": what, "done": done, "total": total})

        work = asyncio.ensure_future(hub.run(store.rebuild, hub.journal, hub.view, tell))
        while not work.done() or not said.empty():
            getting = asyncio.ensure_future(said.get())
            await asyncio.wait((work, getting), return_when=asyncio.FIRST_COMPLETED)
            if getting.done():
                yield getting.result()
            else:
                getting.cancel()
        await work
        await runtime.catch_up()
        yield {"documents": hub.journal.count(), "seconds": round(time.monotonic() - began, 3)}

    return ndjson(runtime, lines())


@router.post("/apply")
async def apply(body: ApplyBody, who: TheOperator, hub: TheHub, runtime: TheRuntime) -> Doc:
    """Put documents of any small kind. A ``credential`` may say ``password``, which is hashed here."""
    documents = setup.checked(body.documents)
    stored: list[tuple[str, Doc]] = []
    for kind, doc in documents:
        if kind == "credential" and "password" in doc:
            hashed = await runtime.sign_in.hashed(doc["password"])
            stored.append((kind, {"key": doc["key"], "password_hash": hashed, "changed": hub.clock()}))
        else:
            stored.append((kind, doc))
    return await hub.run(setup.apply, hub, runtime.sessions, stored, who.person)


@router.post("/hand-over", status_code=202)
async def hand_over(_who: TheOperator, runtime: TheRuntime) -> Doc:
    """Another hub wants this home. One that was started for a terminal ends, after the work in progress; a service
    stays.
    """
    if runtime.giving_way is None:
        raise HubError(409, "hub-stays", "This hub runs as a service and stays.", "Stop it first.")
    runtime.giving_way.set()
    return {"at_work": runtime.at_work}


@router.get("/documents/{kind}")
async def documents(kind: str, _who: TheOperator, hub: TheHub, revisions: bool = False) -> list[Doc]:
    """Every document of a small kind. ``revisions``: each as ``{revision, doc}``, to be edited from there on."""
    if kind not in KINDS or kind in setup.NEVER_LISTED:
        raise not_found("kind", kind, f"There are: {', '.join(sorted(set(KINDS) - setup.NEVER_LISTED))}.")

    def found() -> list[Doc]:
        # The revisions first: one that is older than its document only makes an edit be refused.
        seqs = {entry.change.key: entry.seq for entry in hub.journal.read_kind(kind)} if revisions else {}
        each = queries.documents(hub.view, kind)
        return [{"revision": seqs.get(key), "doc": each[key]} if revisions else each[key] for key in sorted(each)]

    return await hub.read(found)


def ndjson(runtime: Runtime, lines: AsyncIterator[Doc]) -> StreamingResponse:
    """Lines of JSON. What goes wrong once it has begun is the last line, in the shape of every error."""

    async def encoded() -> AsyncIterator[bytes]:
        try:
            with runtime.working():
                async for line in lines:
                    yield to_json(line) + b"\n"
        except HubError as error:
            yield errors.line(error)
        except (JournalError, Conflict) as error:
            yield errors.line(errors.of_journal(error))
        except sqlite3.Error as error:
            yield errors.line(errors.of_view(error))
        except Exception:
            errors.log.exception("The work broke off.")
            yield errors.line(HubError(500, "hub-failed", "The hub failed at this; its log says how.", "Try again."))

    return StreamingResponse(encoded(), media_type="application/x-ndjson")
