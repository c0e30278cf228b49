"""What a terminal keeps and shows once its person may see something else, or nothing: over a real server."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from starlette.responses import Response

from wallboard_tui.client.cache import Cache
from wallboard_tui.client.sync import COMPLETED

from .conftest import Open, fill, hub_time


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


async def test_a_lease_ends_what_is_shown_though_a_callback_failed_at_it(
    hub: Any, terminal: Open, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    fill(hub, 3)
    later, failed = 0.0, 0
    ann = terminal(clock=lambda: time.time() + later)
    await ann.complete()
    path, on_view = ann.cache.view.path, ann.sync._on_view

    def failing(view: Any) -> None:
        nonlocal failed
        failed += 1
        if failed == 1:
            raise RuntimeError("the screen is gone")
        on_view(view)

    monkeypatch.setattr(ann.sync, "_on_view", failing)
    monkeypatch.setattr("wallboard_tui.client.sync.LOOK_S", 0.02)
    await hub.kill()
    await ann.until(lambda: ann.state == "connecting")
    later = hub.me.lease_s + 1
    await ann.until(lambda: bool(ann.notices))
    assert failed > 1
    assert ann.views[-1] is None
    assert not path.exists()
    assert [one.getMessage() for one in caplog.records if "look at the lease" in one.getMessage()]


async def test_what_lay_on_the_way_while_the_program_stood_still_makes_no_lease_last(hub: Any, terminal: Open) -> None:
    """The hub said it hours ago: what a person may see has changed since, for all that is known."""
    fill(hub, 3)
    later = 0.0
    ann = terminal(clock=lambda: time.time() + later)
    await ann.complete()
    # The frame that ends the snapshot comes behind its last row: read later, it would be a word of that later time.
    await ann.until(lambda: any(COMPLETED.kinds <= touched.kinds for touched in ann.touched))
    heard = ann.cache.heard
    later = hub.me.lease_s + 1
    for event, data in (("me", {"me": hub.me.model_dump(mode="json")}), ("beat", {})):
        hub.say(event, {**data, "t": hub_time() - hub.me.lease_s})
    await ann.until(lambda: bool(ann.notices))
    assert "may not be shown any longer without the hub" in ann.notices[-1]
    assert len(ann.people) == 2, "it came, and was read"
    assert (ann.cache.heard, ann.cache.view) == (heard, None)


@pytest.mark.parametrize("asked", [1, 2])
async def test_lost_access_stops_drawing_first_and_leaves_nothing_on_the_disk(
    hub: Any, terminal: Open, new_me: Callable[..., Any], asked: int
) -> None:
    """A hub goes on in the same stream; where that ends, the terminal asks again."""
    hub.put("contact", "+1", name="Zoe Customer")
    ann = terminal()
    await ann.complete()
    hub.me, hub.rows = new_me("ann", "f2"), {}
    hub.put("contact", "+2", name="still hers")
    if asked == 1:
        hub.begin_anew()
    else:
        hub.say("bye", {"reason": "access-changed"})
        hub.hang_up()
    await ann.until(lambda: len(ann.views) >= 3 and set(ann.documents()) == {("contact", "+2")})
    assert [view is None for view in ann.views] == [False, True, False], "nothing is drawn in between"
    assert [me.fingerprint for me in ann.people] == ["f1", "f2"]
    assert len(hub.cursors) == asked
    assert not any(b"Zoe Customer" in file.read_bytes() for file in hub.home.cache.iterdir())
    hub.put("contact", "+3", name="and goes on")
    hub.say("notice", {"text": "Ada Admin changed your access. Taken away: Export.", "at": 1.0, "key": "n"})
    await ann.until(lambda: bool(ann.notices) and ann.has_all())
    assert ann.notices == ["Ada Admin changed your access. Taken away: Export."]


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
