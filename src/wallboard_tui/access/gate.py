"""Room ``access``: the one gate for every way out of the hub: what a person gets, and what is taken out of it. Pure.

A gate holds for one person and the directory of one moment; when a document that decides about access changes, make
another.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Set
from functools import cached_property
from typing import Final

from wallboard_tui.access import call_redaction, redaction
from wallboard_tui.access.derive import Effective
from wallboard_tui.access.directory import Directory
from wallboard_tui.access.knowing import PEOPLE
from wallboard_tui.access.reach import Reach
from wallboard_tui.access.rules import RULES, Reason
from wallboard_tui.access.scope import Scope, to_sql
from wallboard_tui.access.scope import compile as compiled
from wallboard_tui.access.sharing import Sharing
from wallboard_tui.access.touch import Touch
from wallboard_tui.model.base import Doc
from wallboard_tui.model.me import Lens, Me
from wallboard_tui.model.security import PRIVATE_KINDS

SENT: Final = 1
"""What ``admit`` answers for documents that have no lens."""
_NAMES_AGENTS: Final = frozenset(PEOPLE) - {"reports.productivity", "analytics.filter_agents"}


class LensGate:
    """What goes through one lens alone: for figures that the hub computes instead of sending the rows."""

    def __init__(self, lens: Lens, scope: Scope, reach: Reach) -> None:
        self.lens = lens
        self.scope = scope
        self.reach = reach
        self.admit = compiled(scope)
        """``(direction, facts) -> bool``."""
        self._touch = Touch(scope)
        # Figures of queues and teams name agents only for those who may single them out.
        singled = reach.scope("analytics.filter_agents", "reports.productivity")
        names_agents = any(name in _NAMES_AGENTS for name in lens.permissions)
        self._agents = self._touch if names_agents else Touch(scope & singled)
        self._journey = call_redaction.Journey(scope, reach)

    def where(self, call: str = "call") -> tuple[str, list[str]]:
        """The lens as a condition over stored calls; ``call`` is the table's name or alias."""
        return to_sql(self.scope, call=call)

    def call(self, doc: Doc) -> Doc | None:
        """A call as seen through this lens alone, without names out of it; ``None`` when it is not in it."""
        if not self.admit(doc.get("direction", "inbound"), doc.get("facts")):
            return None
        found = call_redaction.call(self.reach, doc, self._journey)
        if self._agents is self._touch or "legs" not in found:
            return found
        legs = [{**leg, "agent": leg["agent"] if self.shows_agent(leg.get("agent")) else None} for leg in found["legs"]]
        return {**found, "legs": legs}

    def presence(self, doc: Doc) -> bool:
        """Whether an agent's state counts in figures of this lens."""
        own = self.reach.own_agent(doc["agent"]) and self._touch(self.reach.own)
        return own or bool(redaction.in_team(self._agents, self.reach, doc))

    def counting(self) -> tuple[bool, Touch]:
        """What ``presence`` rests on: whether one's own states count in any case, and what names whose count."""
        return self._touch(self.reach.own), self._agents

    def agent(self, key: str) -> bool:
        """Whether an agent belongs to this lens: named by it, or sitting in a queue that it names."""
        directory = self.reach.directory
        return self.shows_agent(key) or self._agents(f"queue:{queue}" for queue in directory.queues_of_agent(key))

    def shows_agent(self, agent: str | None) -> bool:
        """Whether figures may be given for an agent by name."""
        return agent is not None and self._agents(self.reach.directory.agent_facts(agent))

    def shows_reasons(self, by: str, key: str) -> bool:
        """Whether figures of a subject may tell why agents paused: where all who count there are supervised."""
        if self.scope <= self.reach.scope("supervisor"):
            return True
        of = self.reach.directory.agent_facts(key) if by == "agent" else (f"{by}:{key}",)
        return self.reach.pauses(of)

    def shows_queue(self, queue: str | None) -> bool:
        """Whether figures may be given for a queue by name, whoever's calls these are."""
        return queue is not None and self._touch(self.reach.directory.queue_facts(queue))


