"""Planted secrets are searched for in everything a restricted person's program draws and keeps, and what was lost is
never painted again once the hub was reached.
"""

import html
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from textual.pilot import Pilot

from wallboard_tui.client.home import Home
from wallboard_tui.client.hub import HubClient
from wallboard_tui.model.base import Doc
from wallboard_tui.tui.app import WallboardApp
from wallboard_tui.tui.look import Line
from wallboard_tui.tui.themes import Theme
from wallboard_tui.tui.widgets.lines import LineWidget

from ...real_hub import PASSWORD, RealHub
from .conftest import wait_until
from .live import header, picture, program, sign_in

pytestmark = pytest.mark.timeout(240)
CALLER, QUEUE, AGENT, CONTACT = "+353899111222", "velvetline", "Quillfeather", "Nightgale"
SECRETS = (CALLER, CALLER[4:], "899 111 222", "111 1222", "111222", QUEUE, QUEUE.title(), AGENT, CONTACT)
KEY = f"asterisk:pbx1:{QUEUE}"
RESTRICTED: dict[str, Doc] = {
    "sue": {"role": "standard:supervisor"},
    "bob": {"role": "standard:agent", "agents": ["asterisk:pbx1:Alice"]},
    "pat": {"role": "custom:sales"},
}


@pytest.fixture
async def planted(hub: RealHub, tmp_path: Path) -> RealHub:
    """A queue, its agent and a caller that only Ann may know; and calls of sales that the others may see."""
    everything = ("calls", "analytics", "analytics.rollup", "reports.missed", "wallboard", "supervisor")
    sales = {name: {"scope": ["queue:asterisk:pbx1:sales"]} for name in everything}
    await hub.apply(
        ("role", {"key": "custom:sales", "name": "Sales", "grants": sales}),
        *(("person", {"key": key, "name": key.title(), **doc}) for key, doc in RESTRICTED.items()),
        *(("credential", {"key": key, "password": PASSWORD}) for key in RESTRICTED),
        ("queue", {"key": KEY, "source": "pbx1", "name": QUEUE, "title": QUEUE.title()}),
        ("person", {"key": "zed", "name": AGENT, "role": "standard:agent", "agents": [f"asterisk:pbx1:{AGENT}"]}),
        ("team", {"key": "north", "name": "North", "members": ["bob"], "managers": ["sue"],
                  "queues": ["asterisk:pbx1:sales"]}),
        ("contact", {"key": CALLER, "name": CONTACT}),

    )  # fmt: skip
    file = tmp_path / "planted"
    file.write_text("\n".join(lines(time.time() - 900)) + "\n")
    await hub.take(file)
    return hub


def lines(at: float) -> Iterator[str]:
    for n in range(3):
        start = at + 100 * n
        for queue, agent, caller in ((QUEUE, AGENT, CALLER), ("sales", "Alice", f"+35318000{n:03}")):
            who = f"{start:.0f}.{n}{queue}|{queue}"
            yield f"{start:.0f}|{who}|NONE|ENTERQUEUE||{caller}|1"
            if n == 2:
                yield f"{start + 20:.0f}|{who}|NONE|ABANDON|1|1|20"
            else:
                yield f"{start + 5:.0f}|{who}|{agent}|CONNECT|5|x.{n}|3"
                yield f"{start + 50:.0f}|{who}|{agent}|COMPLETEAGENT|5|45|1"


def buffer(app: WallboardApp) -> str:
    """What the screen shows now, all of it."""
    return html.unescape(app.export_screenshot()).replace("\xa0", " ")


def kept(home: Home) -> bytes:
    """Every byte that the terminal keeps on its disk, WAL included."""
    return b"".join(file.read_bytes() for file in sorted(home.data.rglob("*")) if file.is_file())


def found(texts: Sequence[str], disk: bytes = b"") -> list[str]:
    return [secret for secret in SECRETS if secret.encode() in disk or any(secret in text for text in texts)]


async def walk(app: WallboardApp, pilot: Pilot[None]) -> list[str]:
    """Every page of every board, help, details, explanations and the palette, as they were on the screen."""
    board = app.board
    assert board is not None
    seen: list[str] = []
    for _ in range(max(1, len(board.leaves))):
        await wait_until(pilot, lambda: all(pane.data is not None for pane in board.panes), 30)
        seen.append(buffer(app))
        for pane in board.panes:
            board.set_focus(pane)
            for keys in (("down", "enter"), ("down", "w"), ("question_mark",), ("ctrl+p",)):
                await pilot.press(*keys)
                await pilot.pause(0.2)
                seen.append(buffer(app))
                while app.screen is not board:
                    await pilot.press("escape")
        await pilot.press("right")
    return seen


