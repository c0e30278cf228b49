"""A phone system that is to be followed, and a hub that looks at it only shortly."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from wallboard_tui.hub import live, source_given, source_setup
from wallboard_tui.sources.asterisk.ami import AmiSettings, probe, probe_on
from wallboard_tui.sources.asterisk.ami import line as lines

from .saying import SECRET, Block, office


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """A short look is enough for a phone system in the same process."""
    monkeypatch.setattr(source_setup, "probe_on", partial(probe_on, listen_s=0.05))
    monkeypatch.setattr(source_setup, "probe", partial(probe, listen_s=0.05))
    monkeypatch.setattr(source_given, "AmiSettings", partial(AmiSettings, timeout_s=1.0))
    monkeypatch.setattr(live, "pause_after", lambda *_: 0.05)
    monkeypatch.setattr(lines, "FLUSH_S", 0.01)
    monkeypatch.setattr(lines, "QUIET_S", 0.1)
    monkeypatch.setenv("PBX1_SECRET", SECRET)


@pytest.fixture
async def pbx(new_pbx: Callable[..., Any], ami_block: Block) -> Any:
    """A phone system that is up."""
    found = new_pbx(lists=office(ami_block), secret=SECRET)
    await found.start()
    return found
