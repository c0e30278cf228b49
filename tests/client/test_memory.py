"""What was freed goes back to the system."""

from pathlib import Path

import pytest

from wallboard_tui.client.memory import give_back

STATUS = Path("/proc/self/smaps_rollup")


def held() -> int:
    """Bytes of memory that are this process's alone."""
    return sum(int(line.split()[1]) for line in STATUS.read_text().splitlines() if line.startswith("Private_")) * 1024


@pytest.mark.skipif(not STATUS.exists(), reason="only Linux says so")
def test_what_was_freed_between_things_that_stay_is_given_back() -> None:
    texts = [bytes([n % 256]) * 4000 for n in range(20_000)]
    kept = texts[::50]
    full = held()
    del texts
    give_back()
    assert held() < full - 40_000_000
    assert all(len(text) == 4000 for text in kept)


def test_a_c_library_without_a_word_for_it_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wallboard_tui.client.memory._trim", lambda: None)
    give_back()
