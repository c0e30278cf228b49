"""Room ``access``: the answer of ``GET /me``: a person, what they may do, and what is composed from it. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from wallboard_tui.access import redaction
from wallboard_tui.access.boards import default_board, offered_boards
from wallboard_tui.access.derive import Effective, effective
from wallboard_tui.access.directory import Directory
from wallboard_tui.access.panes import panes
from wallboard_tui.access.reach import Reach
from wallboard_tui.model.base import Doc
from wallboard_tui.model.directory import Grant, Organisation
from wallboard_tui.model.me import Me


class UnknownPerson(LookupError):
    """There is no person with that key."""


def me(
    person_key: str,
    directory: Directory,
    boards: Iterable[Doc] = (),
    *,
    policy: int,
    now: float,
    reach: Reach | None = None,
) -> Me:
    """What a hub tells a terminal about the person who signed in.

    ``policy`` is the seq of the newest document that decides about access, ``now`` the hub's time in epoch seconds.
    ``reach``: where it is known already, or is not simply the person's own.
    Raises ``UnknownPerson``.
    """
    person = directory.people.get(person_key)
    if person is None:
        raise UnknownPerson(f"there is no person {person_key!r}")
    role = directory.roles.get(person.role)
    reach = reach or Reach(effective(person_key, directory).resolved(directory), directory)
    held = reach.effective
    opened = panes(held)
    organisation = directory.organisation or Organisation(key="organisation", name="", time_zone="UTC")
    return Me(
        person=person_key,
        name=person.name,
        role=person.role,
        role_name=role.name if role else person.role,
        permissions={
            name: Grant(level=one.level, scope=one.scope.atoms()) for name, one in sorted(held.permissions.items())
        },
        capabilities=held.capabilities,
        panes=opened,
        lenses=tuple(one.lens for one in reach.lenses),
        agents=tuple(dict.fromkeys(directory.agent_key(agent) for agent in person.agents)),
        extension=person.extension,
        teams=directory.teams_of(person_key),
        managed_teams=directory.managed_by(person_key),
        boards=tuple(_boards(reach, boards, opened)),
        organisation=redaction.plain(reach, "organisation", organisation.model_dump(mode="json")),
        policy=policy,
        fingerprint=reach.fingerprint(),
        sees="" if opened else _nothing(held, directory),
        lease_s=organisation.lease_s,
        server_time=now,
    )


def _boards(reach: Reach, boards: Iterable[Doc], opened: tuple[str, ...]) -> list[Doc]:
    if not opened:
        return []
    offered = offered_boards(reach.key, reach.directory, boards, opened)
    found = [known for board in offered if (known := redaction.board(reach, board))["pages"]]
    return found or [default_board(opened)]


def _nothing(held: Effective, directory: Directory) -> str:
    reason = held.sees_nothing or "Your role opens nothing on this terminal, or nothing is in its scope yet."
    admins = [
        person.name for key, person in sorted(directory.people.items())
        if effective(key, directory).holds("roles.assign", "manage")
    ]  # fmt: skip
    whom = f"{', '.join(admins[:3])}" if admins else "whoever administers this hub"
    return f"{reason} Ask {whom} for access."
