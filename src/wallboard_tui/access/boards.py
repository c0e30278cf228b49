"""Room ``access``: boards."""
from collections.abc import Collection, Iterable
from wallboard_tui.access.directory import Directory
from wallboard_tui.model.base import Doc


def compose(board: Doc, panes: Collection[str]) -> Doc | None:
    raise NotImplementedError


def default_board(panes: Collection[str]) -> Doc:
    raise NotImplementedError


def offered_boards(person_key: str, directory: Directory, boards: Iterable[Doc], panes: Collection[str]) -> list[Doc]:
    raise NotImplementedError
