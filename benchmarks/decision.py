"""What one permission decision costs, beside a look-up in a plain Python set: ``python benchmarks/decision.py``.

Prints microseconds per decision and the ratio. Exit status 1 when a decision takes more than ``LIMIT_US``.
"""

import random
import sys
import timeit
from collections.abc import Callable

from wallboard_tui.access.derive import effective
from wallboard_tui.access.directory import Directory
from wallboard_tui.access.gate import Gate
from wallboard_tui.access.me import me
from wallboard_tui.access.packs import packs, roles_of
from wallboard_tui.access.scope import Scope
from wallboard_tui.access.scope import compile as compiled
from wallboard_tui.model.base import Doc

LIMIT_US = 1.0
ROWS = 2_000
REPEATS = 7


def rows() -> list[Doc]:
    """Calls with seven facts each, of which a supervisor of one team of twenty may see about one in twenty."""
    chance = random.Random(7)
    found = []
    for key in range(ROWS):
        agents = chance.sample(range(200), 2)
        facts = [f"queue:asterisk:pbx1:q{chance.randrange(20)}", f"number:+3531555{chance.randrange(100):04}"]
        facts += [f"agent:asterisk:pbx1:Agent {agent}" for agent in agents]
        facts += [f"team:t{agent % 20}" for agent in agents]
        direction = chance.choice(["inbound", "inbound", "inbound", "outbound", "internal"])
        found.append({"key": f"asterisk:pbx1:{key}", "direction": direction, "facts": [*facts, f"ext:{agents[0]}"]})
    return found


def office() -> Directory:
    """Everybody of ``standard``'s and ``mightycall``'s roles, in twenty teams of which each manages and is in one."""
    documents: list[tuple[str, Doc]] = [("role", role.dump()) for pack in packs() for role in roles_of(pack)]
    roles = {"supervisor": "standard:supervisor", "admin": "standard:admin", "agent": "mightycall:agent"}
    for number, (key, role) in enumerate(roles.items()):
        agent = f"asterisk:pbx1:Agent {number}"
        person = {"key": key, "name": key, "role": role, "extension": str(number), "agents": [agent]}
        documents.append(("person", person))
        documents.append(("team", {"key": f"t{number}", "name": key, "members": [key], "managers": [key]}))
    return Directory.from_documents(documents)


def per_row(decide: Callable[[], object]) -> float:
    """Microseconds per row, the best of several runs; ``decide`` goes over all rows once."""
    return min(timeit.repeat(decide, number=5, repeat=REPEATS)) / 5 / ROWS * 1e6


def run() -> int:
    """Measure and print; 1 when a decision is too slow."""
    calls = rows()
    pairs = [(call["direction"], call["facts"]) for call in calls]
    atoms = {"team:t0", "ext:0", "agent:asterisk:pbx1:Agent 0", "person:supervisor"}
    base = per_row(lambda: [facts[0] in atoms for _, facts in pairs])
    print(f"{'look-up in a plain set':36} {base:7.3f} µs   1.0 ×")
    admits = compiled(Scope.of(*atoms))
    slowest = measured("one compiled scope", per_row(lambda: [admits(way, facts) for way, facts in pairs]), base)
    directory = office()
    for person in directory.people:
        held = effective(person, directory).resolved(directory)
        gate = Gate(held, me(person, directory, policy=0, now=0.0), directory)
        scopes = sum(one.lens.rows for one in gate.reach.lenses)
        cost = per_row(lambda admit=gate.admit: [admit("call", call) for call in calls])  # type: ignore[misc]
        slowest = max(slowest, measured(f"gate: {person}, per scope ({scopes})", cost / scopes, base))
    print(f"\nslowest decision {slowest:.3f} µs, limit {LIMIT_US} µs")
    return int(slowest > LIMIT_US)


def measured(name: str, cost: float, base: float) -> float:
    """Print one line; the cost again."""
    print(f"{name:36} {cost:7.3f} µs {cost / base:5.1f} ×")
    return cost


if __name__ == "__main__":
    sys.exit(run())
