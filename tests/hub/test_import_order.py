"""Files of a phone system in any order, and cut anywhere, give the same documents and the same figures."""

import itertools
import json
import random
from pathlib import Path
from typing import Any

import pytest

from wallboard_tui.hub.hub import Hub
from wallboard_tui.view import queries

NOON = 1_795_262_400
CONF = (
    "[support]\nservicelevel=30\nmember => SIP/bob,0,Bob,hint:102@phones\nmember => SIP/cat,0,Cat,hint:103@phones\n"
    "[sales]\nmember => SIP/dan,0,Dan,hint:104@phones\n"
)
LOG = (
    f"{NOON - 9000}|NONE|NONE|NONE|QUEUESTART|",
    f"{NOON - 8000}|1.1|support|NONE|ENTERQUEUE||0871234567|1",
    f"{NOON - 7990}|1.1|support|Bob|CONNECT|10|1.1x|2",
    f"{NOON - 7900}|1.1|support|Bob|COMPLETECALLER|10|90|1",
    f"{NOON - 7800}|NONE|support|Cat|PAUSE|Lunch",
    f"{NOON - 7700}|2.1|sales|NONE|ENTERQUEUE||0871234568|1",
    f"{NOON - 7600}|NONE|NONE|Agent/7|AGENTLOGIN|SIP/7-1",
    f"{NOON - 7000}|NONE|NONE|NONE|QUEUESTART|",
    f"{NOON - 6000}|3.1|sales|NONE|ENTERQUEUE||0871234569|1",
    f"{NOON - 5995}|3.1|sales|SIP/eve|CONNECT|5|3.1x|2",
    f"{NOON - 5900}|3.1|sales|SIP/eve|COMPLETEAGENT|5|95|1",
    # Joins queues, and speaks of all of them at once: which these are, other lines tell.
    f"{NOON - 5850}|NONE|NONE|SIP/eve|PAUSEALL|Tea",
    f"{NOON - 5840}|NONE|sales|SIP/eve|ADDMEMBER|",
    f"{NOON - 5830}|NONE|support|SIP/eve|ADDMEMBER|",
    f"{NOON - 5820}|NONE|NONE|SIP/eve|UNPAUSEALL|",
    f"{NOON - 5700}|NONE|sales|SIP/eve|REMOVEMEMBER|",
    f"{NOON - 5690}|NONE|NONE|SIP/eve|PAUSEALL|Tea",
    f"{NOON - 5000}|NONE|support|Dan|PAUSE|Break",
    f"{NOON - 4000}|NONE|NONE|NONE|QUEUESTART|",
    f"{NOON - 3000}|4.1|support|NONE|ENTERQUEUE||0871234560|1",
    f"{NOON - 2980}|4.1|support|NONE|ABANDON|1|1|20",
)


def row(call: str, start: int, end: int, src: str, dst: str, app: str, other: str, context: str = "from-trunk") -> str:
    def written(at: int) -> str:
        left = at - (NOON - 43200)
        return f"2026-11-21 {left // 3600:02}:{left % 3600 // 60:02}:{left % 60:02}"

    fields = [
        "", src, dst, context, f'""Name"" <{src}>', "SIP/trunk-1", other, app, "", written(start), written(start + 10),
        written(end), str(end - start), str(end - start - 10), "ANSWERED", "DOCUMENTATION", call, "",
    ]  # fmt: skip
    return ",".join(f'"{field}"' for field in fields)


CDR = (
    row("1.1", NOON - 8000, NOON - 7900, "0871234567", "5001", "Queue", "SIP/bob-00a1"),
    row("3.1", NOON - 6000, NOON - 5900, "0871234569", "5002", "Queue", "SIP/eve-00a2"),
    # Past the queues: somebody's phone is called directly, from outside and from inside, and somebody calls out.
    row("5.1", NOON - 3500, NOON - 3400, "0871234561", "104", "Dial", "SIP/dan-00a3"),
    row("6.1", NOON - 3300, NOON - 3200, "102", "104", "Dial", "SIP/dan-00a4", "from-phones"),
    row("7.1", NOON - 3100, NOON - 3000, "103", "0871234567", "Dial", "SIP/trunk-2", "from-phones"),
)


@pytest.fixture
def pieces(tmp_path: Path) -> dict[str, tuple[str, Path]]:
    """The files, queue_log and CDR each cut in the middle of calls."""
    found = {
        "conf": ("queues-conf", CONF),
        "cdr1": ("cdr", "\n".join(CDR[:2]) + "\n"),
        "cdr2": ("cdr", "\n".join(CDR[2:]) + "\n"),
    }
    for number, (start, end) in enumerate(itertools.pairwise((0, 3, 5, 8, 13, len(LOG)))):
        found[f"log{number}"] = ("queue-log", "\n".join(LOG[start:end]) + "\n")
    files: dict[str, tuple[str, Path]] = {}
    for name, (kind, text) in found.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
        files[name] = (kind, tmp_path / name)
    return files


