"""The hub's own description of its calls, and whatever fits it: no answer is a failure of the hub, and none is one that
access forbids.
"""

import re
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings

PACKS = ["standard", "calltracks"]
PASSWORD = "a quiet long password"
LEFT_OUT = {"/feed", "/sign-out"}
"""One never ends, and after the other nothing else would be answered."""
SLOW = {"/sign-in", "/password", "/import", "/replay", "/rebuild", "/init"}
EVERYBODYS = {
    "/health", "/me", "/catalogue", "/sources", "/boards", "/calls", "/kpis", "/sign-in", "/sign-out", "/activity",
    "/password", "/why/{person}/{key}", "/people/{key}/access",
}  # fmt: skip
"""Calls that anybody may make, each about what is theirs."""
NEEDS = {
    "/people": ("users",), "/roles": ("roles",), "/assignable": ("users", "roles.assign", "roles"),
    "/teams": ("workgroups",), "/numbers": ("numbers",), "/queues": ("call_flow",), "/people/{key}/pin": ("pins",),
    "/people/{key}/code": ("users",), "/who-can-see/{key}": ("users",), "/audit": ("audit",),
    "/access-review": ("access_review",), "/boards/{key}": ("wallboard",), "/teams/{key}/past": ("workgroups",),
    "/followups/{key}": ("reports.missed",), "/changes": ("users", "workgroups", "pins"),
    "/organisation": ("users",),
}  # fmt: skip
"""Calls by the permissions of which one at least is needed; what stands neither here nor above is the operator's."""
ROLES = {
    "bob": "standard:agent", "rex": "standard:receptionist", "ria": "standard:reporting-only",
    "lou": "calltracks:local-manager",
}  # fmt: skip


@pytest.fixture
def served(home: Path, start_hub: Callable[..., Any]) -> Any:
    """A hub process on a port, and the tokens of an admin and of people of several roles."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    home.mkdir(parents=True, exist_ok=True)
    (home / "hub.toml").write_text(f'listen = "127.0.0.1:{port}"\n', encoding="utf-8")
    process = start_hub()
    with process.client() as operator:
        operator.post("/init", json={"name": "Corrib", "time_zone": "UTC", "packs": PACKS}).raise_for_status()
        people = {"ann": "standard:admin", **ROLES}
        for key, role in people.items():
            edit = {"kind": "person", "key": key, "create": {"name": key.title(), "role": role}}
            operator.post("/changes", json={"changes": [edit]}).raise_for_status()
    with process.client(operator=False) as client, process.client() as operator:
        tokens = {}
        for key in people:
            code = operator.post(f"/people/{key}/code").json()["code"]
            answer = client.post("/password", json={"person": key, "old": code, "new": PASSWORD})
            tokens[key] = answer.json()["token"]
    return f"http://127.0.0.1:{port}", tokens


def ask_everything(address: str, token: str, examples: int, check: Callable[[Any, Any], None]) -> int:
    """Ask every call of the description with made-up requests that fit it. Returns how many were asked."""
    schema = schemathesis.openapi.from_url(f"{address}/openapi.json")
    asked = 0
    for result in schema.get_all_operations():
        operation = result.ok()  # type: ignore[union-attr]
        if operation.path in LEFT_OUT:
            continue
        most = 1 if operation.path in SLOW else examples

        @settings(max_examples=most, deadline=None, database=None, phases=[Phase.generate],
                  suppress_health_check=list(HealthCheck))  # fmt: skip
        @given(case=operation.as_strategy())
        def one(case: Any) -> None:
            nonlocal asked
            asked += 1
            answer = case.call(base_url=address, headers={"Authorization": f"Bearer {token}"}, timeout=30)
            assert answer.status_code < 500, f"{case.method} {case.path}: {answer.status_code} {answer.text[:300]}"
            check(case, answer)

        one()
    return asked


@pytest.mark.parametrize("examples", [6, pytest.param(60, marks=[pytest.mark.slow, pytest.mark.timeout(1200)])])
def test_no_request_makes_the_hub_fail_or_gets_what_access_forbids(served: Any, examples: int) -> None:
    address, tokens = served
    for person in ROLES:
        headers = {"Authorization": f"Bearer {tokens[person]}"}
        held = httpx.get(f"{address}/me", headers=headers).json()["permissions"]
        asked = ask_everything(address, tokens[person], max(examples // 3, 1), forbidden(person, held))
        assert asked > 30
    ask_everything(address, tokens["ann"], examples, lambda case, answer: None)
    for token in tokens.values():
        answer = httpx.get(f"{address}/me", headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 200, "they were signed in all the time"


def forbidden(person: str, held: dict[str, Any]) -> Callable[[Any, Any], None]:
    """What fails where somebody with some permissions gets an answer that takes another."""

    def check(case: Any, answer: Any) -> None:
        may = case.path in EVERYBODYS or any(name in held for name in NEEDS.get(case.path, ()))
        if may or not 200 <= answer.status_code < 300:
            return
        # A dry run is answered, with the rule that forbids it and nothing else.
        foreseen = answer.json() if case.path == "/changes" else {}
        told = {name: value for name, value in foreseen.items() if value and name not in ("policy", "dry_run")}
        assert set(told) == {"refused"}, f"{person} got {case.method} {case.path}: {answer.text[:300]}"
        assert {one["rule"] for one in told["refused"]} == {"not-permitted"}

    return check


def test_the_description_stands_at_docs(served: Any) -> None:
    address, _ = served
    assert "swagger" in httpx.get(f"{address}/docs").text.lower()
    described = httpx.get(f"{address}/openapi.json").json()
    paths = described["paths"]
    assert {"/changes", "/roles", "/people", "/audit", "/access-review", "/who-can-see/{key}"} <= set(paths)
    assert described["components"]["securitySchemes"]["HTTPBearer"]["scheme"] == "bearer"
    assert {"401", "403"} <= set(paths["/people"]["get"]["responses"])
    assert "security" not in paths["/health"]["get"]


def test_the_page_at_docs_needs_nothing_from_elsewhere(served: Any) -> None:
    address, _ = served
    page = httpx.get(f"{address}/docs").text
    parts = re.findall(r"""(?:src|href)=["']([^"']+)""", page)
    assert len(parts) >= 3
    for part in parts:
        assert part.startswith("/"), f"{part} is not the hub's"
        answer = httpx.get(f"{address}{part}", headers={"Wallboard-Protocol": "999"})
        assert answer.status_code == 200, part
        assert len(answer.content) > 1000
