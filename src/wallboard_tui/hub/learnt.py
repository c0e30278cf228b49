"""Room ``hub``: what became known of agents after calls and presences of theirs were stamped.

A phone system's files come in any order: queues.conf may name an agent's extension, and a CDR an interface, after
queue_log spoke of them. The documents are then stamped once more with just that, so that the order does not matter.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from wallboard_tui.model.agent import interface_keys
from wallboard_tui.model.base import Doc
from wallboard_tui.view.view import View

AT_ONCE = 400
"""Names in one question to the view."""


@dataclass(frozen=True, slots=True)
class Learnt:
    """Agents with a name or an extension that they did not have. A changed extension is not among them: what was
    stamped under the old one stays.
    """

    names: frozenset[str] = frozenset()
    """Every key under which such an agent may have been spoken of."""
    extensions: frozenset[str] = frozenset()
    """Extensions that became an agent's."""
    extended: frozenset[str] = frozenset()
    """Keys of the agents whose extensions these are."""

    @classmethod
    def of(cls, agents: Iterable[tuple[Doc | None, Doc]]) -> Learnt:
        """What ``(before, after)`` of some agents' documents says that is new."""
        names: set[str] = set()
        extensions: dict[str, str] = {}
        for before, after in agents:
            old: Doc = before or {}
            extension = None if old.get("extension") else after.get("extension")
            interfaces = after.get("interfaces") or ()
            named = interface_keys((after["key"], after.get("name") or "", interfaces))
            if extension:
                extensions[after["key"]] = extension
            if extension or set(interfaces) - set(old.get("interfaces") or ()):
                names |= {after["key"], *(name for _, name in named)}
        return cls(frozenset(names), frozenset(extensions.values()), frozenset(extensions))

    def __bool__(self) -> bool:
        return bool(self.names)

    def concerned(self, view: View) -> Mapping[str, list[str]]:
        """Keys of the calls and presences to be looked at again."""
        names, facts = sorted(self.names), [f"ext:{extension}" for extension in sorted(self.extensions)]
        dialled = sorted(self.extensions)
        calls = _keys(view, "SELECT c.key FROM leg l JOIN call c ON c.id = l.call WHERE l.said IN ({0})", names)
        calls |= _keys(view, "SELECT c.key FROM leg l JOIN call c ON c.id = l.call WHERE l.agent IN ({0})", names)
        calls |= _keys(view, "SELECT c.key FROM call_fact f JOIN call c ON c.id = f.call WHERE f.fact IN ({0})", facts)
        calls |= _keys(view, "SELECT key FROM call WHERE json ->> '$.called' IN ({0})", dialled)
        said = _keys(view, "SELECT key FROM presence WHERE said IN ({0})", names)
        return {"call": sorted(calls), "presence": sorted(said)}


def _keys(view: View, sql: str, values: list[str]) -> set[str]:
    found: set[str] = set()
    with view.reading() as db:
        for start in range(0, len(values), AT_ONCE):
            some = values[start : start + AT_ONCE]
            found.update(key for (key,) in db.execute(sql.format(",".join("?" * len(some))), some))
    return found


def spoken_of(view: View, source: str) -> Mapping[str, set[str]]:
    """Agents of a source by what they are known to have said or done, as ``sources.base.Implied.spoke`` takes it."""
    with view.reading() as db:
        legs = db.execute(
            "SELECT DISTINCT l.said FROM leg l JOIN call c ON c.id = l.call WHERE c.source = ? AND l.queue IS NOT NULL",
            (source,),
        )
        found: dict[str, set[str]] = {"unpause": {agent for (agent,) in legs if agent is not None}}
        said = db.execute("SELECT DISTINCT what, said FROM presence WHERE coalesce(reason, '') != 'restart'")
        for what, agent in said:
            if agent.split(":", 2)[1] == source:
                found.setdefault(what, set()).add(agent)
    return found
