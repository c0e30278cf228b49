"""What is said of a source that cannot be set up: the thing, the reason and what to do."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from wallboard_tui.hub.settings import read_settings
from wallboard_tui.model.base import Doc

from ..conftest import House
from .saying import CERTIFICATES, SECRET, Block, added, given, office, refused


@pytest.mark.parametrize(
    ("changes", "name", "words"),
    [
        ({"login": "nobody"}, "ami-login-refused", ("nobody", "manager.conf")),
        ({"secret_env": "NOT_SET"}, "ami-no-secret", ("NOT_SET", "where the hub is started")),
        ({"secret_env": None, "secret_file": "/nowhere/secret"}, "ami-no-secret", ("/nowhere/secret",)),
        ({"queue_log": "/nowhere/queue_log"}, "not-readable", ("/nowhere/queue_log", "Check the path")),
        ({"cdr": "/"}, "not-readable", ("is a directory",)),
        ({"tls": True, "tls_verify": False}, "ami-tls-failed", ("TLS",)),
        ({"role": "pilot"}, "wrong-call", ("pilot", "standard:agent")),
        ({"name": "pbx 1"}, "wrong-source", ("pbx 1", "letters")),
        ({"cdr_zone": "Mars/Base"}, "wrong-zone", ("Mars/Base",)),
        ({"secret_env": None}, "wrong-call", ("secret", "--secret-env")),
        ({"host": "no-such-host.invalid"}, "ami-unreachable", ("no-such-host.invalid",)),
    ],
)
async def test_what_is_wrong_is_said_with_its_reason_and_what_to_do(
    house: House, pbx: Any, changes: Doc, name: str, words: tuple[str, ...]
) -> None:
    error = await refused(house, given(pbx, **changes))
    assert error["name"] == name
    for word in words:
        assert word in f"{error['reason']} {error['next']}"


async def test_nobody_listens_there(house: House, pbx: Any) -> None:
    await pbx.stop()
    error = await refused(house, given(pbx))
    assert error["name"] == "ami-unreachable"
    assert f"127.0.0.1:{pbx.port}" in error["reason"]


async def test_a_peer_that_is_not_asterisk(house: House, new_pbx: Callable[..., Any]) -> None:
    peer = new_pbx(banner=b"220 mail.example.org ESMTP\r\n")
    await peer.start()
    error = await refused(house, given(peer))
    assert error["name"] == "ami-not-asterisk"


async def test_a_phone_system_without_queues_is_not_a_matter_of_rights(
    house: House, new_pbx: Callable[..., Any]
) -> None:
    pbx = new_pbx(lists={"coreshowchannels": []}, secret=SECRET)  # what Asterisk says when app_queue is not loaded
    await pbx.start()
    error = await refused(house, given(pbx))
    assert (error["name"], error["next"]) == ("ami-may-not", "Load it on the phone system: module load app_queue.so")
    assert "Invalid/unknown command" in error["reason"]


async def test_who_hangs_up_while_it_is_looked_is_not_said_to_be_tried_again(
    house: House, new_pbx: Callable[..., Any]
) -> None:
    pbx = new_pbx(silent={"coresettings"}, secret=SECRET)
    await pbx.start()
    async with house.operator() as client:
        trying = asyncio.create_task(client.post("/source-trials", json=given(pbx)))
        await pbx.until(lambda pbx: "CoreSettings" in pbx.asked)
        pbx.hang_up()
        error = (await trying).json()["error"]
    assert error["name"] == "ami-lost"
    assert "tried again" not in error["next"]


async def test_an_account_that_may_not_ask_for_queues(house: House, new_pbx: Callable[..., Any]) -> None:
    pbx = new_pbx(refused={"queuestatus"}, secret=SECRET)
    await pbx.start()
    error = await refused(house, given(pbx))
    assert error["name"] == "ami-may-not"
    for word in ("QueueStatus", "[wallboard]", "write = system,reporting", "manager reload"):
        assert word in f"{error['reason']} {error['next']}"


@pytest.fixture
async def over_tls(new_pbx: Callable[..., Any], ami_block: Block) -> AsyncIterator[Any]:
    """A phone system whose certificate nobody but its owner has signed."""
    pbx = new_pbx(lists=office(ami_block), secret=SECRET)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATES / "pbx.pem", CERTIFICATES / "pbx.key")
    server = await asyncio.start_server(pbx._serve, "127.0.0.1", 0, ssl=context)
    pbx.port = server.sockets[0].getsockname()[1]
    yield pbx
    pbx.hang_up()
    server.close()


async def test_a_certificate_of_its_own_has_to_be_named(house: House, over_tls: Any) -> None:
    error = await refused(house, given(over_tls, tls=True))
    assert error["name"] == "ami-tls-failed"
    assert "is not trusted: self-signed certificate" in error["reason"]
    assert "--tls-ca" in error["next"]
    missing = await refused(house, given(over_tls, tls=True, tls_ca="/no/such.pem"))
    assert missing["reason"] == "The certificate /no/such.pem cannot be used: no such file or directory."

    found = await added(house, given(over_tls, tls=True, tls_ca=str(CERTIFICATES / "pbx.pem")))
    assert found["health"]["links"] == {"ami": "up"}
    (source,) = read_settings(house.hub.home).sources
    assert source.ami is not None
    assert (source.ami.tls, source.ami.tls_ca) == (True, CERTIFICATES / "pbx.pem")


async def test_plain_words_to_a_port_that_speaks_tls(house: House, over_tls: Any) -> None:
    error = await refused(house, given(over_tls))
    assert "TLS" in f"{error['reason']} {error['next']}"
