"""Setting a live source up through a running hub: what is kept, what is made, and what is left behind when it fails."""

import asyncio
import os
import ssl
import stat
import time
from collections.abc import AsyncIterator, Callable
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from wallboard_tui.hub import live, source_given, source_setup
from wallboard_tui.hub.settings import read_settings
from wallboard_tui.model.base import Doc
from wallboard_tui.sources.asterisk.ami import AmiSettings, probe, probe_on
from wallboard_tui.sources.asterisk.ami import line as lines
from wallboard_tui.view import queries

from .conftest import Clock, House

Block = Callable[..., bytes]
SECRET = "sesame-4711-open"
SALES = "asterisk:pbx1:sales"
CERTIFICATES = Path(__file__).parents[1] / "data" / "tls"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """A short look is enough for a phone system in the same process."""
    monkeypatch.setattr(source_setup, "probe_on", partial(probe_on, listen_s=0.05))
    monkeypatch.setattr(source_setup, "probe", partial(probe, listen_s=0.05))
    monkeypatch.setattr(source_given, "AmiSettings", partial(AmiSettings, timeout_s=1.0))
    monkeypatch.setattr(live, "pause_after", lambda *_: 0.05)
    monkeypatch.setattr(lines, "FLUSH_S", 0.01)
    monkeypatch.setattr(lines, "QUIET_S", 0.1)
    monkeypatch.setenv("PBX1_SECRET", SECRET)


def member(block: Block, name: str, extension: str) -> bytes:
    return block(
        Event="QueueMember", Queue="sales", Name=name, Location=f"PJSIP/{extension}", Membership="static", Paused="0"
    )


def office(block: Block) -> dict[str, list[bytes]]:
    """One queue; Bob is somebody already by name, Dana is not, and of one nothing but the interface is known."""
    known = ("Bob Tanaka", "201"), ("Dana Reed", "202"), ("PJSIP/203", "203")
    return {
        "queuestatus": [
            block(Event="QueueParams", Queue="sales", Strategy="ringall", Calls="0", ServiceLevel="30"),
            *(member(block, *one) for one in known),
        ],
        "coreshowchannels": [],
        "agents": [],
    }


@pytest.fixture
async def pbx(new_pbx: Callable[..., Any], ami_block: Block) -> Any:
    """A phone system that is up."""
    found = new_pbx(lists=office(ami_block), secret=SECRET)
    await found.start()
    return found


def given(pbx: Any, **changes: Any) -> Doc:
    """What somebody says about the phone system; ``None`` takes a field away."""
    said = {"name": "pbx1", "host": "127.0.0.1", "port": pbx.port, "login": "wallboard", "secret_env": "PBX1_SECRET"}
    return {key: value for key, value in {**said, **changes}.items() if value is not None}


async def put(house: House, said: Doc) -> httpx.Response:
    async with house.operator() as client:
        return await client.put(f"/source-settings/{quote(said['name'], safe='')}", json=said)


async def added(house: House, said: Doc) -> Doc:
    response = await put(house, said)
    assert response.status_code == 200, response.text
    found: Doc = response.json()
    return found


async def refused(house: House, said: Doc) -> Doc:
    """What the hub says to a set-up that fails: it names thing, reason and next step, and nothing is left behind."""
    async with house.operator() as client:
        trial = await client.post("/source-trials", json=said)
    before = (everything(house.hub.home), house.hub.journal.seq())
    response = await put(house, said)
    assert response.status_code in (422, 500), response.text
    assert (everything(house.hub.home), house.hub.journal.seq()) == before
    assert house.runtime.settings.sources == ()
    error: Doc = response.json()["error"]
    assert error["reason"].endswith(".")
    assert error["next"]
    assert trial.json()["error"] == error, "a trial says the same, before anything is agreed"
    return error


def everything(home: Path) -> dict[str, bytes]:
    """Settings and secrets in a home."""
    files = [home / "hub.toml", *(home / "secrets").glob("*")]
    return {file.name: file.read_bytes() for file in files if file.is_file()}


def holds(home: Path, text: str) -> list[str]:
    """Files of a home in which a text stands."""
    return [str(file) for file in home.rglob("*") if file.is_file() and text.encode() in file.read_bytes()]


async def until(condition: Callable[[], Any]) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.02)


