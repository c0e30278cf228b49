"""Room ``tui``, screens: what saving a form's draft would mean, as the hub says by a dry run. Knows ``client``."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from textual.timer import Timer

from wallboard_tui.model.administration import Edit, Effect, Finding, Saved
from wallboard_tui.tui.screens.admin.working import work
from wallboard_tui.tui.terminal import TerminalError

if TYPE_CHECKING:
    from wallboard_tui.tui.screens.admin.saving import SavedForm

ASK_AFTER_S = 0.3
"""The hub is asked once nothing was typed for so long."""


class Foresight:
    """Asks again whenever the draft was touched; the last answer stands meanwhile.

    ``edits``: what would be saved now; nothing while that cannot be saved. ``told``: hears that there is an answer, or
    in a sentence why there is none.
    """

    def __init__(self, form: "SavedForm", edits: Callable[[], Sequence[Edit]], told: Callable[[str], None]) -> None:
        self._form = form
        self._edits = edits
        self._told = told
        self._answer: Saved | None = None
        self._touches = 0
        self._soon: Timer | None = None
        self.known = False
        """Whether the hub has said what saving the draft as it stands would mean."""
        self._refusal: TerminalError | None = None
        """Why it has not said so, when it was asked last."""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What the rules say."""
        return (*self._answer.refused, *self._answer.warnings) if self._answer else ()

    @property
    def effects(self) -> tuple[Effect, ...]:
        """Who gets and loses what."""
        return self._answer.effects if self._answer else ()

    @property
    def tells(self) -> bool:
        """Whether it says what nobody should confirm unread: a warning, or that somebody loses something."""
        warned = any(one.severity == "warning" for one in self.findings)
        return warned or any(one.lost or not one.gained for one in self.effects)

    async def settled(self) -> TerminalError | None:
        """Asks at once where that is not known, and returns when it is; else why it is not."""
        if not self.known:
            if self._soon is not None:
                self._soon.stop()
            self._form.workers.cancel_group(self._form, "foresee")
            await self._ask()
        return self._refusal

    def touched(self) -> None:
        """Another draft: the hub is asked soon."""
        self._touches += 1
        self.known = False
        if self._soon is not None:
            self._soon.stop()
        self._soon = self._form.set_timer(ASK_AFTER_S, self._begin)

    def _begin(self) -> None:
        work(self._form, "foresee", self._ask)

    async def _ask(self) -> None:
        """A worker: asks the hub."""
        edits, asked = [one.model_copy(update={"revision": None}) for one in self._edits()], self._touches
        terminal = self._form.wallboard.terminal
        try:
            self._answer = await terminal.administer(lambda admin: admin.change(edits, dry_run=True)) if edits else None
        except TerminalError as error:
            self._answer, self._refusal = None, error
            self._told(str(error))
            return
        self._refusal = None
        self.known = asked == self._touches
        self._told("")
