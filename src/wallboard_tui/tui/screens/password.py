"""Room ``tui``, screens: a new password, in place of a one-time code or of the present one."""

from typing import ClassVar

from textual import on
from textual.actions import SkipAction
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Button, Input, Label, Static

from wallboard_tui.model.me import Me
from wallboard_tui.tui.screens.base import FIELD_KEYS, Dialog
from wallboard_tui.tui.terminal import TerminalError
from wallboard_tui.tui.widgets.bindings import bindings_of

LEAST_CHARACTERS = 10


def complaint(new: str, again: str) -> str:
    """What is wrong with a new password before the hub is asked; empty: nothing."""
    if len(new) < LEAST_CHARACTERS:
        return f"The new password has {counted(len(new))}; choose at least {LEAST_CHARACTERS}."
    if new != again:
        return "The two new passwords differ; type the second one again."
    return ""


def counted(characters: int) -> str:
    """``1 character``, ``9 characters``."""
    return f"{characters} character{'' if characters == 1 else 's'}"


class NewPassword(Dialog[Me]):
    """Asks for a new password and signs in with it; gives who is signed in, or ``None``.

    ``old`` is the one-time code that was just typed; without it the present password is asked for.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings_of("dialog", only="password."),
        *FIELD_KEYS,
        Binding("enter", "next_field", "Next field", show=False, priority=True),
    ]

    families = ("password", "dialog")

    def __init__(self, address: str, person: str, old: str | None = None) -> None:
        super().__init__()
        self._address = address
        self._person = person
        self._old = old

    def compose_card(self) -> ComposeResult:
        with Vertical(classes="card", id="password"):
            yield Static("Choose a new password", classes="heading")
            if self._old is None:
                yield Static(f"For {self._person}. Your other sessions end.", classes="hint", markup=False)
                yield Label("Present password")
                yield Input(password=True, id="old")
            else:
                yield Static(
                    "The code worked. It holds only once, so choose a password of your own now.", classes="hint"
                )
            yield Label("New password")
            yield Input(password=True, id="new", placeholder=f"at least {LEAST_CHARACTERS} characters")
            yield Label("New password again")
            yield Input(password=True, id="again")
            yield Static("", id="error", classes="error", markup=False)
            yield Button("Set password", variant="primary", id="set")

    def action_password_next(self) -> None:
        self.focus_next()

    def action_next_field(self) -> None:
        """From each field but the last on to the next; anywhere else Enter means what it means there."""
        fields = list(self.query(Input))
        here = fields.index(self.focused) if isinstance(self.focused, Input) else len(fields)
        if here + 1 >= len(fields):
            raise SkipAction()
        self.set_focus(fields[here + 1])

    @on(Input.Submitted)
    @on(Button.Pressed)
    def action_password_set(self) -> None:
        new, again = self.query_one("#new", Input).value, self.query_one("#again", Input).value
        wrong = complaint(new, again)
        self.query_one("#error", Static).update(wrong)
        if not wrong:
            old = self._old if self._old is not None else self.query_one("#old", Input).value
            self.run_worker(self._ask(old, new), group="password", exclusive=True, exit_on_error=False)

    async def _ask(self, old: str, new: str) -> None:
        try:
            me = await self.wallboard.terminal.set_password(self._address, self._person, old, new)
        except TerminalError as error:
            self.query_one("#error", Static).update(str(error))
        else:
            self.dismiss(me)
