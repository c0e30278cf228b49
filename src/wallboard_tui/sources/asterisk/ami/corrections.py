"""Room ``sources``: statements that make what is believed of members what the phone system has. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

from wallboard_tui.model.base import Doc
from wallboard_tui.sources.asterisk.ami.members import STATIC, Members
from wallboard_tui.sources.asterisk.ami.statements import Seat, statement
from wallboard_tui.sources.asterisk.keys import key


class Held(NamedTuple):
    """What the hub believes of one agent in one queue."""

    paused: bool
    reason: str = ""


def corrections(members: Members, held: Mapping[Seat, Held], at: float, *, only_new: bool) -> list[Doc]:
    """Statements that make what the hub believes (``held``) what the phone system has, from ``at`` on.

    ``only_new``: another witness tells what members do; only of those nobody has spoken of yet is anything said.
    """
    found: list[Doc] = []
    for seat, member in members.seats.items():
        known = held.get(seat)
        if known is None and member.membership != STATIC:
            found.append(statement(members.source, seat, member.joined or at, "join"))
        elif known is None and not member.paused:
            found.append(statement(members.source, seat, at, "unpause"))
        elif known is not None and only_new:
            continue
        if member.paused and not (known and known.paused):
            found.append(statement(members.source, seat, member.last_pause or at, "pause", member.reason))
        elif known and known.paused and not member.paused:
            found.append(statement(members.source, seat, at, "unpause"))
    if not only_new:
        own = key(members.source, "")

        def not_told(queue: str) -> bool:
            """Whether nothing is heard of it any more, because others were chosen to be followed."""
            return queue.startswith(own) and not members.follows(queue.removeprefix(own))

        gone = [seat for seat in held if seat not in members.seats and (seat[1] in members.queues or not_told(seat[1]))]
        found += [statement(members.source, seat, at, "leave") for seat in sorted(gone)]
    return found


def log_ins(members: Members, signed_in: Collection[str], names: Mapping[str, str], at: float) -> list[Doc]:
    """Statements that make who is believed to be signed in those who are, of agents who log in and out.

    ``names``: another name of an agent → its key.
    """
    found: list[Doc] = []
    for agent, since in sorted(members.logged_in.items()):
        said = key(members.source, agent)
        believed = names.get(said, said) in signed_in
        if since is None and believed:
            found.append(statement(members.source, (said, ""), at, "logout"))
        elif since is not None and not believed:
            found.append(statement(members.source, (said, ""), since or at, "login"))
    return found
