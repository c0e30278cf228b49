"""Room ``tui``, screens: what all screens have in common."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, cast

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen, Screen

from wallboard_tui.tui.actions import ACTIONS, BY_METHOD, Action
from wallboard_tui.tui.widgets.bindings import bindings_of
from wallboard_tui.tui.widgets.footer import Footer

if TYPE_CHECKING:
    from textual.worker import Worker

    from wallboard_tui.model.me import Me
    from wallboard_tui.tui.app import WallboardApp

T = TypeVar("T")

DIALOG_STYLES = Path(__file__).parents[1] / "styles/dialogs.tcss"
"""What forms, dialogs, sections and the sign-in look like; the first picture of a board needs none of it."""

FIELD_KEYS: tuple[BindingType, ...] = (
    Binding("tab", "app.focus_next", "Next field", show=False, priority=True),
    Binding("shift+tab", "app.focus_previous", "Field before", show=False, priority=True),
)
"""Keys that move the focus where secrets are typed. They have priority: they are done before the next key is handed
out, so that what is typed right behind them, a password above all, never lands in the field before."""


class OfWallboard(Screen[T]):
    """Any screen of the program."""

    @property
    def wallboard(self) -> "WallboardApp":
        """The program, by its own type."""
        return cast("WallboardApp", self.app)

    def on_compose(self) -> None:
        """Knows how narrow and low it is before anything stands on it. Textual says so once it is drawn, and draws it
        again.
        """
        width, height = self.app.size
        for cells, breakpoints in ((width, self.app.HORIZONTAL_BREAKPOINTS), (height, self.app.VERTICAL_BREAKPOINTS)):
            self.add_class(*[name for least, name in breakpoints or () if cells >= least][-1:])

    async def uncover(self) -> None:
        """Takes away what stands over this screen, whatever was asked there."""
        while self in self.app.screen_stack and self.app.screen is not self:
            await self.app.pop_screen()

    def on_worker_state_changed(self, event: "Worker.StateChanged") -> None:
        """What a worker of this screen did not expect is logged and said. Textual tells nobody else of it."""
        self.wallboard.on_worker_state_changed(event)


class WallboardScreen(OfWallboard[T]):
    """A full screen of the program."""

    def view_changed(self, kinds: frozenset[str]) -> None:
        """The view holds newer documents of these kinds."""

    def access_changed(self, me: "Me") -> None:
        """The person may see something else now."""

    def redress(self) -> None:
        """Another theme, or another standing with the hub."""


def rows_below(screen: Screen[Any]) -> int:
    """Rows of the footer that a screen's own footer is to hide."""
    stack = screen.app.screen_stack
    below = stack[stack.index(screen) - 1] if screen in stack else screen
    return max((footer.size.height for footer in below.query(Footer)), default=1)


class Dialog(OfWallboard[T], ModalScreen[T]):
    """A screen over the board or *Team*, which goes on behind it. Its footer, with the keys that hold in it, stands in
    the place of theirs.
    """

    CSS_PATH = DIALOG_STYLES
    BINDINGS: ClassVar[list[BindingType]] = bindings_of("dialog", only="dialog.")

    families: ClassVar[tuple[str, ...]] = ("dialog",)
    """What the ids of its actions begin with, in the order in which its footer shows them."""
    shows_rows: bool = False
    """Whether rows of the view stand on it: then it goes when these may not be shown any more."""
    closing: str = ""
    """What is said when it goes so, where that takes something away from whoever is at the keys."""

    def compose(self) -> ComposeResult:
        yield from self.compose_card()
        footer = Footer(id="footer")
        footer.most_rows = 2
        yield footer

    def compose_card(self) -> ComposeResult:
        """What stands on it, above the footer."""
        raise NotImplementedError

    def on_mount(self) -> None:
        self.redraw_keys()

    def on_resize(self) -> None:
        self.call_after_refresh(self.redraw_keys)

    def redraw_keys(self) -> None:
        """Shows the keys that hold now."""
        chosen = [
            replace(action, title=self.word_for(action))
            for family in self.families
            for action in ACTIONS
            if (action.footer or action.scope == "pane") and action.family == family and self.open_to(action)
        ]
        for footer in self.query(Footer):
            footer.least_rows = rows_below(self)
            footer.draw(chosen, self.wallboard.keys, None, self.wallboard.look)

    def open_to(self, action: Action) -> bool:
        """Whether an action is permitted and has something to act on now."""
        return action.permitted(self.wallboard.me)

    def word_for(self, action: Action) -> str:
        """What an action is called here."""
        return action.title

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        known = BY_METHOD.get(action)
        return known is None or self.open_to(known)

    @on(Footer.Chosen)
    def _clicked(self, message: Footer.Chosen) -> None:
        # On the program's own pump: what is chosen may end this screen, which would wait for itself here.
        self.app.call_later(self.app.run_action, message.action.method, self)

    def view_changed(self, kinds: frozenset[str]) -> None:
        """The view holds newer documents of these kinds."""

    def access_changed(self, me: "Me") -> None:
        """The permissions of whoever has it open are others now."""

    def redress(self) -> None:
        """Another theme, or another standing with the hub."""
        self.redraw_keys()

    def action_dialog_leave(self) -> None:
        self.dismiss(None)
