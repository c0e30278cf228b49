"""The default data permissions of every role of the four products and of our own, row by row of the design's table.

The sentences that each role rests on stand in ``test_text_000`` … ``test_text_003``.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from wallboard_tui.access.packs import packs, roles_of

if TYPE_CHECKING:
    from tests.access.conftest import OfficeOf


EVERYTHING = {
    "calls": "vA", "recents": "vA", "recordings": "vA", "messages": "vA", "voicemail": "vA", "analytics": "vA",
    "rollup": "vA", "missed": "mA", "reports": "vA", "wallboard": "mA", "supervisor": "mA", "export": "vA",
    "create": "vA", "schedule": "vA",
}  # fmt: skip
SUPERVISOR = {
    "calls": "vT", "messages": "vT", "analytics": "vT+P", "rollup": "vT", "missed": "vT", "reports": "vT",
    "wallboard": "vT", "export": "vT", "create": "vT", "schedule": "vT",
}  # fmt: skip
READ_ONLY = {"calls": "vA", "recordings": "vA", "missed": "vA", "reports": "vA"}
CALLS_ONLY = {"calls": "vA", "recordings": "vA"}

TABLE: dict[str, dict[str, str]] = {
    # "Admin (000, 001), Administrator (003), Customer Super Admin* (002) | vA | vA | … | mA | vA | mA | mA | vA …"
    "justcall:admin": EVERYTHING,
    "nuacom:admin": EVERYTHING,
    "mightycall:administrator": EVERYTHING,
    "calltracks:customer-super-admin": EVERYTHING,
    # "Manager (003)": the same row
    "mightycall:manager": EVERYTHING,
    # "Supervisor (000) | vT | – | –* | vT | – | vT + own | vT | vT | vT | vT | – | vT | vT | vT"
    "justcall:supervisor": SUPERVISOR,
    # "Agent (000) | vP* | – | – | vP | – | vP | – …"
    "justcall:agent": {"calls": "vP", "messages": "vP", "analytics": "vP"},
    # "Agent (003) | vW | vP | vW | vW | vW | vP | – | vP | vP | – …"
    "mightycall:agent": {
        "calls": "vW",
        "recents": "vP",
        "recordings": "vW",
        "messages": "vW",
        "voicemail": "vW",
        "analytics": "vP",
        "missed": "vP",
        "reports": "vP",
    },
    # "Read Only | vA | – | vA* | – | – | – | – | vA | vA | – …"
    "calltracks:read-only": READ_ONLY,
    # "Read/Write, Customer Local Admin | vA | – | vA* | – | – | – | – | mA | vA | – …"
    "calltracks:read-write": {**READ_ONLY, "missed": "mA"},
    "calltracks:customer-local-admin": {**READ_ONLY, "missed": "mA"},
    # "Local Manager | vA* | – | vA | – …"
    "calltracks:local-manager": CALLS_ONLY,
    # "Calls only / Inbound only / Outbound only | vA / vI / vO | – | same | – …"
    "calltracks:calls-only": CALLS_ONLY,
    "calltracks:view-inbound-calls-only": {"calls": "vI", "recordings": "vI"},
    "calltracks:view-outbound-calls-only": {"calls": "vO", "recordings": "vO"},
    # "Reporting Only | – | – | – | – | – | – | – | vA | vA | – …"
    "calltracks:reporting-only": {"missed": "vA", "reports": "vA"},
    # "Receptionist | – | – | – | – | – | – | – | mA | – …"
    "calltracks:receptionist": {"missed": "mA"},
    # "No Access | cannot sign in"
    "calltracks:no-access": {},
    # "standard | Admin, Manager, Supervisor (as 000, plus `supervisor` and missed mT), Agent (as 000, plus own calls
    # and missed mP), Receptionist, QA analyst (recordings and scoring mA, calls vA …), Calls only, …"
    "standard:admin": EVERYTHING,
    "standard:manager": EVERYTHING,
    "standard:supervisor": {**SUPERVISOR, "supervisor": "vT", "missed": "mT"},
    "standard:agent": {"calls": "vP", "recents": "vP", "messages": "vP", "analytics": "vP", "missed": "mP"},
    "standard:receptionist": {"missed": "mA"},
    "standard:qa-analyst": {"calls": "vA", "recordings": "mA"},
    "standard:calls-only": CALLS_ONLY,
    "standard:reporting-only": {"missed": "vA", "reports": "vA"},
    "standard:read-only": READ_ONLY,
    # "Wall device | no person; a board and an explicit scope": without one, nothing
    "standard:wall-device": {},
}


@pytest.mark.parametrize("role", TABLE)
def test_a_default_role_holds_exactly_its_row_of_the_table(role: str, office: OfficeOf) -> None:
    assert office(joe={"role": role, "extension": "150"}).row("joe") == TABLE[role]


def test_every_default_role_stands_in_the_table() -> None:
    assert {role.key for pack in packs() for role in roles_of(pack)} == {*TABLE, "nuacom:non-admin"}


def test_the_documented_table_is_that_of_the_packs(office: OfficeOf) -> None:
    text = (Path(__file__).parents[2] / "docs" / "access.md").read_text(encoding="utf-8")
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line.startswith("| ")
    ]
    columns = next(row for row in rows if row[:2] == ["role", "calls"])[1:]
    told = {row[0].strip("`"): dict(zip(columns, row[1:], strict=True)) for row in rows if len(row) == len(columns) + 1}
    del told["role"]
    keys = [role.key for pack in packs() for role in roles_of(pack)]
    assert sorted(told) == sorted(keys)
    for key in keys:
        held = office(joe={"role": key, "extension": "150"}).row("joe")
        assert {column: cell for column, cell in told[key].items() if cell != "–"} == held
