"""The program against a real hub behind a Unix socket: sign-in, live board, a lost hub, access that changes."""

import os
import signal
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, Static

from wallboard_tui.client.child import reach
from wallboard_tui.client.home import Home
from wallboard_tui.client.hub import HubClient
from wallboard_tui.model.base import Doc
from wallboard_tui.tui.app import WallboardApp
from wallboard_tui.tui.online import OnlineTerminal
from wallboard_tui.tui.screens.password import NewPassword
from wallboard_tui.tui.screens.signin import SignIn
from wallboard_tui.tui.widgets.header import Header
from wallboard_tui.tui.widgets.lines import LineWidget

from .conftest import BOARD, THEMES, wait_until

pytestmark = pytest.mark.timeout(180)
PASSWORD = "correct horse battery"


class RealHub:
    """A hub of one's own, with Ann who may see everything and Rex at the reception."""

    def __init__(self, home: Home) -> None:
        self.home = home

    async def begin(self) -> None:
        await reach(self.home)
        await self.operate("/init", {"name": "Example Ltd", "time_zone": "Europe/Dublin", "packs": ["standard"]})
        await self.apply(
            ("person", {"key": "ann", "name": "Ann", "role": "standard:admin"}),
            ("person", {"key": "rex", "name": "Rex", "role": "standard:receptionist"}),
            ("board", BOARD),
            *(("credential", {"key": key, "password": PASSWORD}) for key in ("ann", "rex")),
        )

    async def operate(self, path: str, body: Doc) -> Doc:
        async with HubClient(self.home.address, operator=True) as operator:
            answer: Doc = await operator.request("POST", path, body)
            return answer

    async def apply(self, *documents: tuple[str, Doc]) -> None:
        await self.operate("/apply", {"documents": documents})

    async def take(self, file: Path) -> None:
        async with HubClient(self.home.address, operator=True) as operator:
            body = {"kind": "queue-log", "paths": [str(file)], "source": "pbx1"}
            async for _ in operator.progress("/import", body):
                pass

    def kill(self, number: signal.Signals = signal.SIGKILL) -> None:
        with suppress(ProcessLookupError, FileNotFoundError):
            os.kill(int(self.home.journal.with_name("journal.db.lock").read_text()), number)


