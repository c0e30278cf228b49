"""A person's own settings: read with care, written without losing what people wrote beside them."""

from pathlib import Path

import pytest

from wallboard_tui.tui.app import WallboardApp
from wallboard_tui.tui.settings import Settings, SettingsError, few_colours, keep_theme, load, usual_glyphs

from .conftest import StillTerminal


def test_without_a_file_the_defaults_hold(tmp_path: Path) -> None:
    assert load(tmp_path / "terminal.toml") == Settings()


def test_settings_are_read(tmp_path: Path) -> None:
    file = tmp_path / "terminal.toml"
    file.write_text('[look]\ntheme = "daylight"\nglyphs = "ascii"\n[keys]\n"missed.claim" = "f9"\n')
    assert load(file) == Settings("daylight", "ascii", {"missed.claim": "f9"})


@pytest.mark.parametrize(
    ("environ", "few"),
    [
        ({"TERM": "linux"}, True),
        ({"TERM": "xterm"}, True),
        ({"TERM": "screen"}, True),
        ({"TERM": "xterm-256color"}, False),
        ({"TERM": "xterm", "COLORTERM": "truecolor"}, False),
    ],
)
def test_a_terminal_of_sixteen_colours_gets_the_theme_made_of_them(
    tmp_path: Path, environ: dict[str, str], few: bool
) -> None:
    themes = ("night", "terminal", "daylight")
    assert few_colours(environ) is few
    file = tmp_path / "terminal.toml"
    assert load(file, few=few).theme_for("", themes) == ("terminal" if few else "night")
    assert load(file, few=few).theme_for("daylight", themes) == ("terminal" if few else "daylight")
    file.write_text('[look]\ntheme = "night"\n')
    assert load(file, few=few).theme_for("daylight", themes) == "night"


@pytest.mark.parametrize(
    ("environ", "glyphs"),
    [
        ({}, "unicode"),
        ({"TERM": "xterm-256color", "LANG": "C"}, "unicode"),
        ({"TERM": "tmux-256color", "LANG": "en_IE.UTF-8"}, "unicode"),
        ({"TERM": "xterm", "LANG": "de_DE.utf8"}, "unicode"),
        ({"TERM": "linux", "LANG": "en_IE.UTF-8"}, "plain"),
        ({"TERM": "vt220"}, "ascii"),
        ({"TERM": "xterm", "LANG": "en_IE.UTF-8", "LC_ALL": "en_IE.ISO-8859-15"}, "ascii"),
    ],
)
def test_a_terminal_with_fewer_characters_gets_no_others_unless_its_person_says_so(
    tmp_path: Path, environ: dict[str, str], glyphs: str
) -> None:
    file = tmp_path / "terminal.toml"
    assert usual_glyphs(environ) == glyphs
    assert load(file, glyphs).glyphs == glyphs
    file.write_text('[look]\nglyphs = "unicode"\n')
    assert load(file, glyphs).glyphs == "unicode"


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("[look", "line 1: this is not TOML"),
        ('[look]\nglyphs = "emoji"', "unicode"),
        ("look = 3", "must be tables"),
        ('[keys]\n"no.such" = "x"', "no.such"),
        ('theme = "daylight"', "theme is not known there"),
        ('[look]\ncolour = "red"', "colour is not known there"),
        ('[look]\nmouse = "off"', "mouse must be true or false"),
    ],
)
def test_a_mistake_names_the_file_and_what_is_allowed(tmp_path: Path, text: str, word: str) -> None:
    file = tmp_path / "terminal.toml"
    file.write_text(text)
    with pytest.raises(SettingsError, match=word) as caught:
        load(file)
    assert str(file) in str(caught.value)


def test_a_file_that_is_no_text_is_said_to_be_so(tmp_path: Path) -> None:
    (tmp_path / "terminal.toml").write_bytes(b"[look]\ntheme = 'caf\xe9'\n")
    with pytest.raises(SettingsError, match="is not UTF-8"):
        load(tmp_path / "terminal.toml")


def test_keeping_a_theme_leaves_comments_and_keys_alone(tmp_path: Path) -> None:
    file = tmp_path / "terminal.toml"
    file.write_text('# mine\n[keys]\n"missed.claim" = "f9" # thumb\n')
    keep_theme(file, "daylight")
    assert load(file) == Settings("daylight", "unicode", {"missed.claim": "f9"})
    assert "# mine" in file.read_text()
    assert "# thumb" in file.read_text()


def test_keeping_a_theme_makes_the_file(tmp_path: Path) -> None:
    keep_theme(tmp_path / "new" / "terminal.toml", "night")
    assert load(tmp_path / "new" / "terminal.toml").theme == "night"


def test_a_mouse_that_is_left_to_the_terminal_is_not_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "terminal.toml"
    file.write_text("[look]\nmouse = false\n", "utf-8")
    asked: list[bool] = []
    monkeypatch.setattr("gc.freeze", lambda: None)  # else what other tests leave behind would stay for ever
    monkeypatch.setattr(WallboardApp, "run", lambda self, *, mouse: asked.append(mouse))
    for settings in (Settings(), load(file)):
        WallboardApp(StillTerminal(), settings=settings).start()
    assert asked == [True, False]
