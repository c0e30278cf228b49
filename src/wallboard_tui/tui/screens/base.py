"""Room ``tui``, screens: what all screens have in common."""

from typing import TYPE_CHECKING, ClassVar, TypeVar, cast

from textual.binding import Binding, BindingType
from textual.screen import ModalScreen, Screen

from wallboard_tui.tui.keys import key_name

if TYPE_CHECKING:
    from wallboard_tui.model.me import Me
    from wallboard_tui.tui.app import WallboardApp

T = TypeVar("T")

FIELD_KEYS: tuple[BindingType, ...] = (
    Binding("tab", "app.focus_next", "Next field", show=False, priority=True),
    Binding("shift+tab", "app.focus_previous", "Field before", show=False, priority=True),
)
"""Keys that move the focus where secrets are typed. They have priority: they are done before the next key is handed
out, so that what is typed right behind them, a password above all, never lands in the field before."""


class WallboardScreen(Screen[T]):
    """A full screen of the program."""

    @property
    def wallboard(self) -> "WallboardApp":
        """The program, by its own type."""
        return cast("WallboardApp", self.app)

    def view_changed(self, kinds: frozenset[str]) -> None:
        """The view holds newer documents of these kinds."""

    def access_changed(self, me: "Me") -> None:
        """The person may see something else now."""

    def redress(self) -> None:
        """Another theme, or another standing with the hub."""


class Dialog(ModalScreen[T]):
    """A small screen over the board, which goes on behind it."""

    BINDINGS: ClassVar[list[BindingType]] = [("escape", "cancel", "Close")]

    @property
    def arrows(self) -> str:
        """The keys up and down, in the characters that the terminal has."""
        ascii_only = self.wallboard.look.glyphs.ascii
        return f"{key_name('up', ascii_only)} {key_name('down', ascii_only)}"

    @property
    def wallboard(self) -> "WallboardApp":
        """The program, by its own type."""
        return cast("WallboardApp", self.app)

    def view_changed(self, kinds: frozenset[str]) -> None:
        """The view holds newer documents of these kinds."""

    def redress(self) -> None:
        """Another theme, or another standing with the hub."""

    def action_cancel(self) -> None:
        self.dismiss(None)
