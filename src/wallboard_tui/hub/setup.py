"""Room ``hub``: what an operator puts in place: the organisation and its first admin, and documents of any kind.

Knows ``access`` for packs. Runs on the hub's thread, but for the hashing of passwords.
"""

from collections.abc import Sequence
from typing import Any

from pydantic import ValidationError

from wallboard_tui.access.derive import of_role
from wallboard_tui.access.effects import affected
from wallboard_tui.access.expansion import Expansion
from wallboard_tui.access.order import leq
from wallboard_tui.access.packs import NAMES, PackError, roles_of
from wallboard_tui.access.proposal import Proposal
from wallboard_tui.access.saving_higher import left_alone
from wallboard_tui.access.saving_numbers import dialled_twice
from wallboard_tui.hub.differing import differing_fields
from wallboard_tui.hub.errors import HubError
from wallboard_tui.hub.hub import Hub
from wallboard_tui.hub.refusals import write_down
from wallboard_tui.hub.sessions import Ended, Sessions
from wallboard_tui.hub.settings import check_zone
from wallboard_tui.hub.signin import Code
from wallboard_tui.hub.withdrawing import withdrawn
from wallboard_tui.model.base import Doc
from wallboard_tui.model.change import Change
from wallboard_tui.model.directory import Organisation, Person, Role
from wallboard_tui.model.kinds import KINDS
from wallboard_tui.model.names import mistake
from wallboard_tui.model.security import PRIVATE_KINDS, Credential
from wallboard_tui.model.unfit import unfit

ORGANISATION = "organisation"
NEVER_APPLIED = frozenset({"audit", "session", "cell", "live_queue", "live_agent"})
NEVER_LISTED = PRIVATE_KINDS | {"call", "presence"}
AUDITED = frozenset({"organisation", "role", "person", "team", "queue", "number", "agent", "extension", "contact"})
"""Kinds of which the trail keeps every change, field by field."""


def found(hub: Hub, name: str, zone: str, packs: Sequence[str], admin: str, code: Code, by: str) -> Person:
    """Create the organisation, the roles of its packs, and the first admin, with the highest role of the first pack
    and a one-time code: all of it or nothing.

    Raises ``HubError``: 409 when there is an organisation already, 422 for a name, zone or pack that is none.
    """
    if hub.document(ORGANISATION, ORGANISATION) is not None:
        raise HubError(
            409,
            "already-set-up",
            "This hub has an organisation already.",
            "See its people with: wallboard people list; a one-time code for one: wallboard people code PERSON",
        )
    if not name.strip():
        raise HubError(422, "no-name", "The organisation has no name.", "Give one with --name.")
    check_zone(zone)
    if not packs:
        raise HubError(422, "no-pack", "No pack was chosen, so there would be no roles.", "Choose one, e.g. standard.")
    if wrong := mistake("key", admin):
        raise HubError(422, "wrong-key", *wrong)
    roles = [role for pack in dict.fromkeys(packs) for role in roles_in(pack)]
    person = Person(key=admin, name=admin.replace(".", " ").title(), role=highest(roles_in(packs[0])).key)
    credential = Credential(key=person.key, code_hash=code.hashed, code_until=code.until)
    organisation = Organisation(key=ORGANISATION, name=name.strip(), time_zone=zone, packs=tuple(dict.fromkeys(packs)))
    hub.commit(
        [
            hub.put(ORGANISATION, organisation.dump(), by),
            *(hub.put("role", role.dump(), by) for role in roles),
            hub.put("person", person.dump(), by),
            hub.put("credential", credential.dump(), by),
            hub.audit(by, "organisation.created", name.strip()),
            hub.audit(by, "code.given", person.key),
        ],
        {(ORGANISATION, ORGANISATION): None},
    )
    return person


def roles_in(pack: str) -> list[Role]:
    """The roles of a pack. Raises ``HubError`` for one that is none."""
    try:
        return roles_of(pack)
    except PackError as error:
        raise HubError(422, "wrong-pack", f"There is no pack “{pack}”.", f"There are: {', '.join(NAMES)}.") from error


def highest(roles: Sequence[Role]) -> Role:
    """The role that most others are not higher than; among equals one that may manage roles or people."""
    held = {role.key: of_role(role) for role in roles}

    def rank(role: Role) -> tuple[int, int]:
        mine = held[role.key]
        below = sum(not leq(other, mine) for other in held.values())
        return below, mine.holds("roles", "manage") + mine.holds("users", "manage")

    return max(roles, key=rank)


