"""Room ``tui``: themes, and reading them from files. Knows where themes lie and what a theme file may say."""

import difflib
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any


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


ROLES = frozenset(
    {
        "text", "title", "dim", "label", "value", "small", "name", "header", "vip", "key", "accent", "big",
        "big.zero", "big.warn", "big.alert", "ok", "warn", "alert", "badge.warn", "badge.alert", "frame",
        "frame.warn", "frame.alert", "focus", "selected", "surface", "panel", "footer", "banner", "spark", "bar",
        "spark.running", "bar.running", "state.available", "state.ringing", "state.talking", "state.wrap",
        "state.paused", "state.out", "stale", "stale.note",
    }
)  # fmt: skip
"""Every role that pictures and the chrome around them use. One that a theme leaves out looks like ``text``."""

_EIGHT = ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")
ANSI = ("default", *_EIGHT, *(f"bright_{name}" for name in _EIGHT))
ATTRIBUTES = ("bold", "dim", "reverse", "underline")
_HEX = re.compile(r"#[0-9a-fA-F]{6}")
_COLOURS_ALLOWED = 'a colour is "#rrggbb", "default" or one of ' + ", ".join(ANSI[1:])


class ThemeError(Exception):
    """A theme file with a mistake: file, line, reason and what is allowed."""


def folders(home: Path | None = None) -> list[Path]:
    """Where themes lie: the program's own, then the person's ``<home>/themes``, which may come into being later."""
    package = Path(__file__).resolve().parents[1]
    shipped = [package / "_data" / "themes", package.parents[1] / "themes"]
    own = [next((folder for folder in shipped if folder.is_dir()), shipped[0])]
    return [*own, *([home / "themes"] if home else [])]


def readable_themes(dirs: Iterable[Path]) -> tuple[dict[str, Theme], dict[str, ThemeError]]:
    """The themes that can be read, and what is wrong with the others, by name: one mistake costs no other theme.

    A person's file with a mistake leaves the program's own theme of the same name in place.
    """
    found: dict[str, Theme] = {}
    mistakes: dict[str, ThemeError] = {}
    for folder in dirs:
        for path in sorted(folder.glob("*.toml")):
            try:
                found[path.stem] = load_theme(path)
            except ThemeError as error:
                mistakes[path.stem] = error
    return dict(sorted(found.items())), mistakes


def load_theme(path: Path) -> Theme:
    """The theme in a file. Raises ``ThemeError``."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ThemeError(f"The theme {path} cannot be read: {error}.") from error
    return parse_theme(text, path)


def parse_theme(text: str, path: Path) -> Theme:
    """The theme in a file's text. Raises ``ThemeError``."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        from wallboard_tui.reports.not_toml import not_toml

        line, reason = not_toml(error, text)
        raise ThemeError(f"{path}, line {line}: this is not TOML: {reason}.") from error
    reader = _Reader(path, text)
    reader.only(document, ("title", "dark", "roles"), "", "a theme has title, dark and [roles]")
    roles = document.get("roles")
    if not isinstance(roles, dict) or "text" not in roles:
        raise reader.error("roles", "the table [roles] must say at least what `text` looks like", 'text = { fg = "…" }')
    title, dark = document.get("title", path.stem), document.get("dark", True)
    if not isinstance(title, str):
        raise reader.error("title", f"title is {title!r}", "a title is text")
    if not isinstance(dark, bool):
        raise reader.error("dark", f"dark is {dark!r}", "dark is true or false")
    reader.only(roles, ROLES, "roles", f"roles are {', '.join(sorted(ROLES))}")
    return Theme(path.stem, title, dark, {role: reader.style(role, value) for role, value in roles.items()})


class _Reader:
    """Reads one theme file and knows on which line each key stands."""

    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        self.lines = text.splitlines()

    def error(self, key: str, reason: str, allowed: str) -> ThemeError:
        """A mistake, with its line when the key can be found."""
        word = re.compile(rf"""\s*\[?["']?{re.escape(key)}["']?\s*[\].=]""")
        line = next((number for number, text in enumerate(self.lines, 1) if word.match(text)), None)
        place = f"{self.path}, line {line}" if line else f"{self.path}"
        return ThemeError(f"{place}: {reason}; {allowed}.")

    def only(self, table: Mapping[str, Any], allowed: Iterable[str], name: str, sentence: str) -> None:
        """Refuses keys that are not allowed, so that a typo never passes for a setting."""
        known = list(allowed)
        for key in table:
            if key not in known:
                near = difflib.get_close_matches(key, known, 1)
                hint = f"did you mean {near[0]}? " if near else ""
                raise self.error(
                    key, f"there is no {'role' if name == 'roles' else 'setting'} {key!r}", hint + sentence
                )

    def style(self, role: str, value: object) -> RoleStyle:
        """One role: a colour, or a table of ``fg``, ``bg`` and attributes."""
        if isinstance(value, str):
            return RoleStyle(fg=self.colour(role, value))
        if not isinstance(value, dict):
            raise self.error(
                role, f"{role} is {value!r}", "a role is a colour or { fg, bg, " + ", ".join(ATTRIBUTES) + " }"
            )
        for key, given in value.items():
            if key not in ("fg", "bg", *ATTRIBUTES):
                raise self.error(role, f"{role} has {key!r}", "a role has fg, bg, " + ", ".join(ATTRIBUTES))
            if key in ATTRIBUTES and not isinstance(given, bool):
                raise self.error(role, f"{key} of {role} is {given!r}", f"{key} is true or false")
        colours = {key: self.colour(role, value[key]) for key in ("fg", "bg") if key in value}
        flags = {key: bool(value[key]) for key in ATTRIBUTES if key in value}
        return RoleStyle(**colours, **flags)  # type: ignore[arg-type]

    def colour(self, role: str, value: object) -> str:
        """A colour, or a ``ThemeError`` that says what colours there are."""
        if isinstance(value, str) and (value in ANSI or _HEX.fullmatch(value)):
            return value
        raise self.error(role, f"{role} has the colour {value!r}", _COLOURS_ALLOWED)
