"""A phone system that is up, and a line that does not keep anybody waiting."""

from collections.abc import Callable
from typing import Any

import pytest

from wallboard_tui.hub import live, witnesses
from wallboard_tui.sources.asterisk.ami import line as lines

from .following import Block, empty_lists


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The line comes back at once, and tells what it hears at once."""
    monkeypatch.setattr(live, "pause_after", lambda *_: 0.05)
    monkeypatch.setattr(witnesses, "TOLD_BY_FILE_S", 1.2)
    monkeypatch.setattr(live, "SETTLE_S", 0.05)
    monkeypatch.setattr(lines, "FLUSH_S", 0.01)
    monkeypatch.setattr(lines, "QUIET_S", 0.1)
    monkeypatch.setattr(lines, "LEAVING_S", 0.0)
    monkeypatch.setenv("PBX1_SECRET", "sesame")


@pytest.fixture
async def pbx(new_pbx: Callable[..., Any], ami_block: Block) -> Any:
    """A phone system that is up."""
    found = new_pbx(lists=empty_lists(ami_block))
    await found.start()
    return found
