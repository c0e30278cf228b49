"""``kill -9`` of the process that writes: what it acknowledged is there, whole, and once."""

import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable

import pytest

from wallboard_tui.journal.base import Journal
from wallboard_tui.model.change import Entry

WRITER = """
import asyncio, sys
from wallboard_tui.model.change import Change
{opening}
life = sys.argv[1]

async def write(name):
    n = 0
    while True:
        # Three documents of its own and one that all writers fight over; the batch is known by its name.
        batch = f"{{life}}-{{name}}-{{n}}"
        doc = {{"batch": batch, "text": "x" * 500}}
        changes = [Change("call", f"{{batch}}-{{i}}", doc, 1.0, "hub") for i in range(3)]
        changes.append(Change("call", "shared", {{"batch": batch}}, 1.0, "hub"))
        entries = await journal.append_async(changes)
        print("done", batch, *(entry.seq for entry in entries), flush=True)
        n += 1

async def main():
    await asyncio.gather(*(write(name) for name in "abcd"))

asyncio.run(main())
"""


def live_and_die(opening: str, life: int, lines: int) -> list[list[str]]:
    """Run a writer, kill it without warning once it has acknowledged so many batches; all that it acknowledged."""
    child = subprocess.Popen(
        [sys.executable, "-c", WRITER.format(opening=opening), str(life)], stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    heard = [child.stdout.readline() for _ in range(lines)]
    child.send_signal(signal.SIGKILL)
    heard += child.stdout.readlines()
    assert child.wait(30) == -signal.SIGKILL
    return [line.split()[1:] for line in heard if line.endswith("\n")]


@pytest.mark.parametrize("lives", [4, pytest.param(50, marks=pytest.mark.slow)])
def test_nothing_acknowledged_is_lost_and_nothing_is_doubled(
    open_journal: Callable[[], Journal], opening: str, lives: int
) -> None:
    acknowledged: dict[str, list[int]] = {}
    for life in range(lives):
        for batch, *seqs in live_and_die(opening, life, lines=5 + 7 * (life % 5)):
            acknowledged[batch] = [int(seq) for seq in seqs]
        journal = open_journal()
        entries: list[Entry] = []
        while batch_read := journal.read(entries[-1].seq if entries else 0):
            entries += batch_read
        journal.close()
        keys = [entry.change.key for entry in entries]
        seqs_read = [entry.seq for entry in entries]
        assert len(keys) == len(set(keys))
        assert seqs_read == sorted(set(seqs_read))
        by_key = {entry.change.key: entry for entry in entries}
        for batch, given in acknowledged.items():
            assert [by_key[f"{batch}-{i}"].seq for i in range(3)] == given[:3]
        assert by_key["shared"].seq >= max(given[3] for given in acknowledged.values())
        sizes = Counter((entry.change.doc or {})["batch"] for entry in entries if entry.change.key != "shared")
        assert set(sizes.values()) == {3}, "an append is there whole or not at all"
