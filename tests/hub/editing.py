"""Editing people, roles and teams through a running hub, in short words."""

from typing import Any

import httpx

SUPPORT, SALES = "asterisk:pbx1:support", "asterisk:pbx1:sales"
NOON = 1_795_262_400.0
QA = {
    "name": "QA Analyst",
    "grants": {
        "calls": {"scope": ["ALL"]},
        "recordings": {"scope": ["ALL"]},
        "scores": {"level": "manage", "scope": ["ALL"]},
        "caller_number": {"scope": ["ALL"]},
    },
}


async def change(client: httpx.AsyncClient, *edits: Any, **more: Any) -> httpx.Response:
    response: httpx.Response = await client.post("/changes", json={"changes": list(edits), **more})
    return response


async def saved(client: httpx.AsyncClient, *edits: Any, **more: Any) -> Any:
    response = await change(client, *edits, **more)
    assert response.status_code == 200, response.text
    return response.json()


def edit(kind: str, key: str, **given: Any) -> Any:
    return {"kind": kind, "key": key, **given}


def error(response: httpx.Response) -> tuple[int, str]:
    return response.status_code, response.json()["error"]["name"]


async def trail(house: Any, **params: Any) -> Any:
    async with house.operator() as operator:
        return (await operator.get("/audit", params=params)).json()
