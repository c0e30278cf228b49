"""What the README tells people to type has to exist, and to mean what it says."""

import re
import shlex
from pathlib import Path

import pytest
import typer.main

from wallboard_tui.cli.commands import USAGE_ERROR, app

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text("utf-8")
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
LINES = [line for block in re.findall(r"```sh\n(.*?)```", README, re.S) for line in block.splitlines()]
COMMANDS = [line for line in LINES if line.split()[0] == "wallboard"]
TARGETS = [line.split()[1] for line in LINES if line.startswith("make ")]


def parse(line: str) -> None:
    """Parse a command line all the way down, and carry nothing out. Raises what a wrong call raises."""
    command = typer.main.get_command(app)
    arguments, name = shlex.split(line)[1:], "wallboard"
    while True:
        context = command.make_context(name, list(arguments), resilient_parsing=False)
        with context:
            if not hasattr(command, "commands") or not (rest := [*context._protected_args, *context.args]):
                return
            name, command, arguments = command.resolve_command(context, rest)  # type: ignore[attr-defined]


@pytest.mark.parametrize("line", COMMANDS)
def test_a_command_of_the_readme_exists_with_its_options(line: str) -> None:
    parse(line)


def test_a_command_that_does_not_exist_would_be_noticed() -> None:
    for wrong in ("wallboard dance", "wallboard kpis --dance", "wallboard board dance", "wallboard why ann"):
        with pytest.raises(USAGE_ERROR):
            parse(wrong)


def test_the_readme_speaks_of_every_command() -> None:
    listed = set(typer.main.get_command(app).commands)  # type: ignore[attr-defined]
    named = set(re.findall(r"wallboard ([a-z-]+)", README))
    assert listed - named == set()


@pytest.mark.parametrize("target", TARGETS)
def test_a_make_target_of_the_readme_exists(target: str) -> None:
    assert re.search(rf"^{target}:", MAKEFILE, re.M)


def test_the_readme_names_only_files_that_exist() -> None:
    for link in re.findall(r"\]\(([^)#]+)\)", README):
        assert "://" in link or (ROOT / link).exists(), link


def test_the_first_commands_are_the_two_that_matter() -> None:
    assert LINES[:2] == ["make demo", "make test"]
