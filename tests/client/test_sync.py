"""Feed into view: every loss and return of the hub, over a real server on a real Unix socket."""

import asyncio
import os
import resource
import signal
import sqlite3
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from math import inf
from typing import Any

import pytest
from starlette.responses import HTMLResponse, Response

from wallboard_tui.client.cache import HEARD, Cache
from wallboard_tui.client.frames import gather
from wallboard_tui.client.hub import Frame
from wallboard_tui.client.incoming import TOGETHER, Incoming
from wallboard_tui.view import queries

from .conftest import hub_time

Open = Callable[..., Any]
"""Opens a recording terminal (``Terminal`` of conftest)."""


def fill(hub: Any, count: int, name: str = "n") -> None:
    for n in range(count):
        hub.put("contact", f"+3531{n}", name=f"{name} {n}")


async def test_the_first_time_everything_comes_and_progress_is_told(hub: Any, terminal: Open) -> None:
    fill(hub, 10)
    hub.put("queue", "asterisk:pbx1:sales", source="pbx1", name="sales")
    ann = terminal()
    await ann.complete()
    await ann.until(lambda: ann.sync.connection.backfill_total == 11 and not ann.sync.connection.filling)
    assert ann.states[0].state == "connecting"
    assert [me.person for me in ann.people] == ["ann"]
    progress = [state.backfill_done for state in ann.states if state.backfill_total]
    assert progress == sorted(progress)
    assert progress[-1] == 11
    assert queries.complete_since(ann.cache.view) is None
    assert hub.cursors == [None]


async def test_that_history_is_complete_is_told_even_when_nothing_new_came_with_it(hub: Any, terminal: Open) -> None:
    fill(hub, 2)
    ann = terminal()
    await ann.until(lambda: any("call" in touched for touched in ann.touched))
    for since in (500.0, 0):
        said = len(ann.touched)
        hub.say("ready", {"from": since}, cursor=hub.cursor(0))
        await ann.until(
            lambda said=said, since=since: (
                queries.complete_since(ann.cache.view) == (since or None)
                and any("call" in touched for touched in ann.touched[said:])
            )
        )


async def test_a_change_arrives_and_says_what_it_touched(hub: Any, terminal: Open) -> None:
    fill(hub, 3)
    ann = terminal()
    await ann.complete()
    ann.touched.clear()
    hub.put("contact", "+35310", name="renamed")
    await ann.until(lambda: bool(ann.touched) and ann.has_all())
    assert "contact" in ann.touched[0]


async def test_what_goes_out_of_sight_goes_out_of_the_view(hub: Any, terminal: Open) -> None:
    fill(hub, 3)
    ann = terminal()
    await ann.complete()
    hub.remove("contact", "+35311")
    await ann.until(lambda: len(ann.documents()) == 2)
    assert ann.has_all()


async def test_the_next_terminal_draws_before_the_hub_answers_and_goes_on_from_there(hub: Any, terminal: Open) -> None:
    fill(hub, 5)
    first = terminal()
    await first.complete()
    await first.close()
    await hub.kill()
    second = terminal()
    assert second.has_all()
    assert second.cache.me.person == "ann"
    assert second.cache.heard >= first.sync.connection.last_heard, "so old is what it draws"
    fill(hub, 7, "later")
    await hub.start()
    await second.complete()
    assert hub.cursors == [None, "e1:5:f1:0"]
    assert second.views == []


async def test_a_killed_hub_comes_back_with_nothing_missing_and_nothing_twice(hub: Any, terminal: Open) -> None:
    fill(hub, 4)
    ann = terminal(stale_s=0.4)
    await ann.complete()
    for n in range(3):
        await hub.kill()
        await ann.until(lambda: ann.state == "stale")
        assert ann.sync.connection.reason
        assert len(ann.documents()) == 4 + n, "the last board can still be drawn"
        hub.put("contact", f"+44{n}", name="called meanwhile")
        hub.put("contact", "+35310", name=f"renamed {n}")
        began = time.monotonic()
        await hub.start()
        await ann.complete()
        assert time.monotonic() - began < 5
    assert [state.state for state in ann.states if state.state != "connecting"].count("stale") >= 3
    assert hub.cursors[-1].startswith("e1:")


