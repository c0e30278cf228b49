"""Room ``tui``: a theme of ours in the words of Textual, so that forms, palette and notices match the panes."""

from textual.theme import Theme as TextualTheme

from wallboard_tui.tui.themes import Theme


def _colour(theme: Theme, role: str, ground: bool = False) -> str | None:
    """A role's own colour as Textual writes it; ``None`` where the theme leaves it to the terminal."""
    style = theme.style(role)
    colour = style.bg if ground else style.fg
    if not colour or colour == "default":
        return None
    return colour if colour.startswith("#") else f"ansi_{colour}"


def textual_theme(theme: Theme) -> TextualTheme:
    """Textual's theme of the same name. A theme in the terminal's own colours stays in them."""
    ground = _colour(theme, "text", ground=True)
    ansi = ground is None or ground.startswith("ansi_")
    text = _colour(theme, "text") or "ansi_default"
    accent = _colour(theme, "accent") or _colour(theme, "title") or "ansi_blue"
    ground = ground or "ansi_default"
    surface = _colour(theme, "surface", ground=True) or ground
    panel = _colour(theme, "panel", ground=True) or surface
    dim = _colour(theme, "dim") or text
    frame = _colour(theme, "frame") or dim
    on_accent = _colour(theme, "selected") or text
    selected = _colour(theme, "selected", ground=True) or panel
    alert = _colour(theme, "alert") or "ansi_red"
    return TextualTheme(
        name=f"wallboard-{theme.name}",
        primary=accent,
        secondary=accent,
        accent=accent,
        foreground=text,
        background=ground,
        surface=surface,
        panel=panel,
        success=_colour(theme, "ok") or "ansi_green",
        warning=_colour(theme, "warn") or "ansi_yellow",
        error=alert,
        dark=theme.dark,
        ansi=ansi,
        variables={
            # Textual's own buttons and command screen ask for these in a theme of the terminal's colours.
            "ansi-background": ground,
            "ansi-foreground": text,
            "wb-dim": dim,
            "wb-frame": frame,
            "wb-focus": _colour(theme, "frame+focus") or accent,
            "wb-selected": selected,
            "wb-on-selected": on_accent,
            "wb-alert": alert,
            "wb-key": _colour(theme, "key") or accent,
            "block-cursor-background": selected,
            "block-cursor-foreground": on_accent,
            "block-cursor-text-style": "bold",
            "input-cursor-background": text,
            "input-cursor-foreground": ground,
            "scrollbar": frame,
            "scrollbar-hover": accent,
            "scrollbar-active": accent,
            "scrollbar-background": surface,
            "scrollbar-background-hover": surface,
            "scrollbar-background-active": surface,
            "scrollbar-corner-color": surface,
        },
    )
