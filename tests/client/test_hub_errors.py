"""Everything that can be wrong with a hub is an error with a name, and a sentence with a next step."""

import asyncio
import json
import os
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from wallboard_tui.client.address import in_the_clear
from wallboard_tui.client.errors import HubError
from wallboard_tui.client.hub import ANSWER_S, HubClient


async def failing(address: str, answer_s: float = ANSWER_S) -> HubError:
    with pytest.raises(HubError) as caught:
        async with HubClient(address, answer_s=answer_s) as client:
            await client.health()
    assert address in str(caught.value)
    assert caught.value.next
    return caught.value


@pytest.mark.parametrize(
    "address",
    [
        "", "hub", "hub:8080", "ftp://hub", "http://", "https://:443", "http://hub:port", "https://[::1", "http://hub?a=b",
        "https://hub/#top", "https://ann:secret@hub", "unix:hub.sock", "unix:",
    ],
)  # fmt: skip
async def test_a_wrong_address_is_refused_before_anything_is_sent(address: str) -> None:
    with pytest.raises(HubError) as caught:
        HubClient(address)
    assert caught.value.name == "wrong-address"
    assert "https://host:port" in str(caught.value)
    assert "secret" not in str(caught.value)


async def test_no_socket_means_that_no_hub_runs(tmp_path: Path) -> None:
    error = await failing(f"unix:{tmp_path}/hub.sock")
    assert error.name == "unreachable"
    assert error.lost
    assert "No hub runs" in str(error)


