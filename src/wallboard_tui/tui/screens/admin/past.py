"""Room ``tui``, screens: giving a team its past: how many known calls that is, and since when, before it is done."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.timer import Timer
from textual.widgets import Input, Static

from wallboard_tui.model.administration import Adopted
from wallboard_tui.model.base import Doc
from wallboard_tui.tui.actions import Action
from wallboard_tui.tui.screens.admin.foresight import ASK_AFTER_S
from wallboard_tui.tui.screens.admin.team_draft import past_words
from wallboard_tui.tui.screens.admin.working import work
from wallboard_tui.tui.screens.base import Dialog
from wallboard_tui.tui.terminal import TerminalError
from wallboard_tui.tui.widgets.bindings import bindings_of

WHAT = (
    "A call belongs to the teams there were when it came in. This adds the team to known calls, log-ins and pauses of "
    "what is its own today, for all who may see the team's. It cannot be taken back."
)
STOPPED = "Stopped. What was added stays; press p again for the rest."


class Past(Dialog[str]):
    """Counts first; Enter gives. The result is what came of it, in a sentence."""

    BINDINGS: ClassVar[list[BindingType]] = bindings_of("dialog", only="past.")

    families = ("past", "dialog")

    def __init__(self, team: str, name: str) -> None:
        super().__init__()
        self._team = team
        self._name = name
        self._found: Adopted | None = None
        self._giving = False
        self._soon: Timer | None = None

    def compose_card(self) -> ComposeResult:
        with Vertical(classes="card sure"):
            yield Static(f"The past of {self._name}", classes="heading", markup=False)
            yield Static(WHAT, markup=False)
            yield Static("Since", classes="label")
            yield Input(placeholder="a day such as 2026-11-01; empty: everything", id="since", max_length=40,
                        compact=True)  # fmt: skip
            yield Static("", id="past-said", markup=False)

    def on_mount(self) -> None:
        self.set_focus(self.query_one(Input))
        self._count()

    def _say(self, sentence: str, *, wrong: bool = False) -> None:
        said = self.query_one("#past-said", Static)
        said.update(sentence)
        said.set_class(wrong, "-wrong")
        self.redraw_keys()

    @property
    def _ready(self) -> bool:
        """Whether something was counted that can be added."""
        found = self._found
        return found is not None and not self._giving and bool(found.calls or found.presences)

    def open_to(self, action: Action) -> bool:
        return super().open_to(action) and (action.id != "past.give" or self._ready)

    def word_for(self, action: Action) -> str:
        stops = action.id == "dialog.leave" and not self._ready
        return super().word_for(action) if not stops else "Stop" if self._giving else "Back"

    # Counting

    @on(Input.Changed)
    def _typed(self) -> None:
        if self._soon is not None:
            self._soon.stop()
        self._soon = self.set_timer(ASK_AFTER_S, self._count)
        self._found = None
        self._say("Counting …")

    def _count(self) -> None:
        self._say("Counting …")
        work(self, "past", self._ask)

    async def _ask(self) -> None:
        """A worker: how much there is."""
        since = self.query_one(Input).value.strip()
        try:
            found = await self.wallboard.terminal.administer(
                lambda admin: admin.past(self._team, since=since, dry_run=True)
            )
        except TerminalError as error:
            self._say(str(error), wrong=True)
            return
        self._found = found
        words = past_words(found)
        self._say(f"{words} would be added." if words else "It has all of it already.")

    # Giving

    @on(Input.Submitted)
    def action_past_give(self) -> None:
        """Adds what was counted; nothing that was not said before."""
        if not self._ready:
            return
        self._giving = True
        self.query_one(Input).disabled = True
        self._say("Adding …")
        work(self, "past", self._give)

    async def _give(self) -> None:
        """A worker: adds them, saying how far it is."""
        since = self.query_one(Input).value.strip()

        def told(line: Doc) -> None:
            total = int(line["total"])
            self._say(f"{str(line['what']).capitalize()} … {100 * int(line['done']) // total if total else 100} %")

        try:
            found = await self.wallboard.terminal.administer(
                lambda admin: admin.past(self._team, since=since, told=told)
            )
        except TerminalError as error:
            self._giving = False
            self.query_one(Input).disabled = False
            self._say(f"{error.name}: {error}", wrong=True)
            return
        words = past_words(found)
        verb = "belongs" if words == "1 known call" else "belong"
        self.dismiss(f"{words} {verb} to {self._name} now." if words else "There was nothing left to add.")

    def action_dialog_leave(self) -> None:
        self.dismiss(STOPPED if self._giving else None)
