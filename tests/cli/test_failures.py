"""How a command says that something went wrong: a sentence, JSON too on demand, an exit status; never a traceback."""

import errno
import io
import json
import logging
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from inspect import getcoroutinestate
from pathlib import Path
from typing import Any

import pytest

from wallboard_tui.cli import desk, reach
from wallboard_tui.cli.failures import Failure, failure_of, tell
from wallboard_tui.cli.hub import asked
from wallboard_tui.cli.main import run
from wallboard_tui.cli.output import print_json
from wallboard_tui.cli.streams import standard_streams
from wallboard_tui.cli.terminal import LogFile
from wallboard_tui.client.errors import HubError
from wallboard_tui.client.home import HomeError


def exit_status(*arguments: str) -> int:
    with pytest.raises(SystemExit) as caught:
        run(arguments)
    return int(caught.value.code or 0)


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["kpis", "--by", "colour"],
        ["kpis", "--nonsense"],
        ["show"],
        ["show", "kitchen"],
        ["show", "agents", "--size", "huge"],
        ["show", "agents", "--json", "--text"],
        ["calls", "--direction", "sideways"],
        ["import", "queue-log", "file"],
        ["init", "--name", "Org"],
        ["init", "--name", "Org", "--time-zone", "Mars/Olympus", "--pack", "standard"],
        ["init", "--name", "Org", "--time-zone", "Europe/Dublin", "--pack", "nonsense"],
    ],
)
def test_a_wrong_call_is_one_sentence_and_status_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_status(*arguments) == 2
    said = capsys.readouterr()
    assert bool(said.out) == ("--json" in arguments)
    assert said.err.startswith("wallboard: ")
    assert said.err.count("\n") == 1


