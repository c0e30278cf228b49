"""Whatever breaks while a phone system is followed, the figures are the truth's in the end: the line is cut and the hub
is killed at random points of the recording; what was said meanwhile is lost, and only the files still have it.
"""

import asyncio
import json
import lzma
import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from wallboard_tui.model.base import Doc

ROOT = Path(__file__).parents[2]
CHUNKS = 120


def _chunks(blocks: list[bytes], log: list[str]) -> Iterator[tuple[list[bytes], list[str], set[str]]]:
    """The recording in pieces of one time each: events, lines of queue_log, and the callers' channels that are up."""
    up: set[str] = set()
    timed: list[tuple[float, bytes]] = []
    for block in blocks:
        if b"\r\nTimestamp: " in block and b"\r\nActionID: " not in block:
            timed.append((float(block.partition(b"\r\nTimestamp: ")[2].partition(b"\r\n")[0]), block))
    begin, end = timed[0][0], timed[-1][0]
    done = 0
    for number in range(1, CHUNKS + 1):
        until = begin + (end - begin) * number / CHUNKS + (60 if number == CHUNKS else 0)
        events = []
        while timed and timed[0][0] <= until:
            events.append(timed.pop(0)[1])
        for block in events:
            fields = dict(line.partition(b": ")[::2] for line in block.split(b"\r\n"))
            if fields[b"Event"] == b"Newchannel":
                up.add(fields[b"Uniqueid"].decode())
            elif fields[b"Event"] == b"Hangup":
                up.discard(fields[b"Uniqueid"].decode())
        upto = next((i for i in range(done, len(log)) if int(log[i].partition("|")[0]) > until), len(log))
        yield events, log[done:upto], set(up)
        done = upto


def _figures(client: Any, truth: Doc) -> dict[str, dict[str, float]]:
    start, end = truth["window"]
    rows = client.get("/kpis", params={"by": "queue", "period": f"{_iso(start)}..{_iso(end)}"}).json()
    return {row["key"].rpartition(":")[2]: row["measures"] for row in rows}


def _iso(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d")


def _prepare(home: Path, port: int, queue_log: Path) -> None:
    queue_log.write_text("")
    home.mkdir()
    secret = home / "secret"
    secret.write_text("sesame")
    secret.chmod(0o600)
    (home / "hub.toml").write_text(
        f'[[source]]\nname = "pbx1"\nhost = "127.0.0.1"\nport = {port}\nlogin = "wallboard"\n'
        f'secret_file = "{secret}"\nqueue_log = "{queue_log}"\n'
    )


async def _broken(
    faults: int, seed: int, new_pbx: Callable[..., Any], start_hub: Callable[..., Any], home: Path,
    ami_recording: Callable[[str], list[bytes]], ami_block: Callable[..., bytes], tmp_path: Path,
) -> None:  # fmt: skip
    truth: Doc = json.loads((ROOT / "tests/data/asterisk/truth.json").read_text(encoding="utf-8"))
    log = lzma.decompress((ROOT / "sample_data/recorded/queue_log.xz").read_bytes()).decode().splitlines()
    blocks = ami_recording("main")
    shown = [block for block in blocks if b"\r\nActionID: queuestatus-4" in block and b"Event: Queue" in block]
    pbx = new_pbx(lists={"queuestatus": [b.partition(b"\r\nActionID")[0] for b in shown][:-1], "agents": []})
    pbx.lists["coreshowchannels"] = []
    await pbx.start()
    file = tmp_path / "queue_log"
    _prepare(home, pbx.port, file)
    chance = random.Random(seed)
    at = set(chance.sample(range(2, CHUNKS), min(faults, CHUNKS - 2)))
    hub = await asyncio.to_thread(start_hub)
    organisation = {"name": "Test", "time_zone": "UTC", "packs": ["standard"]}
    assert (await asyncio.to_thread(hub.client().post, "/init", json=organisation)).status_code == 200
    await pbx.until(lambda one: "Agents" in one.asked)
    for number, (events, lines, up) in enumerate(_chunks(blocks, log)):
        pbx.lists["coreshowchannels"] = [ami_block(Event="CoreShowChannel", Uniqueid=one) for one in sorted(up)]
        cut = chance.randint(0, len(events))
        await pbx.say(events[:cut])
        if number in at:
            if chance.random() < 0.3:
                await asyncio.to_thread(hub.kill)
                pbx.hang_up()
                await pbx.say(events[cut:])
                hub = await asyncio.to_thread(start_hub)
            else:
                pbx.hang_up()
        await pbx.say(events[cut:])
        with file.open("a", encoding="utf-8") as growing:
            growing.writelines(f"{line}\n" for line in lines)
        await asyncio.sleep(0.02)
    wanted = {queue: known["offered"] for queue, known in truth["queues"].items()}
    async with asyncio.timeout(60):
        found: dict[str, dict[str, float]] = {}
        while {queue: of.get("offered") for queue, of in found.items()} != wanted or any(
            found[queue]["answered"] != known["answered"] for queue, known in truth["queues"].items()
        ):
            await asyncio.sleep(0.3)
            found = await asyncio.to_thread(_figures, hub.client(), truth)
    for queue, known in truth["queues"].items():
        of = found[queue]
        for name in ("offered", "answered", "abandoned", "timed_out", "exit_empty", "exit_key", "withdrawn"):
            assert of.get(name, 0) == known[name], (queue, name)
        assert of["answered_in_sl"] == known["answered_in_sl"], queue
        assert of["abandoned_in_sl"] == known["abandoned_in_sl"], queue
        assert round(of["talk_s"] + of.get("hold_s", 0), 3) == known["total_talk_s"], queue
        assert of.get("waiting", 0) == 0, "nobody waits for ever"
    told = (await asyncio.to_thread(hub.client().get, "/sources")).json()[0]
    assert told["gaps"]
    assert all(gap.get("closed_by") == ["queue_log"] for gap in told["gaps"] if gap.get("end"))


async def test_cut_lines_and_a_killed_hub_leave_the_figures_true(
    new_pbx: Any, start_hub: Any, home: Path, ami_recording: Any, ami_block: Any, tmp_path: Path
) -> None:
    await _broken(4, 7, new_pbx, start_hub, home, ami_recording, ami_block, tmp_path)


@pytest.mark.slow
@pytest.mark.timeout(900)
async def test_a_hundred_cuts_and_kills_leave_the_figures_true(
    new_pbx: Any, start_hub: Any, home: Path, ami_recording: Any, ami_block: Any, tmp_path: Path
) -> None:
    await _broken(100, 11, new_pbx, start_hub, home, ami_recording, ami_block, tmp_path)
