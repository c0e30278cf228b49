"""Room ``tui``: how the program looks: its themes, which one is on, and drawing everything anew when that changes.

The half of the program that knows themes and glyphs; who is signed in is not its affair.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from textual.app import App
from textual.css.stylesheet import Stylesheet

from wallboard_tui.tui.colours import textual_theme
from wallboard_tui.tui.drawing.glyphs import GLYPHS
from wallboard_tui.tui.look import Look
from wallboard_tui.tui.messages import Failed
from wallboard_tui.tui.screens.base import Dialog, WallboardScreen
from wallboard_tui.tui.settings import DEFAULT_THEME, Settings, keep_theme
from wallboard_tui.tui.terminal import Terminal
from wallboard_tui.tui.themes import PLAIN_THEME, Theme, readable_themes

THEMES_EVERY_S = 2.0
"""How often the theme files are looked at; a stat each."""


class Sheet(Stylesheet):
    """The style sheet, read once for each theme. Textual reads all of it again at its start, when a theme is put on,
    and once more when the next widget brings styles of its own.
    """

    def set_variables(self, variables: dict[str, str]) -> None:
        if variables != self._variables:
            super().set_variables(variables)

    def reparse(self) -> None:
        self.parse()  # what was read with these variables is known


class Dressed(App[None]):
    """A program in one of the themes of some folders; files that change are read again while it runs."""

    def __init__(
        self, terminal: Terminal, settings: Settings, settings_file: Path | None, theme_folders: Sequence[Path]
    ) -> None:
        super().__init__()
        self.terminal = terminal
        self.settings = settings
        self.themes: dict[str, Theme] = {}
        self.theme_name = ""
        self._settings_file = settings_file
        self._folders = tuple(theme_folders)
        self._stamp: tuple[object, ...] = ()
        self._kept = ""
        self._unsaid = self._load_themes()
        first = self.settings.theme_for("", self.themes)
        if first in self.themes:
            # Before the style sheet is read, so that it is read in these colours and in no others.
            self.theme_name = first
            self.set_reactive(App.theme, self._registered(first))
        self.stylesheet = Sheet(variables=self.get_css_variables())

    def dress_first(self) -> None:
        """Says what is wrong with the themes, and watches their files from now on."""
        self.add_class(f"-{self.settings.glyphs}")
        self._say(self._unsaid)
        chosen = self.settings.theme
        if chosen and self.themes and chosen not in self.themes:
            there = ", ".join(self.themes)
            self._say([f'There is no theme "{chosen}"; there are {there}. Press t to choose one.'])
        if self._folders:
            self.set_interval(THEMES_EVERY_S, self._themes_changed, name="themes")

    def board_opened(self, theme: str) -> None:
        """A board came on the screen; it may have a theme of its own, for those who did not choose one."""
        wanted = self._kept if self._kept in self.themes else self.settings.theme_for(theme, self.themes)
        if wanted != self.theme_name:
            self.dress(wanted)

    @property
    def _screens(self) -> Iterator[WallboardScreen[object] | Dialog[object]]:
        for screen in self.screen_stack:
            # A dialog that was pushed this moment has nothing on it yet: it draws what holds then.
            if isinstance(screen, WallboardScreen) or (isinstance(screen, Dialog) and screen.is_mounted):
                yield screen

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return textual_theme(PLAIN_THEME).variables

    @property
    def look(self) -> Look:
        """How everything is drawn now."""
        standing = self.terminal.standing()
        stale = float(int(standing.age or 0.0)) if standing.old else None
        return Look(self.themes.get(self.theme_name, PLAIN_THEME), GLYPHS[self.settings.glyphs], stale)

    def dress(self, name: str, keep: bool = False) -> None:
        """Puts on a theme; ``keep`` also remembers it for next time."""
        if name not in self.themes:
            return
        self.theme_name = name
        registered = self._registered(name)
        if self.theme == registered:
            self.refresh_css()
        self.theme = registered
        for screen in self._screens:
            screen.redress()
        if keep:
            self._kept = name
        if keep and self._settings_file is not None:
            try:
                keep_theme(self._settings_file, name)
            except (OSError, ValueError) as error:
                self.post_message(Failed(f"The theme could not be remembered in {self._settings_file}: {error}."))

    def _registered(self, name: str) -> str:
        """Tells Textual of a theme; the name that it has there."""
        theme = textual_theme(self.themes[name])
        self.register_theme(theme)
        return theme.name

    def _load_themes(self) -> list[str]:
        """Reads the themes; what is wrong with some, in sentences."""
        found, mistakes = readable_themes(self._folders)
        # A file that is being edited keeps its last good form.
        self.themes = found | {name: self.themes[name] for name in mistakes if name in self.themes}
        return [str(mistake) for mistake in mistakes.values()]

    def _say(self, mistakes: Sequence[str]) -> None:
        for mistake in mistakes:
            self.post_message(Failed(mistake))

    def _themes_changed(self) -> None:
        stamp = tuple(
            (file.name, file.stat().st_mtime_ns) for folder in self._folders for file in sorted(folder.glob("*.toml"))
        )
        before, self._stamp = self._stamp, stamp
        if before and stamp != before:
            self._say(self._load_themes())
            self.dress(self.theme_name if self.theme_name in self.themes else DEFAULT_THEME)
