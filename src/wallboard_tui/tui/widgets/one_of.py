"""Room ``tui``, widgets: one of several, chosen from a list that opens. Textual's own finds nothing by typing among
texts that are no markup.
"""

from collections.abc import Iterable, Sequence

from rich.console import RenderableType
from rich.text import Text
from textual.widgets import Select


class OneOf(Select[str]):
    """Names with keys. Letters that are typed while it is open go to the first name that has them.

    ``value``: the key to begin with; empty or ``None`` for none.
    """

    def __init__(
        self,
        choices: Sequence[tuple[str, str]],
        value: str | None = None,
        *,
        prompt: str = "",
        id: str,
        blank: bool = True,
        disabled: bool = False,
    ) -> None:
        super().__init__(_texts(choices), value=value or Select.NULL, prompt=prompt, id=id, allow_blank=blank,
                         disabled=disabled, compact=True)  # fmt: skip

    def offer(self, choices: Iterable[tuple[str, str]], chosen: str | None) -> None:
        """Other choices, one of them chosen; nobody is told."""
        offered = list(choices)
        with self.prevent(Select.Changed):
            self.set_options(_texts(offered))
            self.value = chosen if chosen in {key for _, key in offered} else Select.NULL


def _texts(choices: Iterable[tuple[str, str]]) -> list[tuple[RenderableType, str]]:
    # Textual searches the plain text of these, and reads no markup in them.
    return [(Text(name, no_wrap=True, overflow="ellipsis"), key) for name, key in choices]
