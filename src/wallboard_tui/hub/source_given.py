"""Room ``hub``: what somebody says about an Asterisk that is to be followed. Knows settings, and where secrets lie.

It is written into ``hub.toml``; a secret never is: it lies in a variable or in a file with mode 0600.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic import BaseModel, Field

from wallboard_tui.hub.errors import HubError
from wallboard_tui.hub.settings import SourceSettings, check_source_name, check_zone
from wallboard_tui.hub.settings_file import Setting
from wallboard_tui.sources.asterisk.ami import AmiError, AmiSettings, secret_of
from wallboard_tui.sources.asterisk.ami.errors import PORT

NEXT = dict.fromkeys(
    ("lost", "garbage"), "Check what listens there; if it is the phone system, see its own log (asterisk/messages)."
)
"""What to do where a line that is followed would be tried again by itself."""
SECRETS = "secrets"
"""Directory of the hub's home in which typed secrets lie."""


@contextmanager
def in_words() -> Iterator[None]:
    """Say what goes wrong with a line as the hub does."""
    try:
        yield
    except AmiError as error:
        raise HubError(422, f"ami-{error.name}", error.reason, NEXT.get(error.name, error.next)) from error


class AsteriskGiven(BaseModel):
    """What somebody says about an Asterisk.

    ``secret``: to try it with, and to be kept in a file of the hub's home where neither ``secret_env`` nor
    ``secret_file`` says where it lies. Paths are paths of the hub's machine. ``queues``: names of the only queues to
    follow; ``all_queues``: all are meant, however many. ``role``: for people made of its agents; ``people`` false: none
    are made.
    """

    name: str
    host: str = Field(min_length=1)
    port: int = Field(PORT, ge=1, le=65535)
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
    with in_words():
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
