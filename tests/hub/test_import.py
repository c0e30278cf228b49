"""Taking files in: the summary, what is refused, that twice is once, and that a kill in the middle loses and doubles
nothing.
"""
# ruff: noqa: ASYNC240 - small files of its own, and conditions nobody signals

import json
import random
import resource
import threading
import time
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

from wallboard_tui.hub.intake import Intake
from wallboard_tui.sources.asterisk.lines import Lines
from wallboard_tui.sources.asterisk.queue_log import QueueLog
from wallboard_tui.view import queries
from wallboard_tui.view.view import View

NOON = 1_795_262_400


def log_of(calls: int, seed: int = 1) -> list[str]:
    """A queue_log: answered, abandoned and timed-out calls, pauses, and a start of the phone system."""
    rng = random.Random(seed)
    lines: list[tuple[int, str]] = [(NOON - calls * 20 - 60, "NONE|NONE|NONE|QUEUESTART|")]
    for number in range(calls):
        at, call = NOON - (calls - number) * 20, f"{NOON - (calls - number) * 20}.{number}"
        queue, agent = rng.choice(("support", "sales", "billing")), rng.choice(("Ana", "Ben", "Cy", "Di"))
        lines.append((at, f"{call}|{queue}|NONE|ENTERQUEUE||+35387{rng.randrange(10**6):07}|1"))
        match rng.randrange(4):
            case 0:
                lines.append((at + 20, f"{call}|{queue}|NONE|ABANDON|1|1|20"))
            case 1:
                lines.append((at + 60, f"{call}|{queue}|NONE|EXITWITHTIMEOUT|1|1|60"))
            case _:
                wait, talk = rng.randrange(2, 19), rng.randrange(5, 300)
                lines.append((at + wait, f"{call}|{queue}|{agent}|CONNECT|{wait}|{call}x|1"))
                lines.append((at + wait + talk, f"{call}|{queue}|{agent}|COMPLETECALLER|{wait}|{talk}|1"))
    lines.sort(key=lambda line: line[0])
    return [f"{at}|{rest}" for at, rest in lines]


@pytest.fixture
def queue_log(tmp_path: Path) -> Path:
    path = tmp_path / "queue_log"
    path.write_text("\n".join(log_of(400)) + "\n", encoding="utf-8")
    return path


def summary_of(response: httpx.Response) -> Any:
    """The last line of an import's answer."""
    assert response.status_code == 200, response.text
    return json.loads(response.content.splitlines()[-1])


async def imported(house: Any, path: Path, kind: str = "queue-log", **more: Any) -> Any:
    async with house.operator() as operator:
        body = {"kind": kind, "paths": [str(path)], "source": "pbx1", **more}
        return summary_of(await operator.post("/import", json=body))


async def test_an_import_says_what_was_read_new_unchanged_and_refused(house: Any, queue_log: Path) -> None:
    lines = queue_log.read_text().splitlines()
    lines[10:10] = ["this is no line", "|||", f"{lines[3][:15]}"]
    queue_log.write_bytes("\n".join(lines).encode() + b"\n\xff\xfe broken\n")
    summary = await imported(house, queue_log)
    assert summary["read"] == len(lines) + 1
    assert summary["refused"] == len(summary["refusals"]) >= 3
    assert {"file", "line", "reason"} <= set(summary["refusals"][0])
    assert sorted(r["line"] for r in summary["refusals"])[:3] == [11, 12, 13]
    assert summary["new"] >= 390
    async with house.operator() as operator:
        assert len((await operator.get("/calls?limit=1000")).json()) >= 390
        source = (await operator.get("/sources")).json()[0]
        assert (source["mode"], source["refused"]) == ("imported", summary["refused"])


