"""Room ``tui``, screens: the board. Composes the panes a person may see, and draws header and footer."""

import logging
from collections.abc import Container
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType

from wallboard_tui.model.board import Board
from wallboard_tui.model.me import Me
from wallboard_tui.tui.actions import ACTIONS, BY_ID, BY_METHOD, Action, applies
from wallboard_tui.tui.arrange import Leaf, arrange, board_of, zoomed
from wallboard_tui.tui.look import Size
from wallboard_tui.tui.panes import PANES
from wallboard_tui.tui.panes.seen import day_start
from wallboard_tui.tui.screens.turning import Turning
from wallboard_tui.tui.widgets.bindings import bindings_of
from wallboard_tui.tui.widgets.body import Body
from wallboard_tui.tui.widgets.changes import ChangesCompositor
from wallboard_tui.tui.widgets.footer import Footer
from wallboard_tui.tui.widgets.header import Header, Heading
from wallboard_tui.tui.widgets.landing import Landing
from wallboard_tui.tui.widgets.pane import Choice, LinePane
from wallboard_tui.view.health import states

log = logging.getLogger(__name__)


class BoardScreen(Turning):
    """The board of one person: header, panes, footer.

    The state is here: which boards there are, which leaf is shown, what was chosen in each pane.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings_of("board"),
        *bindings_of("pane", but="row."),
        *bindings_of("pane", only="row.open"),
    ]

    def __init__(self, me: Me) -> None:
        super().__init__()
        self._compositor = ChangesCompositor()
        self.boards: list[Board] = []
        self.board: Board | None = None
        self._choices: dict[tuple[str, str], Choice] = {}
        self._shown: dict[str, LinePane] = {}
        self._serial = 0
        self._take(me)

    def compose(self) -> ComposeResult:
        yield Header(id="header")
        yield Body(id="body")
        yield Footer(id="footer")

    def on_mount(self) -> None:
        self.set_interval(1.0, self._tick, name="clock")
        self.ask_sources()

    # What is on the screen

    def _take(self, me: Me) -> None:
        """Whose board it is, and what boards they are offered; the one that was open stays open when it is still
        offered.
        """
        self.me = me
        self.boards = boards_of(me)
        open_ = self.board.key if self.board else None
        self.board = next(
            (board for board in self.boards if board.key == open_), self.boards[0] if self.boards else None
        )

    def access_changed(self, me: Me) -> None:
        """Composes the board anew: the person may see something else now."""
        self._take(me)
        self._choices.clear()
        self.forget()
        self._take_down()
        self.zoom = None
        self.replan()

    @on(Body.Resized)
    def replan(self) -> None:
        """Lays the board out for the room there is."""
        size = self._room
        if size.w and size.h:
            self.leaves = arrange(self.board, self.me.panes, size) if self.board else ()
            self.wallboard.board_opened(self.board.theme if self.board else "")
            self.show_leaf()

    @property
    def _room(self) -> Size:
        size = self.query_one(Body).size
        return Size(size.width, size.height)

    @property
    def panes(self) -> list[LinePane]:
        """The panes on the screen, in the board's order."""
        leaf = self.leaf
        return [self._shown[place.id] for place in leaf.places if place.id in self._shown] if leaf else []

    def _take_down(self, keep: Container[str] = ()) -> None:
        """Removes panes from the screen; which are there is known here, for the removal itself takes its time."""
        for id in [id for id in self._shown if id not in keep]:
            self._shown.pop(id).remove()

    @property
    def leaf(self) -> Leaf | None:
        """What is on the screen now."""
        if not self.leaves:
            return None
        leaf = self.leaves[self.number % len(self.leaves)]
        return zoomed(leaf, self.zoom, self._room) if self.zoom else leaf

    def show_leaf(self) -> None:
        """Puts the panes of the leaf on the screen; a pane that stays keeps its widget."""
        body, leaf = self.query_one(Body), self.leaf
        self.number = self.number % len(self.leaves) if self.leaves else 0
        wanted = {place.id: place for place in leaf.places} if leaf else {}
        with self.app.batch_update():
            body.query(Landing).remove()
            self._take_down(keep=wanted)
            new = {id: self._pane(id) for id in wanted if id not in self._shown}
            self._shown |= new
            if new:
                body.mount(*new.values())
            if leaf is None:
                body.mount(Landing(self._sentence()))
            body.follow(wanted)
        if self.panes and self.focused_pane not in self.panes:
            self.set_focus(self.panes[0])
        self.frames.request()
        self.arm()
        self.redraw_chrome()

    def _pane(self, id: str) -> LinePane:
        assert self.board is not None
        assert self.leaf is not None
        place = next(place for place in self.leaf.places if place.id == id)
        choice = self._choices.setdefault((self.board.key, id), Choice(place.pane))
        self._serial += 1
        kind = PANES[place.pane.pane]
        return LinePane(kind, choice, self.look_of(kind), id=f"{id}-{self._serial}", name=id)

    def _sentence(self) -> str:
        return self.me.sees or "There is no board for you yet. Ask an administrator to offer you one."

    # Drawing

    def redress(self) -> None:
        """Draws again what a theme, or how it stands with the hub, has changed."""
        if not self.query(Body):
            return
        if any(pane.data is None for pane in self.panes):
            self.view_changed(frozenset())
        for pane in self.panes:
            pane.redress(self.look_of(pane.kind))
        self.redraw_chrome()

    def redraw_chrome(self) -> None:
        """Header and footer."""
        if not self.query(Header):  # before it is composed, and when it is being taken down at the end
            return
        standing, look, leaf = self.wallboard.terminal.standing(), self.wallboard.look, self.leaf
        zone = str(self.me.organisation.get("time_zone", "UTC"))
        heading = Heading(
            board=self.board.name if self.board else str(self.me.organisation.get("name", "")),
            page=leaf.name if leaf else "",
            number=self.number + 1,
            pages=len(self.leaves),
            zone=zone,
            person=self.me.name,
            role=self.me.role_name,
            held=self.held,
            zoomed=self.zoom is not None,
            viewing=self.wallboard.viewing,
            sources=states(self.sources, day_start(self.me, standing.shown)),
        )
        self.query_one(Header).draw(heading, standing, look)
        actions = sorted((a for a in ACTIONS if a.footer and self.open_to(a)), key=lambda a: a.scope != "pane")
        self.query_one(Footer).draw(actions, self.wallboard.keys, standing, look)

    # What may be done

    def open_to(self, action: Action) -> bool:
        """Whether an action is permitted and has something to act on now."""
        pane = self.focused_pane
        if not applies(action, pane.kind.name if pane else None) or not self.wallboard.holds(action):
            return False
        if action.id == "calls.clear":
            return pane is not None and bool(pane.choice.text)
        if action.id in ("board.next_page", "board.previous_page", "board.hold"):
            return len(self.leaves) > 1
        if action.id == "board.next_board":
            return len(self.boards) > 1
        if action.id == "board.unzoom":
            return self.zoom is not None
        if action.id == "board.zoom":
            return pane is not None
        return True

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        known = BY_METHOD.get(action)
        return True if known is None else self.open_to(known)

    @on(LinePane.Focused)
    def _other_keys(self) -> None:
        self.redraw_chrome()

    @on(Footer.Chosen)
    def _clicked(self, message: Footer.Chosen) -> None:
        self._do_next(message.action)

    @on(LinePane.Pointed)
    def _pointed(self, message: LinePane.Pointed) -> None:
        if message.spot.column:
            self.sort_by(message.pane, message.spot.column)
        elif self.open_to(BY_ID["row.open"]):
            self._do_next(BY_ID["row.open"])

    def _do_next(self, action: Action) -> None:
        """On the program's own pump: what is done may end this screen, which would wait for itself here."""
        self.app.call_later(self.wallboard.do, action)

    # Boards and panes

    def action_board_next_board(self) -> None:
        here = self.boards.index(self.board) if self.board in self.boards else -1
        self.open_board(self.boards[(here + 1) % len(self.boards)].key)

    def open_board(self, key: str) -> None:
        """Opens one of the boards that the person is offered."""
        self.board = next((board for board in self.boards if board.key == key), self.board)
        self._take_down()
        self.number, self.zoom = 0, None
        self.replan()

    def action_board_next_pane(self) -> None:
        self.focus_next(LinePane)

    def action_board_previous_pane(self) -> None:
        self.focus_previous(LinePane)


def boards_of(me: Me) -> list[Board]:
    """The boards a person is offered; one that this program cannot read is left out, and the log says why."""
    boards: list[Board] = []
    for doc in me.boards:
        try:
            boards.append(Board.load(doc))
        except ValueError:
            log.exception("The board %s cannot be read.", doc.get("key"))
    return boards or ([board_of(me.panes)] if me.panes else [])
