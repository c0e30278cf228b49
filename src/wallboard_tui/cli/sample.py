"""Room ``cli``: brings the sample organisation and its recording into a demo's hub. Knows where the files lie."""

import json
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wallboard_tui.cli.failures import Failure
from wallboard_tui.client.session import write_private

if TYPE_CHECKING:
    from wallboard_tui.client.home import Home
    from wallboard_tui.client.hub import HubClient
    from wallboard_tui.tui.terminal import DemoPerson

MARKER = "demo"
"""Name of the file that makes a home a demo's."""
NOTE = "This directory belongs to `wallboard demo`; everything in it is made anew at its next start."
PASSWORD = "demo"
SOURCE = "pbx1"
ALREADY_S = 2700
"""The recording began so many seconds before the demo: callers wait and agents talk from the first moment on."""
PATIENT_S = 60.0
"""The hub answers once the demo's today is in: a second or two, more on a machine that has much to do."""
BETWEEN_S = 5
"""Seconds between two rounds, as the hub plays them."""


def sample_data() -> Path:
    """The directory of the sample data: inside an installed package, or in the repository. Raises ``Failure``."""
    package = Path(__file__).resolve().parents[1]
    for place in (package / "_data" / "sample_data", package.parents[1] / "sample_data"):
        if (place / "organisation.json").is_file():
            return place
    raise Failure("no-sample-data", "The sample data is not part of this installation.", "Install wallboard-tui again.")


def organisation() -> list[list[Any]]:
    """``[kind, document]`` of everything the sample organisation consists of."""
    found: list[list[Any]] = _sample()["documents"]
    return found


def _sample() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((sample_data() / "organisation.json").read_bytes())
    return found


def people_to_try() -> "list[DemoPerson]":
    """One person for each role that can sign in, as the sign-in screen offers them, most interesting first."""
    from wallboard_tui.access.packs import packs, roles_of
    from wallboard_tui.tui.terminal import DemoPerson

    roles = {role.key: role for pack in packs() for role in roles_of(pack)}
    people = {doc["key"]: doc for kind, doc in organisation() if kind == "person"}
    return [
        DemoPerson(key, people[key]["name"], f"{role.name} ({role.pack})", PASSWORD, note)
        for key, note in _sample()["people_to_try"]
        for role in (roles[people[key]["role"]],)
    ]


def documents() -> list[list[Any]]:
    """``[kind, document]`` of the whole demo: the roles of all packs, the organisation, and everybody's password."""
    from wallboard_tui.access.packs import packs, roles_of
    from wallboard_tui.hub.passwords import Passwords

    sample = organisation()
    # Hashed once and not once for each of them: that would take longer than the demo may take to begin.
    hashed = Passwords().hash(PASSWORD)
    roles = [["role", role.dump()] for pack in packs() for role in roles_of(pack)]
    credentials = [
        ["credential", {"key": doc["key"], "password_hash": hashed}] for kind, doc in sample if kind == "person"
    ]
    return [*roles, *sample, *credentials]


async def fill(home: "Home", now: float) -> None:
    """Give a new demo's hub the sample organisation and today; the weeks behind it come by themselves."""
    from wallboard_tui.client.hub import HubClient

    async with HubClient(home.address, operator=True, answer_s=PATIENT_S) as hub:
        await hub.request("POST", "/apply", {"documents": documents()})
        await play(home, hub, int(now) - ALREADY_S)


async def play_on(home: "Home", now: float) -> None:
    """The hub was started again: let the recording go on where it would be by now."""
    from wallboard_tui.client.hub import HubClient

    first = began(home)
    if first is not None:
        async with HubClient(home.address, operator=True, answer_s=PATIENT_S) as hub:
            await play(home, hub, round_at(*first, now))


def began(home: "Home") -> tuple[int, float] | None:
    """When the recording of a demo was begun, and how many seconds it lasts; ``None``: it was not yet."""
    try:
        known = json.loads((home.data / MARKER).read_bytes())
        return int(known["began"]), float(known["seconds"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def round_at(first: int, seconds: float, now: float) -> int:
    """When the round that is due at ``now`` began, of a recording of so many seconds that was first begun at ``first``.

    Rounds follow each other as the hub plays them; so a round taken up again has the same calls as before.
    """
    period = math.floor(seconds + BETWEEN_S)
    return first + max(0, int(now - first) // period) * period


async def play(home: "Home", hub: "HubClient", start: int) -> None:
    """Play the recording as if it had been begun at that second: ids follow from it, so that a recording that is taken
    up again has the same calls, however long the hub takes to answer."""
    body = {"recording": str(sample_data()), "source": SOURCE, "began": start}
    found = await hub.request("POST", "/replay", body)
    write_private(home.data / MARKER, json.dumps({"note": NOTE, "began": start, "seconds": found["seconds"]}).encode())
