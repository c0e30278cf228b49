"""Room ``tui``, screens: how a form of *Team* is saved: nothing unread, nothing twice, nothing typed lost meanwhile.

Knows ``client``; the form that is saved is in ``form.py``.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import ClassVar

from textual import on
from textual.widget import Widget
from textual.widgets import Button

from wallboard_tui.model.administration import Edit, Finding, Saved
from wallboard_tui.tui.screens.admin.base import PASSING
from wallboard_tui.tui.screens.admin.foresight import Foresight
from wallboard_tui.tui.screens.admin.form_lines import findings_of
from wallboard_tui.tui.screens.base import Dialog
from wallboard_tui.tui.terminal import TerminalError

SAVING = "It is being saved …"
NOT_TAKEN = "What you type meanwhile is not taken."
ASKING = "What it means is being asked …"
UNREAD = "Nothing is saved yet. Read what it means; then Ctrl+S once more does it."


class SavedForm(Dialog[Saved]):
    """The half of a form that saves."""

    lines_of_rules: ClassVar[Mapping[str, str]] = {}
    """By a rule's name, the field beside which it is said."""

    def __init__(self) -> None:
        super().__init__()
        self._foresight = Foresight(self, lambda: [] if self.lacking() else self.edits(), self._foretold)
        self.refreshes: Callable[[Saved], Awaitable[None]] | None = None
        """Brings what stands behind the form up to date once it has saved, before the form goes: what is pressed next
        must act on what was saved.
        """
        self._refused: tuple[Finding, ...] = ()
        self._saving = False
        self._left: Widget | None = None
        """The field that had the focus when saving began."""
        self._tried = False

    # What a form says

    def edits(self) -> list[Edit]:
        """What is to be saved; nothing while something is missing or nothing was changed."""
        raise NotImplementedError

    def lacking(self) -> dict[str, str]:
        """Fields that cannot be saved like this, each with a sentence."""
        return {}

    @property
    def changed(self) -> bool:
        """Whether something would be lost by leaving."""
        return bool(self.edits())

    @property
    def worth_saving(self) -> bool:
        """Whether there is anything to save."""
        return bool(self.edits())

    @property
    def can_save(self) -> bool:
        """Whether it is worth trying."""
        return not self._saving and self.changed and not self.lacking()

    async def meanwhile(self, error: TerminalError) -> None:
        """Somebody else was first."""
        self.say(str(error))

    def say(self, sentence: str, role: str = "alert") -> None:
        """Says something above what the rules say; an empty sentence takes it away."""
        raise NotImplementedError

    def touched(self) -> None:
        """Something was changed: says what is wrong with it by itself, and asks the hub soon."""
        raise NotImplementedError

    def _foretold(self, failure: str) -> None:
        """The hub has said what saving would mean, or why it has not."""
        raise NotImplementedError

    # Saving

    @on(Button.Pressed, "#save")
    def action_save(self) -> None:
        wrong = self.lacking()
        self._tried = True
        if wrong:
            self.touched()
            for field in self.query(f"#{next(iter(wrong))}"):
                field.focus()
        elif not self.worth_saving:
            self.dismiss(None)
        elif not self._saving:
            self._hold()
            self.run_worker(self._save(), name="save", group="save", exit_on_error=False)
        else:
            self._say_waiting()

    def _hold(self) -> None:
        """While it is being saved no field takes anything: it would be lost."""
        self._saving, self._left = True, self.focused
        self.set_focus(None)
        self.query_one("#form-fields").disabled = True
        self.query_one("#save", Button).disabled = True

    def _release(self) -> None:
        """It was not saved: the fields take keys again."""
        self._saving = False
        self.query_one("#form-fields").disabled = False
        self.query_one("#save", Button).disabled = not self.can_save
        if self._left is not None and self._left.is_attached:
            # As it was left: a field that is entered selects all its text, and the next key would replace it.
            self.set_focus(self._left, from_app_focus=True)

    def on_key(self) -> None:
        """A key that no field took."""
        if self._saving:
            self._say_waiting()

    def _say_waiting(self) -> None:
        self.say(f"{SAVING if self._foresight.known else ASKING} {NOT_TAKEN}", "dim")

    async def _read(self) -> bool:
        """Whether what saving means stood there when it was asked for. What nobody need read does not matter: that
        nobody loses anything, or that the hub refuses it, which it says again.
        """
        if self._foresight.known:
            return True
        stood = (self._foresight.findings, self._foresight.effects)
        refusal = await self._foresight.settled()
        unsaid = refusal is not None and refusal.name in PASSING
        new = (self._foresight.findings, self._foresight.effects) != stood
        if not unsaid and new and self._foresight.tells:
            self.say(UNREAD, "warn")
            return False
        return not unsaid

    async def _save(self) -> None:
        """A worker: saves, and leaves when it was saved."""
        try:
            if not await self._read():
                self._release()
                return
            saved = await self.commit()
            if self.refreshes is not None:
                await self.refreshes(saved)
        except TerminalError as error:
            self._release()
            await self._not_saved(error)
            return
        except Exception:
            self._release()
            raise
        # Until it is gone it is being saved: nobody is to save the same once more.
        await self.uncover()
        self.dismiss(saved)

    async def _not_saved(self, error: TerminalError) -> None:
        """Says why, and what to do about it."""
        if error.name == "changed-meanwhile":
            try:
                await self.meanwhile(error)
                return
            except TerminalError as other:
                error = other
        self._refused = findings_of(error, self.lines_of_rules)
        self.say("" if self._refused else str(error))

    async def commit(self) -> Saved:
        """Saves the edits. Raises ``TerminalError``."""
        edits = self.edits()
        return await self.wallboard.terminal.administer(lambda admin: admin.change(edits))