async def test_what_an_import_had_taken_in_when_it_ended_in_the_middle_lasts_until_its_newest_word(house: Any) -> None:
    hub = house.hub
    lines = [f"{NOON - 900}|NONE|sales|Ana|ADDMEMBER|", f"{NOON - 60}|1.1|sales|NONE|ENTERQUEUE||0871234567|1"]

    def begin() -> None:
        next(Intake(hub, "pbx1", "imported").pieces(QueueLog("pbx1").read(Lines("queue_log", 1, lines))))

    await hub.run(begin)
    (ana,) = await hub.read(queries.live_agents, hub.view, 0, NOON + 86400.0)
    assert ana.state == "out", "nobody knows of her now"
    later = NOON + 86400.0
    asked = partial(queries.measures, hub.view, 0, by="queue", start=NOON - 900.0, end=later, now=later)
    sums = await hub.read(asked)
    assert sums["asterisk:pbx1:sales"]["login_s"] == 840


async def test_the_same_file_again_changes_nothing(house: Any, queue_log: Path) -> None:
    first = await imported(house, queue_log)
    count, followups = house.hub.journal.count(), len(house.hub.journal.read_kind("followup"))
    calls = {e.change.key: (e.seq, e.change.doc) for e in house.hub.journal.read_kind("call")}
    second = await imported(house, queue_log)
    assert (second["new"], second["changed"]) == (0, 0)
    assert second["unchanged"] == first["new"] + first["unchanged"]
    assert calls == {e.change.key: (e.seq, e.change.doc) for e in house.hub.journal.read_kind("call")}
    assert house.hub.journal.count() == count + 1, "only the audit of the second import"
    assert len(house.hub.journal.read_kind("followup")) == followups


async def test_the_same_file_again_changes_nothing_although_teams_changed(house: Any, queue_log: Path) -> None:
    await imported(house, queue_log)
    calls = {e.change.key: e.change.doc for e in house.hub.journal.read_kind("call")}
    team = house.hub.document("team", "south")
    await house.put(("team", {**team, "queues": ["asterisk:pbx1:sales", "asterisk:pbx1:support"]}))
    assert (await imported(house, queue_log))["changed"] == 0
    assert calls == {e.change.key: e.change.doc for e in house.hub.journal.read_kind("call")}


async def test_a_restart_of_the_phone_system_closes_what_was_open(house: Any, tmp_path: Path) -> None:
    path = tmp_path / "queue_log"
    path.write_text(f"{NOON - 100}|1.1|support|NONE|ENTERQUEUE||+353870000001|1\n")
    await imported(house, path)
    assert house.hub.document("call", "asterisk:pbx1:1.1")["state"] == "waiting"
    path.write_text(f"{NOON - 50}|NONE|NONE|NONE|QUEUESTART|\n")
    await imported(house, path)
    assert house.hub.document("call", "asterisk:pbx1:1.1")["state"] == "lost"
    assert house.hub.document("source", "pbx1")["restarts"] == [NOON - 50]


async def test_numbers_campaigns_contacts_and_facts_are_stamped(house: Any, tmp_path: Path) -> None:
    await house.put(
        ("number", {"key": "+35312345678", "dialled": ["5001"], "campaign": "Radio", "name": "Main"}),
        ("team", {"key": "radio", "name": "Radio", "numbers": ["+35312345678"]}),
        ("contact", {"key": "+353871234567", "name": "Grace"}),
    )
    path = tmp_path / "queue_log"
    path.write_text(
        f"{NOON - 100}|9.1|support|NONE|ENTERQUEUE||0871234567|1\n"
        f"{NOON - 95}|9.1|support|Bob|CONNECT|5|9.1x|2\n"
        f"{NOON - 65}|9.1|support|Bob|COMPLETECALLER|5|30|1\n"
    )
    await imported(house, path)
    call = house.hub.document("call", "asterisk:pbx1:9.1")
    assert (call["caller"], call["contact"]) == ("+353871234567", "+353871234567")
    assert {"queue:asterisk:pbx1:support", "team:north", "agent:asterisk:pbx1:Bob", "person:bob", "ext:102"} <= set(
        call["facts"]
    )


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ({"kind": "queue-log", "paths": ["/nowhere/queue_log"], "source": "pbx1"}, "not-readable"),
        ({"kind": "mp3", "paths": ["/nowhere"], "source": "pbx1"}, "wrong-kind"),
        ({"kind": "queue-log", "paths": ["/nowhere"], "source": "a b/c"}, "wrong-source"),
        ({"kind": "cdr", "paths": ["/nowhere"], "source": "pbx1", "zone": "Mars/Crater"}, "wrong-zone"),
        ({"kind": "queue-log", "paths": [], "source": "pbx1"}, "wrong-call"),
    ],
)
async def test_a_wrong_import_gets_a_sentence(house: Any, body: Any, name: str) -> None:
    async with house.operator() as operator:
        response = await operator.post("/import", json=body)
    error = json.loads(response.content.splitlines()[-1])["error"]
    assert error["name"] == name
    assert error["reason"]
    assert error["next"]


