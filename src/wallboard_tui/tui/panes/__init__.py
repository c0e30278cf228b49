"""Room ``tui``, panes: the kinds of panes by name, and their pictures as plain text. Pure; imports no Textual."""

from collections.abc import Iterator, MutableMapping, Sequence
from importlib import import_module

from wallboard_tui.tui.look import Line
from wallboard_tui.tui.panes.base import Context, PaneKind

__all__ = ["PANES", "Context", "PaneKind", "text"]

_MODULES = {
    "wallboard": "wallboard", "agents": "agents", "rollups": "rollups", "metrics": "metrics", "missed": "missed",
    "calls": "calls", "text": "text_pane", "clock": "clock",
}  # fmt: skip
"""Name of a kind → the module whose ``KIND`` it is."""


class _Kinds(MutableMapping[str, PaneKind]):
    """All kinds by name. A board's first paint imports those that are on it, and no others."""

    def __init__(self) -> None:
        self._loaded: dict[str, PaneKind] = {}

    def __getitem__(self, name: str) -> PaneKind:
        if name not in self._loaded:
            kind: PaneKind = import_module(f"{__name__}.{_MODULES[name]}").KIND
            self._loaded[name] = kind
        return self._loaded[name]

    def __setitem__(self, name: str, kind: PaneKind) -> None:
        self._loaded[name] = kind

    def __delitem__(self, name: str) -> None:
        del self._loaded[name]

    def __contains__(self, name: object) -> bool:
        return name in _MODULES

    def __iter__(self) -> Iterator[str]:
        return iter(_MODULES)

    def __len__(self) -> int:
        return len(_MODULES)


PANES = _Kinds()


def text(lines: Sequence[Line]) -> str:
    """A picture as plain text: the roles left out, blanks at the ends of lines cut."""
    return "".join("".join(span.text for span in line).rstrip() + "\n" for line in lines)