def checked(documents: Sequence[Any]) -> list[tuple[str, Doc]]:
    """Documents as an operator writes them, ``[kind, document]`` each, in the form in which they are stored.

    ``credential`` may have ``password`` in place of ``password_hash``; it is left for ``credentials``. Raises
    ``HubError`` naming the document and the field.
    """
    return [_checked(index, pair) for index, pair in enumerate(documents)]


def _checked(index: int, pair: Any) -> tuple[str, Doc]:
    if not isinstance(pair, list | tuple) or len(pair) != 2 or not isinstance(pair[1], dict):
        raise _wrong(f"Document {index + 1} is not written as [kind, document].")
    kind, doc = pair
    model = KINDS.get(kind)
    if model is None or kind in NEVER_APPLIED:
        raise _wrong(f"Document {index + 1} is of the kind “{kind}”, which cannot be applied.")
    if kind == "credential" and "password" in doc:
        if not isinstance(doc.get("key"), str) or not isinstance(doc["password"], str):
            raise _wrong(f"Document {index + 1} (credential) needs key and password as texts.")
        return kind, doc
    try:
        return kind, model.load(doc).dump()
    except ValidationError as error:
        where, said = unfit(error)
        about = f"Document {index + 1} ({kind} {doc.get('key', '?')})"
        raise _wrong(f"{about}: {where or 'the document'}: {said}.") from error


def apply(hub: Hub, sessions: Sessions, documents: Sequence[tuple[str, Doc]], by: str) -> Doc:
    """Put documents. An organisation brings along the roles of its packs that are not there yet. What goes with a
    change of access goes with it here, too: of people who may not sign in any more, sessions end at once.

    No rule holds for the operator here but those without which the organisation would not work: raises ``HubError``
    when nobody would be left who manages roles and people (``last-admin``), or two business numbers would be dialled
    as the same (``exists``), and writes that down. Returns what was changed.
    """
    changes = []
    for kind, doc in documents:
        if kind == ORGANISATION:
            changes += _roles_of(hub, doc, by)
        changes.append(hub.put(kind, doc, by))
    # Each once, as it stands last: a second entry of the trail would tell of a change that nobody made.
    changes = list({(change.kind, change.key): change for change in changes}.values())
    fresh = [change for change in changes if hub.document(change.kind, change.key) != change.doc]
    if fresh:
        proposal = _proposal(hub, fresh)
        _judge(hub, proposal, by)
        told = []
        for change in fresh:
            trail = _trail(hub, change) if change.kind in AUDITED else None
            # Right behind its document: there it is looked for when somebody asks what changed since.
            told += [change] if trail is None else [change, trail]
        standings = affected(proposal, Expansion(proposal.before), Expansion(proposal.after))
        written = {change.key for change in fresh if change.kind == "credential"}
        gone = withdrawn(hub, sessions, standings, proposal.before, proposal.after, by, written)
        hub.commit([*told, *gone.changes, hub.audit(by, "documents.applied", note=f"{len(fresh)} documents")])
        sessions.ended(gone.ended, Ended.DISABLED)
    return {"applied": len(fresh), "unchanged": len(changes) - len(fresh)}


def _proposal(hub: Hub, changes: Sequence[Change]) -> Proposal:
    """What is put, of that which access follows from."""
    known = {
        (change.kind, change.key): (hub.document(change.kind, change.key), change.doc)
        for change in changes
        if change.kind in AUDITED
    }
    return Proposal((), known, hub.directory)


def _judge(hub: Hub, proposal: Proposal, by: str) -> None:
    for found in (*left_alone(proposal.before, proposal.after), *dialled_twice(proposal)):
        error = HubError(422, found.rule, found.reason, found.next)
        write_down(hub, by, "documents.applied", "", error)
        raise error


def _trail(hub: Hub, change: Change) -> Change | None:
    """What the audit trail says of a document that is put, ``None`` when it stays as it was."""
    old = hub.document(change.kind, change.key)
    if change.doc == old:
        return None
    before, after = differing_fields(old, change.doc)
    verb = "created" if old is None else "changed"
    return hub.audit(change.by, f"{change.kind}.{verb}", change.key, before=before, after=after)


def _roles_of(hub: Hub, organisation: Doc, by: str) -> list[Change]:
    roles = [role for pack in organisation.get("packs") or () for role in roles_in(pack)]
    known = hub.journal.get_many("role", [role.key for role in roles])
    return [hub.put("role", role.dump(), by) for role in roles if role.key not in known]


def _wrong(reason: str) -> HubError:
    return HubError(422, "wrong-document", reason, "Mend it, then apply all of them again; none was stored.")
