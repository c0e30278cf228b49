"""Room ``hub``: sets a live line to an Asterisk up: tries it, looks at its files, proposes the organisation, keeps it.

What it takes is written into ``hub.toml``; a secret never is: it lies in a variable or in a file with mode 0600.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import asdict
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import BaseModel, Field

from wallboard_tui.hub.errors import HubError
from wallboard_tui.hub.hub import Hub
from wallboard_tui.hub.imports import local_zone
from wallboard_tui.hub.proposal import Found, Proposal, agent_role, propose
from wallboard_tui.hub.settings import SourceSettings, check_source_name, check_zone
from wallboard_tui.hub.settings_file import Setting
from wallboard_tui.model.base import Doc
from wallboard_tui.sources.asterisk.ami import (
    AmiError,
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

NEXT = dict.fromkeys(
    ("lost", "garbage"), "Check what listens there; if it is the phone system, see its own log (asterisk/messages)."
)
"""What to do where a line that is followed would be tried again by itself."""
MOST_UNCHOSEN = 1_000
"""Queues that are followed without anybody having said which: beyond, somebody has to choose, or to say "all"."""
SECRETS = "secrets"
"""Directory of the hub's home in which typed secrets lie."""


class AsteriskGiven(BaseModel):
    """What somebody says about an Asterisk.

    ``secret``: to try it with, and to be kept in a file of the hub's home where neither ``secret_env`` nor
    ``secret_file`` says where it lies. Paths are paths of the hub's machine. ``queues``: names of the only queues to
    follow; ``all_queues``: all are meant, however many. ``role``: for people made of its agents; ``people`` false: none
    are made.
    """

    name: str
    host: str = Field(min_length=1)
    port: int = Field(5038, ge=1, le=65535)
    login: str = Field(min_length=1)
    secret: str | None = None
    secret_env: str | None = None
    secret_file: Path | None = None
    tls: bool = False
    tls_ca: Path | None = None
    tls_verify: bool = True
    queues: tuple[str, ...] = ()
    all_queues: bool = False
    queue_log: Path | None = None
    cdr: Path | None = None
    cdr_zone: str | None = None
    role: str | None = None
    people: bool = True

    def check(self) -> None:
        """See that it makes sense. Raises ``HubError``."""
        check_source_name(self.name)
        if self.cdr_zone is not None:
            check_zone(self.cdr_zone)
        for line in (self.host, self.login, self.secret or ""):
            if not line.isprintable():
                raise HubError(
                    422, "wrong-call", "Host, login and secret are one line of text each.", "Check what was typed."
                )
        if self.secret is None and self.secret_env is None and self.secret_file is None:
            raise HubError(
                422, "wrong-call", "The secret of the AMI account is missing.", "Give --secret-env or --secret-file."
            )

    def kept_in(self, home: Path) -> Path | None:
        """The file for a typed secret; ``None`` when it already lies somewhere."""
        if self.secret_env is not None or self.secret_file is not None:
            return None
        return home / SECRETS / self.name

    def ami(self, home: Path) -> AmiSettings:
        """The settings of the line."""
        return AmiSettings(
            host=self.host,
            login=self.login,
            port=self.port,
            tls=self.tls,
            tls_ca=self.tls_ca,
            tls_verify=self.tls_verify,
            secret_env=self.secret_env,
            secret_file=self.secret_file or self.kept_in(home),
            queues=self.queues,
        )

    def settings(self, home: Path) -> SourceSettings:
        """The settings of the whole source."""
        return SourceSettings(self.name, self.queue_log, self.cdr, self.cdr_zone, self.ami(home))

    def written(self, home: Path) -> dict[str, Setting]:
        """What stands in ``hub.toml``: only what differs from what holds without it."""
        ami = self.ami(home)
        said: dict[str, Setting | Path | None] = {
            "host": self.host,
            "port": self.port,
            "login": self.login,
            "secret_env": self.secret_env,
            "secret_file": None if self.secret_env else ami.secret_file,
            "tls": self.tls or None,
            "tls_ca": self.tls_ca,
            "tls_verify": None if self.tls_verify else False,
            "queues": self.queues or None,
            "queue_log": self.queue_log,
            "cdr": self.cdr,
            "cdr_zone": self.cdr_zone,
        }
        return {
            key: str(value) if isinstance(value, Path) else value for key, value in said.items() if value is not None
        }


def with_queues(source: SourceSettings, home: Path, queues: tuple[str, ...], all_queues: bool) -> AsteriskGiven:
    """What was said about a source, but for the queues to follow; no people are made. Raises ``HubError``."""
    ami = source.ami
    if ami is None:
        raise HubError(
            422, "wrong-call", f"{source.name} is read from its files alone, and they tell of all its queues.",
            "Give it a line with: wallboard source add asterisk",
        )  # fmt: skip
    if bool(queues) == all_queues:
        raise HubError(422, "wrong-call", "Either some queues are followed, or all.", "Give --queue or --all-queues.")
    with _said():
        typed = secret_of(ami, os.environ) if ami.secret_file == home / SECRETS / source.name else None
    return AsteriskGiven(
        name=source.name,
        host=ami.host,
        port=ami.port,
        login=ami.login,
        secret=typed,
        secret_env=ami.secret_env,
        secret_file=None if typed is not None else ami.secret_file,
        tls=ami.tls,
        tls_ca=ami.tls_ca,
        tls_verify=ami.tls_verify,
        queues=queues,
        all_queues=all_queues,
        queue_log=source.queue_log,
        cdr=source.cdr,
        cdr_zone=source.cdr_zone,
        people=False,
    )


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
    with _said():
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
    with _said():
        found = await probe_on(connection)
    files = await check_files(given.settings(hub.home), hub, [queue.name for queue in found.queues])
    proposal = await hub.read(_proposed, hub, given, found)
    return Looked(given, found, files, proposal)


async def tried(settings: AmiSettings) -> Probe:
    """Connect, look, hang up. Raises ``HubError`` with the line's own sentence."""
    with _said():
        return await probe(settings, secret_of(settings, os.environ))


@contextmanager
def _said() -> Iterator[None]:
    """Say what goes wrong with a line as the hub does."""
    try:
        yield
    except AmiError as error:
        raise HubError(422, f"ami-{error.name}", error.reason, NEXT.get(error.name, error.next)) from error


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
