"""Room ``hub``: tries a phone system that somebody wants to follow, looks at its files, proposes the organisation."""

import asyncio
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict
from zoneinfo import ZoneInfo

from wallboard_tui.hub.errors import HubError
from wallboard_tui.hub.hub import Hub
from wallboard_tui.hub.imports import local_zone
from wallboard_tui.hub.proposal import Found, Proposal, agent_role, propose
from wallboard_tui.hub.settings import SourceSettings
from wallboard_tui.hub.source_given import AsteriskGiven, in_words
from wallboard_tui.model.base import Doc
from wallboard_tui.sources.asterisk.ami import (
    AmiSettings,
    Connection,
    Probe,
    connect_for,
    probe,
    probe_on,
    secret_of,
)
from wallboard_tui.sources.asterisk.ami.probe import QUEUES
from wallboard_tui.sources.asterisk.ami.rights import untold
from wallboard_tui.sources.asterisk.checks import FileCheck, check_cdr, check_queue_log
from wallboard_tui.view import queries

MOST_UNCHOSEN = 1_000
"""Queues that are followed without anybody having said which: beyond, somebody has to choose, or to say "all"."""


class Looked:
    """What trying a source showed: the phone system, its files, and what would be made of it."""

    def __init__(self, given: AsteriskGiven, probe: Probe, files: Sequence[FileCheck], proposal: Proposal) -> None:
        self.given = given
        self.probe = probe
        self.files = files
        self.proposal = proposal

    def answer(self) -> Doc:
        """As JSON."""
        return {
            "source": self.given.name,
            **of_probe(self.probe),
            "missing": sorted({*self.given.queues} - {queue.name for queue in self.probe.queues}),
            "files": [asdict(check) for check in self.files],
            "proposal": self.proposal.answer(),
        }

    def require(self) -> None:
        """Raises ``HubError`` when nothing could be shown of this source."""
        asking = next((one for one in self.probe.advice if one.what == QUEUES), None)
        if asking is not None:
            account = f"Write “{asking.line}” into section [{self.given.login}] of manager.conf, then: manager reload."
            raise HubError(
                422,
                "ami-may-not",
                f"The account {self.given.login} may not ask for queues ({QUEUES}): {asking.why}",
                account if asking.line else "Load it on the phone system: module load app_queue.so",
            )
        given, count = self.given, len(self.probe.queues)
        if count > MOST_UNCHOSEN and not given.queues and not given.all_queues:
            raise HubError(
                422,
                "many-queues",
                f"{given.name} has {count:,} queues, and following them all takes much memory of everybody's.",
                "Say which to follow with --queue NAME, as often as needed, or that all are meant with --all-queues.",
            )
        wrong = next((check for check in self.files if not check.ok), None)
        if wrong is not None:
            raise HubError(422, "not-readable", wrong.says, wrong.next)


@asynccontextmanager
async def opened(given: AsteriskGiven, hub: Hub) -> AsyncIterator[Connection]:
    """A connection for the source, signed in; what comes in it before it is followed is not lost.

    It is closed when the body fails, and handed over when it does not. Raises ``HubError``.
    """
    given.check()
    if await hub.read(hub.document, "organisation", "organisation") is None:
        raise HubError(409, "not-set-up", "There is no organisation yet.", "Begin with: wallboard init")
    settings = given.ami(hub.home)
    with in_words():
        # A variable or file is read as it will be read from now on: what only the command has is lost with it.
        typed = given.secret if given.kept_in(hub.home) is not None else None
        connection = await connect_for(settings, typed or secret_of(settings, os.environ))
    try:
        yield connection
    except BaseException:
        await connection.close()
        raise


async def look(given: AsteriskGiven, hub: Hub, connection: Connection) -> Looked:
    """Look at the phone system and at its files, and propose the organisation. Changes nothing. Raises ``HubError``."""
    with in_words():
        found = await probe_on(connection)
    files = await check_files(given.settings(hub.home), hub, [queue.name for queue in found.queues])
    proposal = await hub.read(_proposed, hub, given, found)
    return Looked(given, found, files, proposal)


async def tried(settings: AmiSettings) -> Probe:
    """Connect, look, hang up. Raises ``HubError`` with the line's own sentence."""
    with in_words():
        return await probe(settings, secret_of(settings, os.environ))


async def check_files(source: SourceSettings, hub: Hub, queues: Sequence[str] = ()) -> list[FileCheck]:
    """Look at the beginnings of a source's files. ``queues``: those that the phone system has, where that is known."""
    local = await hub.read(local_zone, hub)

    def looked() -> list[FileCheck]:
        found: list[FileCheck] = []
        if source.queue_log is not None:
            found.append(check_queue_log(source.queue_log, source.name, hub.clock, queues))
        if source.cdr is not None:
            zone = ZoneInfo(source.cdr_zone) if source.cdr_zone else None
            found.append(check_cdr(source.cdr, source.name, hub.clock, zone, local))
        return found

    return await asyncio.to_thread(looked)


def of_probe(probe: Probe) -> Doc:
    """A probe as JSON; ``untold``: a sentence on what could not be told of the account's rights."""
    return {**asdict(probe), "untold": untold(probe.reads)}


def _proposed(hub: Hub, given: AsteriskGiven, probe: Probe) -> Proposal:
    """Who the agents of a phone system could be. On the hub's thread."""
    if not given.people:
        return Proposal()
    found = [
        Found(doc["key"], doc["name"], doc.get("extension"))
        for kind, doc in probe.documents(given.name)
        if kind == "agent"
    ]
    roles = queries.documents(hub.view, "role")
    organisation = hub.document("organisation", "organisation") or {}
    role = _role(given.role, roles) if given.role else agent_role(roles.values(), organisation.get("packs", ()))
    people = queries.documents(hub.view, "person")
    return propose(found, people, queries.documents(hub.view, "extension").keys(), role)


def _role(word: str, roles: dict[str, Doc]) -> str:
    if word in roles:
        return word
    named = [key for key, doc in roles.items() if str(doc["name"]).casefold() == word.casefold()]
    if len(named) != 1:
        raise HubError(
            422, "wrong-call", f"There is no role “{word}”." if not named else f"Several roles are called “{word}”.",
            f"There are: {', '.join(sorted(roles))}.",
        )  # fmt: skip
    return named[0]
