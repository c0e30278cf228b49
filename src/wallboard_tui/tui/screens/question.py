"""Room ``tui``, screens: one line of text, asked for at the foot of the board."""

from collections.abc import Callable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.widgets import Input, Static

from wallboard_tui.tui.screens.base import Dialog
from wallboard_tui.tui.widgets.bindings import bindings_of


class Question(Dialog[str]):
    """Asks for one line. ``Enter`` gives it, ``Esc`` gives ``None``. ``on_typed`` hears every letter, for search as
    one types. ``closing``: the title names something in a row, with which the question goes; what is said then.
    """

    def __init__(
        self,
        title: str,
        placeholder: str = "",
        value: str = "",
        *,
        on_typed: Callable[[str], None] | None = None,
        closing: str = "",
    ) -> None:
        super().__init__()
        self.shows_rows, self.closing = bool(closing), closing
        self._title = title
        self._placeholder = placeholder
        self._value = value
        self._on_typed = on_typed

    BINDINGS: ClassVar[list[BindingType]] = bindings_of("dialog", only="question.")

    families = ("question", "dialog")

    def compose_card(self) -> ComposeResult:
        with Vertical(id="question"):
            yield Static(self._title, classes="heading", markup=False)
            yield Input(self._value, placeholder=self._placeholder, max_length=500)

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        if self._on_typed is not None and event.value != self._value:
            self._on_typed(event.value)

    @on(Input.Submitted)
    def action_question_done(self) -> None:
        self.dismiss(self.query_one(Input).value.strip())