async def test_a_source_is_written_down_followed_and_its_people_are_made(house: House, pbx: Any) -> None:
    found = await added(house, given(pbx))

    (source,) = read_settings(house.hub.home).sources
    assert source.ami is not None
    assert (source.name, source.ami.host, source.ami.port, source.ami.secret_env) == (
        "pbx1", "127.0.0.1", pbx.port, "PBX1_SECRET",
    )  # fmt: skip
    assert found["settings"] == str(house.hub.home / "hub.toml")
    assert found["health"]["links"] == {"ami": "up"}
    assert [queue["name"] for queue in found["queues"]] == ["sales"]
    people = {person["key"]: person for person in found["proposal"]["people"]}
    assert people["dana.reed"]["role"] == "standard:agent"
    assert list(found["proposal"]["left"].values()) == ["the phone system knows no name"]

    dana = house.hub.document("person", "dana.reed")
    assert dana is not None
    assert (dana["agents"], dana["extension"]) == (["asterisk:pbx1:Dana Reed"], "202")
    bob = house.hub.document("person", "bob")
    assert bob is not None
    assert bob["agents"] == ["asterisk:pbx1:Bob", "asterisk:pbx1:Bob Tanaka"], "by the name, he is who he was"
    assert house.hub.document("extension", "202") is not None


@pytest.mark.parametrize(
    ("before", "holds"), [({}, 30), ({"service_level_s": 45, "told": {"service_level_s": 20}}, 45)]
)
async def test_a_queue_has_the_phone_systems_threshold_before_the_line_is_up_and_keeps_it(
    house: House, pbx: Any, before: Doc, holds: int
) -> None:
    if before:
        sales: Doc = {"key": SALES, "source": "pbx1", "name": "sales", **before}
        await house.hub.run(house.hub.commit, [house.hub.put("queue", sales, "bob")])
    pbx.silent.add("agents")  # the line does not come up
    setting_up = asyncio.create_task(added(house, given(pbx, people=False)))
    await pbx.until(lambda pbx: "Agents" in pbx.asked)

    def settings() -> Doc:
        doc = house.hub.document("queue", SALES) or {}
        return {name: doc.get(name) for name in ("service_level_s", "told")}

    assert settings() == {"service_level_s": holds, "told": {"service_level_s": 30}}
    pbx.silent.clear()
    pbx.hang_up()
    await setting_up
    await until(lambda: health(house)["links"] == {"ami": "up"})
    assert settings() == {"service_level_s": holds, "told": {"service_level_s": 30}}, "nothing changes with the line"


async def test_the_secret_of_a_variable_stands_nowhere(house: House, pbx: Any) -> None:
    found = await added(house, given(pbx))
    async with house.operator() as client:
        examined = (await client.get("/doctor")).text
        audit = (await client.get("/audit")).text
    assert not holds(house.hub.home, SECRET)
    assert SECRET not in str(found) + examined + audit


async def test_a_typed_secret_lies_in_a_file_of_its_owner_alone_and_goes_with_the_source(
    house: House, pbx: Any
) -> None:
    await added(house, given(pbx, secret_env=None, secret=SECRET))
    file = house.hub.home / "secrets" / "pbx1"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert holds(house.hub.home, SECRET) == [str(file)]

    async with house.operator() as client:
        response = await client.delete("/source-settings/pbx1")
        again = await client.delete("/source-settings/pbx1")
    assert response.status_code == 200
    assert (again.status_code, again.json()["error"]["next"]) == (404, "No source is followed.")
    assert not holds(house.hub.home, SECRET)
    assert read_settings(house.hub.home).sources == ()
    assert house.hub.document("queue", SALES) is not None, "what was learned of it stays"


async def test_a_typed_secret_that_is_wrong_is_not_kept(house: House, pbx: Any) -> None:
    said = await refused(house, given(pbx, secret_env=None, secret="wrong-4712"))
    assert "wrong-4712" not in str(said)
    assert not holds(house.hub.home, "wrong-4712")


async def test_adding_it_again_changes_nothing_and_other_settings_replace_those_before(house: House, pbx: Any) -> None:
    await added(house, given(pbx, secret_env=None, secret=SECRET))
    before, people = everything(house.hub.home), queries.documents(house.hub.view, "person")
    found = await added(house, given(pbx, secret_env=None, secret=SECRET))
    assert everything(house.hub.home) == before
    assert queries.documents(house.hub.view, "person") == people
    assert (found["proposal"]["people"], found["proposal"]["linked"]) == ([], [])

    await added(house, given(pbx, queues=["sales"]))
    (source,) = read_settings(house.hub.home).sources
    assert source.ami is not None
    assert (source.ami.queues, source.ami.secret_file) == (("sales",), None)
    assert not (house.hub.home / "secrets" / "pbx1").exists(), "a secret that nobody needs any more is gone"
    await until(lambda: len(pbx._writers) >= 1)
    assert [one.name for one in house.runtime.settings.sources] == ["pbx1"]


