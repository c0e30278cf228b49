"""Room ``tui``, widgets: the line below: the keys that hold now, made from the table of actions; and the back-fill's
progress.
"""

from collections.abc import Mapping, Sequence

from textual import events
from textual.message import Message

from wallboard_tui.tui.actions import BY_ID, Action
from wallboard_tui.tui.keys import key_name, keys_of
from wallboard_tui.tui.look import Line, Look, Span
from wallboard_tui.tui.look import width as width_of
from wallboard_tui.tui.standing import Standing
from wallboard_tui.tui.widgets.lines import LineWidget
from wallboard_tui.tui.widgets.painter import fit

BAR = 12


def progress(standing: Standing, look: Look) -> Line:
    """How far the history has come, while it is coming in."""
    if not standing.live or not standing.total or standing.done >= standing.total:
        return ()
    full = BAR * standing.done // standing.total
    on, off = look.glyphs.gauge[0], look.glyphs.gauge[1]
    return (
        Span(" history ", "footer+dim"),
        Span(on * full, "footer+ok"),
        Span(off * (BAR - full), "footer+dim"),
        Span(f" {100 * standing.done // standing.total:3d} % ", "footer"),
    )


def footer_spans(
    actions: Sequence[Action], remapped: Mapping[str, str], width: int, ascii_only: bool = False
) -> list[tuple[Action, Line]]:
    """As many actions as have room, each with its key and its title. Those that always hold stay, and the way back: who
    knows how to get help and how to find a command finds all others.
    """
    return _that_fit(_drawn(actions, remapped, ascii_only), width)


def footer_rows(
    actions: Sequence[Action], remapped: Mapping[str, str], width: int, ascii_only: bool = False, most: int = 1
) -> list[list[tuple[Action, Line]]]:
    """The same in at most so many rows, all but the last filled in the order of the actions; in one if that will do."""
    rest, rows = _drawn(actions, remapped, ascii_only), []
    while most > 1 and sum(width_of(line) for _, line in rest) > width - 1:
        row: list[tuple[Action, Line]] = []
        while rest and sum(width_of(line) for _, line in [*row, rest[0]]) <= width - 1:
            row.append(rest.pop(0))
        rows.append(row)
        most -= 1
    return [*rows, _that_fit(rest, width)]


def _drawn(actions: Sequence[Action], remapped: Mapping[str, str], ascii_only: bool) -> list[tuple[Action, Line]]:
    drawn: list[tuple[Action, Line]] = []
    for action in actions:
        both = [BY_ID[action.beside], action] if action.beside else [action]
        keys = [key_name(keys[0], ascii_only) for one in both if (keys := keys_of(one, remapped))]
        if keys:
            drawn.append((action, (Span(f" {' '.join(keys)}", "footer+key"), Span(f" {action.title} ", "footer"))))
    return drawn


def _that_fit(drawn: Sequence[tuple[Action, Line]], width: int) -> list[tuple[Action, Line]]:
    room = width - 1
    kept: set[str] = set()
    for action, line in sorted(drawn, key=lambda each: not _stays(each[0])):
        room -= width_of(line)
        if room < 0:
            break
        kept.add(action.id)
    return [(action, line) for action, line in drawn if action.id in kept]


def _stays(action: Action) -> bool:
    """Whether it is left out last: what always holds, and the way back."""
    return action.scope == "app" or action.keys.startswith("escape")


class Footer(LineWidget):
    """The keys that hold now. A click on one does what the key does."""

    DEFAULT_CSS = "Footer { height: 1; dock: bottom; }"
    most_rows = 1
    """Where there is no room for all keys in one row, so many are taken."""
    least_rows = 1
    """So many rows are taken in any case: as many as those of a footer below, which it hides."""

    class Chosen(Message):
        """Somebody clicked on an action."""

        def __init__(self, action: Action) -> None:
            super().__init__()
            self.action = action

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._spots: list[tuple[int, int, int, Action]] = []
        """Row, first and last column of each action."""
        self._given: tuple[Sequence[Action], Mapping[str, str], Standing | None, Look] | None = None
        """What it was given before it had any room."""

    def draw(
        self, actions: Sequence[Action], remapped: Mapping[str, str], standing: Standing | None, look: Look
    ) -> int:
        """Shows these actions, and how far the history has come; returns how many lines were redrawn."""
        width = self.size.width
        if not width:
            self._given = (actions, remapped, standing, look)
            return 0
        right = progress(standing, look) if standing is not None else ()
        rows = footer_rows(actions, remapped, width - width_of(right), look.glyphs.ascii, self.most_rows)
        rows += [[]] * (self.least_rows - len(rows))
        self.styles.height = len(rows)
        self._spots = []
        lines: list[Line] = []
        for y, row in enumerate(rows):
            x = 0
            left: list[Span] = []
            for action, line in row:
                self._spots.append((y, x, x + width_of(line), action))
                left += line
                x += width_of(line)
            lines.append(fit(tuple(left), right if y == len(rows) - 1 else (), width, fill="footer"))
        return self.show(lines, look.theme)

    def on_resize(self) -> None:
        if self._given is not None:
            given, self._given = self._given, None
            self.draw(*given)

    def on_click(self, event: events.Click) -> None:
        for y, start, end, action in self._spots:
            if y == event.y and start <= event.x < end:
                self.post_message(self.Chosen(action))
