"""The feed: snapshot, back-fill, resuming, sharing, slow readers, and access that changes under it."""

import asyncio
from contextlib import aclosing
from typing import Any

import pytest

from wallboard_tui.hub import snapshot
from wallboard_tui.hub import terminal as terminals
from wallboard_tui.hub.frames import Cursor
from wallboard_tui.hub.stream import Stream

NOON = 1_795_262_400.0
SUPPORT, SALES = "asterisk:pbx1:support", "asterisk:pbx1:sales"
DAY = 86400
GRACE = "+353861234567"


def answered(at: float, call: str, queue: str, agent: str, caller: str) -> list[str]:
    start = int(at)
    return [
        f"{start}|{call}|{queue}|NONE|ENTERQUEUE||{caller}|1",
        f"{start + 5}|{call}|{queue}|{agent}|CONNECT|5|{call}x|2",
        f"{start + 65}|{call}|{queue}|{agent}|COMPLETECALLER|5|60|1",
    ]


def weeks(days: int = 4, each: int = 7) -> list[str]:
    """Some calls on each of the last days, in both queues, and what agents did."""
    lines = []
    for day in range(days):
        for number in range(each):
            at = NOON - day * DAY - number * 900
            queue, agent = (("support", "Bob"), ("sales", "Cat"))[number % 2]
            lines += answered(at, f"{int(at)}.{number}", queue, agent, f"+3538700000{number:02}")
        lines.append(f"{int(NOON - day * DAY - 9000)}|NONE|NONE|Bob|PAUSEALL|Lunch|")
        lines.append(f"{int(NOON - day * DAY - 8000)}|NONE|NONE|Bob|UNPAUSEALL||")
    return sorted(lines)


async def collect(house: Any, screen: Any, person: str, *, frames: int | None = None) -> None:
    """Read a person's feed into a screen: so many frames, or until rows are complete."""
    count = 0
    async with aclosing(house.stream(person, screen.cursor)) as stream:
        async for frame in stream:
            screen.take(frame)
            count += 1
            if count == frames or (frames is None and frame.event == "ready" and frame.data["from"] == 0):
                return


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshot, "CALLS_PAGE", 5)
    monkeypatch.setattr(snapshot, "SMALL_PAGE", 8)


@pytest.fixture
def new_screen(request: pytest.FixtureRequest) -> Any:
    import sys

    return sys.modules[type(request.getfixturevalue("house")).__module__].Screen


async def test_a_snapshot_comes_newest_first_and_says_since_when_it_is_complete(
    house: Any, new_screen: Any, small_pages: None
) -> None:
    await house.take(weeks())
    every = {float(line.split("|")[0]) for line in weeks() if "ENTERQUEUE" in line}
    started: list[float] = []
    ready: list[float] = []
    async with aclosing(house.stream("adm")) as stream:
        async for frame in stream:
            calls = [row[4]["started"] for row in frame.data.get("changes", ()) if row[0] == "call"]
            if frame.event == "backfill":
                assert calls == sorted(calls, reverse=True)
                assert not started or not calls or calls[0] <= started[-1]
                started += calls
            if frame.event == "ready":
                ready.append(frame.data["from"])
                assert set(started) >= {at for at in every if at >= frame.data["from"]}
                if frame.data["from"] == 0:
                    break
    assert len(started) == 28
    assert ready == sorted(ready, reverse=True)
    assert ready[0] > NOON, "what goes on now, before a single call of today"
    assert len(ready) >= 5, "then today, then day by day, then everything"


async def test_today_is_complete_before_the_days_to_which_the_same_page_goes_back(
    house: Any, small_pages: None
) -> None:
    await house.take(weeks(days=6, each=2))  # a page of five goes back to the day before yesterday
    ready: list[float] = []
    async with aclosing(house.stream("adm")) as stream:
        async for frame in stream:
            if frame.event == "ready":
                ready.append(frame.data["from"])
                if frame.data["from"] == 0:
                    break
    assert ready[1] == NOON - DAY / 2, "figures of today wait for no figures of earlier days"
    assert ready == sorted(set(ready), reverse=True)


async def test_what_was_said_before_today_comes_by_the_page_ahead_of_the_calls(house: Any, small_pages: None) -> None:
    await house.take(weeks(days=6))
    pages: list[list[float]] = []
    async with aclosing(house.stream("adm")) as stream:
        async for frame in stream:
            told = [row[4]["at"] for row in frame.data.get("changes", ()) if row[0] == "presence"]
            if frame.event == "backfill" and any(at < NOON - 1.5 * DAY for at in told):
                pages.append(told)
            if frame.event == "ready" and frame.data["from"] == 0:
                break
    assert len(pages) == 1, "a terminal folds everybody's past for each"
    assert len(pages[0]) == 8, "of six days; today's, and what held when today began, came with what goes on"


