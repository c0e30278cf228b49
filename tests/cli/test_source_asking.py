"""The questions of ``wallboard source add asterisk``: what is asked, and what the answers say."""

from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from wallboard_tui.cli import source_asking

NOTHING_SAID: dict[str, Any] = {
    "name": None, "host": None, "port": None, "login": None, "tls": False, "tls_ca": None, "tls_verify": True,
    "secret_env": "SECRET", "secret_file": None, "queue_log": None, "cdr": None, "cdr_zone": None,
}  # fmt: skip


def answers(*typed: str, **known: Any) -> tuple[dict[str, Any], str]:
    """What is said after these answers, and what was asked."""
    said = {**NOTHING_SAID, **known}
    with CliRunner().isolation(input="".join(f"{line}\n" for line in typed)) as (out, *_):
        source_asking._ask(said, source_asking.open_to_answers(said))
        return said, out.getvalue().decode()


def test_who_speaks_tls_is_asked_which_certificate_is_trusted() -> None:
    said, asked = answers("", "pbx.example", "y", "", "any", "", "-", "-")
    assert "Certificate to trust" in asked
    assert (said["tls"], said["port"], said["tls_verify"], said["tls_ca"]) == (True, 5039, False, None)

    said, _ = answers("", "pbx.example", "y", "", "pbx.pem", "", "-", "-")
    assert (said["tls_verify"], said["tls_ca"]) == (True, Path("pbx.pem"))

    said, _ = answers("", "pbx.example", "y", "", "", "", "-", "-")
    assert (said["tls_verify"], said["tls_ca"]) == (True, None)


def test_a_certificate_that_was_said_is_not_asked_for_again() -> None:
    said, asked = answers("", "pbx.example", "", "", "-", "-", tls=True, tls_ca=Path("pbx.pem"))
    assert "Certificate" not in asked
    assert said["tls_ca"] == Path("pbx.pem")


def test_who_speaks_no_tls_is_not_asked_for_a_certificate() -> None:
    said, asked = answers("", "pbx.example", "n", "", "", "-", "-")
    assert "Certificate" not in asked
    assert (said["tls"], said["port"], said["tls_ca"], said["tls_verify"]) == (False, 5038, None, True)
