"""Sources written into hub.toml, and taken out of it."""

import stat
from pathlib import Path

import pytest

from wallboard_tui.hub.errors import HubError
from wallboard_tui.hub.settings import read_settings
from wallboard_tui.hub.settings_file import put_secret, put_source, take_out_source

MINE = """\
# our hub
listen = "0.0.0.0:8443"  # behind the proxy

[[source]]  # the old one
name = "old"
queue_log = "/var/log/old"
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "hub.toml"
    path.write_text(MINE)
    return path


def test_a_source_is_added_and_everything_else_stays_as_it_was_written(config: Path) -> None:
    put_source(config, "pbx1", {"queue_log": "/var/log/asterisk/queue_log"})
    assert config.read_text().startswith(MINE)
    assert [source.name for source in read_settings(config.parent).sources] == ["old", "pbx1"]


def test_a_source_of_the_same_name_is_replaced(config: Path) -> None:
    put_source(config, "old", {"cdr": "/var/log/new"})
    (source,) = read_settings(config.parent).sources
    assert (source.queue_log, source.cdr) == (None, Path("/var/log/new"))


def test_taking_the_last_source_out_leaves_a_file_that_can_be_read(config: Path) -> None:
    assert take_out_source(config, "old")
    assert not take_out_source(config, "old")
    assert read_settings(config.parent).sources == ()
    assert "# behind the proxy" in config.read_text()


def test_where_there_is_no_file_one_is_made(tmp_path: Path) -> None:
    path = tmp_path / "new" / "hub.toml"
    put_source(path, "pbx1", {"cdr": "/x"})
    assert [source.name for source in read_settings(tmp_path, config=path).sources] == ["pbx1"]


def test_a_file_that_is_not_toml_is_left_alone(config: Path) -> None:
    config.write_text("listen = ")
    with pytest.raises(HubError, match="it is not TOML"):
        put_source(config, "pbx1", {})
    assert config.read_text() == "listen = "


def test_a_file_whose_sources_are_written_otherwise_is_left_alone(config: Path) -> None:
    config.write_text('source = "pbx1"')
    with pytest.raises(HubError, match="not written as"):
        put_source(config, "pbx1", {})
    assert config.read_text() == 'source = "pbx1"'


def test_a_secret_may_be_read_by_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "secrets" / "pbx1"
    put_secret(path, "hush")
    assert path.read_text() == "hush\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
