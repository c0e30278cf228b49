"""What is imported by whom: help must answer at once, a hub must not pay for a screen, a screen not for a hub."""

import json
import subprocess
import sys
from importlib.util import find_spec

import pytest

WHAT_IS_LOADED = "import json, sys; print(json.dumps(sorted(sys.modules)), file=sys.stderr)"

SCREEN = {"textual"}
SERVER = {"fastapi", "starlette", "uvicorn", "argon2", "phonenumbers"}
ROOMS_OF_THE_HUB = {"wallboard_tui.hub", "wallboard_tui.journal", "wallboard_tui.sources"}


def loaded(code: str) -> set[str]:
    """Every module that a fresh interpreter has loaded after running ``code``."""
    script = f"try:\n    {code}\nexcept SystemExit:\n    pass\n{WHAT_IS_LOADED}"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stderr.splitlines()[-1]))


def packages(modules: set[str]) -> set[str]:
    """The top-level packages of modules, and the rooms of ours."""
    return {name.split(".")[0] for name in modules} | {
        ".".join(name.split(".")[:2]) for name in modules if name.startswith("wallboard_tui.")
    }


HELP = "import sys; sys.argv = ['wallboard', '--help']; from wallboard_tui.cli.main import run; run()"


def test_help_loads_the_command_line_and_nothing_else() -> None:
    modules = loaded(HELP)
    heavy = {"textual", "rich", "httpx", "pydantic", "asyncio", "sqlite3", "tomlkit", *SERVER}
    assert not packages(modules) & heavy
    assert {room for room in packages(modules) if room.startswith("wallboard_tui.")} == {"wallboard_tui.cli"}


def test_help_loads_no_more_modules_than_a_third_of_a_second_of_cpu_buys() -> None:
    ours = loaded(HELP) - loaded("import typer")
    assert len({name for name in ours if name.startswith("wallboard_tui")}) <= 20
    assert len(ours) <= 40, sorted(ours)


def test_the_hub_loads_no_screen_and_no_client() -> None:
    found = packages(loaded("import wallboard_tui.hub.app, wallboard_tui.hub.serve"))
    assert not found & {*SCREEN, "wallboard_tui.tui", "wallboard_tui.client", "typer"}


def test_the_first_paint_loads_no_server() -> None:
    found = packages(loaded("import wallboard_tui.tui.app, wallboard_tui.tui.online"))
    assert not found & {*SERVER, *ROOMS_OF_THE_HUB, "sqlite_utils", "typer"}


def test_the_first_paint_looks_for_no_plugins_of_pydantic() -> None:
    found = loaded(
        "from wallboard_tui.cli.terminal import without_plugins; without_plugins(); import wallboard_tui.tui.app"
    )
    assert not found & {"importlib.metadata", "email", "zipfile"}
    assert find_spec("pydantic.plugin._loader") is not None  # what is stood in for is still called so


def test_what_stands_in_for_a_module_of_pydantic_gives_way_to_it_when_asked_for_more() -> None:
    found = loaded(
        "from wallboard_tui.cli.terminal import without_plugins; without_plugins()\n"
        "    from pydantic.plugin._loader import PYDANTIC_ENTRY_POINT_GROUP, get_plugins\n"
        "    import wallboard_tui.model.me"
    )
    assert "importlib.metadata" in found


def test_a_terminal_that_goes_on_from_its_cache_loads_nothing_that_makes_tables_or_a_command_line() -> None:
    found = packages(loaded("from wallboard_tui.tui.following import import_network; import_network()"))
    assert "httpx" in found
    assert not found & {*SERVER, *ROOMS_OF_THE_HUB, "sqlite_utils", "click", "pygments", "typer"}


def test_pictures_are_drawn_without_a_screen() -> None:
    found = packages(loaded("import wallboard_tui.tui.panes"))
    assert not found & {*SCREEN, *SERVER, *ROOMS_OF_THE_HUB, "httpx", "asyncio"}


@pytest.mark.parametrize("room", ["model", "access", "metrics"])
def test_pure_rooms_load_nothing_that_reaches_out(room: str) -> None:
    script = (
        f"import pkgutil, importlib, wallboard_tui.{room} as room; "
        "[importlib.import_module(m.name) for m in pkgutil.walk_packages(room.__path__, room.__name__ + '.')]"
    )
    assert not packages(loaded(script)) & {*SCREEN, *SERVER, "httpx", "sqlite_utils", "subprocess"}
