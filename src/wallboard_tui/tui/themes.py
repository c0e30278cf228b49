"""Room ``tui``: themes from files. Knows where themes lie and what a theme file may say; the only part here that reads files."""

from pathlib import Path

from wallboard_tui.tui.look import Theme


class ThemeError(Exception):
    """A theme file with a mistake: file, line, reason and what is allowed."""


def folders(home: Path | None = None) -> list[Path]:
    """Where themes lie, the person's own first: ``<home>/themes``, then the program's own."""
    raise NotImplementedError


def load(path: Path) -> Theme:
    """The theme in a file. Raises ``ThemeError``."""
    raise NotImplementedError


def available(home: Path | None = None) -> dict[str, Path]:
    """Names of all themes and their files; a person's own theme stands in for the program's of the same name."""
    raise NotImplementedError


def named(name: str, home: Path | None = None) -> Theme:
    """The theme of that name. Raises ``ThemeError`` with the names there are."""
    raise NotImplementedError