@pytest.mark.parametrize("size", [1, 3])
async def test_a_page_full_of_one_second_is_no_end(
    house: Any, new_screen: Any, small_pages: None, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshot, "PRESENCE_PAGE", size)
    second = int(NOON - 2 * DAY)
    at_once = [f"{second}|NONE|NONE|{name}|PAUSEALL|Lunch|" for name in ("Ann", "Bob", "Cat", "Dan", "Eve")]
    await house.take(sorted([*weeks(), *at_once]))
    screen = new_screen()
    await collect(house, screen, "adm")
    assert len(screen.keys("presence")) == 13
    assert len(screen.keys("call")) == 28


async def test_a_feed_begins_with_who_one_is_and_small_documents(house: Any, new_screen: Any) -> None:
    screen = new_screen()
    await collect(house, screen, "adm")
    assert screen.me["person"] == "adm"
    assert screen.keys("queue") == {SUPPORT, SALES}
    assert "bob" in screen.keys("person")
    assert not screen.keys("credential") | screen.keys("session") | screen.keys("audit")
    assert screen.ready == 0


async def test_a_call_that_goes_on_is_there_before_the_calls_of_today(
    house: Any, new_screen: Any, small_pages: None
) -> None:
    await house.take(weeks())
    await house.take([f"{int(NOON - 3 * DAY)}|1.1|support|NONE|ENTERQUEUE||+353870000099|1"])
    async with aclosing(house.stream("adm")) as stream:
        async for frame in stream:
            calls = {row[1] for row in frame.data.get("changes", ()) if row[0] == "call"}
            assert calls <= {"asterisk:pbx1:1.1"}
            if calls:
                break


@pytest.mark.parametrize("person", ["adm", "sue", "bob"])
async def test_a_snapshot_cut_at_any_frame_resumes_to_the_same_rows(
    house: Any, new_screen: Any, small_pages: None, person: str
) -> None:
    await house.take(weeks())
    whole = new_screen()
    await collect(house, whole, person)
    for cut in range(1, len(whole.events)):
        screen = new_screen()
        await collect(house, screen, person, frames=cut)
        await collect(house, screen, person)
        assert screen.documents == whole.documents, f"cut after frame {cut}"
        assert screen.ready == 0


async def test_cut_at_every_frame_in_turn_it_still_gets_done(house: Any, new_screen: Any, small_pages: None) -> None:
    await house.take(weeks())
    whole = new_screen()
    await collect(house, whole, "adm")
    screen = new_screen()
    await collect(house, screen, "adm", frames=whole.events.index("backfill") + 12)
    answers = []
    for _ in range(60):
        before = len(screen.events)
        await collect(house, screen, "adm", frames=2)
        answers.append(screen.events[before])
        if screen.ready == 0:
            break
    assert screen.documents == whole.documents


async def test_what_happens_during_a_snapshot_and_while_away_is_not_missed(
    house: Any, new_screen: Any, small_pages: None
) -> None:
    await house.take(weeks())
    screen = new_screen()
    async with aclosing(house.stream("adm")) as stream:
        number = 0
        async for frame in stream:
            screen.take(frame)
            number += 1
            if number % 3 == 0:
                await house.take(answered(NOON + number, f"{int(NOON) + number}.5", "support", "Bob", "+353870000042"))
            if number == 15:
                break
    await house.take(answered(NOON + 99, "99.5", "sales", "Cat", "+353870000043"))
    await collect(house, screen, "adm")
    whole = new_screen()
    await collect(house, whole, "adm")
    assert screen.documents == whole.documents
    assert "asterisk:pbx1:99.5" in screen.keys("call")


async def test_a_live_stream_resumes_where_it_was(house: Any, new_screen: Any) -> None:
    await house.take(weeks(1))
    screen = new_screen()
    await collect(house, screen, "adm")
    calls = screen.keys("call")
    await house.take(answered(NOON, "7.7", "support", "Bob", "+353870000042"))
    seen: list[str] = []
    async with aclosing(house.stream("adm", screen.cursor)) as stream:
        async for frame in stream:
            screen.take(frame)
            seen += [row[1] for row in frame.data.get("changes", ()) if row[0] == "call"]
            if frame.event == "hello":
                assert frame.data["answer"] == "continue"
            if frame.event == "ready":
                break
    assert seen == ["asterisk:pbx1:7.7"], "only what is new was sent"
    assert screen.keys("call") == calls | {"asterisk:pbx1:7.7"}