async def test_a_hub_that_starts_anew_quickly_is_not_called_stale(hub: Any, terminal: Open) -> None:
    fill(hub, 2)
    ann = terminal(stale_s=5)
    await ann.complete()
    await hub.kill()
    await ann.until(lambda: ann.state == "connecting")
    await hub.start()
    await ann.until(lambda: ann.state == "live")
    assert "stale" not in [state.state for state in ann.states]


async def test_a_silent_hub_is_stale_until_it_is_heard_again(hub: Any, terminal: Open) -> None:
    fill(hub, 1)
    ann = terminal(stale_s=0.3)
    await ann.complete()
    await ann.until(lambda: ann.state == "stale")
    assert "silent" in ann.sync.connection.reason
    heard = ann.sync.connection.last_heard
    hub.say("beat", {})
    await ann.until(lambda: ann.state == "live")
    assert ann.sync.connection.last_heard > heard
    assert len(hub.cursors) == 1, "the stream never broke"


async def test_what_the_hub_said_before_a_silence_and_comes_after_it_makes_no_terminal_live(
    hub: Any, terminal: Open
) -> None:
    """As when the program, or the line, stood still: rows that were taken away meanwhile may be among it."""
    fill(hub, 1)
    ann = terminal(stale_s=0.3)
    await ann.complete()
    await ann.until(lambda: ann.state == "stale")
    heard = ann.sync.connection.last_heard
    row = ("queue", "q", 99, 1, {"key": "q", "name": "old"})
    hub.say("changes", {"changes": [row], "t": hub_time() - 60}, hub.cursor(0))
    await ann.until(lambda: "q" in queries.documents(ann.cache.view, "queue"))
    assert (ann.state, ann.sync.connection.last_heard) == ("stale", heard)
    assert float(ann.cache.view.get_meta(HEARD)) == heard, "so old is what the next terminal draws"
    hub.say("beat", {})
    await ann.until(lambda: ann.state == "live")


async def test_a_lease_that_ends_while_the_hub_is_away_ends_what_is_shown(hub: Any, terminal: Open) -> None:
    fill(hub, 3)
    later = 0.0
    ann = terminal(clock=lambda: time.time() + later)
    await ann.complete()
    path = ann.cache.view.path
    await hub.kill()
    await ann.until(lambda: ann.state == "connecting")
    assert ann.cache.view is not None, "within the lease the last board stays"
    later = hub.me.lease_s + 1
    await ann.until(lambda: bool(ann.notices))
    assert ann.cache.view is None
    assert ann.views[-1] is None
    assert not path.exists()
    assert "may not be shown any longer without the hub" in ann.notices[-1]
    later = 0.0
    await hub.start()
    await ann.complete()


async def test_what_lay_on_the_way_while_the_program_stood_still_makes_no_lease_last(hub: Any, terminal: Open) -> None:
    """The hub said it hours ago: what a person may see has changed since, for all that is known."""
    fill(hub, 3)
    later = 0.0
    ann = terminal(clock=lambda: time.time() + later)
    await ann.complete()
    heard = ann.cache.heard
    later = hub.me.lease_s + 1
    for event, data in (("me", {"me": hub.me.model_dump(mode="json")}), ("beat", {})):
        hub.say(event, {**data, "t": hub_time() - hub.me.lease_s})
    await ann.until(lambda: bool(ann.notices))
    assert "may not be shown any longer without the hub" in ann.notices[-1]
    assert len(ann.people) == 2, "it came, and was read"
    assert (ann.cache.heard, ann.cache.view) == (heard, None)


