"""Room ``tui``: the messages that workers post. Handlers own the state; a worker never touches a widget.

A message that only says "something is newer" may replace its waiting predecessor, so that a burst costs one redraw.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from textual.message import Message

if TYPE_CHECKING:
    from wallboard_tui.model.base import Doc
    from wallboard_tui.model.me import Me
    from wallboard_tui.tui.terminal import Terminal
    from wallboard_tui.tui.widgets.pane import LinePane

UNEXPECTED = "That did not work. What went wrong stands in the log; the board goes on."
"""What a person reads when a worker failed for a reason nobody thought of."""


class ViewChanged(Message):
    """The local view holds something newer: documents of these kinds. A newer message takes a waiting one's kinds
    along.
    """

    def __init__(self, kinds: frozenset[str]) -> None:
        super().__init__()
        self.kinds = kinds

    def can_replace(self, message: Message) -> bool:
        # Textual asks the waiting message about the one behind it, and on True drops the waiting one.
        if not isinstance(message, ViewChanged):
            return False
        message.kinds |= self.kinds
        return True


class ViewReplaced(Message):
    """The local view is another one, or there is none: nothing of the one before may stay on the screen."""


class ConnectionChanged(Message):
    """The terminal stands otherwise with its hub; the terminal itself says how."""

    def can_replace(self, message: Message) -> bool:
        return isinstance(message, ConnectionChanged)


class SignedIn(Message):
    """Somebody signed in, and what they may see."""

    def __init__(self, me: "Me") -> None:
        super().__init__()
        self.me = me


class AccessChanged(Message):
    """The hub said what the person may see; when it is something else than before, the board is composed anew.

    ``terminal``: whose feed said it.
    """

    def __init__(self, me: "Me", terminal: "Terminal") -> None:
        super().__init__()
        self.me = me
        self.terminal = terminal


class ViewingBegan(Message):
    """The hub lets the person look through somebody else's eyes: by this terminal."""

    def __init__(self, terminal: "Terminal") -> None:
        super().__init__()
        self.terminal = terminal


class ViewingEnded(Message):
    """Looking through somebody else's eyes is over; ``reason``: a sentence, where the person did not end it."""

    def __init__(self, terminal: "Terminal", reason: str = "") -> None:
        super().__init__()
        self.terminal = terminal
        self.reason = reason


class SignedOut(Message):
    """The session is over; ``reason`` is a sentence for the sign-in screen. ``wished``: the person wanted it so."""

    def __init__(self, reason: str = "", wished: bool = False) -> None:
        super().__init__()
        self.reason = reason
        self.wished = wished


class PanesAnswered(Message):
    """The view answered the questions of some panes: the pane, the answer, and whether there is one."""

    def __init__(self, answers: "Sequence[tuple[LinePane, Any, bool]]") -> None:
        super().__init__()
        self.answers = answers


class SourcesAnswered(Message):
    """The view said how the phone systems are doing: their health documents by name."""

    def __init__(self, sources: "Mapping[str, Doc]") -> None:
        super().__init__()
        self.sources = sources


class Failed(Message):
    """Something a person asked for was refused or did not work: a sentence with the reason and the next step."""

    def __init__(self, sentence: str) -> None:
        super().__init__()
        self.sentence = sentence


class Noticed(Message):
    """Something the person should read."""

    def __init__(self, sentence: str) -> None:
        super().__init__()
        self.sentence = sentence
