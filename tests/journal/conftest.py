"""What the conformance suite runs against: one entry of ``IMPLEMENTATIONS`` for each journal there is."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from wallboard_tui.journal.base import Journal
from wallboard_tui.journal.sqlite import SqliteJournal


def sqlite(place: Path) -> tuple[Callable[[], Journal], str]:
    """How to open the journal of a place here, and the Python words that open it in another process."""
    path = place / "journal.db"
    words = (
        "from pathlib import Path; from wallboard_tui.journal.sqlite import SqliteJournal; "
        f"journal = SqliteJournal(Path({str(path)!r}))"
    )
    return lambda: SqliteJournal(path), words


IMPLEMENTATIONS = {"sqlite": sqlite}


@pytest.fixture(params=sorted(IMPLEMENTATIONS))
def implementation(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Callable[[], Journal], str]:
    """Opener, and words that open, one implementation's journal in a fresh place."""
    return IMPLEMENTATIONS[str(request.param)](tmp_path)


@pytest.fixture
def open_journal(implementation: tuple[Callable[[], Journal], str]) -> Callable[[], Journal]:
    """Opens the journal; after a close, opens the same one again."""
    return implementation[0]


@pytest.fixture
def opening(implementation: tuple[Callable[[], Journal], str]) -> str:
    """Python words that bind ``journal`` to the same journal in another process."""
    return implementation[1]


@pytest.fixture
def journal(open_journal: Callable[[], Journal]) -> Iterator[Journal]:
    """An open, empty journal."""
    opened = open_journal()
    yield opened
    opened.close()


@pytest.fixture(params=sorted(IMPLEMENTATIONS))
def fresh(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], Callable[[], Journal]]:
    """Gives, each time, an opener of another empty journal; for tests that need many."""
    make = IMPLEMENTATIONS[str(request.param)]
    counter = iter(range(1_000_000))

    def another() -> Callable[[], Journal]:
        place = tmp_path / str(next(counter))
        place.mkdir()
        return make(place)[0]

    return another
