"""Room ``cli``: brings the sample organisation and its recording into a demo's hub. Knows where the files lie."""

import asyncio
import json
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wallboard_tui.cli.failures import Failure

if TYPE_CHECKING:
    from wallboard_tui.client.home import Home
    from wallboard_tui.client.hub import HubClient
    from wallboard_tui.tui.terminal import DemoPerson

PASSWORD = "demo"
START_S = 30.0
FIRST = ("ann", "alice", "ct-reception")
"""Whom the sign-in screen offers first: a supervisor, an agent, a receptionist. Then one person for every other role."""


def sample_data() -> Path:
    """The directory of the sample data: inside an installed package, or in the repository. Raises ``Failure``."""
    package = Path(__file__).resolve().parents[1]
    for place in (package / "_data" / "sample_data", package.parents[1] / "sample_data"):
        if (place / "organisation.json").is_file():
            return place
    raise Failure("no-sample-data", "The sample data is not part of this installation.", "Install wallboard-tui again.")


def organisation() -> list[list[Any]]:
    """``[kind, document]`` of everything the sample organisation consists of."""
    found: list[list[Any]] = json.loads((sample_data() / "organisation.json").read_bytes())["documents"]
    return found


def people_to_try() -> "list[DemoPerson]":
    """One person for each role that can sign in, as the sign-in screen offers them."""
    from wallboard_tui.access.packs import packs, roles_of
    from wallboard_tui.tui.terminal import DemoPerson

    roles = {role.key: role for pack in packs() for role in roles_of(pack)}
    people = {doc["key"]: doc for kind, doc in organisation() if kind == "person" and roles[doc["role"]].login}
    chosen: dict[str, DemoPerson] = {}
    for key in (*FIRST, *people):
        role = roles[people[key]["role"]]
        if role.key not in chosen:
            chosen[role.key] = DemoPerson(
                key, people[key]["name"], f"{role.name} ({role.pack})", PASSWORD, role.description
            )
    return list(chosen.values())
