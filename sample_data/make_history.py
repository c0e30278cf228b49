"""Makes what the demo shows: `python sample_data/make_history.py` writes `history/` and `played/`, always the same.

Callers, their names, the numbers they dial and the queues behind them are those of the recording; so are the agents,
who is in which queue, and the words they use for pauses. When calls come, how long people wait and talk, and who
works when is made here, by a small simulation of an office (`making/`). `README.md` says what comes out.

`history/` holds weeks, whose times count from a Monday 00:00 local time for 35 days, and `history/lead_in/` the eleven
hours that lead up to the recording, whose times count from their own beginning. `wallboard_tui/sources/history.py`
moves both. `played/` holds what is chosen from the recording (`making/played.py`). With `--check` nothing is written:
the exit status says whether the files are what would be made.
"""

from __future__ import annotations

import csv
import io
import lzma
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from making.log import Log
from making.office import Office
from making.played import played
from making.recorded import Recorded
from making.staff import HOUR, Day

HERE = Path(__file__).parent
SEED, LEAD_IN_SEED, PLAYED_SEED = 20251, 153, 20252
DAYS = 35
CALLS = (760, 720, 700, 680, 640, 280, 220)
"""Calls a day, Monday first."""
CURVE = (0.6, 1.1, 1.4, 1.35, 0.95, 0.9, 1.2, 1.25, 1.1, 0.8, 0.5, 0.35)
"""How busy each hour from 08:00 is."""
SHIFTS = ((8.0, 16.5), (9.5, 18.0), (11.5, 20.0))
PEOPLE = ((6, 5, 6), (3, 3, 3))
"""People per shift on weekdays and at weekends."""
LEAD_IN = Day(
    begins=0, opens=0, curve=(0.6, 1.0, 1.35, 1.4, 1.0, 0.95, 1.2, 1.25, 1.2, 1.1, 1.0), calls=740,
    shifts=((0.0, 6.8), (1.5, 11.5), (4.0, 12.5)), people=(6, 5, 6), all_from=9.0, ends=11 * HOUR,
)  # fmt: skip
FIRST_IDS = (100_000, 500_000)
"""Where the numbers of channels begin, in the weeks and in the lead-in."""

Files = dict[str, str]


def weeks(recorded: Recorded, days: int = DAYS) -> Files:
    """So many days from a Monday on."""
    log = Log(SEED, FIRST_IDS[0])
    office = Office(log, list(recorded.callers()), list(recorded.agents()))
    for day in range(days):
        weekend = day % 7 > 4
        calls = round(CALLS[day % 7] * log.random.uniform(0.94, 1.06))
        office.day(Day(day * 24 * HOUR, 8, CURVE, calls, SHIFTS, PEOPLE[weekend], regulars=not weekend))
    return {"history/queue_log.xz": _queue_log(log.lines), "history/Master.csv.xz": _cdr(log.rows)}


def lead_in(recorded: Recorded) -> Files:
    """Eleven hours that end when the recording begins. What is not over by then is left out."""
    log = Log(LEAD_IN_SEED, FIRST_IDS[1])
    office = Office(log, list(recorded.callers()), list(recorded.agents()))
    office.day(LEAD_IN)
    # Lines that are about no call have a word there.
    made = [(at, line) for at, line in log.lines if (call := line.partition("|")[0]) in log.over or call.isalpha()]
    return {
        "history/lead_in/queue_log.xz": _queue_log(made),
        "history/lead_in/Master.csv.xz": _cdr(log.rows),
    }


def to_play(recorded: Recorded) -> Files:
    """Calls chosen from the recording, at an office's pace."""
    lines, rows = played(recorded, PLAYED_SEED)
    return {"played/queue_log.xz": _queue_log(lines), "played/Master.csv.xz": _cdr(rows)}


def _queue_log(lines: Iterable[tuple[int, str]]) -> str:
    return "".join(f"{at}|{text}\n" for at, text in lines)


def _cdr(rows: Iterable[Sequence[object]]) -> str:
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_MINIMAL, lineterminator="\n").writerows(rows)
    return text.getvalue()


def differing(files: Files) -> Iterator[str]:
    """Names of files that are not there, or hold something else."""
    for name, text in files.items():
        path = HERE / name
        if not path.is_file() or lzma.decompress(path.read_bytes()).decode() != text:
            yield name


def main() -> int:
    """Make the files, or check them."""
    recorded = Recorded(HERE)
    files = weeks(recorded) | lead_in(recorded) | to_play(recorded)
    if "--check" in sys.argv[1:]:
        wrong = list(differing(files))
        print("\n".join(f"{name} is not what this makes." for name in wrong) or "All is as it would be made.")
        return 1 if wrong else 0
    for name, text in files.items():
        path = HERE / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(lzma.compress(text.encode(), preset=9 | lzma.PRESET_EXTREME))
        print(f"{name}: {text.count(chr(10))} lines")
    return 0


if __name__ == "__main__":
    sys.exit(main())