async def test_other_settings_make_no_gap_where_one_line_takes_over_from_another(house: House, pbx: Any) -> None:
    await added(house, given(pbx))
    await added(house, given(pbx, queues=["sales"]))
    health = house.hub.document("source", "pbx1")
    assert health is not None
    assert (health["links"], health["gaps"]) == ({"ami": "up"}, [])


async def test_other_queues_are_followed_without_saying_everything_again(
    house: House, pbx: Any, ami_block: Block
) -> None:
    pbx.lists["queuestatus"].append(ami_block(Event="QueueParams", Queue="night", Calls="0", ServiceLevel="30"))
    await added(house, given(pbx, secret_env=None, secret=SECRET))
    people = set(queries.documents(house.hub.view, "person"))
    secret = house.hub.home / "secrets" / "pbx1"
    async with house.operator() as client:

        async def follow(name: str = "pbx1", **said: Any) -> httpx.Response:
            return await client.put(f"/source-settings/{name}/queues", json=said)

        found = (await follow(queues=["night", "dawn"])).json()
        assert found["missing"] == ["dawn"]
        assert found["health"]["follows"] == ["night", "dawn"]
        (source,) = read_settings(house.hub.home).sources
        assert source.ami is not None
        assert source.ami.queues == ("night", "dawn")
        assert secret.read_text("utf-8") == SECRET + "\n", "a typed secret stays where it was"
        assert set(queries.documents(house.hub.view, "person")) == people
        assert not found["health"]["gaps"]

        assert (await follow(all_queues=True)).json()["health"]["follows"] == []
        for wrong in (await follow(), await follow(queues=["night"], all_queues=True)):
            assert "Either some queues are followed, or all." in wrong.text
        assert "Followed are: pbx1." in (await follow("pbx2", all_queues=True)).text


async def test_a_source_that_is_removed_has_no_present_any_more(house: House, pbx: Any, ami_block: Block) -> None:
    await added(house, given(pbx))
    await pbx.say([ami_block(Event="QueueCallerJoin", Uniqueid="7.1", Queue="sales", CallerIDNum="0861234567")])

    def waiting() -> int:
        found = queries.live_queues(house.hub.view, 0, house.clock())
        return len(found[SALES].waiting_since) if SALES in found else 0

    await until(lambda: waiting() == 1)
    async with house.operator() as client:
        await client.delete("/source-settings/pbx1")
    source = house.hub.document("source", "pbx1") or {}
    assert (source["mode"], source.get("links")) == ("imported", None)
    assert waiting() == 0, "nobody would ever say that the caller has gone"


async def test_a_source_that_was_taken_out_by_hand_has_no_present_after_a_start(
    clock: Any, a_running_hub: Callable[..., Any], tmp_path: Path
) -> None:
    health = {"key": "pbx9", "system": "asterisk", "mode": "followed", "links": {"ami": "up"}, "last_event": 5.0}
    async with a_running_hub(tmp_path / "other", clock, [("source", health)]) as other:
        source = other.hub.document("source", "pbx9")
        assert (source["mode"], source["last_event"]) == ("imported", 5.0)


async def test_comments_and_other_settings_of_the_file_stay(house: House, pbx: Any) -> None:
    file = house.hub.home / "hub.toml"
    file.write_text('# ours\nlisten = "127.0.0.1:8443"  # inside only\n', "utf-8")
    file.chmod(0o640)
    await added(house, given(pbx))
    assert file.read_text("utf-8").startswith('# ours\nlisten = "127.0.0.1:8443"  # inside only\n')
    assert stat.S_IMODE(file.stat().st_mode) == 0o640