async def test_a_socket_left_behind_by_a_killed_hub_is_nothing_that_listens(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as left_behind:
        left_behind.bind(str(tmp_path / "hub.sock"))
    error = await failing(f"unix:{tmp_path}/hub.sock")
    assert error.name == "unreachable"
    assert "Nothing listens" in str(error)


async def test_a_refused_connection_says_so(unused_tcp_port: int) -> None:
    error = await failing(f"http://127.0.0.1:{unused_tcp_port}")
    assert error.name == "unreachable"
    assert "Nothing listens" in str(error)


async def test_an_unknown_host_says_so() -> None:
    error = await failing("http://no-such-host.invalid:8080")
    assert error.name == "unreachable"
    assert error.lost


@pytest.mark.parametrize(
    "answer",
    [
        lambda: HTMLResponse("<h1>Welcome to nginx</h1>"),
        lambda: HTMLResponse("<h1>Not Found</h1>", 404),
        lambda: JSONResponse({"detail": "Not Found"}, 404),
        lambda: JSONResponse(["ok"]),
        lambda: JSONResponse({"status": "green"}),
        lambda: Response(status_code=204),
        lambda: RedirectResponse("/login"),
    ],
)
async def test_what_answers_but_is_no_hub_is_told_apart(hub: Any, answer: Callable[[], Response]) -> None:
    hub.answers["/health"] = answer
    error = await failing(hub.address)
    assert error.name == "not-a-hub"
    assert not error.lost


async def test_a_server_that_speaks_no_http_is_no_hub(unused_tcp_port: int) -> None:
    def banner(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail.example ESMTP\r\n502 5.5.2 Error: command not recognised\r\n\r\n")

    async with await asyncio.start_server(banner, "127.0.0.1", unused_tcp_port):
        assert (await failing(f"http://127.0.0.1:{unused_tcp_port}")).name == "not-a-hub"


async def test_https_to_a_server_without_it_is_a_matter_of_certificates(unused_tcp_port: int) -> None:
    def plain(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    async with await asyncio.start_server(plain, "127.0.0.1", unused_tcp_port):
        error = await failing(f"https://127.0.0.1:{unused_tcp_port}")
    assert error.name == "certificate"
    assert "speaks no TLS" in str(error)


@pytest.mark.parametrize(
    ("variable", "value", "name"),
    [
        ("SSL_CERT_FILE", "{here}/there-is-none.pem", "certificate"),
        ("SSL_CERT_FILE", "{here}/no-certificate.pem", "certificate"),
        ("ALL_PROXY", "socks9://127.0.0.1:1", "wrong-proxy"),
        ("ALL_PROXY", "ftp://127.0.0.1:1", "wrong-proxy"),
    ],
)
def test_what_the_environment_says_and_cannot_be_used_is_named(
    variable: str, value: str, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "no-certificate.pem").write_text("nothing of the kind")
    monkeypatch.setenv(variable, value.format(here=tmp_path))
    with pytest.raises(HubError) as caught:
        HubClient("https://hub.example")
    assert caught.value.name == name
    assert variable in str(caught.value)


async def test_a_proxy_that_lets_nobody_through_is_named_and_can_be_tried_again(
    unused_tcp_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n")

    monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{unused_tcp_port}")
    async with await asyncio.start_server(refuse, "127.0.0.1", unused_tcp_port):
        error = await failing("https://hub.example")
        async with HubClient("https://hub.example") as client:
            with pytest.raises(HubError, match="proxy on the way"):
                async with client.feed():
                    pass
    assert (error.name, error.lost) == ("unreachable", True)
    assert "503 Service Unavailable" in str(error)
    assert "HTTPS_PROXY" in error.next


async def test_a_hub_that_hangs_up_or_falls_silent_can_be_tried_again(unused_tcp_port: int) -> None:
    def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    address = f"http://127.0.0.1:{unused_tcp_port}"
    async with await asyncio.start_server(hang_up, "127.0.0.1", unused_tcp_port):
        error = await failing(address)
    assert (error.name, error.lost) == ("broken-off", True)
    assert "https://" in str(error)  # so does a server that expects TLS, and a hub that ends
    async with await asyncio.start_server(lambda _r, _w: None, "127.0.0.1", unused_tcp_port):
        error = await failing(address, answer_s=0.05)
    assert (error.name, error.lost) == ("no-answer", True)


async def test_a_balancer_without_a_hub_behind_it_can_be_tried_again(hub: Any) -> None:
    hub.answers["/health"] = lambda: HTMLResponse("<h1>Bad Gateway</h1>", 502)
    error = await failing(hub.address)
    assert (error.name, error.lost) == ("unreachable", True)


@pytest.mark.parametrize(("theirs", "whom"), [(0, "Update the hub"), (2, "Update this terminal"), ("x", "Update this")])
async def test_a_hub_of_another_version_says_who_must_be_updated(hub: Any, theirs: object, whom: str) -> None:
    hub.answers["/health"] = lambda: JSONResponse({"protocol": theirs})
    error = await failing(hub.address)
    assert error.name == "other-protocol"
    assert whom in str(error)


async def test_what_the_hub_refuses_keeps_its_name_reason_next_step_and_details(hub: Any) -> None:
    body = {"name": "locked-until", "reason": "Too many tries.", "next": "Wait a minute.", "until": 1060.0}
    hub.answers["/sign-in"] = lambda: JSONResponse({"error": body}, 429)
    async with HubClient(hub.address) as client:
        with pytest.raises(HubError) as caught:
            await client.sign_in("ann", "right")
    assert str(caught.value) == "Too many tries. Wait a minute."
    assert (caught.value.name, caught.value.status, caught.value.details) == ("locked-until", 429, {"until": 1060.0})


async def test_an_expired_session_is_told_apart_from_a_lost_hub(hub: Any, refusing: Callable[..., Response]) -> None:
    hub.answers["/me"] = lambda: refusing(401, "expired", "Your sign-in has ended.", "Sign in again.")
    async with HubClient(hub.address, token="old") as client:
        with pytest.raises(HubError) as caught:
            await client.me()
    assert (caught.value.name, caught.value.signed_out, caught.value.lost) == ("expired", True, False)


async def test_signing_in_gives_the_person_and_a_token_for_what_follows(hub: Any) -> None:
    async with HubClient(hub.address) as client:
        with pytest.raises(HubError, match="not right"):
            await client.sign_in("ann", "wrong")
        me = await client.sign_in("ann", "right", "desk 4")
        assert me.person == "ann"
        await client.me()
        await client.sign_out()
        assert client.token is None
    sent = {path: headers for path, headers, _ in hub.requests}
    assert "authorization" not in sent["/sign-in"]
    assert sent["/me"]["authorization"] == sent["/sign-out"]["authorization"] == "Bearer good"
    assert hub.requests[1][2] == {"person": "ann", "password": "right", "terminal": "desk 4"}
    assert all(headers["wallboard-protocol"] == "1" for _, headers, _ in hub.requests)


async def test_signing_out_works_without_a_hub(hub: Any) -> None:
    await hub.kill()
    async with HubClient(hub.address, token="good") as client:
        await client.sign_out()
        assert client.token is None


async def test_a_key_with_any_characters_stays_one_part_of_the_path(hub: Any) -> None:
    async with HubClient(hub.address, token="good") as client:
        await client.followup("asterisk:pbx1:Local/101@x 7?#", "claim")
        found = await client.board("../me")
    assert hub.requests[0][0] == "/followups/asterisk:pbx1:Local/101@x 7?#"
    assert found["raw"] == "/boards/..%2Fme"


async def test_an_operator_may_act_as_somebody(hub: Any) -> None:
    async with HubClient(hub.address, operator=True, as_person="ann") as client:
        await client.calls({"limit": 5, "text": None})
    headers = hub.requests[0][1]
    assert (headers["wallboard-operator"], headers["wallboard-as"]) == ("1", "ann")


async def test_long_work_gives_its_lines_as_they_come_and_its_error(hub: Any) -> None:
    lines = [{"read": 1}, {"read": 2, "new": 2}]
    hub.answers["/import"] = lambda: Response("".join(json.dumps(line) + "\n" for line in lines))
    async with HubClient(hub.address, operator=True) as client:
        assert [line async for line in client.progress("/import", {"kind": "cdr"})] == lines
        error = {"error": {"name": "disk-full", "reason": "The disk is full.", "next": "Make room."}}
        hub.answers["/import"] = lambda: Response(json.dumps(lines[0]) + "\n" + json.dumps(error) + "\n")
        with pytest.raises(HubError, match="disk is full"):
            [line async for line in client.progress("/import", {})]


async def test_a_password_is_never_sent_to_a_socket_of_somebody_else(hub: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "getuid", lambda: 424242)
    async with HubClient(hub.address) as client:
        with pytest.raises(HubError, match="belongs to somebody else"):
            await client.sign_in("ann", "right")
    assert hub.requests == []


@pytest.mark.parametrize(
    ("address", "clear"),
    [
        ("http://hub.example:80", True),
        ("http://10.0.0.5:80", True),
        ("https://hub.example", False),
        ("http://127.0.0.1:80", False),
        ("http://localhost:80", False),
        ("http://[::1]:80", False),
        ("unix:/run/hub.sock", False),
    ],
)
def test_a_connection_in_the_clear_is_known_as_such(address: str, clear: bool) -> None:
    assert in_the_clear(address) is clear


async def test_a_feed_that_breaks_off_is_an_error_of_ours(hub: Any) -> None:
    async def listen(client: HubClient) -> None:
        async with client.feed() as frames:
            async for frame in frames:
                if frame.event == "ready":
                    await hub.kill()

    async with HubClient(hub.address, token="good") as client:
        with pytest.raises(HubError) as caught:
            await listen(client)
    assert caught.value.name == "broken-off"
    assert isinstance(caught.value.__cause__, httpx.HTTPError)