async def settled(app: WallboardApp, pilot: Pilot[None], person: str) -> None:
    await sign_in(app, pilot, person)
    await wait_until(pilot, lambda: "● live" in header(app), 30)
    await wait_until(pilot, lambda: not app.terminal.standing().total or complete(app), 30)


def complete(app: WallboardApp) -> bool:
    standing = app.terminal.standing()
    return standing.done >= standing.total


@pytest.mark.parametrize("person", ["sue", *(pytest.param(one, marks=pytest.mark.slow) for one in ("bob", "pat"))])
async def test_no_secret_is_drawn_or_kept_for_a_restricted_person(planted: RealHub, desk: Home, person: str) -> None:
    app = program(planted, desk)
    async with app.run_test(size=(160, 48)) as pilot:
        await settled(app, pilot, person)
        seen = await walk(app, pilot)
        assert len(seen) > 4
        assert found(seen, kept(desk)) == []
    assert found([], kept(desk)) == []


async def test_the_search_finds_the_secrets_of_whoever_may_know_them(planted: RealHub, desk: Home) -> None:
    app = program(planted, desk)
    async with app.run_test(size=(160, 48)) as pilot:
        await settled(app, pilot, "ann")
        seen = await walk(app, pilot)
        assert {QUEUE.title(), AGENT, CONTACT} <= set(found(seen)), "else the searches above could not fail"
        assert {CALLER, AGENT, CONTACT} <= set(found([], kept(desk)))


class Painted:
    """Everything that was drawn, and whether the hub had been reached when it was."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.live: list[str] = []
        self.all: list[str] = []
        self.app: WallboardApp | None = None
        show = LineWidget.show

        def recorded(widget: LineWidget, lines: Sequence[Line], theme: Theme) -> int:
            text = "\n".join("".join(span.text for span in line) for line in lines)
            self.all.append(text)
            if self.app is not None and self.app.own.standing().state == "live":
                self.live.append(text)
            return show(widget, lines, theme)

        monkeypatch.setattr(LineWidget, "show", recorded)


async def demote(hub: RealHub) -> None:
    async with HubClient(hub.home.address, operator=True) as operator:
        edit = {"kind": "person", "key": "ann", "set": {"role": "custom:sales"}, "confirm": True}
        other = {"kind": "person", "key": "eve", "create": {"name": "Eve", "role": "standard:admin"}}
        await operator.request("POST", "/changes", {"changes": [other, edit]})


async def test_what_is_lost_leaves_screen_and_disk_before_anything_else_is_painted(
    planted: RealHub, desk: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    painted = Painted(monkeypatch)
    app = painted.app = program(planted, desk)
    async with app.run_test(size=(160, 48)) as pilot:
        await settled(app, pilot, "ann")
        await wait_until(pilot, lambda: QUEUE.title() in picture(app), 30)
        (old,) = desk.cache.glob("*.db")
        await demote(planted)
        await wait_until(pilot, lambda: app.me is not None and app.me.role_name == "Sales", 30)
        painted.all.clear()
        assert not old.exists()
        await wait_until(pilot, lambda: "● live" in header(app) and "sales" in picture(app).lower(), 30)
        await wait_until(pilot, lambda: complete(app), 30)
        seen = await walk(app, pilot)
        assert found([*seen, *painted.all], kept(desk)) == []


async def test_a_terminal_that_was_away_never_paints_what_it_lost_once_it_has_reached_the_hub(
    planted: RealHub, desk: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = program(planted, desk)
    async with app.run_test(size=(160, 48)) as pilot:
        await settled(app, pilot, "ann")
        await wait_until(pilot, lambda: QUEUE.title() in picture(app), 30)
    await demote(planted)
    painted = Painted(monkeypatch)
    again = painted.app = program(planted, desk)
    async with again.run_test(size=(160, 48)) as pilot:
        await wait_until(pilot, lambda: "● live" in header(again) and "sales" in picture(again).lower(), 30)
        await wait_until(pilot, lambda: again.me is not None and again.me.role_name == "Sales", 30)
        await wait_until(pilot, lambda: complete(again), 30)
        seen = await walk(again, pilot)
        assert painted.live
        assert found([*seen, *painted.live], kept(desk)) == []