async def test_a_snapshot_cut_in_the_middle_goes_on_where_it_stood(hub: Any, terminal: Open) -> None:
    fill(hub, 10)
    hub.hold_after = 2
    ann = terminal()
    await ann.until(lambda: len(ann.documents()) == 6)
    await ann.until(lambda: ann.sync.connection.filling)
    assert queries.complete_since(ann.cache.view) == inf, "no period is shown before its rows are complete"
    hub.hold_after = None
    hub.hang_up()
    await ann.complete()
    assert hub.cursors == [None, "e1:10:f1:4"]
    assert len(ann.views) == 1


async def test_another_history_begins_a_new_cache(hub: Any, terminal: Open) -> None:
    fill(hub, 3)
    ann = terminal()
    await ann.complete()
    await hub.kill()
    hub.epoch, hub.rows, hub.seq = "e2", {}, 0
    hub.put("contact", "+1", name="only one")
    await hub.start()
    await ann.until(lambda: len(ann.documents()) == 1)
    assert ann.has_all()
    assert ann.cache.view.epoch == "e2"


async def test_lost_access_stops_drawing_first_and_leaves_nothing_on_the_disk(
    hub: Any, terminal: Open, new_me: Callable[..., Any]
) -> None:
    hub.put("contact", "+1", name="Zoe Customer")
    ann = terminal()
    await ann.complete()
    hub.me, hub.rows = new_me("ann", "f2"), {}
    hub.put("contact", "+2", name="still hers")
    hub.say("bye", {"reason": "access-changed"})
    hub.hang_up()
    await ann.until(lambda: len(ann.views) >= 3 and ("contact", "+2") in ann.documents())
    hub.say("notice", {"text": "Ada Admin changed your access. Taken away: Export.", "at": 1.0, "key": "n"})
    await ann.until(lambda: bool(ann.notices))
    assert [view is None for view in ann.views] == [False, True, False]
    assert ann.has_all()
    assert [me.fingerprint for me in ann.people] == ["f1", "f2"]
    assert ann.notices == ["Ada Admin changed your access. Taken away: Export."]
    assert not any(b"Zoe Customer" in file.read_bytes() for file in hub.home.cache.iterdir())


async def test_a_stream_that_begins_anew_is_read_on_without_asking_again(
    hub: Any, terminal: Open, new_me: Callable[..., Any]
) -> None:
    hub.put("contact", "+1", name="Zoe Customer")
    ann = terminal()
    await ann.complete()
    hub.me, hub.rows = new_me("ann", "f2"), {}
    hub.put("contact", "+2", name="gained")
    hub.begin_anew()
    await ann.until(lambda: len(ann.views) >= 3 and set(ann.documents()) == {("contact", "+2")})
    assert [view is None for view in ann.views] == [False, True, False], "nothing is drawn in between"
    assert [me.fingerprint for me in ann.people] == ["f1", "f2"]
    assert len(hub.cursors) == 1, "it asked once"
    assert not any(b"Zoe Customer" in file.read_bytes() for file in hub.home.cache.iterdir())
    hub.put("contact", "+3", name="and goes on")
    await ann.until(lambda: ("contact", "+3") in ann.documents())


async def test_access_lost_while_away_is_found_before_anything_new_is_drawn(
    hub: Any, terminal: Open, new_me: Callable[..., Any]
) -> None:
    fill(hub, 3)
    first = terminal()
    await first.complete()
    await first.close()
    hub.me, hub.rows = new_me("ann", "f2"), {}
    hub.put("contact", "+2", name="still hers")
    second = terminal()
    assert len(second.documents()) == 1 or second.cache.view is not None
    await second.until(lambda: second.state == "live" and second.has_all())
    assert second.views[0] is None
    assert second.people[-1].fingerprint == "f2"