@pytest.mark.parametrize(
    "change",
    [
        lambda c: f"other:{c.seq}:{c.fingerprint}:0",
        lambda c: f"{c.epoch}:{c.seq}:0000:0",
        lambda c: f"{c.epoch}:{c.seq + 10**6}:{c.fingerprint}:0",
        lambda c: "nonsense",
        lambda c: f"{c.epoch}:-4:{c.fingerprint}:0",
        lambda c: f"{c.epoch}:1:{c.fingerprint}:nan",
    ],
)
async def test_a_cursor_that_means_nothing_here_starts_a_snapshot(house: Any, new_screen: Any, change: Any) -> None:
    screen = new_screen()
    await collect(house, screen, "adm")
    cursor = Cursor.parse(screen.cursor)
    assert cursor is not None
    async with aclosing(house.stream("adm", change(cursor))) as stream:
        assert (await anext(stream)).data["answer"] == "snapshot"


async def test_each_reader_gets_only_rows_in_scope(house: Any, new_screen: Any) -> None:
    await house.take(weeks())
    screens = {person: new_screen() for person in ("adm", "sue", "bob", "rex", "ria")}
    for person, screen in screens.items():
        await collect(house, screen, person)
    assert len(screens["adm"].keys("call")) == 28
    support = {
        key
        for (kind, key), doc in screens["adm"].documents.items()
        if kind == "call" and doc["visits"][0]["queue"] == SUPPORT
    }
    assert screens["sue"].keys("call") == support
    assert screens["bob"].keys("call") == support
    assert not screens["rex"].keys("call")
    assert not screens["ria"].keys("call")
    for screen in screens.values():
        assert not any("parts" in doc for (kind, _), doc in screen.documents.items() if kind == "call")