def state_of(client: httpx.Client) -> dict[str, Any]:
    """What a hub holds that a person would miss, or see twice."""
    calls = client.get("/calls?limit=100000").json()
    followups = client.get("/documents/followup").json()
    return {
        "calls": {call["key"]: call for call in calls},
        "followups": {one["key"]: one for one in followups},
        "count": len(calls),
    }


def figures_of(hub: Any, now: float) -> Any:
    """All measures at one moment, of what goes on too: who waits, how long, and who still may be answered in time.

    From the view's file while nothing is written: a hub asked twice has two nows.
    """
    view = View.open(hub.socket.parent / "view.db")
    try:
        return {
            by: queries.measures(view, 0, by=by, start=0.0, end=now + 1, now=now) for by in ("queue", "agent", "all")
        }
    finally:
        view.close()


def begun(start_hub: Any) -> Any:
    """A hub process with an organisation."""
    hub = start_hub()
    with hub.client() as client:
        body = {"name": "Corrib", "time_zone": "Europe/Dublin", "packs": ["standard"]}
        assert client.post("/init", json=body).status_code in (200, 409)
    return hub


def import_in_background(hub: Any, path: Path) -> threading.Thread:
    """Import, whatever becomes of it."""

    def work() -> None:
        try:
            with hub.client() as client:
                client.post("/import", json={"kind": "queue-log", "paths": [str(path)], "source": "pbx1"})
        except httpx.TransportError:
            pass

    thread = threading.Thread(target=work)
    thread.start()
    return thread


def kill_in_the_middle(start_hub: Any, path: Path, times: int, seed: int) -> None:
    """Kill a hub again and again while it imports; what it acknowledged stays, and in the end it is as if never
    killed.
    """
    rng = random.Random(seed)
    hub = begun(start_hub)
    acknowledged: set[str] = set()
    for _ in range(times):
        thread = import_in_background(hub, path)
        time.sleep(rng.uniform(0.01, 0.5))
        try:
            with hub.client() as client:
                acknowledged |= {call["key"] for call in client.get("/calls?limit=100000").json()}
        except httpx.TransportError:
            pass
        hub.kill()
        thread.join()
        hub = start_hub()
        with hub.client() as client:
            there = {call["key"] for call in client.get("/calls?limit=100000").json()}
        assert there >= acknowledged
    with hub.client() as client:
        summary_of(client.post("/import", json={"kind": "queue-log", "paths": [str(path)], "source": "pbx1"}))
        now = time.time()
        after, figures = state_of(client), figures_of(hub, now)
        again = client.post("/import", json={"kind": "queue-log", "paths": [str(path)], "source": "pbx1"})
        assert summary_of(again)["new"] == 0
        lines = [json.loads(line) for line in client.post("/rebuild").content.splitlines()]
        assert "documents" in lines[-1]
        assert state_of(client) == after, "the view is what the journal says"
        assert figures_of(hub, now) == figures, "also of what goes on"
    expected = {line.split("|")[1] for line in path.read_text().splitlines() if "ENTERQUEUE" in line}
    assert {key.rsplit(":", 1)[1] for key in after["calls"]} == expected
    assert sum(row["offered"] for row in figures["queue"].values()) == len(expected)


