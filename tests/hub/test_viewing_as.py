"""Viewing as somebody else through a running hub: read-only, written down, never beyond one's own."""

import asyncio
from typing import Any

NOON = 1_795_262_400.0


def answered(at: float, call: str, queue: str, agent: str) -> list[str]:
    start = int(at)
    return [
        f"{start}|{call}|{queue}|NONE|ENTERQUEUE||+353861234567|1",
        f"{start + 5}|{call}|{queue}|{agent}|CONNECT|5|{call}x|2",
        f"{start + 65}|{call}|{queue}|{agent}|COMPLETECALLER|5|60|1",
    ]


async def save(house: Any, *edits: Any, by: str = "adm") -> Any:
    async with house.operator(by) as client:
        response = await client.post("/changes", json={"changes": list(edits)})
        assert response.status_code == 200, response.text
        return response.json()


def person(key: str, **fields: Any) -> Any:
    return {"kind": "person", "key": key, "set": fields}


async def test_viewing_as_somebody_is_read_only_and_written_down(house: Any) -> None:
    adm = await house.signed_in("adm")
    adm.headers["Wallboard-View-As"] = "sue"
    me = (await adm.get("/me")).json()
    assert (me["person"], me["name"]) == ("sue", "Sue Lead")
    assert me["panes"] == list(house.hub.access("sue").me.panes)
    assert me["fingerprint"] != house.hub.access("sue").me.fingerprint, "their caches never mix"
    for method, path, body in (
        ("POST", "/changes", {"changes": [person("bob", name="X")]}), ("POST", "/people/bob/code", None),
        ("POST", "/followups/x", {"act": "claim"}), ("PUT", "/boards/x", {}), ("POST", "/sign-out", None),
    ):  # fmt: skip
        answer = await adm.request(method, path, json=body)
        assert (answer.status_code, answer.json()["error"]["name"]) == (403, "read-only"), path
    del adm.headers["Wallboard-View-As"]
    (entry,) = (await adm.get("/audit", params={"act": "viewed-as", "allowed": True})).json()
    assert (entry["by"], entry["target"]) == ("adm", "sue")
    await adm.aclose()


async def test_viewing_never_goes_beyond_the_viewers_own_access(house: Any) -> None:
    await house.put(
        ("role", {"key": "custom:lead", "name": "Lead", "grants": {
            "users": {}, "roles": {}, "calls": {"scope": ["queue:asterisk:pbx1:support"]}}}),
        ("person", {"key": "lee", "name": "Lee", "role": "custom:lead"}),
    )  # fmt: skip
    await house.take(answered(NOON - 900, "1.1", "support", "Bob"))
    await house.take(answered(NOON - 800, "2.2", "sales", "Cat"))
    async with house.operator("lee") as lee:
        lee.headers["Wallboard-View-As"] = "adm"
        assert [one["key"] for one in (await lee.get("/calls")).json()] == ["asterisk:pbx1:1.1"]
        me = (await lee.get("/me")).json()
        assert set(me["permissions"]) == {"users", "roles", "calls"}
        assert {grant["level"] for grant in me["permissions"].values()} == {"view"}
    async with house.operator("sue") as sue:
        sue.headers["Wallboard-View-As"] = "bob"
        assert (await sue.get("/me")).json()["error"]["name"] == "not-permitted"


async def test_a_view_as_ends_when_the_viewer_may_no_longer(house: Any) -> None:
    await house.put(("person", {"key": "eve", "name": "Eve", "role": "standard:admin"}))
    raw = house.runtime.feed.stream("sue", None, None, "eve")
    first = await anext(raw)
    assert b'"person":"sue"' in first.replace(b" ", b"")
    await save(house, person("eve", role="standard:agent"))
    frames = b""
    async with asyncio.timeout(10):
        async for frame in raw:
            frames += frame
    assert b"access-changed" in frames


async def test_the_notices_of_somebody_are_not_for_those_who_view_as_them(house: Any) -> None:
    await save(house, person("sue", grants={"billing": {}}))
    raw = house.runtime.feed.stream("sue", None, None, "adm")
    frames = b""
    async with asyncio.timeout(10):
        async for frame in raw:
            frames += frame
            if b"event: ready" in frame and b'"from":0' in frame.replace(b" ", b""):
                break
    assert b"changed your access" not in frames
    await raw.aclose()
