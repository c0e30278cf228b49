"""What a terminal remembers between two starts."""

from pathlib import Path

import pytest

from wallboard_tui.client.session import Session, forget, load, save

SESSION = Session("unix:/run/hub.sock", "ann", "secret")


def test_a_session_comes_back_and_is_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "session.json"
    save(path, SESSION)
    assert load(path) == SESSION
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_forgetting_keeps_the_address_and_the_name(tmp_path: Path) -> None:
    path = tmp_path / "session.json"
    save(path, SESSION)
    forget(path)
    assert load(path) == Session("unix:/run/hub.sock", "ann", None)
    assert b"secret" not in path.read_bytes()


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"{}", b'{"person": "ann"}', b"\xff\xfe", b"null"])
def test_a_file_that_says_nothing_useful_is_no_session(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "session.json"
    path.write_bytes(content)
    assert load(path) is None
    forget(path)


def test_a_crash_while_writing_leaves_the_old_session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "session.json"
    save(path, SESSION)

    def crash(fd: int) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr("os.fsync", crash)
    with pytest.raises(OSError, match="no space"):
        save(path, Session("https://other"))
    assert load(path) == SESSION
    assert list(tmp_path.iterdir()) == [path]
