"""Room ``tui``, screens: choosing the colours. The board behind shows each theme as the cursor comes to it."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from wallboard_tui.tui.screens.base import Dialog
from wallboard_tui.tui.widgets.bindings import bindings_of


class ThemePicker(Dialog[None]):
    """The themes there are, the person's own among them. ``Enter`` keeps one, ``Esc`` goes back to the one before."""

    BINDINGS: ClassVar[list[BindingType]] = bindings_of("dialog", only="themes.")

    families = ("themes", "dialog")

    def compose_card(self) -> ComposeResult:
        self._before = self.wallboard.theme_name
        with Vertical(id="picker", classes="card"):
            yield Static("Theme", classes="heading")
            yield OptionList(
                *(Option(theme.title or name, id=name) for name, theme in sorted(self.wallboard.themes.items())),
                markup=False,
            )

    def on_mount(self) -> None:
        names = sorted(self.wallboard.themes)
        options = self.query_one(OptionList)
        options.highlighted = names.index(self._before) if self._before in names else 0
        options.focus()

    @on(OptionList.OptionHighlighted)
    def _look(self, event: OptionList.OptionHighlighted) -> None:
        self.wallboard.dress(str(event.option_id))

    @on(OptionList.OptionSelected)
    def _keep(self, event: OptionList.OptionSelected) -> None:
        self.wallboard.dress(str(event.option_id), keep=True)
        self.dismiss(None)

    def action_themes_up(self) -> None:
        self.query_one(OptionList).action_cursor_up()

    def action_themes_down(self) -> None:
        self.query_one(OptionList).action_cursor_down()

    def action_themes_keep(self) -> None:
        self.query_one(OptionList).action_select()

    def action_dialog_leave(self) -> None:
        self.wallboard.dress(self._before)
        self.dismiss(None)
