"""The view lets documents in: any order, once, whole batches, surviving crashes; and keeps files to their owner."""

from __future__ import annotations

import os
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from wallboard_tui.metrics.presence import Folding
from wallboard_tui.model.base import Doc
from wallboard_tui.model.change import Change, Entry
from wallboard_tui.view import agents, queries
from wallboard_tui.view.database import SCHEMA_STEPS, ViewClosed
from wallboard_tui.view.schema import MIGRATIONS
from wallboard_tui.view.view import View, ViewCorrupt

T = 1_795_262_400.0
"""2026-11-21 12:00 UTC."""
SALES, ANN = "asterisk:pbx1:sales", "asterisk:pbx1:Ann"


def answered(
    key: str, started: float = T, *, wait: int = 10, talk: int = 60, queue: str = SALES, agent: str = ANN
) -> Doc:
    at = started + wait
    return {
        "key": f"asterisk:pbx1:{key}", "source": "pbx1", "state": "ended", "started": started, "answered": at,
        "ended": at + talk, "caller": "+353871234567", "facts": [f"queue:{queue}", f"agent:{agent}"],
        "visits": [{"queue": queue, "entered": started, "outcome": "answered", "left": at, "wait_s": wait}],
        "legs": [{"agent": agent, "queue": queue, "visit": 0, "outcome": "answered", "rang": at - 3, "answered": at,
                  "ended": at + talk, "ring_s": 3, "talk_s": talk}],
    }  # fmt: skip


def of_queue(view: View, queue: str = SALES, lens: int = 0) -> dict[str, float]:
    return queries.measures(view, lens, by="queue", start=T - 86400, end=T + 86400, now=T + 86400).get(queue, {})


def test_an_older_seq_never_overwrites_a_newer_one(view: View, make: Any) -> None:
    first, second = make("call", answered("1", wait=10)), make("call", answered("1", wait=30))
    view.apply([second])
    view.apply([first])
    assert of_queue(view)["wait_answered_s"] == 30
    assert view.seq == 2


def test_a_removal_is_remembered_so_that_a_late_document_does_not_come_back(view: View, make: Any) -> None:
    entries = [make("call", answered("1")), make("queue", {"key": SALES, "source": "pbx1", "name": "sales"})]
    gone = [make.gone("call", "asterisk:pbx1:1"), make.gone("queue", SALES)]
    view.apply(gone)
    view.apply(entries)
    assert queries.call(view, "asterisk:pbx1:1") is None
    assert queries.documents(view, "queue") == {}
    assert of_queue(view) == {}
    view.apply([make("call", answered("1"))])
    assert of_queue(view)["offered"] == 1


def test_a_removed_call_leaves_nothing_behind(view: View, make: Any) -> None:
    view.apply([make("call", answered("1"))])
    view.apply([make.gone("call", "asterisk:pbx1:1")])
    with view.reading() as db:
        for table in ("call", "visit", "leg", "call_fact", "cell", "day_cell"):
            assert db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] == 0, table  # noqa: S608


def test_the_parts_of_a_call_stay_out_of_the_view(view: View, make: Any) -> None:
    view.apply([make("call", answered("1") | {"parts": {"queue_log": {"lines": ["x"]}}})])
    assert "parts" not in (queries.call(view, "asterisk:pbx1:1") or {})


def test_a_batch_says_what_it_touched(view: View, make: Any) -> None:
    touched = view.apply([make("call", answered("1")), make("contact", {"key": "+353871234567", "name": "Joe"})])
    assert "call" in touched
    assert set(touched) == {"call", "contact"}
    assert touched.queues == {SALES}
    assert touched.agents == {ANN}
    assert touched.callers == {"+353871234567"}
    moved = view.apply([make("call", answered("1", queue="asterisk:pbx1:vip", agent="asterisk:pbx1:Ben"))])
    assert {SALES, "asterisk:pbx1:vip"} <= moved.queues
    assert {ANN, "asterisk:pbx1:Ben"} <= moved.agents


def test_a_batch_that_fails_leaves_the_view_as_it_was(view: View, make: Any) -> None:
    view.apply([make("call", answered("1"))])
    broken = answered("2")
    del broken["started"]
    with pytest.raises(KeyError):
        view.apply([make("call", answered("3")), make("call", broken)])
    assert view.seq == 1
    assert of_queue(view)["offered"] == 1
    view.apply([make("call", answered("4"))])
    assert of_queue(view)["offered"] == 2


