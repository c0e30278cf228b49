"""Room ``tui``, screens: a question that is asked once, before something that cannot be taken back."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.widgets import Static

from wallboard_tui.tui.screens.base import Dialog


class Sure(Dialog[bool]):
    """Asks once, in one sentence. Enter says yes, Esc no."""

    BINDINGS: ClassVar[list[BindingType]] = [("enter,y", "yes", "Yes"), ("n", "cancel", "No")]

    def __init__(self, question: str, yes: str, no: str = "leave it") -> None:
        super().__init__()
        self._question, self._yes, self._no = question, yes, no

    def compose(self) -> ComposeResult:
        with Vertical(classes="card sure"):
            yield Static(self._question, markup=False)
            yield Static(f"Enter  {self._yes}    Esc  {self._no}", classes="hint", markup=False)

    def action_yes(self) -> None:
        self.dismiss(True)
