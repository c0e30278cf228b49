"""Room ``tui``, screens: signing in. Says what to do about every refusal."""

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.actions import SkipAction
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Button, Input, Label, OptionList, Static

from wallboard_tui.model.me import Me
from wallboard_tui.tui.keys import key_name
from wallboard_tui.tui.messages import SignedIn
from wallboard_tui.tui.screens.base import DIALOG_STYLES, FIELD_KEYS, WallboardScreen
from wallboard_tui.tui.terminal import DemoPerson, TerminalError
from wallboard_tui.tui.widgets.header import clock_text
from wallboard_tui.tui.widgets.people import PeopleToTry

IN_THE_CLEAR = "Not encrypted: passwords and calls can be read on the way. Ask for an address with https."


class SignIn(WallboardScreen[None]):
    """Hub, person, password. In the demo also a list of people to try.

    ``reason``: why somebody who was signed in stands here again; ``wished``: they wanted it so. ``fixed``: the hub is
    this machine's own and is not asked for.
    """

    CSS_PATH = DIALOG_STYLES
    BINDINGS: ClassVar[list[BindingType]] = [
        ("escape", "clear", "Clear"),
        ("down", "people", "People to try"),
        *FIELD_KEYS,
        Binding("enter", "to_word", "Next field", show=False, priority=True),
    ]

    def __init__(
        self, reason: str = "", people: Sequence[DemoPerson] = (), fixed: bool = False, wished: bool = False
    ) -> None:
        super().__init__()
        self._reason = reason
        self._wished = wished
        self._people = {person.person: person for person in people}
        self._fixed = fixed

    def compose(self) -> ComposeResult:
        terminal = self.wallboard.terminal
        with Horizontal(id="signin", classes="-demo" if self._people else ""):
            with Vertical(classes="card -fixed" if self._fixed else "card", id="form"):
                yield Static("W A L L B O A R D", classes="heading")
                yield Static("Sign in", classes="hint")
                if not self._fixed:
                    yield Label("Hub")
                    yield Input(terminal.address, id="address", placeholder="https://hub.example:8443")
                    yield Static(IN_THE_CLEAR, id="clear", classes="warn")
                yield Label("Person")
                yield Input("" if self._people else terminal.person, id="person", placeholder="your short name")
                yield Label("Password or one-time code")
                yield Input(password=True, id="word")
                classes = "error -calm" if self._wished else "error"
                yield Static(self._reason, id="error", classes=classes, markup=False)
                yield Button("Sign in", variant="primary", id="go")
            if self._people:
                with Vertical(classes="card", id="people"):
                    yield Static("People to try", classes="heading")
                    down = key_name("down", self.wallboard.look.glyphs.ascii)
                    yield Static(f"{down} goes to the list, Enter signs in. The password is demo.", classes="hint")
                    yield PeopleToTry(tuple(self._people.values()))
        yield Static("Tab  next field    Enter  sign in    ^Q  quit", id="keys", classes="hint")

    def on_mount(self) -> None:
        terminal = self.wallboard.terminal
        self._warn_of_the_clear()
        if not self._fixed and not terminal.address:
            self.query_one("#address", Input).focus()
        else:
            self.query_one("#word" if terminal.person and not self._people else "#person", Input).focus()

    @property
    def _address(self) -> str:
        return self.wallboard.terminal.address if self._fixed else self.query_one("#address", Input).value.strip()

    @on(Input.Changed, "#address")
    def _warn_of_the_clear(self) -> None:
        """Says before a password is typed that others could read it."""
        from wallboard_tui.client.address import in_the_clear

        for warning in self.query("#clear"):
            warning.display = in_the_clear(self._address)

    @on(Input.Submitted)
    def _next(self, event: Input.Submitted) -> None:
        if event.input.id == "word":
            self._go()
        else:
            self.focus_next(Input)

    @on(Button.Pressed)
    def _go(self) -> None:
        person, word = self.query_one("#person", Input).value.strip(), self.query_one("#word", Input).value
        missing = "a hub" if not self._address else "a person" if not person else "a password" if not word else ""
        if missing:
            self._say(f"Type {missing} first.")
        else:
            self._try(person, word)

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        person = self._people[str(event.option_id)]
        self.query_one("#person", Input).value = person.person
        self._try(person.person, person.password)

    def action_clear(self) -> None:
        self.query_one("#word", Input).value = ""
        self._say("")

    def action_to_word(self) -> None:
        """From the person on to the password; anywhere else Enter means what it means there."""
        if self.focused is not self.query_one("#person", Input):
            raise SkipAction()
        # Not the field's own focus(), which waits its turn behind the next keys.
        self.set_focus(self.query_one("#word", Input))

    def action_people(self) -> None:
        for people in self.query(OptionList):
            people.highlighted = people.highlighted or 0
            people.focus()

    def _say(self, sentence: str, wrong: bool = True) -> None:
        label = self.query_one("#error", Static)
        label.update(sentence)
        label.set_class(not wrong, "-calm")

    def _try(self, person: str, word: str) -> None:
        self._say("Signing in …", wrong=False)
        self.query_one("#go", Button).disabled = True
        self.run_worker(
            self._sign_in(self._address, person, word), group="sign-in", exclusive=True, exit_on_error=False
        )

    async def _sign_in(self, address: str, person: str, word: str) -> None:
        """A worker: signs in, and posts who it is."""
        try:
            me = await self.wallboard.terminal.sign_in(address, person, word)
        except TerminalError as error:
            self.query_one("#word", Input).value = ""
            if error.name == "new-password-needed":
                self._say("")
                self._new_password(address, person, word)
            else:
                self._say(refusal(error))
                self.query_one("#word", Input).focus()
        except Exception:
            self._say("")  # it is not being tried any more; what went wrong is said by the screen
            raise
        else:
            self.app.post_message(SignedIn(me))
        finally:
            self.query_one("#go", Button).disabled = False

    def _new_password(self, address: str, person: str, code: str) -> None:
        from wallboard_tui.tui.screens.password import NewPassword

        def done(me: Me | None) -> None:
            if me is not None:
                self.app.post_message(SignedIn(me))

        self.app.push_screen(NewPassword(address, person, code), done)


def refusal(error: TerminalError, zone: str = "") -> str:
    """What the sign-in screen says about a refusal; a lock-out says until when, in this machine's own time."""
    if error.name == "locked-until" and error.until is not None:
        until = clock_text(error.until, zone) if zone else _local(error.until)
        return f"Too many tries. Wait until {until}, or ask an administrator for a one-time code."
    return str(error)


def _local(at: float) -> str:
    from datetime import datetime

    return f"{datetime.fromtimestamp(at).astimezone():%H:%M:%S}"