async def test_new_permissions_over_the_same_rows_keep_the_cache(
    hub: Any, terminal: Open, new_me: Callable[..., Any]
) -> None:
    fill(hub, 2)
    ann = terminal()
    await ann.complete()
    changed = new_me("ann").model_copy(update={"panes": ("calls", "missed"), "policy": 9})
    hub.say("me", {"me": changed.model_dump(mode="json")})
    await ann.until(lambda: len(ann.people) == 2)
    assert ann.people[-1].panes == ("calls", "missed")
    assert len(ann.views) == 1
    assert ann.has_all()
    await ann.close()
    assert Cache.open(hub.home, hub.address, "ann", time.time()).me == changed


@pytest.mark.parametrize("reason", ["expired", "idle"])
async def test_an_ended_session_asks_to_sign_in_again_and_keeps_the_cache(
    hub: Any, terminal: Open, reason: str
) -> None:
    fill(hub, 2)
    ann = terminal()
    await ann.complete()
    hub.say("bye", {"reason": reason})
    await ann.until(lambda: ann.running.done())
    assert (ann.state, ann.sync.connection.why) == ("signed-out", reason)
    assert "Sign in again" in ann.sync.connection.reason
    await ann.close()
    again = terminal()
    assert len(again.documents()) == 2


@pytest.mark.parametrize("reason", ["disabled", "signed-out"])
async def test_somebody_who_was_shut_out_keeps_nothing(hub: Any, terminal: Open, reason: str) -> None:
    fill(hub, 2)
    ann = terminal()
    await ann.complete()
    hub.say("bye", {"reason": reason})
    await ann.until(lambda: ann.running.done())
    assert ann.state == "signed-out"
    assert ann.views[-1] is None
    assert [file for file in hub.home.cache.iterdir() if file.suffix != ".lock"] == []


async def test_a_session_that_expired_while_away_asks_to_sign_in(hub: Any, terminal: Open) -> None:
    ann = terminal(token="old")
    await ann.until(lambda: ann.running.done())
    assert (ann.state, ann.sync.connection.why) == ("signed-out", "expired")


async def test_a_refused_feed_asks_to_sign_in(hub: Any, terminal: Open, refusing: Callable[..., Response]) -> None:
    hub.answers["/feed"] = lambda: refusing(401, "unknown", "This terminal is not signed in.", "Sign in.")
    ann = terminal()
    await ann.until(lambda: ann.running.done())
    assert ann.state == "signed-out"


async def test_whatever_else_the_hub_answers_is_said_and_tried_again(
    hub: Any, terminal: Open, refusing: Callable[..., Response]
) -> None:
    fill(hub, 2)
    wrong = {
        "other-protocol": lambda: refusing(426, "other-protocol", "This terminal is older.", "Update it."),
        "not-a-hub": lambda: HTMLResponse("<h1>It works!</h1>"),
        "hub-failed": lambda: refusing(500, "hub-failed", "The hub failed.", "Tell an admin."),
        "broken-off": lambda: Response("event: hello\ndata: {nonsense\n\n", media_type="text/event-stream"),
    }
    hub.answers["/feed"] = wrong["other-protocol"]
    ann = terminal()
    for name, answer in wrong.items():
        hub.answers["/feed"] = answer
        await ann.until(lambda name=name: ann.sync.connection.why == name)
        assert ann.state == "connecting"
        assert ann.sync.connection.reason
    hub.answers["/feed"] = lambda: Response(
        'event: hello\ndata: {"answer": "snapshot"}\n\n', media_type="text/event-stream"
    )
    await ann.until(lambda: "cannot be understood" in ann.sync.connection.reason)
    hub.answers.clear()
    await ann.complete()
    assert ann.sync.connection.reason == ""


async def test_a_hub_of_ones_own_is_started_again(hub: Any, terminal: Open) -> None:
    fill(hub, 2)
    ann = terminal(revive=hub.start)
    await ann.complete()
    hub.put("contact", "+9", name="more")
    await hub.kill()
    await ann.until(lambda: len(hub.cursors) == 2)
    await ann.complete()
    assert hub.listening == 1


