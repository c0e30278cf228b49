"""Room ``tui``, screens: a question that is asked once, before something that cannot be taken back."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.widgets import Static

from wallboard_tui.tui.actions import Action
from wallboard_tui.tui.screens.base import Dialog
from wallboard_tui.tui.widgets.bindings import bindings_of


class Sure(Dialog[bool]):
    """Asks once, in one sentence. Enter says yes, Esc no."""

    BINDINGS: ClassVar[list[BindingType]] = bindings_of("dialog", only="sure.")

    families = ("sure",)

    def __init__(self, question: str, yes: str, no: str = "leave it") -> None:
        super().__init__()
        self._question = question
        self._words = {"sure.yes": yes.capitalize(), "sure.no": no.capitalize()}

    def word_for(self, action: Action) -> str:
        return self._words[action.id]

    def compose_card(self) -> ComposeResult:
        with Vertical(classes="card sure"):
            yield Static(self._question, markup=False)

    def action_sure_yes(self) -> None:
        self.dismiss(True)

    def action_sure_no(self) -> None:
        self.dismiss(None)
