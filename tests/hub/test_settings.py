"""What ``hub.toml`` says, and what is wrong with it."""

from pathlib import Path

import pytest

from wallboard_tui.hub.errors import HubError
from wallboard_tui.hub.settings import address_of, read_settings


@pytest.mark.parametrize(
    ("text", "clear"),
    [
        ("", False),
        ('listen = "127.0.0.1:1"', False),
        ('listen = "[::1]:1"', False),
        ('listen = "localhost:1"', False),
        ('listen = "0.0.0.0:1"', True),
        ('listen = "hub.example:1"', True),
        ('listen = "0.0.0.0:1"\ntrusted_proxies = ["10.0.0.5"]', False),
        ('listen = "0.0.0.0:1"\ntls_cert = "{file}"\ntls_key = "{file}"', False),
    ],
)
def test_what_crosses_a_network_in_the_clear_is_known_from_the_settings(home: Path, text: str, clear: bool) -> None:
    home.mkdir(parents=True, exist_ok=True)
    file = home / "hub.toml"
    file.write_text(text.replace("{file}", str(file)), encoding="utf-8")
    assert read_settings(home).in_the_clear is clear


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("listen = 8470", ("hub.toml:1: listen", "HOST:PORT")),
        ('\n# where\nlisten = "nowhere"', ("hub.toml:3: listen", "HOST:PORT")),
        ("lissten = 1", ("hub.toml:1: ", "lissten", "listen")),
        ("home = 5", ("hub.toml:1: home is 5",)),
        ("trusted_proxies = 1", ("hub.toml:1: trusted_proxies", "[")),
        ("source = 1", ("hub.toml:1: source", "[[source]]")),
        ("[[source]]\nname='a'\ncdr='/x'\n\n[[source]]\nname='b'\ncdr=5", ("hub.toml:7: cdr is 5",)),
        ("[[source]]\nname='a'\ncdr='/x'\ncolour='red'", ("hub.toml:4: ", "colour", "queue_log")),
        ("[[source]]\nname='a/b'\ncdr='/x'", ("hub.toml:2: ", "name")),
        ("tls_key = '/etc/hostname'", ("hub.toml:1: tls_cert and tls_key",)),
        ("listen = 'a:1'\nlisten = 'b:2'\n", ("hub.toml:2: it is not TOML", "“listen” stands there twice")),
        ("[[source]]\nqueue_log = '/x'", ("name",)),
        ("[[source]]\nname = 'pbx1'", ("pbx1", "queue_log")),
        ("[[source]]\nname = 'a'\nqueue_log = '/x'\ncdr_zone = 'Mars/1'", ("hub.toml:4: ", "Mars/1")),
        ("[[source]]\nname='a'\ncdr='/x'\n[[source]]\nname='a'\ncdr='/y'", ("hub.toml:5: ", "same name")),
        ("tls_cert = '/nowhere.pem'", ("tls_cert", "/nowhere.pem")),
        ('listen = "x', ("hub.toml:1: it is not TOML",)),
        ("# caf\xe9", ("hub.toml: it is not UTF-8",)),
    ],
)
def test_a_mistake_in_the_settings_is_named(home: Path, text: str, words: tuple[str, ...]) -> None:
    home.mkdir()
    (home / "hub.toml").write_text(text, "latin-1")
    with pytest.raises(HubError) as raised:
        read_settings(home)
    for word in words:
        assert word in str(raised.value)


def test_the_command_line_wins_over_the_file(home: Path) -> None:
    home.mkdir()
    (home / "hub.toml").write_text('listen = "0.0.0.0:1"')
    assert read_settings(home, listen=("::1", 8470)).listen == ("::1", 8470)
    assert read_settings(home).listen == ("0.0.0.0", 1)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("0.0.0.0:8443", ("0.0.0.0", 8443)),
        ("[::1]:0", ("::1", 0)),
        ("hub.example:65535", ("hub.example", 65535)),
        *((wrong, None) for wrong in ("", "nonsense", "8443", ":8443", "host:", "host:65536", "host:-1", "host:²")),
    ],
)
def test_an_address_to_listen_on_is_a_host_and_a_port(text: str, address: tuple[str, int] | None) -> None:
    assert address_of(text) == address
