"""Themes: the shipped ones are complete and readable, and a mistake in one is named with its line."""

from pathlib import Path

import pytest

from wallboard_tui.tui.themes import ANSI, ROLES, Theme, ThemeError, folders, parse_theme, readable_themes

SHIPPED = readable_themes(folders())[0]
READ = (
    "text",
    "title",
    "dim",
    "label",
    "value",
    "name",
    "big",
    "warn",
    "alert",
    "ok",
    "badge.warn",
    "badge.alert",
    "small",
    "stale",
    "stale.note",
    "vip",
    "key",
    "banner",
)


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(theme: Theme, role: str) -> float:
    style = theme.style(role)
    light, dark = sorted((_luminance(style.fg), _luminance(style.bg)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_five_themes_are_shipped() -> None:
    assert set(SHIPPED) >= {"night", "daylight", "high-contrast", "colour-blind-safe", "terminal"}


@pytest.mark.parametrize("name", sorted(SHIPPED))
def test_a_shipped_theme_says_what_every_role_looks_like(name: str) -> None:
    assert set(SHIPPED[name].roles) == ROLES


@pytest.mark.parametrize("name", sorted(set(SHIPPED) - {"terminal"}))
def test_what_must_be_read_stands_out_from_its_ground(name: str) -> None:
    least = 7.0 if name == "high-contrast" else 4.5  # WCAG 2.2: 1.4.6 and 1.4.3
    for role in (*READ, *(role for role in ROLES if role.startswith("state."))):
        assert _contrast(SHIPPED[name], role) >= least, role
        if not role.startswith(("badge", "alert", "banner", "stale")) and role != "state.out":
            assert _contrast(SHIPPED[name], f"{role}+selected") >= 4.5, f"{role} selected"
    for drawn in ("bar", "spark", "spark.running", "big.zero"):  # 1.4.11
        assert _contrast(SHIPPED[name], drawn) >= 3.0, drawn
    # The step that still runs is paler than those before it, and there.
    assert 2.0 <= _contrast(SHIPPED[name], "bar.running") < _contrast(SHIPPED[name], "bar")


def test_no_figure_of_the_terminals_own_is_in_its_dark_blue() -> None:
    """On black it is next to nothing, in whichever terminal."""
    assert not {role for role, style in SHIPPED["terminal"].roles.items() if style.fg == "blue"}


def test_the_terminal_theme_uses_only_the_terminals_own_colours() -> None:
    theme = SHIPPED["terminal"]
    used = {colour for style in theme.roles.values() for colour in (style.fg, style.bg) if colour}
    assert used <= set(ANSI)
    assert theme.style("text").bg == "default"


def test_roles_fall_back_and_lie_over_each_other() -> None:
    theme = parse_theme(
        '[roles]\ntext={fg="#ffffff",bg="#000000"}\nwarn={fg="#ffff00",bold=true}\nselected={bg="#333333"}',
        Path("t.toml"),
    )
    layered = theme.style("warn.extra+selected")
    assert (layered.fg, layered.bg, layered.bold) == ("#ffff00", "#333333", True)
    assert layered.rich() == "bold #ffff00 on #333333"


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ('[roles]\ntext = "#fff"', 2, ["#fff", "#rrggbb"]),
        ('[roles]\ntext = "#ffffff"\nwarm = "red"', 3, ["warm", "did you mean warn"]),
        ('[roles]\ntext = "#ffffff"\n"state.talking" = { fg = "pink" }', 3, ["pink", "bright_red"]),
        ('[roles]\ntext = { fg = "red", bold = "yes" }', 2, ["bold", "true or false"]),
        ('[roles]\ntext = { fg = "red", blink = true }', 2, ["blink", "underline"]),
        ('titel = "Mine"\n[roles]\ntext = "red"', 1, ["titel", "did you mean title"]),
        ('dark = "no"\n[roles]\ntext = "red"', 1, ["dark", "true or false"]),
        ('title = "Mine"\n[roles]\n', 2, ["text"]),
    ],
)
def test_a_mistake_is_named_with_its_file_its_line_and_what_is_allowed(text: str, line: int, words: list[str]) -> None:
    with pytest.raises(ThemeError) as error:
        parse_theme(text, Path("mine.toml"))
    assert str(error.value).startswith(f"mine.toml, line {line}: ")
    assert all(word in str(error.value) for word in words)


def test_broken_toml_is_told_with_its_line() -> None:
    with pytest.raises(ThemeError, match="line 2"):
        parse_theme("title = 'x'\nroles = = 3", Path("mine.toml"))


def test_a_persons_own_theme_stands_in_for_one_of_the_same_name(tmp_path: Path) -> None:
    (tmp_path / "themes").mkdir()
    (tmp_path / "themes" / "night.toml").write_text('title = "My night"\n[roles]\ntext = "white"\n', encoding="utf-8")
    assert readable_themes(folders(tmp_path))[0]["night"].title == "My night"
    assert readable_themes(folders())[0]["night"].title == "Night"
