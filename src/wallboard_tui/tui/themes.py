"""Room ``tui``: themes, and reading them from files. Knows where themes lie and what a theme file may say."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path


@dataclass(frozen=True, slots=True)
class RoleStyle:
    """What a role looks like. Colours as in a theme file: ``#rrggbb``, ``default``, or one of the 16 ANSI names."""

    fg: str = ""
    bg: str = ""
    bold: bool | None = None
    dim: bool | None = None
    reverse: bool | None = None
    underline: bool | None = None

    def over(self, below: "RoleStyle") -> "RoleStyle":
        """This style laid over another: what it does not say, the other says."""

        def pick(mine: bool | None, theirs: bool | None) -> bool | None:
            return theirs if mine is None else mine

        return RoleStyle(
            fg=self.fg or below.fg,
            bg=self.bg or below.bg,
            bold=pick(self.bold, below.bold),
            dim=pick(self.dim, below.dim),
            reverse=pick(self.reverse, below.reverse),
            underline=pick(self.underline, below.underline),
        )

    def rich(self) -> str:
        """The same in the words of ``rich.style.Style.parse``."""
        attributes = {"bold": self.bold, "dim": self.dim, "reverse": self.reverse, "underline": self.underline}
        words = [name if value else f"not {name}" for name, value in attributes.items() if value is not None]
        words += [self.fg] if self.fg else []
        words += [f"on {self.bg}"] if self.bg else []
        return " ".join(words) or "none"


@dataclass(frozen=True, eq=False)
class Theme:
    """What each role looks like. ``name`` is the file's name without ending, ``title`` is what people read."""

    name: str
    title: str = ""
    dark: bool = True
    roles: Mapping[str, RoleStyle] = field(default_factory=dict)

    def style(self, role: str) -> RoleStyle:
        """The style of a role on ``text``. ``state.talking`` falls back to ``state``; ``a+b`` lays b over a."""
        return _style(self, role)

    def colour(self, role: str) -> str:
        """Foreground of a role: ``#rrggbb``, ``default`` or an ANSI name."""
        return self.style(role).fg or "default"


@lru_cache(maxsize=4096)
def _style(theme: Theme, role: str) -> RoleStyle:
    style = theme.roles.get("text", RoleStyle())
    for layer in role.split("+"):
        name = layer
        while name not in theme.roles and "." in name:
            name = name.rpartition(".")[0]
        style = theme.roles.get(name, RoleStyle()).over(style)
    return style


PLAIN_THEME = Theme("plain", "No colours")
"""What is drawn with when there are no colours at all, as in the headless twin."""


class ThemeError(Exception):
    """A theme file with a mistake: file, line, reason and what is allowed."""


def folders(home: Path | None = None) -> list[Path]:
    """Where themes lie: the program's own, then the person's ``<home>/themes``."""
    raise NotImplementedError


def load_theme(path: Path) -> Theme:
    """The theme in a file. Raises ``ThemeError``."""
    raise NotImplementedError


def load_themes(dirs: Iterable[Path]) -> dict[str, Theme]:
    """All themes of some folders by name; a later folder's stands in for an earlier one's. Raises ``ThemeError``."""
    raise NotImplementedError