@pytest.fixture
async def hub(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[RealHub]:
    real = RealHub(Home.at(tmp_path_factory.mktemp("hub")).prepare())
    await real.begin()
    yield real
    real.kill(signal.SIGTERM)


@pytest.fixture
def desk(tmp_path: Path) -> Home:
    """Where the terminal keeps its own things: another machine, as it were."""
    return Home.at(tmp_path / "desk").prepare()


@pytest.fixture
def queue_log(tmp_path: Path) -> Path:
    """Some answered calls of a queue, and two callers who gave up."""
    day, missed = time.time() - 900, 2
    lines = []
    for n in range(6):
        at = day + 60 * n
        lines.append(f"{at:.0f}|{at:.0f}.{n}|sales|NONE|ENTERQUEUE||+35318{n:06d}|1")
        if n < missed:
            lines.append(f"{at + 20:.0f}|{at:.0f}.{n}|sales|NONE|ABANDON|1|1|20")
        else:
            lines.append(f"{at + 5:.0f}|{at:.0f}.{n}|sales|Alice|CONNECT|5|x.{n}|3")
            lines.append(f"{at + 50:.0f}|{at:.0f}.{n}|sales|Alice|COMPLETEAGENT|5|45|1")
    file = tmp_path / "queue_log"
    file.write_text("\n".join(lines) + "\n")
    return file


def program(hub: RealHub, desk: Home, *, starts_hub: bool = False) -> WallboardApp:
    async def start() -> None:
        await reach(hub.home)

    terminal = OnlineTerminal(desk, address=hub.home.address, reach=start if starts_hub else None)
    return WallboardApp(terminal, theme_folders=[THEMES])


def header(app: WallboardApp) -> str:
    if app.board is None or not app.board.query(Header):
        return ""
    return "\n".join("".join(span.text for span in line) for line in app.board.query_one(Header).lines)


def picture(app: WallboardApp) -> str:
    panes: list[LineWidget] = list(app.board.panes) if app.board else []
    return "\n".join("".join(span.text for span in line) for pane in panes for line in pane.lines)


async def sign_in(app: WallboardApp, pilot: Pilot[None], person: str, password: str = PASSWORD) -> None:
    await wait_until(pilot, lambda: isinstance(app.screen, SignIn) and app.screen.focused is not None)
    app.screen.query_one("#person", Input).value = person
    field = app.screen.query_one("#word", Input)
    field.value = password
    field.focus()
    await pilot.press("enter")


async def test_from_sign_in_to_a_live_board_and_an_act_that_everybody_sees(
    hub: RealHub, desk: Home, queue_log: Path
) -> None:
    await hub.take(queue_log)
    app = program(hub, desk)
    async with app.run_test(size=(160, 48)) as pilot:
        await sign_in(app, pilot, "ann", "wrong")
        await wait_until(pilot, lambda: str(app.screen.query_one("#error", Static).content) not in ("", "Signing in …"))
        assert isinstance(app.screen, SignIn)
        await sign_in(app, pilot, "ann")
        await wait_until(pilot, lambda: "● live" in header(app), 30)
        await wait_until(pilot, lambda: "2 open" in picture(app), 30)
        await pilot.press("tab", "tab", "down", "c")
        await wait_until(pilot, lambda: "1 open · 1 claimed" in picture(app), 30)
        await pilot.press("c")
        await wait_until(pilot, lambda: any("have it already" in toast.message for toast in app._notifications), 30)


async def test_a_hub_that_goes_away_is_said_and_found_again(hub: RealHub, desk: Home, queue_log: Path) -> None:
    await hub.take(queue_log)
    app = program(hub, desk, starts_hub=True)
    async with app.run_test(size=(160, 48)) as pilot:
        await sign_in(app, pilot, "ann")
        await wait_until(pilot, lambda: "● live" in header(app) and "2 open" in picture(app), 30)
        hub.kill()
        await wait_until(pilot, lambda: "● live" not in header(app), 30)
        assert "2 open" in picture(app)
        await wait_until(pilot, lambda: "● live" in header(app), 60)
        assert "2 open" in picture(app)


async def test_the_next_start_draws_from_the_cache_before_the_hub_answers(
    hub: RealHub, desk: Home, queue_log: Path
) -> None:
    await hub.take(queue_log)
    app = program(hub, desk)
    async with app.run_test(size=(160, 48)) as pilot:
        await sign_in(app, pilot, "ann")
        await wait_until(pilot, lambda: "● live" in header(app) and "2 open" in picture(app), 30)
    hub.kill()
    again = program(hub, desk)
    async with again.run_test(size=(160, 48)) as pilot:
        await wait_until(pilot, lambda: "2 open" in picture(again), 30)
        assert "live" not in header(again)
        await pilot.press("f10")
        await wait_until(pilot, lambda: isinstance(again.screen, SignIn), 30)
    assert list(desk.cache.glob("*.db*")) == []
    third = program(hub, desk)
    async with third.run_test() as pilot:
        await wait_until(pilot, lambda: isinstance(third.screen, SignIn), 30)
        assert third.screen.query_one("#person", Input).value == "ann"


async def test_while_the_hub_hangs_the_last_board_is_dimmed_and_after_its_lease_refused_in_a_sentence(
    hub: RealHub, desk: Home, queue_log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await hub.take(queue_log)
    app = program(hub, desk)
    async with app.run_test(size=(160, 48)) as pilot:
        await sign_in(app, pilot, "ann")
        await wait_until(pilot, lambda: "● live" in header(app) and "2 open" in picture(app), 30)
        assert app.look.stale_s is None
    hub.kill(signal.SIGSTOP)  # it accepts, and does not answer
    monkeypatch.setattr("wallboard_tui.tui.online.RESUME_S", 0.5)
    try:
        terminal = OnlineTerminal(desk, address=hub.home.address, wall=lambda: time.time() + 60)
        again = WallboardApp(terminal, theme_folders=[THEMES])
        async with again.run_test(size=(160, 48)) as pilot:
            await wait_until(pilot, lambda: "2 open" in picture(again), 30)
            assert "as of" in header(again)
            assert again.look.stale_s is not None
        terminal = OnlineTerminal(desk, address=hub.home.address, wall=lambda: time.time() + 86400)
        third = WallboardApp(terminal, theme_folders=[THEMES])
        async with third.run_test(size=(160, 48)) as pilot:
            await wait_until(pilot, lambda: isinstance(third.screen, SignIn), 30)
            said = str(third.screen.query_one("#error", Static).content)
            assert "could be shown without the hub until" in said
            assert "does not answer" in said
    finally:
        hub.kill(signal.SIGCONT)


async def test_access_that_changes_recomposes_the_board_at_once(hub: RealHub, desk: Home, queue_log: Path) -> None:
    await hub.take(queue_log)
    app = program(hub, desk)
    async with app.run_test(size=(160, 48)) as pilot:
        await sign_in(app, pilot, "ann")
        await wait_until(pilot, lambda: "● live" in header(app) and "2 open" in picture(app), 30)
        await hub.apply(("person", {"key": "ann", "name": "Ann", "role": "standard:receptionist"}))
        await wait_until(
            pilot, lambda: app.board is not None and {p.kind.name for p in app.board.panes} == {"missed"}, 30
        )
        await wait_until(pilot, lambda: "2 open" in picture(app), 30)
        assert any("No longer shown" in toast.message for toast in app._notifications)


async def test_a_one_time_code_becomes_a_password(hub: RealHub, desk: Home) -> None:
    code = str((await hub.operate("/people/rex/code", {}))["code"])
    app = program(hub, desk)
    async with app.run_test(size=(160, 48)) as pilot:
        await sign_in(app, pilot, "rex", code)
        await wait_until(pilot, lambda: isinstance(app.screen, NewPassword) and app.screen.focused is not None, 30)
        for field in ("#new", "#again"):
            app.screen.query_one(field, Input).value = "my own long password"
        app.screen.query_one("#again", Input).focus()
        await pilot.press("enter")
        await wait_until(pilot, lambda: app.board is not None and "● live" in header(app), 30)


async def test_no_hub_is_said_in_a_sentence(desk: Home, tmp_path: Path) -> None:
    app = WallboardApp(OnlineTerminal(desk, address=f"unix:{tmp_path}/nobody.sock"), theme_folders=[THEMES])
    async with app.run_test() as pilot:
        await sign_in(app, pilot, "ann")
        await wait_until(pilot, lambda: "No hub runs" in str(app.screen.query_one("#error", Static).content), 30)
