"""Room ``tui``, widgets: the line below: the keys that hold now, made from the table of actions; and the back-fill's
progress.
"""

from collections.abc import Mapping, Sequence

from textual import events
from textual.message import Message

from wallboard_tui.tui.actions import Action, key_name, keys_of
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
    on, off = ("#", "-") if look.glyphs.ascii else ("━", "─")
    return (
        Span(" history ", "footer+dim"),
        Span(on * full, "footer+ok"),
        Span(off * (BAR - full), "footer+dim"),
        Span(f" {100 * standing.done // standing.total:3d} % ", "footer"),
    )


def footer_spans(
    actions: Sequence[Action], remapped: Mapping[str, str], width: int, ascii_only: bool = False
) -> list[tuple[Action, Line]]:
    """As many actions as have room, each with its key and its title. Those that always hold stay: who knows how to get
    help and how to find a command finds all others.
    """
    drawn: list[tuple[Action, Line]] = []
    for action in actions:
        keys = keys_of(action, remapped)
        if keys:
            key = Span(f" {key_name(keys[0], ascii_only)}", "footer+key")
            drawn.append((action, (key, Span(f" {action.title} ", "footer"))))
    room = width - 1
    kept: set[str] = set()
    for action, line in sorted(drawn, key=lambda each: each[0].scope != "app"):
        room -= width_of(line)
        if room < 0:
            break
        kept.add(action.id)
    return [(action, line) for action, line in drawn if action.id in kept]


class Footer(LineWidget):
    """The keys that hold now. A click on one does what the key does."""

    DEFAULT_CSS = "Footer { height: 1; dock: bottom; }"

    class Chosen(Message):
        """Somebody clicked on an action."""

        def __init__(self, action: Action) -> None:
            super().__init__()
            self.action = action

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._spots: list[tuple[int, int, Action]] = []

    def draw(self, actions: Sequence[Action], remapped: Mapping[str, str], standing: Standing, look: Look) -> int:
        """Shows these actions; returns how many lines were redrawn."""
        width = self.size.width
        if not width:
            return 0
        right = progress(standing, look)
        shown = footer_spans(actions, remapped, width - width_of(right), look.glyphs.ascii)
        x = 0
        self._spots = []
        left: list[Span] = []
        for action, line in shown:
            size = width_of(line)
            self._spots.append((x, x + size, action))
            left += line
            x += size
        return self.show([fit(tuple(left), right, width, fill="footer")], look.theme)

    def on_click(self, event: events.Click) -> None:
        for start, end, action in self._spots:
            if start <= event.x < end:
                self.post_message(self.Chosen(action))
