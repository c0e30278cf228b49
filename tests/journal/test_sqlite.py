"""What only the SQLite journal has to answer for: its file, its disk, its one writer."""

import asyncio
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from wallboard_tui.journal.base import JournalError
from wallboard_tui.journal.sqlite import SqliteJournal
from wallboard_tui.model.change import Change, Entry


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.db"


@pytest.fixture
def journal(path: Path) -> Iterator[SqliteJournal]:
    opened = SqliteJournal(path)
    yield opened
    opened.close()


def put(key: str, text: str = "") -> Change:
    return Change("call", key, {"key": key, "text": text}, 1.0, "hub")


def modes(path: Path) -> dict[str, str]:
    return {file.name: oct(file.stat().st_mode & 0o777) for file in path.parent.iterdir()}


def test_its_files_are_for_their_owner_alone(path: Path) -> None:
    old = os.umask(0)
    try:
        journal = SqliteJournal(path)
        journal.append([put("a")])
        assert modes(path) == dict.fromkeys(
            ["journal.db", "journal.db-shm", "journal.db-wal", "journal.db.lock"], "0o600"
        )
        journal.close()
        path.chmod(0o644)
        journal = SqliteJournal(path)
        assert modes(path)["journal.db"] == "0o600"
        journal.close()
    finally:
        os.umask(old)


def test_every_commit_waits_for_the_disk(journal: SqliteJournal) -> None:
    assert journal._writer.execute("PRAGMA synchronous").fetchone() == (2,)
    assert journal._writer.execute("PRAGMA journal_mode").fetchone() == ("wal",)


async def test_appends_that_wait_together_share_a_commit(journal: SqliteJournal) -> None:
    said: list[str] = []
    journal._writer.set_trace_callback(said.append)
    await asyncio.gather(*(journal.append_async([put(str(n))]) for n in range(100)))
    assert journal.count() == 100
    assert 1 <= said.count("COMMIT") <= 10


async def test_nothing_is_written_for_an_append_that_changes_nothing(journal: SqliteJournal) -> None:
    journal.append([put("a")])
    said: list[str] = []
    journal._writer.set_trace_callback(said.append)
    await journal.append_async([put("a")])
    assert "COMMIT" not in said


async def test_an_append_given_up_before_it_was_begun_is_not_written(journal: SqliteJournal) -> None:
    with journal._writing:
        waiting = asyncio.ensure_future(journal.append_async([put("a")]))
        await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
    await journal.append_async([put("b")])
    assert [entry.change.key for entry in journal.read(0)] == ["b"]


async def test_a_follower_reads_once_for_each_wake_up_and_never_while_idle(
    journal: SqliteJournal, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads: list[int] = []
    read = journal.read

    def counted(after: int, limit: int = 1000) -> list[Entry]:
        reads.append(after)
        return read(after, limit)

    monkeypatch.setattr(journal, "read", counted)
    batches = journal.follow(0)
    waiting = asyncio.ensure_future(anext(batches))
    for _ in range(50):
        await asyncio.sleep(0)
    assert reads == []
    await journal.append_async([put("a")])
    assert len(await waiting) == 1
    assert reads == [0]
    await batches.aclose()


def test_a_second_process_is_told_who_holds_it(journal: SqliteJournal, path: Path) -> None:
    child = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys; from pathlib import Path; from wallboard_tui.journal.sqlite import SqliteJournal\n"
            "try: SqliteJournal(Path(sys.argv[1]))\n"
            "except Exception as error: print(error)",
            str(path),
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    assert child.stdout.strip() == (
        f"journal {path}: process {os.getpid()} is using it. Talk to the hub that runs already, or stop it first."
    )


def test_a_failed_opening_lets_go_of_the_lock(path: Path) -> None:
    path.write_bytes(b"This is a letter to my aunt. " * 100)
    for _ in range(2):
        with pytest.raises(JournalError, match="not a journal of this program"):
            SqliteJournal(path)
    assert path.read_bytes().startswith(b"This is a letter")


def test_another_programs_database_is_left_alone(path: Path) -> None:
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE theirs (x)")
    other.close()
    before = path.read_bytes()
    with pytest.raises(JournalError, match="not a journal of this program"):
        SqliteJournal(path)
    assert path.read_bytes() == before


def test_a_journal_of_a_newer_version_is_left_alone(path: Path) -> None:
    SqliteJournal(path).close()
    with sqlite3.connect(path) as newer:
        newer.execute("PRAGMA user_version = 99")
    newer.close()
    with pytest.raises(JournalError, match=r"newer version.*format 99"):
        SqliteJournal(path)


def test_a_missing_directory_is_named(tmp_path: Path) -> None:
    with pytest.raises(JournalError, match=f"there is no directory {tmp_path}/nowhere"):
        SqliteJournal(tmp_path / "nowhere" / "journal.db")


def test_a_damaged_file_is_said_to_be_damaged(path: Path) -> None:
    journal = SqliteJournal(path)
    journal.append([put(str(n), "x" * 900) for n in range(2000)])
    journal.close()
    with path.open("r+b") as file:
        file.seek(8192)
        file.write(os.urandom(path.stat().st_size - 16384))
    with pytest.raises(JournalError, match=r"damaged.*restore the latest backup"):  # noqa: PT012
        journal = SqliteJournal(path)
        try:
            journal.append([put(str(n), "y") for n in range(2000)])
        finally:
            journal.close()


FULL_DISK = """
import resource, signal, sys
from pathlib import Path
from wallboard_tui.journal.base import JournalError
from wallboard_tui.journal.sqlite import SqliteJournal
from wallboard_tui.model.change import Change

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
journal = SqliteJournal(Path(sys.argv[1]))
unlimited = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, unlimited[1]))
n = 0
try:
    while True:
        journal.append([Change("call", f"{n}-{i}", {"text": "x" * 1000}, 1.0, "hub") for i in range(10)])
        n += 1
except JournalError as error:
    print(error)
print(n, journal.seq(), journal.count())
resource.setrlimit(resource.RLIMIT_FSIZE, unlimited)
print(journal.append([Change("call", "after", {"text": "x"}, 1.0, "hub")])[0].seq)
journal.close()
"""


def test_a_full_disk_is_a_sentence_and_the_journal_goes_on_once_there_is_room(path: Path) -> None:
    child = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(path)], capture_output=True, text=True, check=True, timeout=60
    )
    sentence, counts, after = child.stdout.strip().split("\n")
    assert sentence.startswith(f"journal {path}: the disk ")
    assert "what was acknowledged is safe" in sentence
    written, seq, count = map(int, counts.split())
    assert written > 0
    assert seq == count == written * 10
    assert int(after) == seq + 1
    journal = SqliteJournal(path)
    assert journal.count() == written * 10 + 1
    journal.close()


def test_a_batch_is_one_select_and_one_transaction_however_many_documents_it_has(journal: SqliteJournal) -> None:
    """Import speed stands on this: what a batch costs beyond its rows does not grow with it."""
    journal.append([put(str(n)) for n in range(1000)])
    said: list[str] = []
    journal._writer.set_trace_callback(said.append)
    journal.append([put(str(n), "changed") for n in range(500, 1500)])
    assert sum(words.startswith("SELECT") for words in said) == 1
    assert sum(words.startswith("BEGIN") for words in said) == 1