async def test_a_hub_that_cannot_be_started_again_says_why_and_is_tried_again(hub: Any, terminal: Open) -> None:
    async def fail() -> None:
        raise OSError("no room for a hub")

    ann = terminal(revive=fail)
    await ann.complete()
    await hub.kill()
    await ann.until(lambda: ann.sync.connection.reason == "no room for a hub")
    await hub.start()
    await ann.complete()


async def test_frames_nobody_knows_are_left_alone(hub: Any, terminal: Open) -> None:
    fill(hub, 1)
    ann = terminal()
    await ann.complete()
    hub.say("weather", {"rain": True})
    hub.put("contact", "+2", name="after the rain")
    await ann.until(lambda: len(ann.documents()) == 2)
    assert len(hub.cursors) == 1


async def test_durations_are_measured_with_the_hubs_clock(hub: Any, terminal: Open) -> None:
    ann = terminal()
    await ann.until(lambda: ann.state == "live")
    assert abs(ann.sync.now() - hub_time()) < 60


async def test_a_damaged_cache_is_set_aside_and_loaded_again(hub: Any, terminal: Open) -> None:
    fill(hub, 5)
    first = terminal()
    await first.complete()
    await first.close()
    [path] = hub.home.cache.glob("*.db")
    path.write_bytes(os.urandom(path.stat().st_size))
    second = terminal()
    await second.complete()
    assert len(list(hub.home.cache.glob("*.corrupt-*"))) == 1
    assert any("was damaged" in notice for notice in second.notices)
    assert hub.cursors == [None, None]


async def test_a_cache_that_loses_its_tables_while_in_use_does_not_stop_the_board(hub: Any, terminal: Open) -> None:
    fill(hub, 3)
    ann = terminal()
    await ann.complete()
    path = ann.cache.view.path
    with closing(sqlite3.connect(path)) as other:
        other.execute("DROP TABLE doc")
    hub.put("contact", "+9", name="after the loss")
    await ann.until(lambda: len(ann.views) >= 3 and ann.state == "live" and ann.has_all())
    assert ann.notices


@contextmanager
def no_room(limit: int) -> Iterator[None]:
    """No file of this process may grow beyond a size: to SQLite that is a disk that refuses."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    old = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, old)


async def test_with_a_full_disk_the_board_goes_on_in_memory_and_says_so(hub: Any, terminal: Open) -> None:
    fill(hub, 5)
    ann = terminal()
    await ann.complete()
    largest = max(file.stat().st_size for file in hub.home.cache.iterdir())
    with no_room(largest):
        fill(hub, 200, "x" * 3000)
        await ann.until(lambda: len(ann.documents()) == 200 and ann.has_all(), 30)
        assert ann.state == "live"
        assert [notice for notice in ann.notices if "disk is full" in notice and "in memory" in notice]
    hub.put("contact", "+9", name="one more")
    await ann.complete()


TERMINAL = """
import asyncio, sys, time
from pathlib import Path
from wallboard_tui.client.cache import Cache
from wallboard_tui.client.home import Home
from wallboard_tui.client.hub import HubClient
from wallboard_tui.client.sync import Sync

async def main():
    home = Home.at(Path(sys.argv[1]))
    cache = Cache.open(home, home.address, "ann", time.time())
    changed = lambda touched: print("changed", flush=True)
    async with HubClient(home.address, token="good") as client:
        await Sync(client, cache, on_change=changed).run()