class Gate:
    """Everything that leaves the hub for one person passes here.

    ``effective`` must be resolved. ``secret`` is the hub's own: from it come the keys under which somebody to whom
    callers are masked knows missed opportunities, whose real key is the caller's number. Without it these are not
    sent to them. ``reach``: of the same permissions, where it is known already.
    """

    def __init__(
        self, effective: Effective, me: Me, directory: Directory, *, secret: bytes = b"", reach: Reach | None = None
    ) -> None:
        self.reach = reach or Reach(effective, directory)
        self.me = me
        self.fingerprint = me.fingerprint
        self.stream = self.reach.stream()
        """Gates of which this is equal give equal answers, but for the kinds in ``reach.PERSONAL``."""
        self._secret = secret
        self._rows = [
            (1 << index, compiled(one.scope)) for index, one in enumerate(self.reach.lenses) if one.lens.rows
        ]  # fmt: skip
        self._journeys: dict[int, call_redaction.Journey] = {}
        # One answer for all followups: a key must not change with the attempts of the day.
        self._masks = not self.reach.scope("caller_number").everything

    def admit(self, kind: str, doc: Doc) -> int:
        """Which lenses admit a document, as bits; 0: it is not sent. Kinds that have no lens answer ``SENT``.

        For a call only lenses that get rows count: figures of the others are made by the hub. An agent and what it did
        carry the lenses in which its states and times count.
        """
        if kind == "call":
            direction, facts = doc.get("direction", "inbound"), doc.get("facts")
            bits = 0
            for bit, fits in self._rows:
                if fits(direction, facts):
                    bits |= bit
            return bits
        if kind == "followup":
            return self._followup_bits(doc)
        if not self._reason(kind, doc):
            return 0
        if kind == "presence":
            return self._bits(lambda lens: lens.presence(doc))
        return self._bits(lambda lens: lens.agent(doc["key"])) if kind == "agent" else SENT

    def sends(self, kind: str, doc: Doc) -> bool:
        """Whether a document other than a call or a missed opportunity is admitted, by whichever lens."""
        return bool(self._reason(kind, doc))

    def near(self, kind: str) -> Set[str] | None:
        """Keys of a kind outside of which nothing is admitted; ``None``: there may be anywhere."""
        reach = self.reach
        # What cannot be read stands in no directory; then all are looked at.
        if reach.directory.unreadable or (kind == "person" and reach.may("users")):
            return None
        known = reach.known.get(kind)
        return known | {reach.key} if known is not None and kind == "person" else known

    @cached_property
    def sharing(self) -> Sharing:
        """What calls and presences look like to this person rests on: who has equal marks sees them alike."""
        return Sharing(self)

    def redact(self, kind: str, doc: Doc, bits: int) -> Doc:
        """A copy without what this person may not know. ``bits`` is what ``admit`` answered, and must not be 0.

        The copy's ``key`` is ``key(kind, key)``. Raises ``ValueError`` for what is
        not sent.
        """
        if not bits:
            raise ValueError(f"a document of kind {kind!r} that is not admitted has no redacted form")
        if kind == "call":
            return call_redaction.call(self.reach, doc, self._journey(bits))
        if kind == "followup":
            return call_redaction.followup(self.reach, doc, self.key(kind, doc["key"]))
        if kind in redaction.REDACT:
            return redaction.REDACT[kind](self.reach, doc)
        return redaction.plain(self.reach, kind, doc) if kind in redaction.PLAIN else dict(doc)

    def key(self, kind: str, key: str) -> str:
        """The key under which this person knows a document: an opaque one for followups where callers are masked."""
        if kind != "followup" or not self._masks:
            return key
        mixed = self.reach.key.encode() + b"\0" + key.encode()
        return "masked:" + hashlib.blake2b(mixed, key=self._secret[:64], digest_size=12).hexdigest()

    def may(self, permission: str, level: str = "view", kind: str = "", doc: Doc | None = None) -> bool:
        """Whether the person may act: holds a permission at a level, and for this document when one is given."""
        if not self.reach.may(permission, level):
            return False
        if doc is None:
            return True
        held = self.reach.effective.permissions[permission]
        scope = held.managed if level == "manage" else held.scope
        if kind == "followup":
            return bool(call_redaction.kept_attempts(scope, doc))
        return compiled(scope)(doc.get("direction", "inbound"), doc.get("facts"))

    def wanted_sql(self, call: str = "call", *, gathered: bool = False) -> tuple[str, list[str]]:
        """Calls admitted by a lens that gets rows, as condition and parameters; ``call``: the table's name or alias.

        ``gathered``: as in ``to_sql``.
        """
        rows = [one.scope.pairs for one in self.reach.lenses if one.lens.rows]
        return to_sql(Scope(frozenset().union(*rows)).normalised(), call=call, gathered=gathered)

    def lens_gate(self, lens: int) -> LensGate:
        """The gate of one lens, for figures without rows. Raises ``IndexError`` when the person has no such lens."""
        return self._lens_gates[lens]

    def reason(self, kind: str, doc: Doc) -> Reason | None:
        """Why a document other than a call is sent; nothing when it is not."""
        return self._reason(kind, doc) if kind != "call" and self.admit(kind, doc) else None

    def _reason(self, kind: str, doc: Doc) -> Reason | None:
        rule = RULES.get(kind) if kind not in PRIVATE_KINDS else None
        return rule(self.reach, doc) if rule is not None and self.reach.person is not None else None

    def _bits(self, admits: Callable[[LensGate], bool]) -> int:
        """The lenses in which an agent or what they did counts; where it is only known, a bit that is no lens's."""
        found = sum(admits(lens) << index for index, lens in enumerate(self._lens_gates))
        return found or 1 << len(self._lens_gates)

    @cached_property
    def _lens_gates(self) -> list[LensGate]:
        return [LensGate(one.lens, one.scope, self.reach) for one in self.reach.lenses]

    def _followup_bits(self, doc: Doc) -> int:
        lens = self.reach.lens_of("reports.missed")
        if lens is None or (self._masks and not self._secret):
            return 0
        return 1 << lens if self._reason("followup", doc) else 0

    def _journey(self, bits: int) -> call_redaction.Journey:
        if bits not in self._journeys:
            scopes = [one.scope.pairs for i, one in enumerate(self.reach.lenses) if bits >> i & 1]
            self._journeys[bits] = call_redaction.Journey(Scope(frozenset().union(*scopes)).normalised(), self.reach)
        return self._journeys[bits]
