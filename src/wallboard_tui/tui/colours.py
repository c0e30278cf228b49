"""Room ``tui``: a theme of ours in the words of Textual, so that forms, palette and notices match the panes."""

from dataclasses import dataclass

from textual.theme import Theme as TextualTheme

from wallboard_tui.tui.themes import Theme


def _colour(theme: Theme, role: str, ground: bool = False) -> str | None:
    """A role's own colour as Textual writes it; ``None`` where the theme leaves it to the terminal."""
    style = theme.style(role)
    colour = style.bg if ground else style.fg
    if not colour or colour == "default":
        return None
    return colour if colour.startswith("#") else f"ansi_{colour}"


@dataclass(frozen=True)
class _Palette:
    """A theme's colours as Textual writes them; what the theme leaves to the terminal has its ANSI name."""

    ground: str
    text: str
    accent: str
    surface: str
    panel: str
    dim: str
    frame: str
    alert: str
    selected: str
    on_selected: str

    @classmethod
    def of(cls, theme: Theme) -> "_Palette":
        """The colours of a theme; what it does not say comes from what is nearest to it."""
        ground = _colour(theme, "text", ground=True) or "ansi_default"
        text = _colour(theme, "text") or "ansi_default"
        surface = _colour(theme, "surface", ground=True) or ground
        panel = _colour(theme, "panel", ground=True) or surface
        dim = _colour(theme, "dim") or text
        return cls(
            ground=ground,
            text=text,
            accent=_colour(theme, "accent") or _colour(theme, "title") or "ansi_blue",
            surface=surface,
            panel=panel,
            dim=dim,
            frame=_colour(theme, "frame") or dim,
            alert=_colour(theme, "alert") or "ansi_red",
            selected=_colour(theme, "selected", ground=True) or panel,
            on_selected=_colour(theme, "selected") or text,
        )


def textual_theme(theme: Theme) -> TextualTheme:
    """Textual's theme of the same name. A theme in the terminal's own colours stays in them."""
    palette = _Palette.of(theme)
    return TextualTheme(
        name=f"wallboard-{theme.name}",
        primary=palette.accent,
        secondary=palette.accent,
        accent=palette.accent,
        foreground=palette.text,
        background=palette.ground,
        surface=palette.surface,
        panel=palette.panel,
        success=_colour(theme, "ok") or "ansi_green",
        warning=_colour(theme, "warn") or "ansi_yellow",
        error=palette.alert,
        dark=theme.dark,
        ansi=palette.ground.startswith("ansi_"),
        variables=_variables(theme, palette),
    )


def _variables(theme: Theme, palette: _Palette) -> dict[str, str]:
    """What our style sheet asks for, and the parts of Textual's own widgets that follow no theme colour."""
    scrollbar = dict.fromkeys(("scrollbar-hover", "scrollbar-active"), palette.accent)
    grounds = ("background", "background-hover", "background-active", "corner-color")
    scrollbar |= {f"scrollbar-{part}": palette.surface for part in grounds}
    return {
        # Textual's own buttons and command screen ask for these in a theme of the terminal's colours.
        "ansi-background": palette.ground,
        "ansi-foreground": palette.text,
        "wb-dim": palette.dim,
        "wb-frame": palette.frame,
        "wb-focus": _colour(theme, "frame+focus") or palette.accent,
        "wb-selected": palette.selected,
        "wb-on-selected": palette.on_selected,
        "wb-alert": palette.alert,
        "wb-key": _colour(theme, "key") or palette.accent,
        "block-cursor-background": palette.selected,
        "block-cursor-foreground": palette.on_selected,
        "block-cursor-text-style": "bold",
        "input-cursor-background": palette.text,
        "input-cursor-foreground": palette.ground,
        "scrollbar": palette.frame,
        **scrollbar,
    }
