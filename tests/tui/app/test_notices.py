"""How long a notice stays on the screen."""

from textual.pilot import Pilot

from wallboard_tui.tui.app import WallboardApp, reading_s
from wallboard_tui.tui.messages import Noticed
from wallboard_tui.view.view import View

from .conftest import wait_until
from .test_admin_snapshots import program
from .test_snapshots import settled

LONG = "Ann changed your access. " + " ".join(f"Permission {n}," for n in range(30))


def test_a_notice_stays_as_long_as_it_takes_to_read_it() -> None:
    assert reading_s("Saved.") == 10.0
    assert reading_s(LONG) == 32.0


async def test_what_the_hub_says_once_is_not_gone_before_it_is_read(view: View) -> None:
    app = program(view)
    async with app.run_test(size=(110, 36)) as pilot:
        await noticed(app, pilot, LONG)
        assert [(one.message, one.timeout) for one in app._notifications] == [(LONG, 32.0)]


async def noticed(app: WallboardApp, pilot: Pilot[None], sentence: str) -> None:
    await wait_until(pilot, lambda: settled(app))
    app.post_message(Noticed(sentence))
    await wait_until(pilot, lambda: len(app._notifications))
