"""Room ``hub``: a team's past: the calls and presences of its queues, numbers and members that were taken in before
they were the team's.

Facts are stamped when it happens, so a team that is made later has none. To give it its past is an act of its own:
judged as if the team were given all that is its own today, audited, and never undone. Runs on the hub's thread.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NoReturn

from wallboard_tui.access.proposal import propose
from wallboard_tui.access.saving import Actor, judge
from wallboard_tui.hub.administration import FORBIDDEN, Administration
from wallboard_tui.hub.errors import HubError, not_found, not_permitted
from wallboard_tui.hub.hub import Hub
from wallboard_tui.hub.refusals import write_down
from wallboard_tui.hub.stamp import Stamper, TeamsOwn
from wallboard_tui.metrics.quarters import UnknownPeriod, period
from wallboard_tui.model.administration import Edit
from wallboard_tui.model.base import Doc
from wallboard_tui.model.change import Change
from wallboard_tui.model.directory import Team
from wallboard_tui.view.past import dialled, newest_call, past_calls, past_presences

ACT = "team.past-adopted"
ROUTING = ("members", "queues", "numbers")
"""Fields of a team that say whose calls are its own."""
AT_ONCE = 20_000
"""Calls of the view that one piece looks through."""
CHUNK = 1000
"""Documents per append."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which past: ``since`` is a day or a moment in the organisation's zone, empty for all. ``dry_run``: only count."""

    team: str
    since: str = ""
    dry_run: bool = False
    note: str = ""


class Adoption:
    """Gives a team its past, piece by piece. ``by``: who does it. Each ``next`` on ``pieces`` is one turn on the hub's
    thread; what was stamped stays, and to do it again adds the rest.
    """

    def __init__(self, hub: Hub, administration: Administration, by: str, wanted: Wanted) -> None:
        self._hub = hub
        self._administration = administration
        self._by = by
        self._wanted = wanted
        self._policy = -1
        self._stamper: Stamper | None = None
        self._own: TeamsOwn | None = None
        self.calls = 0
        self.presences = 0

    def pieces(self) -> Iterator[Doc]:
        """Lines ``{what, done, total}``, and at last what came of it.

        Raises ``HubError``: 404 for a team that is none, 422 for a day that is none, 403 naming the rule.
        """
        began = time.monotonic()
        since = self._since()
        self._permitted()
        view, newest = self._hub.view, newest_call(self._hub.view)
        for first in range(0, newest + 1, AT_ONCE):
            yield {"what": "looking through calls", "done": first, "total": newest}
            team = self._permitted()
            within = (first, first + AT_ONCE)
            called = self._stamped().of_team(dialled(view, since, within), team) if team.numbers else []
            keys = past_calls(view, team.fact, team.facts, called, since, within)
            self.calls += len(keys)
            for start in range(0, 0 if self._wanted.dry_run else len(keys), CHUNK):
                yield {"what": "adding calls", "done": first, "total": newest}
                self._adopt("call", keys[start : start + CHUNK])
        yield {"what": "looking through log-ins and pauses", "done": newest, "total": newest}
        team = self._permitted()
        said = past_presences(view, team.agents, team.queues, since)
        for start in range(0, len(said), CHUNK):
            yield {"what": "adding log-ins and pauses", "done": newest, "total": newest}
            self.presences += self._adopt("presence", said[start : start + CHUNK])
        if not self._wanted.dry_run:
            self._written_down()
        yield self._answer(time.monotonic() - began)

    def _since(self) -> float:
        if not self._wanted.since:
            return 0.0
        try:
            return period(self._wanted.since, self._hub.organisation["time_zone"], self._hub.clock())[0]
        except UnknownPeriod as error:
            since = self._wanted.since
            raise HubError(422, "wrong-day", f"“{since}” is no day.", "Write it like 2026-11-01.") from error

    def _permitted(self) -> TeamsOwn:
        """What is the team's own; judged again whenever access was changed since. Raises ``HubError``."""
        policy = self._hub.journal.policy()
        if self._own is None or policy != self._policy:
            actor = self._administration.actor(self._by)
            # First: who may not do it is not told which teams there are.
            if not actor.resolved.holds("workgroups", "manage"):
                self._refuse(not_permitted("give a team its past", "Teams (manage)"))
            team = self._hub.directory.teams.get(self._wanted.team)
            if team is None:
                raise not_found("team", self._wanted.team, "See: wallboard teams list")
            self._judge(team, actor)
            self._policy, self._own = policy, TeamsOwn.of(team, self._hub.directory)
        return self._own

    def _judge(self, known: Team, actor: Actor) -> None:
        """To give a team its past is to give it its queues, numbers and members with all that they had."""
        key, directory, team = known.key, self._hub.directory, known.dump()
        bare = {**team, **{field: [] for field in ROUTING}}
        edit = Edit(kind="team", key=key, set={field: list(team.get(field) or ()) for field in ROUTING})
        before = directory.changed([("team", key, bare)])
        proposal = propose([edit], lambda kind, name: bare if (kind, name) == ("team", key) else None, before)
        verdict = judge(proposal, actor)
        if verdict.refused:
            first = verdict.refused[0]
            status = 403 if first.rule in FORBIDDEN else 422
            self._refuse(HubError(status, first.rule, first.reason, first.next, missing=list(first.missing)))

    def _refuse(self, error: HubError) -> NoReturn:
        if not self._wanted.dry_run:
            asked = {"since": self._wanted.since} if self._wanted.since else None
            write_down(self._hub, self._by, ACT, self._wanted.team, error, asked)
        raise error

    def _stamped(self) -> Stamper:
        if self._stamper is None or self._stamper.directory is not self._hub.directory:
            self._stamper = Stamper(self._hub.directory)
        return self._stamper

    def _adopt(self, kind: str, keys: list[str]) -> int:
        """Stamp some documents; returns how many carry the team now that did not."""
        team, stamper, now = self._permitted(), self._stamped(), self._hub.clock()
        stamp = stamper.adopted if kind == "call" else stamper.presence_adopted
        changes = []
        for entry in self._hub.journal.get_many(kind, keys).values():
            old = entry.change.doc
            if old is not None and (new := stamp(old, team)) != old:
                changes.append(Change(kind, entry.change.key, new, now, self._by))
        if changes and not self._wanted.dry_run:
            self._hub.commit(changes)
        return len(changes)

    def _written_down(self) -> None:
        after: dict[str, Any] = {"calls": self.calls, "presences": self.presences}
        if self._wanted.since:
            after["since"] = self._wanted.since
        team, note = self._wanted.team, self._wanted.note
        self._hub.commit([self._hub.audit(self._by, ACT, team, after=after, note=note)])

    def _answer(self, seconds: float) -> Doc:
        return {
            "team": self._wanted.team, "since": self._wanted.since or None, "calls": self.calls,
            "presences": self.presences, "dry_run": self._wanted.dry_run, "seconds": round(seconds, 3),
        }  # fmt: skip