async def test_nothing_is_lost_between_the_look_and_the_following(
    house: House, pbx: Any, ami_block: Block, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A caller who comes while people still read the proposal is seen: the connection is handed over."""
    monkeypatch.setattr(source_setup, "probe_on", partial(probe_on, listen_s=1.0))
    joined = ami_block(Event="QueueCallerJoin", Uniqueid="7.1", Queue="sales", CallerIDNum="0861234567")
    setting_up = asyncio.create_task(added(house, given(pbx)))
    await pbx.until(lambda pbx: "QueueStatus" in pbx.asked)
    await pbx.say([joined])
    await setting_up
    await until(lambda: (house.hub.document("call", "asterisk:pbx1:7.1") or {}).get("state") is not None)
    assert pbx.logins == 1, "the connection that was tried is the one that is followed"


async def test_a_hub_that_gives_way_finishes_setting_a_source_up_first(house: House, pbx: Any) -> None:
    house.runtime.giving_way = asyncio.Event()
    setting_up = asyncio.create_task(added(house, given(pbx)))
    await pbx.until(lambda pbx: "QueueStatus" in pbx.asked)
    house.runtime.giving_way.set()
    assert not house.runtime.idle.is_set()
    told = await setting_up
    assert house.runtime.idle.is_set()
    assert told["health"]["links"] == {"ami": "up"}
    assert told["lasting"], "a service takes over, and nobody need be told to run one"


async def test_who_sets_a_source_up_is_answered_though_the_hub_ends(house: House, pbx: Any) -> None:
    pbx.silent.add("agents")  # the line does not come up
    setting_up = asyncio.create_task(added(house, given(pbx)))
    await pbx.until(lambda pbx: "Agents" in pbx.asked)
    await house.runtime.tails.stop()
    async with asyncio.timeout(5):
        told = await setting_up
    assert told["health"]["links"] == {"ami": "connecting"}
    assert "pbx1" in (house.hub.home / "hub.toml").read_text()


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


async def test_doctor_does_not_take_for_granted_what_nothing_showed_and_says_it_once_it_is_known(
    house: House, pbx: Any
) -> None:
    pbx.uptime = 1000
    await added(house, given(pbx))
    state, said = (await checks(house))["pbx1", "rights"]
    assert state == "unsure", "a quiet account is no wrong one"
    assert said.startswith("Whether the account sees events of the classes call and agent cannot be told")

    before = pbx.asked.count("ListCommands")
    checking = asyncio.create_task(rights(house))
    await pbx.until(lambda pbx: pbx.asked.count("ListCommands") > before)
    before = pbx.asked.count("QueueStatus")
    await pbx.until(lambda pbx: pbx.asked.count("QueueStatus") > before)
    pbx.lists["queuestatus"] = [block for block in pbx.lists["queuestatus"] if b"Dana" not in block]
    missing, unsure = await checking
    assert missing.startswith("read=agent: Without it"), "a member left, and no event told of it"
    assert "In manager.conf, section [wallboard]: read = system,call,agent,cdr" in missing
    assert "events of the class call cannot be told" in unsure


async def test_doctor_says_what_to_write_where_only_the_line_that_is_followed_has_found_it_out(
    house: House, pbx: Any, ami_block: Block, clock: Clock
) -> None:
    pbx.uptime = 1000
    await added(house, given(pbx))
    pbx.lists["queuestatus"] = [block for block in pbx.lists["queuestatus"] if b"Dana" not in block]
    clock.now += lines.RECONCILE_S
    await until(lambda: health(house).get("sees", {}).get("agent") is False)
    missing, _ = await rights(house)
    assert missing.startswith("read=agent: Without it callers and agents are seen once a minute only")
    assert "In manager.conf, section [wallboard]: read = system,call,agent,cdr (then: manager reload)" in missing
    assert "Where that is done: The hub signs in anew within 5 minutes." in missing
    assert ("pbx1", "health") not in await checks(house), "it is said once"

    # As to an account that was given the right since, by another line than the one that is followed.
    pbx.meanwhile["queuestatus"] = [ami_block(Event="QueueCallerJoin", Uniqueid="7.1", Queue="sales")]
    assert not any(said.startswith("read=agent") for said in await rights(house))


async def test_a_queue_log_of_queues_that_the_phone_system_does_not_have_is_asked_about(
    house: House, pbx: Any, tmp_path: Path
) -> None:
    log = tmp_path / "queue_log"
    line = "1795262000|1.1|{}|NONE|ENTERQUEUE||0861234567|1\n"
    log.write_text("".join(line.format(queue) for queue in ("billing", "claims", "night", "west")), "utf-8")
    (file,) = (await added(house, given(pbx, queue_log=str(log))))["files"]
    assert file["ok"], "it may be an old one"
    assert file["notes"] == [
        "It tells of the queues billing, claims, night and 1 more, and this phone system has none of them:"
        " is it another one's?"
    ]
    assert (await checks(house))["pbx1", "queue_log"][0] == "warn"
    log.write_text(log.read_text("utf-8") + line.format("sales"), "utf-8")
    assert (await checks(house))["pbx1", "queue_log"][0] == "ok"


def health(house: House) -> Doc:
    return house.hub.document("source", "pbx1") or {}


async def rights(house: House) -> list[str]:
    """What doctor says of the account's rights."""
    async with house.operator() as client:
        found = (await client.get("/doctor")).json()
    return [f"{one['says']} {one['next']}" for one in found if one["what"] == "rights"]


async def test_an_account_that_may_not_ask_for_queues(house: House, new_pbx: Callable[..., Any]) -> None:
    pbx = new_pbx(refused={"queuestatus"}, secret=SECRET)
    await pbx.start()
    error = await refused(house, given(pbx))
    assert error["name"] == "ami-may-not"
    for word in ("QueueStatus", "[wallboard]", "write = system,reporting", "manager reload"):
        assert word in f"{error['reason']} {error['next']}"


async def test_settings_that_cannot_be_written_leave_nothing_behind(house: House, pbx: Any) -> None:
    (house.hub.home / "hub.toml").mkdir()
    error = await refused(house, given(pbx, secret_env=None, secret=SECRET))
    assert "hub.toml cannot be written" in error["reason"]
    assert not holds(house.hub.home, SECRET)
    assert house.hub.document("person", "dana.reed") is None


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write into files that are read-only")
async def test_settings_that_are_read_only_are_left_alone(house: House, pbx: Any) -> None:
    file = house.hub.home / "hub.toml"
    file.write_text("# not yours\n", "utf-8")
    file.chmod(0o400)
    error = await refused(house, given(pbx))
    assert "permission denied" in error["reason"]
    assert file.read_text("utf-8") == "# not yours\n"


async def test_settings_that_are_no_toml_are_left_alone(house: House, pbx: Any) -> None:
    (house.hub.home / "hub.toml").write_text("listen = \n", "utf-8")
    error = await refused(house, given(pbx, secret_env=None, secret=SECRET))
    assert error["name"] == "wrong-settings"


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


async def checks(house: House) -> dict[tuple[str, str], tuple[str, str]]:
    """What doctor says: of what and what → state, and what it says with the next step."""
    async with house.operator() as client:
        found = (await client.get("/doctor")).json()
    return {(one["of"], one["what"]): (one["state"], f"{one['says']} {one['next']}".strip()) for one in found}


async def test_doctor_finds_a_source_well(house: House, pbx: Any, tmp_path: Path) -> None:
    log = tmp_path / "queue_log"
    log.write_text("1795262000|1.1|sales|NONE|ENTERQUEUE||0861234567|1\n", "utf-8")
    assert (await checks(house))["hub", "sources"][0] == "warn", "nothing is followed yet"
    await added(house, given(pbx, queue_log=str(log)))
    found = await checks(house)
    states = {key: state for key, (state, _) in found.items()}
    assert states["hub", "organisation"] == states["pbx1", "ami"] == states["pbx1", "queue_log"] == "ok"
    assert found["pbx1", "ami"][1].startswith(f"Asterisk 22.10.1 at 127.0.0.1:{pbx.port}, 1 queue.")


async def test_doctor_says_what_is_broken_and_what_to_do(
    house: House, pbx: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = tmp_path / "logs" / "queue_log"
    log.parent.mkdir()
    log.write_text("1795262000|1.1|sales|NONE|ENTERQUEUE||0861234567|1\n", "utf-8")
    await added(house, given(pbx, queue_log=str(log)))

    log.write_text("what is this\n" * 3, "utf-8")
    monkeypatch.delenv("PBX1_SECRET")
    found = await checks(house)
    assert found["pbx1", "ami"][0] == "bad"
    assert "PBX1_SECRET is not set" in found["pbx1", "ami"][1]
    assert found["pbx1", "queue_log"][0] == "bad"
    assert "logger.conf" in found["pbx1", "queue_log"][1]

    monkeypatch.setenv("PBX1_SECRET", SECRET)
    await pbx.stop()
    await until(lambda: (house.hub.document("source", "pbx1") or {}).get("links", {}).get("ami") == "down")
    found = await checks(house)
    assert found["pbx1", "ami"][0] == "bad"
    assert f"127.0.0.1:{pbx.port}" in found["pbx1", "ami"][1]
    assert found["pbx1", "health"][0] == "bad"


async def test_a_line_that_doctor_finds_well_is_not_waited_for_after_a_refused_login(
    house: House, pbx: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "pause_after", lambda *_: 600.0)
    await added(house, given(pbx))
    pbx.secret = "changed-4713"
    pbx.hang_up()
    await until(lambda: health(house)["links"] == {"ami": "down"})
    house.runtime.tails.try_now("pbx1")
    await until(lambda: "refused the login" in health(house)["error"])
    assert "by itself, within 10 minutes" in (await checks(house))["pbx1", "health"][1]

    pbx.secret = SECRET
    found = await checks(house)
    assert found["pbx1", "ami"][0] == "ok"
    assert found["pbx1", "health"][1].endswith("The hub tries it again now.")
    await until(lambda: health(house)["links"] == {"ami": "up"})
    assert ("pbx1", "health") not in await checks(house)


async def test_doctor_warns_of_rights_that_are_missing_and_of_clocks_apart(
    house: House, new_pbx: Callable[..., Any], ami_block: Block
) -> None:
    pbx = new_pbx(
        lists={name: found for name, found in office(ami_block).items() if name != "coreshowchannels"},
        secret=SECRET,
        clock=lambda: 1_000_000_000.0,
    )
    await pbx.start()
    await added(house, given(pbx))
    found = await checks(house)
    assert found["pbx1", "rights"][0] == "unsure"
    assert "cannot be told" in found["pbx1", "rights"][1], "nobody calls: Asterisk does not say what an account may see"
    assert "read = system,call,agent" in found["pbx1", "rights"][1]
    assert found["pbx1", "clock"][0] == "warn"
    assert "NTP" in found["pbx1", "clock"][1]


def many(block: Block, count: int) -> dict[str, list[bytes]]:
    """A phone system with very many queues, ``q0`` and so on, each with a member of its own."""
    status = [
        part
        for n in range(count)
        for part in (
            block(Event="QueueParams", Queue=f"q{n}", Strategy="ringall", Calls="0", ServiceLevel="30"),
            block(Event="QueueMember", Queue=f"q{n}", Name=f"Member {n}", Location=f"PJSIP/{n}", Membership="static"),
        )
    ]
    return {"queuestatus": status, "coreshowchannels": [], "agents": []}


async def test_of_very_many_queues_somebody_has_to_choose_and_only_the_chosen_cost_anything(
    house: House, new_pbx: Callable[..., Any], ami_block: Block
) -> None:
    pbx = new_pbx(lists=many(ami_block, source_setup.MOST_UNCHOSEN + 1), secret=SECRET)
    await pbx.start()
    error = await refused(house, given(pbx, people=False))
    assert (error["name"], "--queue" in error["next"]) == ("many-queues", True)
    assert "pbx1 has 1,001 queues" in error["reason"]

    pbx.asked.clear()
    found = await added(house, given(pbx, queues=["q7", "q8", "q9999"]))
    assert [queue["name"] for queue in found["queues"]] == ["q7", "q8"]
    assert found["missing"] == ["q9999"]
    assert [person["name"] for person in found["proposal"]["people"]] == ["Member 7", "Member 8"]
    before = house.hub.journal.seq()
    others = [
        ami_block(Event=name, Uniqueid=f"1.{n}", Queue=f"q{n}", MemberName=f"Member {n}", Interface=f"PJSIP/{n}")
        for n in range(10, 500)
        for name in ("QueueCallerJoin", "AgentCalled", "QueueMemberPause", "QueueCallerAbandon", "Hangup")
    ]
    await pbx.say([*others, ami_block(Event="QueueCallerJoin", Uniqueid="2.1", Queue="q7")])
    await until(lambda: house.hub.document("call", "asterisk:pbx1:2.1"))
    kept = {kind: len(queries.documents(house.hub.view, kind)) for kind in ("queue", "agent")}
    assert kept == {"queue": 2 + 2, "agent": 2}, "beside the two of another phone system"
    assert house.hub.journal.seq() - before < 10
    assert {name: pbx.asked.count(name) for name in ("QueueStatus", "GetConfig", "CoreShowChannels")} == {
        "QueueStatus": 3 * 3, "GetConfig": 3, "CoreShowChannels": 3,
    }  # fmt: skip


async def test_all_of_very_many_queues_are_followed_when_somebody_says_so(
    house: House, new_pbx: Callable[..., Any], ami_block: Block
) -> None:
    pbx = new_pbx(lists=many(ami_block, source_setup.MOST_UNCHOSEN + 1), secret=SECRET)
    await pbx.start()
    found = await added(house, given(pbx, people=False, all_queues=True))
    assert len(found["queues"]) == source_setup.MOST_UNCHOSEN + 1
