"""The list of commands says of each what the command says of itself, and calling one imports no other's module."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest
import typer
from typer.main import get_group

from wallboard_tui.cli import lazy


@pytest.mark.parametrize("name", lazy.COMMANDS)
def test_the_list_says_of_a_command_what_the_command_says_of_itself(name: str) -> None:
    command = lazy.load(name)
    assert command.name == name
    assert " ".join(command.help.split("\n\n")[0].split()) == lazy.COMMANDS[name][1]


def test_every_command_of_a_module_is_listed() -> None:
    listed: dict[str, set[str]] = {}
    for name, (module, _) in lazy.COMMANDS.items():
        listed.setdefault(module, set()).add(name)
    for module, names in listed.items():
        app = typer.Typer()
        import_module(f"wallboard_tui.cli.{module}").add_to(app)
        assert set(get_group(app).commands) == names, module


def test_a_command_loads_its_own_module_and_no_other_command() -> None:
    script = (
        "import json, sys; sys.argv = ['wallboard', 'kpis', '--help']; from wallboard_tui.cli.main import run\n"
        "try: run()\nexcept SystemExit: pass\n"
        "print(json.dumps([m for m in sys.modules if m.startswith('wallboard_tui.cli.')]), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    loaded = {name.rpartition(".")[2] for name in json.loads(done.stderr.splitlines()[-1])}
    assert loaded & {module for module, _ in lazy.COMMANDS.values()} == {"figures"}


def leaves(command: Any) -> Iterator[Any]:
    for one in getattr(command, "commands", {}).values():
        yield from leaves(one)
    if not getattr(command, "commands", None):
        yield command


@pytest.mark.parametrize("name", lazy.COMMANDS)
def test_whatever_is_to_be_given_has_a_name_in_the_help_and_in_the_error(name: str) -> None:
    nameless = [
        f"{command.name} {param.name}"
        for command in leaves(lazy.load(name))
        for param in command.params
        if param.param_type_name == "argument" and not param.metavar
    ]
    assert not nameless


@pytest.mark.parametrize("name", lazy.COMMANDS)
def test_no_help_shows_a_type_of_python(name: str) -> None:
    for command in leaves(lazy.load(name)):
        said = command.get_help(typer.Context(command, info_name=command.name))
        assert not re.search(r"<[a-z]|…", said.partition("Arguments:")[2] or said.partition("Options:")[2]), said
