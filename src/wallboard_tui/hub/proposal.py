"""Room ``hub``: what a newly found phone system means for the organisation: who its agents could be. Pure.

Queues and agents are the phone system's own and come from its source. People, and the extensions they have, belong to
the organisation: they are proposed, and made only when somebody agrees.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from wallboard_tui.model.base import Doc
from wallboard_tui.model.names import LONGEST_KEY, mistake, short_name

AGENT_ROLE = "agent"
"""By this name, in any case, packs call the role of somebody who takes calls."""


@dataclass(frozen=True, slots=True)
class Found:
    """One agent that the phone system knows: ``agent`` is its key; ``name`` its own, or an interface (``SIP/101``)
    where it has none.
    """

    agent: str
    name: str
    extension: str | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """What would be made. Each is a document as it would be stored.

    ``added``: new people; ``linked``: people there are, with one agent more; ``extensions``: new ones. ``known``: keys
    of people who have their agent already. ``left``: agents of whom no person is proposed, each with the reason.
    """

    added: tuple[Doc, ...] = ()
    linked: tuple[Doc, ...] = ()
    extensions: tuple[Doc, ...] = ()
    known: tuple[str, ...] = ()
    left: Mapping[str, str] | None = None

    def documents(self) -> list[tuple[str, Doc]]:
        """Everything to store, ``(kind, document)``."""
        people = [("person", doc) for doc in (*self.added, *self.linked)]
        return [*(("extension", doc) for doc in self.extensions), *people]

    def answer(self) -> Doc:
        """The proposal as JSON: names and keys, no more than somebody needs in order to agree."""
        return {
            "people": [_shown(doc) for doc in self.added],
            "linked": [_shown(doc) for doc in self.linked],
            "extensions": [doc["key"] for doc in self.extensions],
            "known": list(self.known),
            "left": dict(self.left or {}),
        }


def propose(
    found: Iterable[Found], people: Mapping[str, Doc], extensions: Collection[str], role: str | None
) -> Proposal:
    """People for the agents of a phone system.

    An agent who is somebody already stays who they are; an agent with the name of a person is linked to that person
    (never when two people have the name); of anybody else a new person with ``role`` is made. ``role`` ``None``: nobody
    is made. An extension that somebody else has is left to them.
    """
    holder = {agent: key for key, doc in people.items() for agent in doc.get("agents", ())}
    named: dict[str, list[str]] = {}
    for key, doc in people.items():
        named.setdefault(str(doc["name"]).casefold(), []).append(key)
    taken = set(people)
    held = {str(doc["extension"]) for doc in people.values() if doc.get("extension")}
    added: list[Doc] = []
    linked: dict[str, Doc] = {}
    known: list[str] = []
    left: dict[str, str] = {}
    new_extensions: dict[str, Doc] = {}
    for one in sorted(found, key=lambda one: one.agent):
        if one.agent in holder:
            known.append(holder[one.agent])
            continue
        same = named.get(one.name.casefold(), [])
        if len(same) == 1:
            before = linked.get(same[0], people[same[0]])
            linked[same[0]] = {**before, "agents": sorted({*before.get("agents", ()), one.agent})}
            continue
        reason = _why_nobody(one, role, len(same))
        if reason:
            left[one.agent] = reason
            continue
        key = _free(short_name(one.name) or "", taken)
        taken.add(key)
        person: Doc = {"key": key, "name": one.name, "role": role, "agents": [one.agent]}
        if one.extension and one.extension not in held and mistake("extension", one.extension) is None:
            held.add(one.extension)
            person["extension"] = one.extension
            if one.extension not in extensions:
                new_extensions[one.extension] = {"key": one.extension, "name": one.name}
        added.append(person)
    return Proposal(tuple(added), tuple(linked.values()), tuple(new_extensions.values()), tuple(sorted(known)), left)


def agent_role(roles: Iterable[Doc], packs: Iterable[str]) -> str | None:
    """The role of people who take calls: the one called Agent of the first of the organisation's packs that has it."""
    order = {pack: index for index, pack in enumerate(packs)}
    named = [role for role in roles if str(role["name"]).casefold() == AGENT_ROLE]
    first = min(named, key=lambda role: (order.get(str(role.get("pack")), len(order)), role["key"]), default=None)
    return None if first is None else str(first["key"])


def _why_nobody(one: Found, role: str | None, same: int) -> str:
    if same > 1:
        return f"there are {same} people of that name"
    if "/" in one.name or not any(letter.isalpha() for letter in one.name) or short_name(one.name) is None:
        return "the phone system knows no name"
    if mistake("name", one.name):
        return "its name is none for a person"
    return "" if role else "the organisation has no role called Agent"


def _free(wanted: str, taken: Collection[str]) -> str:
    """A key nobody has: ``ann.kelly``, ``ann.kelly2``."""
    key, number = wanted, 1
    while key in taken:
        number += 1
        key = f"{wanted[: LONGEST_KEY - len(str(number))]}{number}"
    return key


def _shown(doc: Doc) -> Doc:
    return {name: doc[name] for name in ("key", "name", "role", "extension", "agents") if doc.get(name)}
