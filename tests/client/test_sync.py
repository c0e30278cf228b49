"""Feed into view: every loss and return of the hub, over a real server on a real Unix socket."""

import time
from collections.abc import Callable
from math import inf
from typing import Any

from starlette.responses import HTMLResponse, Response

from wallboard_tui.client.cache import HEARD
from wallboard_tui.view import queries

from .conftest import Open, fill, hub_time


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


async def test_figures_reach_the_view(hub: Any, terminal: Open) -> None:
    lens = hub.me.lenses[0].model_copy(update={"rows": False})
    hub.me = hub.me.model_copy(update={"lenses": (lens,)})
    ann = terminal()
    await ann.until(lambda: ann.state == "live")
    doc = {"key": "0/q", "lens": 0, "queue": "q", "waiting_since": [990.0, 995.0], "talking": 2}
    hub.say("figures", {"documents": [["live_queue", doc, "0/q"]]})
    await ann.until(lambda: any("live_queue" in touched for touched in ann.touched))
    assert queries.live_queues(ann.cache.view, 0, 1000.0)["q"].talking == 2