def test_a_hub_killed_while_it_imports_loses_and_doubles_nothing(start_hub: Any, tmp_path: Path) -> None:
    path = tmp_path / "queue_log"
    path.write_text("\n".join(log_of(3000)) + "\n")
    kill_in_the_middle(start_hub, path, times=3, seed=1)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_hub_killed_fifty_times_while_it_imports_loses_and_doubles_nothing(start_hub: Any, tmp_path: Path) -> None:
    path = tmp_path / "queue_log"
    path.write_text("\n".join(log_of(20000)) + "\n")
    kill_in_the_middle(start_hub, path, times=50, seed=2)


def kill_replays(start_hub: Any, tmp_path: Path, times: int) -> None:
    """Kill a hub again and again while it plays a recording."""
    place = tmp_path / "recording"
    place.mkdir()
    (place / "queue_log").write_text("\n".join(log_of(200)) + "\n")
    hub = begun(start_hub)
    known: dict[str, Any] = {}
    seen = False
    for _ in range(times):
        with hub.client() as client:
            body = {"recording": str(place), "source": "pbx1", "speed": 200, "offset": 5}
            assert client.post("/replay", json=body).status_code == 200
            deadline = time.monotonic() + 20
            while time.monotonic() < deadline:
                calls = {c["key"]: c for c in client.get("/calls?limit=100000").json()}
                if len(calls) > len(known) + 20:
                    break
            known.update({key: call for key, call in calls.items() if call["state"] == "ended"})
        hub.kill()
        hub = start_hub()
        with hub.client() as client:
            there = {c["key"]: c for c in client.get("/calls?limit=100000").json()}
            assert {key: there.get(key) for key in known} == known
            now = time.time()
            before, figures = state_of(client), figures_of(hub, now)
            client.post("/rebuild")
            assert state_of(client) == before
            assert figures_of(hub, now) == figures, "cells were neither lost nor counted twice, nor is what goes on"
            seen = seen or any(row["waiting"] or row["pending"] for row in figures["queue"].values())
    assert seen or times < 10, "somebody was waiting at one of so many moments"


def test_a_hub_killed_while_it_plays_a_recording_loses_and_doubles_nothing(start_hub: Any, tmp_path: Path) -> None:
    kill_replays(start_hub, tmp_path, times=2)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_a_hub_killed_fifty_times_while_it_plays_loses_and_doubles_nothing(start_hub: Any, tmp_path: Path) -> None:
    kill_replays(start_hub, tmp_path, times=50)


def test_a_full_disk_gets_a_sentence_and_costs_nothing(start_hub: Any, tmp_path: Path) -> None:
    path = tmp_path / "queue_log"
    path.write_text("\n".join(log_of(6000)) + "\n")
    hub = begun(start_hub)
    hub.stop()
    hub = start_hub(most_bytes=1_500_000)
    with hub.client() as client:
        response = client.post("/import", json={"kind": "queue-log", "paths": [str(path)], "source": "pbx1"})
        error = json.loads(response.content.splitlines()[-1])["error"]
        assert error["name"] == "disk-full", error
        assert "disk" in error["reason"]
        assert "Traceback" not in response.text
        assert client.get("/health").status_code == 200, "it still answers"
        there = {call["key"] for call in client.get("/calls?limit=100000").json()}
    hub.stop()
    hub = start_hub()
    with hub.client() as client:
        assert {call["key"] for call in client.get("/calls?limit=100000").json()} >= there
        summary_of(client.post("/import", json={"kind": "queue-log", "paths": [str(path)], "source": "pbx1"}))
        assert len(client.get("/calls?limit=100000").json()) == 6000
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] == resource.RLIM_INFINITY