def test_the_seq_reached_may_be_said_by_the_sender(view: View, make: Any) -> None:
    view.apply([make("call", answered("1"))], seq=40)
    assert view.seq == 40


def test_what_was_reached_and_remembered_is_there_after_opening_again(tmp_path: Path, make: Any) -> None:
    view = View.open(tmp_path / "view.db")
    view.epoch = "e1"
    view.apply([make("call", answered("1")), make("organisation", {"key": "organisation", "time_zone": "Asia/Tokyo"})])
    queries.set_complete_since(view, T)
    view.close()
    again = View.open(tmp_path / "view.db")
    assert (again.seq, again.epoch, again.zone) == (2, "e1", "Asia/Tokyo")
    assert queries.complete_since(again) == T
    assert of_queue(again)["offered"] == 1
    again.apply([make("call", answered("2"))])
    assert of_queue(again)["offered"] == 2
    again.close()


def test_files_are_readable_by_their_owner_alone(tmp_path: Path, make: Any) -> None:
    view = View.open(tmp_path / "deep" / "view.db")
    view.apply([make("call", answered("1"))])
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "deep").iterdir()}
    assert modes
    assert set(modes.values()) == {0o600}
    view.close()


@pytest.mark.parametrize("content", [b"this is no database" * 100, b"SQLite format 3\x00" + b"\xff" * 5000])
def test_a_damaged_file_is_told_in_a_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "view.db"
    path.write_bytes(content)
    with pytest.raises(ViewCorrupt, match="set it aside"):
        View.open(path)


def test_damage_found_later_is_told_too(tmp_path: Path, make: Any) -> None:
    path = tmp_path / "view.db"
    view = View.open(path)
    view.apply([make("call", answered(str(i), T + i)) for i in range(3000)])
    view.close()
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(8192)
        file.write(os.urandom(size - 8192))

    def look() -> None:
        damaged = View.open(path)
        queries.calls(damaged, -1, limit=10_000)
        of_queue(damaged)

    with pytest.raises(ViewCorrupt, match="damaged"):
        look()


def test_another_programs_database_is_not_taken_for_a_view(tmp_path: Path) -> None:
    path = tmp_path / "view.db"
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE precious (x)")
    other.commit()
    other.close()
    with pytest.raises(ViewCorrupt, match="another program"):
        View.open(path)
    other = sqlite3.connect(path)
    assert other.execute("SELECT name FROM sqlite_master").fetchall() == [("precious",)]
    other.close()


def test_a_file_of_a_newer_version_is_refused_with_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "view.db"
    View.open(path).close()
    db = sqlite3.connect(path)
    db.execute(
        "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('wallboard_view', 'later', 'x')"
    )
    db.execute(f"PRAGMA user_version = {SCHEMA_STEPS + 1}")
    db.commit()
    db.close()
    with pytest.raises(ViewCorrupt, match="newer version"):
        View.open(path)


def test_a_view_is_built_again_from_entries_with_progress(view: View, make: Any, cells: Callable[..., Any]) -> None:
    entries = [make("queue", {"key": SALES, "source": "pbx1", "name": "sales", "service_level_s": 5})]
    entries += [make("call", answered(str(i), T + 60 * i, wait=i % 30)) for i in range(50)]
    view.apply(entries)
    before, told = cells(view), list[int]()
    view.rebuild(iter(entries), told.append)
    assert cells(view) == before
    assert (told, view.seq) == ([51], 51)


WRITER = """
import sys
from pathlib import Path
from wallboard_tui.model.change import Change, Entry
from wallboard_tui.view.view import View
view = View.open(Path(sys.argv[1]))
seq = view.seq
while True:
    batch = []
    for _ in range(50):
        seq += 1
        doc = {"key": f"c{seq}", "source": "pbx1", "state": "ended", "started": 1.7e9 + seq, "ended": 1.7e9 + seq + 5,
               "visits": [{"queue": "q", "entered": 1.7e9 + seq, "outcome": "abandoned", "wait_s": 5}]}
        batch.append(Entry(seq, Change("call", doc["key"], doc, 0.0, "hub")))
    view.apply(batch)
    print(seq, flush=True)
"""


