"""Room ``client``: the address of a hub, as people write it. Light: the first paint looks at it, too."""

from pathlib import Path
from urllib.parse import urlsplit

from wallboard_tui.client.errors import HubError

HOW = "Write it as https://host:port, or unix:/path/to/hub.sock."


def endpoint(address: str) -> tuple[Path | None, str]:
    """The Unix socket (or ``None``) and the base URL of an address. Raises ``HubError`` ``wrong-address``.

    A name and password in it are refused: an address is remembered, and stands on the screen.
    """
    if address.startswith("unix:"):
        path = Path(address.removeprefix("unix:"))
        if not path.is_absolute():
            raise HubError("wrong-address", f"{address!r} names no absolute path", HOW)
        return path, "http://hub"
    try:
        parts = urlsplit(address)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    else:
        if usable and (parts.username is not None or parts.password is not None):
            raise HubError("wrong-address", "no name or password belongs into the address of a hub", HOW)
        usable = usable and not (parts.query or parts.fragment)
    if not usable:
        raise wrong_address(address)
    return None, address.rstrip("/")


def wrong_address(address: str) -> HubError:
    """What was given is no address."""
    return HubError("wrong-address", f"{address!r} is not the address of a hub", HOW)


def in_the_clear(address: str) -> bool:
    """Whether passwords and calls would cross a network unencrypted."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:  # no address at all
        return False
    return parts.scheme == "http" and bool(host) and not (host in ("localhost", "::1") or host.startswith("127."))
