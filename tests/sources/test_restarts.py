"""Real restarts and crashes: what was open when the phone system went down is lost, in whatever order files come."""

import json
from pathlib import Path
from typing import Any

import pytest

from wallboard_tui.sources.asterisk.cdr import read_cdr
from wallboard_tui.sources.asterisk.queue_log import read_queue_log


def states(store: Any) -> dict[str, int]:
    found: dict[str, int] = {}
    for call in store.calls.values():
        found[call["state"]] = found.get(call["state"], 0) + 1
    return found


def test_calls_that_a_killed_phone_system_left_open_are_lost(captures: Path, new_store: Any) -> None:
    store = new_store().take(read_queue_log([captures / "crash.queue_log"], "pbx1"))
    lost = [call for call in store.calls.values() if call["state"] == "lost"]
    assert lost
    assert {call["ended"] for call in lost} == {1795289827}
    assert all(call["started"] < 1795289825 for call in lost)
    assert any(visit["outcome"] == "unknown" for call in lost for visit in call["visits"])
    before = [call for call in store.calls.values() if call["started"] < 1795289824]
    assert all(call["state"] in ("ended", "lost") for call in before)


def test_pauses_do_not_outlive_a_restart(captures: Path, new_store: Any) -> None:
    store = new_store().take(read_queue_log([captures / "crash.queue_log"], "pbx1"))
    said = [
        doc
        for doc in store.documents["presence"].values()
        if doc["agent"].endswith("Femi Adeyemi") and doc["at"] >= 1795289824
    ]
    said.sort(key=lambda doc: float(doc["at"]))
    assert [(doc["what"], doc.get("reason")) for doc in said[:2]] == [("pause", "Auto-Pause"), ("unpause", "restart")]


@pytest.mark.parametrize(
    "halves", [("restart.queue_log.0", "restart.queue_log"), ("restart.queue_log", "restart.queue_log.0")]
)
def test_a_rotated_log_gives_the_same_in_either_order(
    captures: Path, new_store: Any, tmp_path: Path, halves: tuple[str, str]
) -> None:
    joined = tmp_path / "queue_log"
    joined.write_bytes((captures / "restart.queue_log.0").read_bytes() + (captures / "restart.queue_log").read_bytes())
    expected = new_store().take(read_queue_log([joined], "pbx1"))
    separately = new_store()
    for half in halves:
        separately.take(read_queue_log([captures / half], "pbx1"))
    assert separately.calls == expected.calls
    together = new_store().take(read_queue_log([captures / half for half in halves], "pbx1"))
    assert json.dumps(together.documents, sort_keys=True) == json.dumps(expected.documents, sort_keys=True)
    assert expected.restarts == {1795291401}
    assert states(expected).keys() == {"ended"}, "an orderly restart hangs everybody up first, and says so"


def test_a_restart_told_live_closes_calls_that_were_read_before(captures: Path, new_store: Any, tmp_path: Path) -> None:
    lines = (captures / "crash.queue_log").read_bytes().splitlines(keepends=True)
    parts = [tmp_path / "before", tmp_path / "after"]
    parts[0].write_bytes(b"".join(lines[:179]))
    parts[1].write_bytes(b"".join(lines[179:]))
    store = new_store().take(read_queue_log(parts[:1], "pbx1"))
    open_before = {key for key, call in store.calls.items() if call["state"] in ("waiting", "talking")}
    assert open_before
    store.take(read_queue_log(parts[1:], "pbx1"))
    assert {store.calls[key]["state"] for key in open_before} == {"lost"}


def test_queue_log_and_cdr_of_a_crash_give_the_same_in_either_order(captures: Path, new_store: Any) -> None:
    log, cdr = captures / "crash.queue_log", captures / "crash.Master.csv"
    one = new_store().take(read_queue_log([log], "pbx1")).take(read_cdr([cdr], "pbx1"))
    other = new_store().take(read_cdr([cdr], "pbx1")).take(read_queue_log([log], "pbx1"))
    assert one.calls == other.calls