def test_killing_the_writer_at_any_moment_leaves_whole_batches(tmp_path: Path, cells: Callable[..., Any]) -> None:
    path = tmp_path / "view.db"
    for round_ in range(4):
        child = subprocess.Popen([sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True)
        assert child.stdout is not None
        acknowledged = 0
        for _ in range(2 + round_ * 2):
            acknowledged = int(child.stdout.readline())
        child.send_signal(signal.SIGKILL)
        child.wait()
        child.stdout.close()
        view = View.open(path)
        with view.reading() as db:
            calls = db.execute("SELECT count(*) FROM call").fetchone()[0]
        assert view.seq == calls
        assert calls >= acknowledged
        found = queries.measures(view, 0, by="queue", start=0, end=4e9, now=4e9)
        assert found["q"]["offered"] == calls
        stored = cells(view), cells(view, "day_cell")
        view.rebuild_cells()
        assert (cells(view), cells(view, "day_cell")) == stored
        view.close()


def test_readers_see_whole_batches_while_another_thread_writes(tmp_path: Path) -> None:
    view = View.open(tmp_path / "view.db")
    stop, odd = threading.Event(), list[float]()

    def read() -> None:
        while not stop.is_set():
            found = of_queue(view)
            if found:
                odd.extend([found["offered"] % 10, found["handled"] - found["offered"]])

    reader = threading.Thread(target=read)
    reader.start()
    for batch in range(20):
        numbers = range(batch * 10, batch * 10 + 10)
        view.apply([Entry(i + 1, Change("call", f"asterisk:pbx1:{i}", answered(str(i)), 0.0, "hub")) for i in numbers])
    stop.set()
    reader.join()
    assert of_queue(view)["offered"] == 200
    assert set(odd) <= {0.0}
    view.close()


ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"


def test_closing_breaks_off_what_is_read_and_waits_for_nobody(tmp_path: Path) -> None:
    """Else SQLite crashes the whole program: a terminal closes its view while the board may ask it something."""
    view = View.open(tmp_path / "view.db")
    reads = threading.Event()

    def read() -> None:
        with view.reading() as db:
            reads.set()
            db.execute(ENDLESS).fetchone()

    with ThreadPoolExecutor(1) as another:
        asked = another.submit(read)
        assert reads.wait(20)
        while not asked.done():  # between two statements nothing is broken off yet
            view.close()
        with pytest.raises(ViewClosed):
            asked.result()
        again = another.submit(read)
        with pytest.raises(ViewClosed):
            again.result()
    with pytest.raises(ViewClosed):
        read()


def test_whatever_many_threads_read_while_a_view_is_closed_ends_with_an_answer_or_that_it_was(tmp_path: Path) -> None:
    for round_ in range(20):
        view = View.open(tmp_path / f"{round_}.db")
        began = threading.Barrier(5)

        def read(view: View = view, began: threading.Barrier = began) -> None:
            began.wait(20)
            with suppress(ViewClosed):
                while True:
                    with view.reading() as db:
                        db.execute("SELECT count(*) FROM sqlite_master, pragma_table_info('call')").fetchone()

        with ThreadPoolExecutor(4) as others:
            asked = [others.submit(read) for _ in range(4)]
            began.wait(20)
            view.close()
            for one in asked:
                one.result(20)


def test_a_correction_and_another_service_level_in_one_batch_leave_the_right_maximum(
    view: View, make: Any, cells: Callable[..., Any]
) -> None:
    view.apply([make("call", answered("1", wait=30)), make("call", answered("2", wait=20))])
    queue = make("queue", {"key": SALES, "source": "pbx1", "name": "sales", "service_level_s": 25})
    view.apply([queue, make("call", answered("1", wait=10))])
    assert of_queue(view)["wait_max_s"] == 20
    before = cells(view), cells(view, "day_cell")
    view.rebuild_cells()
    assert (cells(view), cells(view, "day_cell")) == before


def test_settings_apply_to_the_past(view: View, make: Any) -> None:
    view.apply([make("call", answered(str(wait), wait=wait)) for wait in (5, 15, 25)])
    assert of_queue(view)["answered_in_sl"] == 2
    view.apply([make("queue", {"key": SALES, "source": "pbx1", "name": "sales", "service_level_s": 30})])
    assert of_queue(view)["answered_in_sl"] == 3
    view.apply([make("organisation", {"key": "organisation", "service_level_s": 5})])
    assert of_queue(view)["answered_in_sl"] == 3
    view.apply([make("queue", {"key": SALES, "source": "pbx1", "name": "sales"})])
    assert of_queue(view)["answered_in_sl"] == 1
    view.apply([make.gone("organisation", "organisation")])
    assert of_queue(view)["answered_in_sl"] == 2


def test_a_lens_counts_only_rows_that_carry_its_bit(make: Any) -> None:
    view = View.open(None, lenses=2)
    view.apply(
        [make("call", answered("1"), 0b01), make("call", answered("2"), 0b11), make("call", answered("3"), 0b10)]
    )
    assert [of_queue(view, lens=lens)["offered"] for lens in (0, 1)] == [2, 2]
    view.apply([make("call", answered("2"), 0b01)])
    assert [of_queue(view, lens=lens)["offered"] for lens in (0, 1)] == [2, 1]
    assert {doc["key"][-1] for doc in queries.calls(view, 0b10, limit=9)} == {"3"}
    view.close()


def test_other_lenses_than_before_are_counted_anew(tmp_path: Path, make: Any) -> None:
    view = View.open(tmp_path / "view.db")
    view.apply([make("call", answered("1"), 0b11)])
    view.close()
    view = View.open(tmp_path / "view.db", lenses=3, figures=0b100)
    assert [of_queue(view, lens=lens).get("offered") for lens in (0, 1, 2)] == [1, 1, None]
    view.close()


def cell(lens: int, quarter: int, **measures: float) -> tuple[str, Doc | None, str]:
    key = f"{lens}/queue/{SALES}/inbound/{quarter}"
    doc = {"key": key, "lens": lens, "by": "queue", "subject": SALES, "direction": "inbound", "quarter": quarter,
           "measures": measures}  # fmt: skip
    return "cell", doc, key


def test_received_cells_stand_in_for_rows_and_are_replaced_and_removed(make: Any) -> None:
    view = View.open(None, lenses=2, figures=0b10)
    quarter = int(T)
    view.apply([make("call", answered("1"), 0b11)])
    view.apply(
        [], received=[cell(1, quarter, offered=7, wait_max_s=30.5), cell(1, quarter + 900, offered=1, wait_max_s=9)]
    )
    found = of_queue(view, lens=1)
    assert (found["offered"], found["wait_max_s"]) == (8, 30.5)
    view.apply([], received=[cell(1, quarter, offered=5, wait_max_s=4)])
    found = of_queue(view, lens=1)
    assert (found["offered"], found["wait_max_s"]) == (6, 9)
    view.apply([], received=[("cell", None, cell(1, quarter)[2])])
    assert of_queue(view, lens=1)["offered"] == 1
    assert of_queue(view, lens=0)["offered"] == 1
    view.close()


def test_received_live_documents_are_read_through_the_same_questions(make: Any) -> None:
    view = View.open(None, lenses=1, figures=0b1)
    queue: Doc = {"key": f"0/{SALES}", "lens": 0, "queue": SALES, "waiting_since": [T - 50, T - 5], "talking": 2}
    agent: Doc = {"key": f"0/{ANN}", "lens": 0, "agent": ANN, "state": "paused", "since": T - 9, "reason": "Lunch"}
    view.apply([], received=[("live_queue", queue, queue["key"]), ("live_agent", agent, agent["key"])])
    assert queries.live_queues(view, 0, T)[SALES].waiting_since == (T - 50, T - 5)
    assert [(a.agent, a.state, a.reason) for a in queries.live_agents(view, 0, T)] == [(ANN, "paused", "Lunch")]
    found = queries.measures(view, 0, by="queue", start=T - 900, end=T + 900, now=T)[SALES]
    assert (found["waiting"], found["offered"], found["pending"], found["waiting_longest_s"]) == (2, 2, 1, 50)
    view.apply([], received=[("live_queue", None, queue["key"])])
    assert queries.live_queues(view, 0, T) == {}
    view.close()


def test_received_pauses_keep_their_reasons() -> None:
    view = View.open(None, lenses=1, figures=0b1)
    key = f"0/agent/{ANN}//{int(T)}"
    doc: Doc = {"key": key, "measures": {"paused_s": 60, "paused_s:Lunch": 40.5, "login_s": 500}}
    view.apply([], received=[("cell", doc, key)])

    def ask() -> dict[str, float]:
        return queries.measures(view, 0, by="agent", start=T, end=T + 900, now=T + 86400).get(ANN, {})

    assert (ask()["paused_s"], ask()["paused_s:Lunch"], ask()["login_s"]) == (60, 40.5, 500)
    view.apply([], received=[("cell", doc | {"measures": {"paused_s": 60, "paused_s:Tea": 1}}, key)])
    assert {name for name in ask() if ":" in name} == {"paused_s:Tea"}
    view.apply([], received=[("cell", None, key)])
    assert ask() == {}
    view.close()


def test_every_step_of_the_schema_is_counted_in_the_files_version() -> None:
    assert len(MIGRATIONS.pending(Database(memory=True))) == SCHEMA_STEPS


def test_what_is_read_of_a_moment_before_a_change_is_not_kept_for_later(tmp_path: Path, make: Any) -> None:
    view = View.open(tmp_path / "view.db")
    view.apply([make("queue", {"key": "q", "name": "before"})])
    with view.reading() as db:
        db.execute("SELECT 1 FROM doc").fetchone()  # the moment is fixed by the first thing read
        changed = threading.Thread(target=view.apply, args=([make("queue", {"key": "q", "name": "after"})],))
        changed.start()
        changed.join()
        assert view.documents("queue")["q"]["name"] == "before"
    assert view.documents("queue")["q"]["name"] == "after"
    view.close()


def test_what_is_derived_from_documents_is_kept_until_one_of_their_kinds_changes(view: View, make: Any) -> None:
    def made() -> list[int]:
        return view.derived("names", frozenset({"queue", "agent"}), lambda: [view.seq])

    first = made()
    view.apply([make("contact", {"key": "c", "name": "Carol"})])
    assert made() is first
    view.apply([make("agent", {"key": "a", "source": "pbx1", "name": "Ann"})])
    assert made() == [2]


def test_calls_are_made_into_something_once_for_each_seq(view: View, make: Any) -> None:
    call: Doc = {"key": "asterisk:pbx1:1", "source": "pbx1", "started": 1000.0}
    known: dict[tuple[str, int], str] = {}
    made: list[str] = []

    def state(doc: Doc) -> str:
        made.append(doc.get("state", "waiting"))
        return made[-1]

    view.apply([make("call", call)])
    for _ in range(2):
        assert queries.calls_as(view, 1, state, known, limit=5) == ["waiting"]
    view.apply([make("call", call | {"state": "ended"})])
    assert queries.calls_as(view, 1, state, known, limit=5) == ["ended"]
    assert made == ["waiting", "ended"]


def test_older_calls_of_who_spoke_before_them_fold_no_past_again(
    view: View, make: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    folded: list[str] = []

    class Counted(Folding):
        def __init__(self, agent: str, *given: Any) -> None:
            folded.append(agent)
            super().__init__(agent, *given)

    monkeypatch.setattr(agents, "Folding", Counted)
    said = {"source": "pbx1", "agent": ANN, "queue": SALES}
    view.apply(
        [
            make("agent", {"key": ANN, "source": "pbx1", "name": "Ann", "queues": [SALES]}),
            make("presence", {**said, "key": "p1", "at": T - 9000, "what": "join"}),
            make("call", answered("new")),
        ]
    )
    before = len(folded)
    for older in range(1, 5):  # as a back-fill brings them, newest first
        view.apply([make("call", answered(f"old{older}", T - older * 1000))])
    assert len(folded) == before
    view.apply([make("presence", {**said, "key": "p2", "at": T - 9500, "what": "join"})])
    assert len(folded) == before + 1, "what was said before is another matter"
    view.apply([make("call", answered("first", T - 20_000))])
    assert len(folded) == before + 2, "and so is a call before the first word"
    view.apply([make("presence", {**said, "key": "p2", "at": T - 9500, "what": "join", "facts": ["team:north"]})])
    assert len(folded) == before + 2, "who else may see it is nothing to what it says"
    with view.reading() as db:
        kept = db.execute("SELECT queue, state, reason, start FROM agent_interval ORDER BY 1, 2, 4").fetchall()
        every = db.execute("SELECT at, what, queue FROM presence").fetchall()
    events = [{"at": at, "what": what, "queue": queue} for at, what, queue in every]
    anew = Folding(ANN, events, {SALES}, T - 20_000)
    assert sorted(map(str, kept)) == sorted(
        str((i.queue, i.state, i.reason, i.start)) for i in (*anew.closed, *anew.running())
    )
