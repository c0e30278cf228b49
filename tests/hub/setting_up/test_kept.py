"""What is kept of a source that was set up, and what is left of one that was not."""

import asyncio
import os
import stat
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from wallboard_tui.hub import source_setup
from wallboard_tui.hub.settings import read_settings
from wallboard_tui.model.base import Doc
from wallboard_tui.sources.asterisk.ami import probe_on
from wallboard_tui.view import queries

from ..conftest import House
from .saying import SALES, SECRET, Block, added, everything, given, health, holds, refused, until


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