async def imported(house: Any, path: Path, kind: str = "queue-log", **more: Any) -> None:
    async with house.operator() as operator:
        body = {"kind": kind, "paths": [str(path)], "source": "pbx1", **more}
        answer = await operator.post("/import", json=body)
    summary = json.loads(answer.content.splitlines()[-1])
    assert summary.get("refused") == 0, summary


ORGANISATION: list[tuple[str, dict[str, Any]]] = [
    ("organisation", {"key": "organisation", "name": "Corrib", "time_zone": "Europe/Dublin", "packs": ["standard"]}),
    ("team", {"key": "north", "name": "North", "members": ["bob"], "queues": ["asterisk:pbx1:support"]}),
    ("person", {
        "key": "bob", "name": "Bob", "role": "standard:agent", "extension": "102", "agents": ["asterisk:pbx1:Bob"],
    }),
    ("person", {"key": "cat", "name": "Cat", "role": "standard:agent", "agents": ["asterisk:pbx1:Cat"]}),
]  # fmt: skip


def documents(hub: Hub) -> dict[str, dict[str, Any]]:
    """What the files said, without when and in which steps it was written down."""
    return {
        kind: {entry.change.key: entry.change.doc for entry in hub.journal.read_kind(kind)}
        for kind in ("call", "presence", "agent", "queue", "source", "followup")
    }


def figures(hub: Hub) -> Any:
    return {
        by: queries.measures(hub.view, 0, by=by, start=NOON - 9999, end=NOON, now=NOON) for by in ("queue", "agent")
    }


ORDERS = [
    ("conf", "log0", "log1", "log2", "log3", "log4", "cdr1", "cdr2"),
    ("log0", "log1", "log2", "log3", "log4", "cdr1", "cdr2", "conf"),
    ("cdr2", "cdr1", "conf", "log4", "log3", "log2", "log1", "log0"),
    *(tuple(random.Random(seed).sample(sorted({"conf", "cdr1", "cdr2", *(f"log{n}" for n in range(5))}), 8))
      for seed in range(4)),
]  # fmt: skip


async def test_any_order_of_import_gives_the_same_documents(
    a_running_hub: Any, clock: Any, pieces: Any, tmp_path: Path
) -> None:
    expected: Any = None
    for number, order in enumerate(ORDERS):
        async with a_running_hub(tmp_path / f"home{number}", clock, ORGANISATION) as house:
            for name in order:
                kind, path = pieces[name]
                await imported(house, path, kind, zone="UTC")
            found = documents(house.hub), figures(house.hub)
        if expected is None:
            expected = found
            calls = found[0]["call"]
            assert "ext:102" in calls["asterisk:pbx1:1.1"]["facts"]
            assert "ext:104" in calls["asterisk:pbx1:5.1"]["facts"]
            assert calls["asterisk:pbx1:2.1"]["state"] == "lost"
        for kind, docs in expected[0].items():
            assert set(found[0][kind]) == set(docs), (order, kind)
            for key, doc in docs.items():
                assert found[0][kind][key] == doc, (order, kind, key)
        assert found[1] == expected[1], order


async def test_a_pause_ends_at_a_start_that_another_file_tells_of(house: Any, tmp_path: Path) -> None:
    files = [tmp_path / "queue_log.1", tmp_path / "queue_log"]
    files[0].write_text(f"{NOON - 5000}|NONE|support|Cat|PAUSE|Lunch\n", encoding="utf-8")
    files[1].write_text(f"{NOON - 4000}|NONE|NONE|NONE|QUEUESTART|\n", encoding="utf-8")
    for file in files:
        await imported(house, file)
    paused = [
        (i.start, i.end)
        for i in queries.intervals(house.hub.view, "asterisk:pbx1:Cat", NOON - 6000, NOON)
        if i.state == "paused"
    ]
    assert set(paused) == {(NOON - 5000, NOON - 4000)}


async def test_what_was_stamped_under_another_extension_stays(house: Any, tmp_path: Path, pieces: Any) -> None:
    for name in ("conf", "log0"):
        await imported(house, pieces[name][1], pieces[name][0])
    moved = tmp_path / "moved.conf"
    moved.write_text("[support]\nmember => SIP/bob,0,Bob,hint:199@phones\n", encoding="utf-8")
    await imported(house, moved, "queues-conf")
    facts = house.hub.document("call", "asterisk:pbx1:1.1")["facts"]
    assert "ext:102" in facts
    assert "ext:199" not in facts
