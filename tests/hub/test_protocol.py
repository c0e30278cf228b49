"""What a hub says to whoever speaks another version, calls wrongly, or is not who they say."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from wallboard_tui.hub.app import ROUTERS, create_app
from wallboard_tui.hub.protocol import mismatch


async def test_an_older_and_a_newer_terminal_are_told_in_a_sentence(house: Any) -> None:
    for version, word in (("0", "older"), ("2", "newer"), ("x", "no version")):
        async with house.client(Wallboard_Protocol=version) as client:
            response = await client.get("/me")
        error = response.json()["error"]
        assert (response.status_code, error["name"]) == (426, "other-protocol")
        assert word in error["reason"]
        assert error["next"].endswith(".")


async def test_the_version_can_be_asked_whatever_one_speaks(house: Any) -> None:
    async with house.client(Wallboard_Protocol="99") as client:
        response = await client.get("/health")
    assert response.json()["protocol"] == 1
    assert response.json()["organisation"] == "Corrib"
    assert response.headers["Wallboard-Protocol"] == "1"


def test_who_says_nothing_is_a_script_and_let_in() -> None:
    assert mismatch(None) is None
    assert mismatch("1") is None


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/nothing", 404), ("DELETE", "/me", 405), ("POST", "/sign-in", 422), ("GET", "/me", 401)],
)
async def test_every_error_has_one_shape(house: Any, method: str, path: str, status: int) -> None:
    async with house.client() as client:
        response = await client.request(method, path)
    assert response.status_code == status
    assert set(response.json()["error"]) >= {"name", "reason", "next"}


@pytest.mark.parametrize(
    ("body", "where"),
    [
        (b"{", "JSON"),
        (b"[]", "body"),
        (b'{"person": 1, "password": "x"}', "person"),
        (b'{"person": "ann", "password": "%s"}' % (b"x" * 5000), "password"),
        (b"\xff\xfe", "not JSON"),
    ],
)
async def test_a_body_that_cannot_be_used_is_a_wrong_call(house: Any, body: bytes, where: str) -> None:
    async with house.client(Content_Type="application/json") as client:
        response = await client.post("/sign-in", content=body)
    error = response.json()["error"]
    assert (response.status_code, error["name"]) == (422, "wrong-call"), response.text
    assert where in error["reason"]


async def test_a_body_without_end_is_refused_before_it_fills_the_memory(house: Any) -> None:
    sent = 0

    async def endless() -> Any:
        nonlocal sent
        while sent < 200_000_000:
            sent += 1_000_000
            yield b"x" * 1_000_000

    transport = httpx.ASGITransport(app=create_app(house.hub, house.runtime))  # as it comes in from a network
    async with httpx.AsyncClient(transport=transport, base_url="http://hub") as client:
        for content, headers in ((b"x", {"Content-Length": "2000000"}), (endless(), {})):
            said = await client.post("/sign-in", content=content, headers=headers)
            assert (said.status_code, said.json()["error"]["name"]) == (413, "too-large")
    assert sent < 3_000_000
    async with house.operator() as client:
        documents = [["contact", {"key": "+353870000001", "name": "x" * 2_000_000}]]
        assert (await client.post("/apply", json={"documents": documents})).status_code == 200


async def test_what_nobody_foresaw_is_said_without_a_traceback(house: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(house.hub.journal), "epoch", property(lambda _: 1 / 0), raising=False)
    transport = httpx.AsyncHTTPTransport(uds=str(house.socket), verify=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://hub") as client:
        response = await client.get("/docs")
        assert response.status_code == 200
    del house.hub.journal.__dict__["epoch"]
    async with house.client() as client:
        response = await client.get("/health")
    assert response.status_code == 500
    assert response.json()["error"]["name"] == "hub-failed"
    assert "ZeroDivision" not in response.text


async def test_integrators_find_a_page_of_the_calls(house: Any) -> None:
    async with house.client() as client:
        assert "/sign-in" in (await client.get("/openapi.json")).json()["paths"]


async def test_the_socket_is_its_owners_alone(house: Any) -> None:
    assert house.socket.stat().st_mode & 0o777 == 0o600
    assert house.hub.home.stat().st_mode & 0o777 == 0o700
    for path in house.hub.home.iterdir():
        assert not path.stat().st_mode & 0o077, path


async def test_only_on_the_socket_is_somebody_the_operator(
    home: Path, clock: Any, a_running_hub: Any, house: Any
) -> None:
    """The same app without the mark that the socket's listener puts on."""
    transport = httpx.ASGITransport(app=create_app(house.hub, house.runtime))
    async with httpx.AsyncClient(transport=transport, base_url="http://hub") as client:
        for headers in ({"Wallboard-Operator": "1"}, {"Wallboard-As": "adm"}, {"wallboard.on_socket": "1"}):
            assert (await client.get("/me", headers=headers)).status_code in (401, 403)
        response = await client.post("/import", headers={"Wallboard-Operator": "1"}, json={})
        assert response.status_code in (403, 422)


async def test_an_operator_acts_exactly_as_the_person(house: Any) -> None:
    async with house.operator("rex") as as_rex:
        me = (await as_rex.get("/me")).json()
        assert me["panes"] == ["missed"]
        assert (await as_rex.post("/rebuild")).json()["error"]["name"] == "only-operator"
        assert (await as_rex.get("/documents/person")).json()["error"]["name"] == "only-operator"
    async with house.operator("nobody") as as_nobody:
        assert (await as_nobody.get("/me")).json()["error"]["name"] == "not-found"


async def test_the_operator_sees_everything_but_secrets(house: Any) -> None:
    async with house.operator() as operator:
        assert "wallboard" in (await operator.get("/me")).json()["panes"]
        assert (await operator.get("/documents/person")).status_code == 200
        for kind in ("credential", "session", "call", "nonsense"):
            assert (await operator.get(f"/documents/{kind}")).status_code == 404


async def test_the_routes_of_calls_are_made_once_and_not_again_for_each_hub(house: Any) -> None:
    made = {id(route) for router in ROUTERS for route in router.routes}
    assert len(made) > len(ROUTERS)
    for _ in range(2):
        assert made <= {id(route) for route in create_app(house.hub, house.runtime).routes}
