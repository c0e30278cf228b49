"""Room ``tui``: a person's own settings of the screen, ``terminal.toml``: theme, glyphs and keys. Reads and writes
that file.
"""

import tomllib
from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console

from wallboard_tui.tui.drawing.glyphs import GLYPHS
from wallboard_tui.tui.keys import KeysError, check_keys

DEFAULT_THEME = "night"
FEW_COLOURS_THEME = "terminal"
"""Drawn in sixteen colours, the others would have warnings in red and green in blue."""


_POOR = {"linux": "plain", "dumb": "ascii", "ansi": "ascii"}
"""Terminals that have fewer characters, by ``TERM``; serial ones (``vt100`` …) have ASCII alone."""


class SettingsError(Exception):
    """A mistake in the settings: file, what is wrong, what is allowed."""


@dataclass(frozen=True)
class Settings:
    """What a person chose for their screen. ``theme`` empty: what the board says, else ``night``."""

    theme: str = ""
    glyphs: str = "unicode"
    keys: Mapping[str, str] = field(default_factory=dict)
    few_colours: bool = False
    """The terminal has sixteen colours; a theme for it stands in for what the board says."""
    mouse: bool = True
    """Whether the program hears the mouse; without it the terminal's own selecting and pasting work as usual."""

    def theme_for(self, board: str, known: Container[str]) -> str:
        """The theme to begin with: the person's own, that of the board, or the usual one; of those that are known."""
        usual = FEW_COLOURS_THEME if self.few_colours else DEFAULT_THEME
        wanted = (self.theme, usual if self.few_colours else board, usual)
        return next((name for name in wanted if name in known), DEFAULT_THEME)


def usual_glyphs(environ: Mapping[str, str]) -> str:
    """The glyphs for a terminal whose person says nothing: the richest that it surely has.

    A locale that is not set, or is ``C``, says nothing about the terminal.
    """
    locale = next((environ[name] for name in ("LC_ALL", "LC_CTYPE", "LANG") if environ.get(name)), "")
    _, dot, encoding = locale.partition(".")
    if dot and not encoding.lower().replace("-", "").startswith("utf8"):
        return "ascii"
    term = environ.get("TERM", "")
    return "ascii" if term.startswith("vt") else _POOR.get(term, "unicode")


def few_colours(environ: Mapping[str, str]) -> bool:
    """Whether a terminal says that it has no more than sixteen colours, as ``TERM=xterm`` alone does."""
    return Console(_environ=environ, force_terminal=True).color_system == "standard"


def load(path: Path, usual: str = "unicode", few: bool = False) -> Settings:
    """The settings in a file, with the ``usual`` glyphs where it names none, for a terminal of many colours or ``few``.
    Raises ``SettingsError``."""
    text = ""
    try:
        text = path.read_text("utf-8")
        found = tomllib.loads(text)
    except FileNotFoundError:
        return Settings(glyphs=usual, few_colours=few)
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path} cannot be read: it is not UTF-8. Save it as UTF-8, or remove it.") from error
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error.strerror}. Mend it or remove it.") from error
    except tomllib.TOMLDecodeError as error:
        from wallboard_tui.reports.not_toml import not_toml

        line, reason = not_toml(error, text)
        raise SettingsError(f"{path}, line {line}: this is not TOML: {reason}. Mend it or remove it.") from error
    look, keys = found.get("look", {}), found.get("keys", {})
    if not isinstance(look, dict) or not isinstance(keys, dict):
        raise SettingsError(f"{path}: [look] and [keys] must be tables.")
    unknown = [*(set(found) - {"look", "keys"}), *(set(look) - {"theme", "glyphs", "mouse"})]
    if unknown:
        raise SettingsError(
            f"{path}: {sorted(unknown)[0]} is not known there; there are theme, glyphs and mouse in [look], and [keys]."
        )
    glyphs = look.get("glyphs", usual)
    if glyphs not in GLYPHS:
        raise SettingsError(f'{path}: glyphs = "{glyphs}" is not known; allowed are {", ".join(GLYPHS)}.')
    mouse = look.get("mouse", True)
    if not isinstance(mouse, bool):
        raise SettingsError(f"{path}: mouse must be true or false, not {mouse!r}.")
    try:
        return Settings(str(look.get("theme", "")), glyphs, check_keys(keys), few, mouse)
    except KeysError as error:
        raise SettingsError(f"{path}: {error}") from error


def keep_theme(path: Path, theme: str) -> None:
    """Writes the chosen theme into the file and leaves the rest of it, comments too, as it stands. Raises
    ``OSError``.
    """
    import tomlkit

    document = tomlkit.parse(path.read_text("utf-8")) if path.exists() else tomlkit.document()
    look = document.setdefault("look", tomlkit.table())
    look["theme"] = theme
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".new")
    draft.write_text(tomlkit.dumps(document), "utf-8")
    draft.replace(path)