def test_a_port_that_there_is_not_is_named_with_what_helps(capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_status("source", "add", "asterisk", "--port", "70000", "--yes") == 2
    said = capsys.readouterr().err
    assert "'--port'" in said
    assert "65535" in said
    assert "wallboard source add asterisk --help" in said


def test_with_json_the_error_also_stands_as_json_where_the_answer_would(capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_status("kpis", "--by", "colour", "--json") == 2
    said = capsys.readouterr()
    assert said.err.startswith("wallboard: --by colour is no dimension.")
    error = json.loads(said.out)["error"]
    assert error["name"] == "wrong-call"
    assert "colour" in error["reason"]
    assert "queue" in error["next"]


@pytest.mark.parametrize(
    ("error", "name", "words"),
    [
        (Failure("x", "It broke.", "Mend it."), "x", "It broke. Mend it."),
        (HubError("unreachable", "nobody answers", "Start it."), "unreachable", "Nobody answers. Start it."),
        (HubError("wrong-settings", "hub.toml:1: no", "Mend it."), "wrong-settings", "hub.toml:1: no. Mend it."),
        (HomeError("directory /x", "it is full", "Move."), "home", "directory /x: it is full. Move."),
        (FileNotFoundError(errno.ENOENT, "No such file", "q.log"), "no-such-file", "q.log: there is no such file."),
        (PermissionError(errno.EACCES, "Denied", "q.log"), "not-readable", "q.log: permission denied."),
        (OSError(errno.ENOSPC, "No space left", "j.db"), "disk-full", "j.db: the disk is full."),
        (sqlite3.OperationalError("database or disk is full"), "disk-full", "The disk is full."),
    ],
)
def test_every_rooms_error_becomes_thing_reason_and_next_step(error: Exception, name: str, words: str) -> None:
    found = failure_of(error)
    assert found is not None
    assert found.name == name
    assert str(found).startswith(words)
    assert found.status == 1


def test_what_nobody_foresaw_is_not_dressed_up_as_something_known() -> None:
    assert failure_of(ZeroDivisionError()) is None


def test_a_mistake_in_the_program_is_a_sentence_and_its_traceback_goes_to_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("WALLBOARD_HOME", str(tmp_path))

    def broken() -> None:
        raise ZeroDivisionError("one over nothing")

    monkeypatch.setattr("wallboard_tui.cli.terminal.need_a_screen", broken)
    assert exit_status() == 1
    said = capsys.readouterr().err
    assert "mistake in the program (ZeroDivisionError: one over nothing)" in said
    assert "Traceback" not in said
    assert str(tmp_path / "errors.log") in said
    assert "Traceback" in (tmp_path / "errors.log").read_text("utf-8")


def test_ctrl_c_before_a_command_has_begun_leaves_no_word_of_pythons_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    async def body() -> None:
        """Never begun."""

    def interrupted(_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(reach, "carry_out", interrupted)
    work = body()
    with pytest.raises(KeyboardInterrupt):
        desk.run(work)
    assert getcoroutinestate(work) == "CORO_CLOSED"


def test_nothing_that_others_wrote_is_an_order_to_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    """A name that was refused stands in the trail: whoever reads the trail must not have it carried out."""
    name = "\x1b]52;c;cm0=\x07\x9b31m\x7f\r\u202eAnn Ó Briain\tä 李"
    shown = "\\u001b]52;c;cm0=\\u0007\\u009b31m\\u007f\\u000d\\u202eAnn Ó Briain\tä 李"
    with standard_streams():
        print(f"{name}\n")
        print_json({"name": name})
        tell(Failure("exists", f"{name} is there already."), as_json=True)
    said = capsys.readouterr()
    text, _, rest = said.out.partition("\n\n")
    assert text == shown
    answer, error = rest[: rest.rindex('{"error')], rest[rest.rindex('{"error') :]
    assert json.loads(answer)["name"] == name
    assert json.loads(error)["error"]["reason"].startswith(name)
    assert not {"\x1b", "\x07", "\x9b", "\x7f", "\r", "\u202e"} & {*said.out, *said.err}


def test_a_sentence_stays_on_one_line_whatever_is_in_it(capsys: pytest.CaptureFixture[str]) -> None:
    tell(Failure("x", "first\nsecond\n", "third"), as_json=False)
    assert capsys.readouterr().err == "wallboard: first second third\n"


def test_without_a_terminal_the_screen_says_so_and_names_what_scripts_use() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "wallboard_tui.cli"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert done.returncode == 1
    assert "needs a terminal" in done.stderr
    assert "wallboard show" in done.stderr


def test_a_screen_that_would_be_drawn_into_a_file_of_errors_is_not_opened(tmp_path: Path) -> None:
    """``wallboard 2>errors.log`` at a terminal: Textual draws on standard error."""
    ours, theirs = os.openpty()
    try:
        done = subprocess.run(
            [sys.executable, "-m", "wallboard_tui.cli"],
            stdin=theirs,
            stdout=theirs,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "WALLBOARD_HOME": str(tmp_path)},
            timeout=30,
        )
    finally:
        os.close(ours)
        os.close(theirs)
    assert done.returncode == 1
    assert "is drawn on standard error" in done.stderr


def interrupted(signal: str) -> Callable[[], None]:
    def raised() -> None:
        raise {"interrupt": KeyboardInterrupt, "pipe": BrokenPipeError}[signal]

    return raised


def test_control_c_ends_it_quietly(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("wallboard_tui.cli.terminal.need_a_screen", interrupted("interrupt"))
    assert exit_status() == 130
    assert capsys.readouterr().err == ""


def test_a_reader_that_goes_away_leaves_no_noise() -> None:
    script = "import sys; from wallboard_tui.cli import main, figures\n" + (
        "figures._kpis = lambda *a: None\n"
        "from wallboard_tui.cli import reach\n"
        "reach.carry_out = lambda work: [{'key': str(n)} for n in range(100_000)]\n"
        "main.run(['kpis', '--json'])\n"
    )
    ours = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert ours.stdout is not None
    assert ours.stderr is not None
    ours.stdout.read(10)
    ours.stdout.close()
    said = ours.stderr.read()
    ours.stderr.close()
    assert ours.wait(30) == 1
    assert said == b""


def test_python_dash_m_is_the_same_program() -> None:
    by_module = subprocess.run([sys.executable, "-m", "wallboard_tui.cli", "--version"], capture_output=True, text=True)
    assert by_module.returncode == 0
    assert by_module.stdout.startswith("wallboard 0.")
    assert "WALLBOARD" not in os.environ or by_module.stderr == ""


def piped(redirection: str, *arguments: str, home: Path) -> "subprocess.CompletedProcess[str]":
    """The program as a shell runs it, with its standard streams as said."""
    program = f'"$0" -m wallboard_tui.cli "$@" {redirection}'
    return subprocess.run(
        ["sh", "-c", program, sys.executable, *arguments],
        env={**os.environ, "WALLBOARD_HOME": str(home)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.mark.parametrize(
    ("redirection", "reason"), [(">/dev/full", "no space left on device"), (">&-", "it is closed")]
)
@pytest.mark.parametrize("arguments", [("--help",), ("--version",), ("purge-cache", "--json")])
def test_an_answer_that_cannot_be_written_is_a_sentence_and_status_1(
    redirection: str, reason: str, arguments: tuple[str, ...], tmp_path: Path
) -> None:
    done = piped(redirection, *arguments, home=tmp_path)
    assert done.returncode == 1
    assert done.stderr == (
        f"wallboard: The answer could not be written to standard output: {reason}. Send it somewhere else.\n"
    )


@pytest.mark.parametrize("encoding", ["ascii", "iso-8859-1", "utf-8"])
def test_what_the_locale_has_no_letters_for_ends_no_command(encoding: str, site: Any) -> None:
    def said(*arguments: str) -> str:
        program = [sys.executable, "-m", "wallboard_tui.cli", *arguments]
        environ = {**os.environ, "WALLBOARD_HOME": str(site.home), "PYTHONIOENCODING": encoding}
        done = subprocess.run(program, env=environ, stdin=subprocess.DEVNULL, capture_output=True, timeout=60)
        assert (done.returncode, done.stderr) == (0, b"")
        return done.stdout.decode(encoding)

    def agents(rows: Any) -> set[str]:
        return {row["name"] for row in rows}

    told = json.loads(said("kpis", "--by", "agent", "--period", "all", "--json"))
    assert "Chloé Dubois" in agents(told), "JSON says everything, whatever it is written in"
    assert ("Chloé" if encoding != "ascii" else "Chlo?") in said("kpis", "--by", "agent", "--period", "all")
    frame = said("show", "wallboard", "--size", "60x8").splitlines()[0]
    assert frame.startswith("┌" if encoding == "utf-8" else "+")


def test_an_argument_that_is_no_text_is_named_in_the_error(site: Any, tmp_path: Path) -> None:
    odd = os.fsdecode(os.fsencode(tmp_path) + b"/queue_\xe9")
    said = piped("", "import", "queue-log", odd, "--source", "odd", "--json", home=site.home)
    assert said.returncode == 1
    assert json.loads(said.stdout)["error"]["name"] == "no-such-file"
    Path(odd).write_text("1700000000|x.1|annexe|NONE|ENTERQUEUE||1|1\nno line\n")
    said = piped("", "import", "queue-log", odd, "--source", "odd", "--json", home=site.home)
    assert said.returncode == 2, "what is asked of a hub is text"
    assert "queue_\\udce9 is not written in UTF-8." in said.stderr
    assert json.loads(said.stdout)["error"]["reason"].startswith(odd)
    said = piped("", "people", "add", os.fsdecode(b"Chlo\xe9"), "--role", "standard:agent", home=site.home)
    assert said.returncode == 2


@pytest.mark.parametrize("redirection", [">/dev/full", ">&-", "2>&-", "2>/dev/full", ">&- 2>&-", "<&- >&- 2>&-"])
def test_an_error_keeps_its_status_whatever_can_be_written(redirection: str, tmp_path: Path) -> None:
    done = piped(redirection, "kpis", "--by", "colour", "--json", home=tmp_path)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    if "2>" not in redirection:
        assert done.stderr.startswith("wallboard: --by colour is no dimension.")
    elif not redirection.startswith((">", "<")):
        assert json.loads(done.stdout)["error"]["name"] == "wrong-call"


@pytest.mark.parametrize("group", ["import", "board", "people"])
def test_a_group_of_commands_alone_shows_its_help_and_is_a_wrong_call(
    group: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert exit_status(group) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith(f"Usage: wallboard {group} ")
    assert "Commands:\n" in said.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["hub", "--listen", "nonsense"], "--listen nonsense is no address. Write HOST:PORT"),
        (["init", "--name", "  ", "--time-zone", "UTC", "--pack", "standard"], "--name: “ ” is no name."),
        (["init", "--name", "Org", "--time-zone", "UTC", "--pack", "standard", "--admin", "A B"], "“A B” is no short"),
        (["people", "add", "Al", "--role", "x", "--extension", "../x"], "“../x” is no extension. Give its digits"),
        (["people", "add", "Al", "--role", "x", "--email", "nonsense"], "“nonsense” is no mail address."),
        (["people", "add", " ", "--key", "al", "--role", "x"], "“ ” is no name."),
    ],
)
def test_what_is_wrong_with_a_call_is_told_before_anything_is_begun(
    arguments: list[str],
    words: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("WALLBOARD_HOME", str(tmp_path / "home"))
    assert exit_status(*arguments) == 2
    assert words in capsys.readouterr().err
    assert not (tmp_path / "home").exists()


def test_what_init_asks_for_is_asked_again_until_it_makes_sense(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    typed = ["Acme", "Europe/Dubin", "Europe/Dublin", "standrd", "standard, justcall"]
    monkeypatch.setattr(sys, "stdin", io.StringIO("\n".join(typed) + "\n"))
    assert asked(None, None, None) == ("Acme", "Europe/Dublin", ["standard", "justcall"])
    said = capsys.readouterr()
    assert "There is no time zone “Europe/Dubin”." in said.out + said.err
    assert "There is no pack “standrd”." in said.out + said.err


def test_an_encoding_that_there_is_not_is_a_wrong_call(site: Any, tmp_path: Path) -> None:
    (tmp_path / "queue_log").write_text("")
    said = site.run("import", "queue-log", str(tmp_path / "queue_log"), "--source", "pbx1", "--encoding", "klingon")
    assert said.status == 2
    assert "klingon" in said.err


def test_what_a_terminal_logs_goes_to_a_file_of_its_owner_and_a_disk_that_refuses_it_ends_nothing(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    said = logging.LogRecord("wallboard_tui.tui", logging.ERROR, __file__, 1, "The pane %s fell.", ("calls",), None)
    log = tmp_path / "terminal.log"
    kept = LogFile(log)
    assert not log.exists(), "it is made when there is something to say"
    kept.handle(said)
    kept.close()
    assert log.stat().st_mode & 0o777 == 0o600
    assert log.read_text("utf-8").endswith("ERROR wallboard_tui.tui: The pane calls fell.\n")

    for path in (tmp_path / "missing" / "terminal.log", Path("/dev/full")):
        refused = LogFile(path)
        refused.handle(said)
        with suppress(OSError):
            refused.close()
    assert capfd.readouterr() == ("", "")
