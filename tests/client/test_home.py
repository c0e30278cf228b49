"""Where things lie, and who may look at them."""

import os
import socket
from pathlib import Path

import pytest

from wallboard_tui.client.home import LONGEST_SOCKET_PATH, Home, HomeError, private


def test_wallboard_home_puts_everything_under_one_directory(tmp_path: Path) -> None:
    home = Home.find({"WALLBOARD_HOME": str(tmp_path)})
    places = [home.hub_toml, home.journal, home.view, home.hub_log, home.session, home.cache]
    assert all(place.is_relative_to(tmp_path) for place in places)
    assert home.environ()["WALLBOARD_HOME"] == str(tmp_path)


def test_without_it_the_desktops_places_are_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("DATA", "CONFIG", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name))
    home = Home.find({})
    assert home.data.parent == tmp_path / "DATA"
    assert home.hub_toml.is_relative_to(tmp_path / "CONFIG")
    assert home.cache.is_relative_to(tmp_path / "CACHE")


def test_directories_are_made_for_their_owner_alone(tmp_path: Path) -> None:
    home = Home.at(tmp_path / "home").prepare()
    for directory in (home.data, home.cache, home.socket.parent):
        assert directory.stat().st_mode & 0o777 == 0o700


def test_a_short_home_holds_its_socket_itself() -> None:
    assert Home.at(Path("/srv/wallboard")).socket == Path("/srv/wallboard/hub.sock")


@pytest.mark.parametrize("length", [1, 60, 90, 91, 92, 120, 250])
def test_a_socket_can_be_bound_however_long_the_home_is(tmp_path: Path, length: int) -> None:
    home = Home.at(tmp_path / ("d" * length)).prepare()
    assert len(os.fsencode(home.socket)) <= LONGEST_SOCKET_PATH
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(home.socket))
        assert home.socket.exists()
    home.socket.unlink()
    if home.socket.parent != home.data:
        home.socket.parent.rmdir()


def test_two_long_homes_have_two_sockets(tmp_path: Path) -> None:
    one, other = (Home.at(tmp_path / ("d" * 120) / name) for name in "ab")
    assert one.socket != other.socket
    assert one.socket == Home.at(one.data).socket


def test_a_directory_that_is_a_link_to_elsewhere_is_refused(tmp_path: Path) -> None:
    (tmp_path / "theirs").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "theirs")
    with pytest.raises(HomeError, match="belongs to somebody else"):
        private(tmp_path / "link")


def test_a_directory_of_somebody_else_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "theirs").mkdir()
    monkeypatch.setattr(os, "getuid", lambda: 424242)
    with pytest.raises(HomeError, match="belongs to somebody else"):
        private(tmp_path / "theirs")


def test_a_home_that_cannot_be_made_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a directory")
    for home in ("file", "file/home"):
        with pytest.raises(HomeError, match=rf"{home}: a file is in its place\. .*WALLBOARD_HOME"):
            Home.at(tmp_path / home).prepare()
