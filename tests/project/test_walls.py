"""The walls between the rooms, and what the project's own files promise."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
LOCKS = ("requirements.txt", "requirements-dev.txt")


def test_no_room_imports_what_it_may_not() -> None:
    lint_imports = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([lint_imports, "--no-cache"], cwd=ROOT, capture_output=True, text=True, timeout=110)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_wall_has_a_reason() -> None:
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    contracts = [match.start() for match in re.finditer(r"^\[\[tool\.importlinter\.contracts\]\]", text, re.M)]
    assert len(contracts) >= 5
    for start in contracts:
        above = text[:start].rstrip("\n").rsplit("\n", 1)[-1]
        assert above.startswith("# "), text[start : start + 120]
    assert text.count("# Reason: ") == len(contracts)


def test_every_room_says_first_what_it_is() -> None:
    for file in sorted((ROOT / "src").rglob("*.py")):
        text = file.read_text("utf-8")
        room = file.relative_to(ROOT / "src" / "wallboard_tui").parts[0]
        if room.endswith(".py"):
            continue
        assert re.match(rf'r?"""Room ``{room}``', text), file


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_pins_every_package_with_a_hash_and_names_no_place(lock: str) -> None:
    text = (ROOT / lock).read_text("utf-8")
    assert "//" not in text, "where packages come from is the affair of whoever installs"
    blocks = re.split(r"\n(?=[a-zA-Z0-9])", text.strip())
    assert len(blocks) > 20
    for block in blocks:
        assert re.match(r"[a-z0-9.-]+==[^ ]+", block), block
        assert "--hash=sha256:" in block, block


@pytest.mark.parametrize(("lock", "groups"), [(LOCKS[0], ["build"]), (LOCKS[1], ["build", "dev"])])
def test_a_lock_holds_everything_the_project_asks_for(lock: str, groups: list[str]) -> None:
    pinned = dict(re.findall(r"^([a-z0-9.-]+)==([^ \\]+)", (ROOT / lock).read_text("utf-8"), re.M))
    asked = PROJECT["project"]["dependencies"] + [p for group in groups for p in PROJECT["dependency-groups"][group]]
    for requirement in asked:
        name = re.match(r"[A-Za-z0-9_.-]+", requirement)
        assert name is not None
        assert name.group().lower().replace("_", "-") in pinned, requirement


def test_both_locks_agree() -> None:
    runtime, dev = (
        dict(re.findall(r"^([a-z0-9.-]+)==([^ \\]+)", (ROOT / lock).read_text("utf-8"), re.M)) for lock in LOCKS
    )
    assert {name: dev.get(name) for name in runtime} == runtime


def test_metadata_gives_ranges_and_only_the_locks_give_pins() -> None:
    for requirement in PROJECT["project"]["dependencies"]:
        assert ">=" in requirement, requirement
        assert "==" not in requirement, requirement