async def test_terminals_with_equal_access_share_what_is_encoded(
    house: Any, new_screen: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    streams = [house.stream("adm") for _ in range(3)]
    for stream in streams:
        async for frame in stream:
            if frame.event == "ready" and frame.data["from"] == 0:
                break
    from wallboard_tui.hub import channel

    looked: list[str] = []
    visible = channel.visible

    def counting(gate: Any, entry: Any) -> Any:
        looked.append(entry.change.key)
        return visible(gate, entry)

    monkeypatch.setattr(channel, "visible", counting)
    await house.take(answered(NOON, "7.7", "support", "Bob", "+353870000042"))
    for stream in streams:
        async for frame in stream:
            if any(row[1] == "asterisk:pbx1:7.7" for row in frame.data.get("changes", ())):
                break
        await stream.aclose()
    assert looked.count("asterisk:pbx1:7.7") == 1


async def test_a_slow_reader_is_cut_with_bounded_memory_and_resumes(
    house: Any, new_screen: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    most = 64
    monkeypatch.setattr(terminals, "MOST_FRAMES", most)
    screen = new_screen()
    stream = house.stream("adm")
    async for frame in stream:
        screen.take(frame)
        if frame.event == "ready" and frame.data["from"] == 0:
            break
    terminal = next(iter(house.runtime.feed.terminals))
    for number in range(most + 50):
        await house.put(("contact", {"key": f"+3531{number:07}", "name": f"Contact {number}"}))
        assert len(terminal._waiting) <= most
    assert terminal.over == "too-slow"
    assert not terminal._waiting
    events = [frame.event async for frame in stream]
    assert events == []
    await collect(house, screen, "adm")
    assert len(screen.keys("contact")) == most + 50
    assert screen.events.count("hello") == 2


async def test_a_document_that_goes_out_of_sight_is_removed(house: Any, new_screen: Any) -> None:
    board = {
        "key": "ops",
        "name": "Operations",
        "audience": {"people": ["sue"]},
        "pages": [{"name": "1", "rows": [{"panes": [{"pane": "wallboard"}]}]}],
    }
    await house.put(("board", board))
    screen = new_screen()
    async with aclosing(house.stream("sue")) as stream:
        async for frame in stream:
            screen.take(frame)
            if frame.event == "ready" and frame.data["from"] == 0:
                assert "ops" in screen.keys("board")
                await house.put(("board", {**board, "audience": {"people": ["bob"]}}))
            if screen.ready == 0 and "ops" not in screen.keys("board"):
                break
    assert "ops" not in screen.keys("board")


async def test_who_was_away_while_a_board_was_taken_from_them_begins_anew(house: Any, new_screen: Any) -> None:
    board = {"key": "ops", "name": "Ops", "pages": [{"name": "1", "rows": [{"panes": [{"pane": "wallboard"}]}]}]}
    await house.put(("board", board))
    screen = new_screen()
    await collect(house, screen, "sue")
    assert "ops" in screen.keys("board")
    await house.put(("board", {**board, "audience": {"people": ["bob"]}}))
    await collect(house, screen, "sue")
    assert "ops" not in screen.keys("board")


async def test_what_happens_while_a_cursor_is_looked_at_is_in_the_snapshot_that_follows(
    house: Any, new_screen: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = new_screen()
    await collect(house, screen, "sue")
    board = {"key": "ops", "name": "Ops", "pages": [{"name": "1", "rows": [{"panes": [{"pane": "wallboard"}]}]}]}

    async def meanwhile(*_: Any) -> None:
        await house.put(("board", board))  # handed to all terminals before this returns

    monkeypatch.setattr(Stream, "_resumable", meanwhile)
    await collect(house, screen, "sue")
    assert "ops" in screen.keys("board")


async def read_until(stream: Any, event: str) -> Any:
    async with asyncio.timeout(10):
        async for frame in stream:
            if frame.event == event:
                return frame
    return None


async def test_when_access_grows_or_shrinks_the_stream_begins_anew_at_once(house: Any, new_screen: Any) -> None:
    await house.take(weeks(1))
    screen = new_screen()
    await collect(house, screen, "sue")
    assert screen.keys("call")
    stream = house.stream("sue", screen.cursor)
    await read_until(stream, "ready")
    team = house.hub.document("team", "north")
    await house.put(("team", {**team, "managers": []}))
    await house.take(answered(NOON, "7.7", "support", "Bob", "+353870000042"))
    bye, hello = await anext(stream), await anext(stream)
    assert (bye.event, bye.data["reason"]) == ("bye", "access-changed"), "no row is sent after the change"
    assert (hello.event, hello.data["answer"]) == ("hello", "snapshot")
    anew = new_screen()
    anew.take(hello)
    async for frame in stream:
        anew.take(frame)
        if frame.event == "ready" and frame.data["from"] == 0:
            break
    assert not anew.keys("call")
    await collect(house, screen, "sue")
    assert not screen.keys("call")


async def test_new_boards_come_as_me_without_signing_in_again(house: Any) -> None:
    stream = house.stream("sue")
    async for frame in stream:
        if frame.event == "ready" and frame.data["from"] == 0:
            break
    board = {"key": "ops", "name": "Ops", "pages": [{"name": "1", "rows": [{"panes": [{"pane": "wallboard"}]}]}]}
    await house.put(("board", board))
    frame = await read_until(stream, "me")
    assert "ops" in [board["key"] for board in frame.data["me"]["boards"]]
    await stream.aclose()


async def test_a_person_who_joins_a_managed_team_becomes_known(house: Any, new_screen: Any) -> None:
    screen = new_screen()
    await collect(house, screen, "sue")
    assert "cat" not in screen.keys("person")
    team = house.hub.document("team", "north")
    await house.put(("team", {**team, "members": ["bob", "cat"]}))
    await collect(house, screen, "sue")
    assert "cat" in screen.keys("person")


async def test_a_disabled_person_is_told_and_signed_out(house: Any) -> None:
    bob = await house.signed_in("bob")
    lines = []
    async with bob.stream("GET", "/feed") as response:
        async for line in response.aiter_lines():
            lines.append(line)
            if line == "event: ready":
                person = house.hub.document("person", "bob")
                await house.put(("person", {**person, "disabled": True}))
    assert "event: bye" in lines
    assert '"reason":"disabled"' in lines[-2] or '"reason":"disabled"' in lines[-1]
    assert (await bob.get("/me")).status_code == 401
    await bob.aclose()


async def test_an_idle_admins_feed_says_bye(house: Any, clock: Any) -> None:
    adm = await house.signed_in("adm")
    text = ""
    async with asyncio.timeout(15), adm.stream("GET", "/feed") as response:
        async for line in response.aiter_lines():
            text += line
            if line == "event: ready":
                clock.now += 1801
    assert '"reason":"idle"' in text
    await adm.aclose()


async def test_a_terminal_that_is_not_signed_in_is_told_so_in_the_stream(house: Any) -> None:
    async with house.client() as client:
        response = await client.get("/feed", headers={"Authorization": "Bearer nonsense"})
    assert "event: hello" in response.text
    assert '"answer":"sign-in"' in response.text


async def test_a_stopping_hub_says_bye(house: Any) -> None:
    stream = house.stream("adm")
    await read_until(stream, "ready")
    await house.runtime.feed.stop()
    frames = [frame async for frame in stream]
    assert frames[-1].event == "bye"
    assert frames[-1].data["reason"] == "shutting-down"


async def test_a_restarted_hub_continues_a_cursor(
    house: Any, home: Any, clock: Any, new_screen: Any, a_running_hub: Any
) -> None:
    await house.take(weeks(1))
    screen = new_screen()
    await collect(house, screen, "adm")
    await house.take(answered(NOON, "7.7", "support", "Bob", "+353870000042"))
    await house.runtime.stop()
    house.hub.close()
    async with a_running_hub(home, clock) as again:
        hellos = screen.events.count("hello")
        stream = again.stream("adm", screen.cursor)
        frame = await anext(stream)
        assert frame.data["answer"] == "continue"
        screen.take(frame)
        async for frame in stream:
            screen.take(frame)
            if frame.event == "ready":
                break
        await stream.aclose()
        assert screen.events.count("hello") == hellos + 1
        assert "asterisk:pbx1:7.7" in screen.keys("call")


async def test_when_changes_cannot_be_handed_out_terminals_are_cut_and_miss_nothing(
    house: Any, new_screen: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = new_screen()
    stream = house.stream("adm")
    async for frame in stream:
        screen.take(frame)
        if frame.event == "ready" and frame.data["from"] == 0:
            break
    with monkeypatch.context() as broken:
        broken.setattr("wallboard_tui.hub.channel.visible", lambda *_: 1 / 0)
        await house.take(answered(NOON, "7.7", "support", "Bob", "+353870000042"))
    assert [frame async for frame in stream] == []
    await house.take(answered(NOON, "7.8", "support", "Bob", "+353870000043"))
    await collect(house, screen, "adm")
    assert screen.keys("call") == {"asterisk:pbx1:7.7", "asterisk:pbx1:7.8"}


async def test_people_with_equal_scopes_share_a_stream_and_keep_what_is_their_own(house: Any, new_screen: Any) -> None:
    """One stream is filtered and encoded for both receptionists; themselves, boards and notices are each one's own."""
    await house.put(
        ("person", {"key": "rob", "name": "Rob Front", "role": "standard:receptionist"}),
        ("board", {"key": "robs", "name": "Rob's", "audience": {"people": ["rob"]},
                   "pages": [{"name": "P", "rows": [{"panes": [{"pane": "missed"}]}]}]}),
    )  # fmt: skip
    at = int(NOON) - 600
    missed_call = [f"{at}|1.1|support|NONE|ENTERQUEUE||{GRACE}|1", f"{at + 30}|1.1|support|NONE|ABANDON|1|1|30"]
    screens = {person: new_screen() for person in ("rex", "rob")}
    async with aclosing(house.stream("rex")) as rexes, aclosing(house.stream("rob")) as robs:
        for person, stream in (("rex", rexes), ("rob", robs)):
            async for frame in stream:
                screens[person].take(frame)
                if screens[person].ready == 0:
                    break
        assert house.runtime.feed.streams == 1
        await house.take(missed_call)
        await house.put(("person", {"key": "rob", "name": "Robert", "role": "standard:receptionist"}))
        await house.put(("organisation", {**house.hub.document("organisation", "organisation"), "name": "Corrib Two"}))
        for person, stream in (("rex", rexes), ("rob", robs)):
            async for frame in stream:
                screens[person].take(frame)
                if screens[person].documents["organisation", "organisation"]["name"] == "Corrib Two":
                    break
    assert screens["rex"].keys("followup") == screens["rob"].keys("followup") == {GRACE}
    assert screens["rex"].keys("board") == set()
    assert screens["rob"].keys("board") == {"robs"}
    assert screens["rob"].documents["person", "rob"]["role"] == "standard:receptionist"
    assert screens["rex"].documents["person", "rob"] == {**screens["rex"].documents["person", "rob"], "role": ""}
    assert {s.documents["person", "rob"]["name"] for s in screens.values()} == {"Robert"}