asyncio.run(main())
"""


async def test_a_terminal_that_is_killed_at_any_moment_goes_on_with_nothing_missing(hub: Any, terminal: Open) -> None:
    fill(hub, 30)
    began = time.time()
    for n in range(6):
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-c", TERMINAL, str(hub.home.data), stdout=asyncio.subprocess.PIPE
        )
        assert child.stdout is not None
        hub.put("contact", f"+44{n}", name="something to hear of")
        await child.stdout.readline()
        for m in range(20):
            # Each key is put once: what a terminal loses, nothing later would bring back.
            hub.put("contact", f"+49{n}/{m}", name="x" * 200)
            await asyncio.sleep(0.002)  # spread, so that the kill below falls anywhere in the terminal's work
            if m == 10 + n:
                child.kill()
        await child.wait()
    ann = terminal()
    assert ann.cache.view is not None
    assert float(ann.cache.view.get_meta(HEARD)) > began, "a killed one left word how old its rows are"
    await ann.complete()
    assert None not in hub.cursors[1:], "each terminal went on from what the killed one had"


class Told:
    """A hub that tells certain frames, and then nothing."""

    def __init__(self, *frames: Frame) -> None:
        self.frames = frames

    @asynccontextmanager
    async def feed(self, cursor: str | None) -> AsyncIterator[AsyncIterator[Frame]]:
        async def told() -> AsyncIterator[Frame]:
            for frame in self.frames:
                yield frame
            await asyncio.Event().wait()

        yield told()


async def test_frames_that_piled_up_are_taken_together_but_never_past_a_word_about_the_connection() -> None:
    row = ["contact", "+1", 1, 1, {"key": "+1", "name": "n"}]

    def changes(count: int) -> Frame:
        return Frame("changes", {"changes": [row] * count, "t": 1.0}, None)

    hub = Told(
        changes(1), changes(2), Frame("figures", {"documents": []}, None), Frame("beat", {}, None),
        changes(TOGETHER - 1), changes(5), changes(1),
    )  # fmt: skip
    heard: list[Frame] = []
    incoming = Incoming(hub, heard.append)  # type: ignore[arg-type]  # it asks for the feed only
    async with asyncio.timeout(10), incoming.opened(None):
        while len(heard) < len(hub.frames):  # noqa: ASYNC110 - nobody signals it
            await asyncio.sleep(0)
        together, other = await incoming.next()
        assert [frame.event for frame in together] == ["changes", "changes", "figures"]
        assert isinstance(other, Frame)
        assert other.event == "beat"
        together, other = await incoming.next()
        assert (together, other) == (list(hub.frames[4:6]), None)
        assert await incoming.next() == ([hub.frames[6]], None)


def test_frames_add_up_to_one_batch_with_the_last_durable_cursor() -> None:
    row = ["contact", "+1", 7, 3, {"key": "+1", "name": "n"}]
    gone = ["contact", "+2", 8, 0, None]
    cell = ["cell", {"key": "0/queue/q/inbound/900", "lens": 0}, "0/queue/q/inbound/900"]
    batch = gather(
        [
            Frame("changes", {"changes": [row], "t": 5.0}, "e:7:f:0"),
            Frame("backfill", {"changes": [gone], "done": 3, "total": 9, "t": 6.0}, "e:8:f:100.5"),
            Frame("ready", {"from": 50.0}, None),
            Frame("figures", {"documents": [cell]}, None),
        ]
    )
    assert [(e.seq, e.bits, e.change.key, e.change.doc is None) for e in batch.entries] == [
        (7, 3, "+1", False),
        (8, 0, "+2", True),
    ]
    assert (batch.cursor, batch.seq, batch.done, batch.total, batch.complete_since) == ("e:8:f:100.5", 8, 3, 9, 50.0)
    assert batch.received == [("cell", cell[1], cell[2])]


async def test_figures_reach_the_view(hub: Any, terminal: Open) -> None:
    lens = hub.me.lenses[0].model_copy(update={"rows": False})
    hub.me = hub.me.model_copy(update={"lenses": (lens,)})
    ann = terminal()
    await ann.until(lambda: ann.state == "live")
    doc = {"key": "0/q", "lens": 0, "queue": "q", "waiting_since": [990.0, 995.0], "talking": 2}
    hub.say("figures", {"documents": [["live_queue", doc, "0/q"]]})
    await ann.until(lambda: any("live_queue" in touched for touched in ann.touched))
    assert queries.live_queues(ann.cache.view, 0, 1000.0)["q"].talking == 2
