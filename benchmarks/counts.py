"""What can be counted instead of timed, and so holds on any machine: CI gates on these.

Modules loaded, lines redrawn for one event, bytes of a frame, memory as time passes, and steps of the database's
machine for each pane's question as history grows. Prints each count and what is allowed; exit status 1 when one is
exceeded.
"""

import gc
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable
from functools import partial
from io import StringIO
from itertools import chain

from _made import calls, entries, fill, moment, organisation, person_at
from board_redraw import Measured
from rich.console import Console
from textual.strip import Strip

from wallboard_tui.access.directory import Directory
from wallboard_tui.access.gate import Gate
from wallboard_tui.client.incoming import TOGETHER
from wallboard_tui.model.base import Doc
from wallboard_tui.model.board import Pane
from wallboard_tui.model.me import Me
from wallboard_tui.tui.drawing.table import Cells, Column, Lazily, table
from wallboard_tui.tui.look import Look, Size
from wallboard_tui.tui.panes import PANES
from wallboard_tui.tui.panes.calls import CallRow
from wallboard_tui.tui.panes.seen import NAMING
from wallboard_tui.tui.themes import PLAIN_THEME
from wallboard_tui.tui.widgets.painter import Palette, strip
from wallboard_tui.view.view import View

LOADED = "import sys; print(sum(name.startswith({!r}) for name in sys.modules), file=sys.stderr)"
HELP = """
import sys
sys.argv = ["wallboard", "--help"]
from wallboard_tui.cli.main import run
try:
    run()
except SystemExit:
    pass
"""
PAINT = """
from wallboard_tui.cli.terminal import without_plugins
without_plugins()
import wallboard_tui.tui.app, wallboard_tui.tui.online
from wallboard_tui.tui.panes import PANES
PANES["wallboard"], PANES["agents"]
"""
TEXTUAL = "import textual.app, textual.screen\nfrom textual.widgets import Button, Input, OptionList, Static"
STEP = 100
"""Instructions between two counts."""
Row = tuple[str, float, float]
"""What was counted, how much it is, and how much it may be."""


def modules(code: str, prefix: str = "") -> int:
    """Modules whose name begins so that a fresh interpreter has loaded after ``code``."""
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\n{LOADED.format(prefix)}"], capture_output=True, text=True, check=True
    )
    return int(done.stderr.split()[-1])


def imports() -> list[Row]:
    """Modules loaded by help, and by the first paint beside what Textual itself loads."""
    return [
        ("modules loaded by --help", modules(HELP), 200),
        ("modules of our own loaded by --help", modules(HELP, "wallboard_tui"), 10),
        ("modules of the first paint ÷ Textual's own", modules(PAINT) / modules(TEXTUAL), 1.6),
    ]


def redraws(who: Me, gate: Gate, documents: list[tuple[str, Doc]], now: float) -> list[Row]:
    """Lines that differ after one caller has joined one queue, and after a second has passed with nothing happening."""
    size, look = Size(160, 29), Look()
    view = moment(documents, gate, who, now, 3)
    pane = Pane.model_validate({"pane": "wallboard"})
    kind = PANES["wallboard"]

    def drawn(at: float) -> list[object]:
        return list(kind.draw(kind.ask(view, who, pane, at), size, look))

    before = drawn(now)
    queue = next(doc["key"] for name, doc in documents if name == "queue")
    visits = [{"queue": queue, "entered": now}]
    call = {"key": "asterisk:pbx1:one", "source": "pbx1", "started": now, "visits": visits}
    fill(view, entries([("call", {**call, "facts": [f"queue:{queue}"]})], gate, first=1_000_000))
    after = drawn(now)
    changed = sum(one != other for one, other in zip(before, after, strict=True))
    tile = max(4, size.h // 4)
    return [("lines redrawn when one caller joins a queue", changed, 2 * tile)]


def questions(who: Me, gate: Gate, documents: list[tuple[str, Doc]], now: float) -> list[Row]:
    """How many more steps each pane's question takes with four times as many calls on four times as many days."""
    found: list[Row] = []
    views = []
    for count, days in ((4_000, 20.0), (16_000, 80.0)):
        view = View.open(None, lenses=max(1, len(who.lenses)))
        made = calls(count, Directory.from_documents(documents), now, days)
        fill(view, entries([*documents, *(("call", each) for each in made)], gate))
        views.append(view)
    for name in ("wallboard", "agents", "rollups", "missed", "calls"):
        kind, pane = PANES[name], Pane.model_validate({"pane": name})
        few, many = (steps(view, partial(kind.ask, view, who, pane, now)) for view in views)
        found.append((f"steps of the question of {name}, 4 × the history", many / max(few, 1), 1.5))
    return found


def statements(who: Me, gate: Gate, documents: list[tuple[str, Doc]], now: float) -> list[Row]:
    """SQL statements for all panes of a board that are asked together; they must not grow with queues or calls."""
    view = moment(documents, gate, who, now, 9)
    told: list[str] = []
    panes = [(PANES[name], Pane.model_validate({"pane": name})) for name in ("wallboard", "agents", "rollups")]
    with view.reading() as db:
        db.set_trace_callback(told.append)
        for kind, pane in panes:
            kind.ask(view, who, pane, now)
        db.set_trace_callback(None)
    # One for each agent who is free: when their last call ended.
    agents = sum(kind == "agent" for kind, _ in documents)
    return [("SQL statements of wallboard, agents and rollups, without one for each agent", len(told) - agents, 60)]


def readings(who: Me, gate: Gate, documents: list[tuple[str, Doc]], now: float) -> list[Row]:
    """Calls read from their documents when the list of calls is asked again after one new call."""
    view = View.open(None, lenses=max(1, len(who.lenses)))
    made = list(calls(2_000, Directory.from_documents(documents), now))
    fill(view, entries([*documents, *(("call", each) for each in made[:-1])], gate))
    kind, pane = PANES["calls"], Pane.model_validate({"pane": "calls"})
    kind.ask(view, who, pane, now)
    before = view.derived("rows of calls", NAMING, dict[tuple[str, int], CallRow]).copy()
    fill(view, entries([("call", made[-1])], gate, first=1_000_000))
    kind.ask(view, who, pane, now)
    after = view.derived("rows of calls", NAMING, dict[tuple[str, int], CallRow])
    rows: list[Row] = [("calls read again after one new call", len(after.keys() - before.keys()), 1)]
    drawn: list[CallRow] = []

    def cells(row: CallRow) -> Cells:
        drawn.append(row)
        return {}

    table(Lazily(kind.ask(view, who, pane, now).rows, cells), (Column("time", "Time", 8, 8),), Size(120, 40), Look())
    return [*rows, ("rows looked at to draw 40 lines of 500 calls", len(drawn), 40)]


def segments(who: Me, gate: Gate, documents: list[tuple[str, Doc]], now: float) -> list[Row]:
    """Lines of a frame that are taken apart into Textual's segments on their way to the screen."""
    view = moment(documents, gate, who, now, 3)
    kind, pane = PANES["agents"], Pane.model_validate({"pane": "agents"})
    console, palette = Console(file=StringIO(), force_terminal=True), Palette(PLAIN_THEME)
    taken = 0
    for each in kind.draw(kind.ask(view, who, pane, now), Size(160, 18), Look()):
        made = strip(each, 160, palette)
        made.divide([160])
        made.render(console)
        taken += has_segments(made)
    return [("lines of a frame taken apart into segments", taken, 0)]


def held(who: Me, gate: Gate, documents: list[tuple[str, Doc]], now: float) -> list[Row]:
    """What stays in memory while a board is open on which as much goes on as before: caches that fill, and no more."""
    view, palette = moment(documents, gate, who, now, 3), Palette(PLAIN_THEME)
    queue = next(doc["key"] for name, doc in documents if name == "queue")
    kinds = [(PANES[name], Pane.model_validate({"pane": name})) for name in ("wallboard", "agents", "calls")]
    blocks: list[int] = []
    for second in range(201):
        # One caller who comes, gives up and comes again: what there is to show stays as much.
        state, outcome = (("waiting", "waiting"), ("ended", "abandoned"))[second % 2]
        visits = [{"queue": queue, "entered": now, "outcome": outcome}]
        call = {"key": "asterisk:pbx1:one", "source": "pbx1", "started": now, "state": state, "visits": visits}
        fill(view, entries([("call", {**call, "facts": [f"queue:{queue}"]})], gate, first=1_000_000 + second))
        for kind, pane in kinds:
            for each in kind.draw(kind.ask(view, who, pane, now + second), Size(160, 18), Look()):
                strip(each, 160, palette)
        if second in (50, 200):
            gc.collect()
            blocks.append(sys.getallocatedblocks())
    return [("blocks of memory that stay, in a second of a busy board", (blocks[1] - blocks[0]) / 150, 80)]


def taken(who: Me, gate: Gate, documents: list[tuple[str, Doc]], now: float) -> list[Row]:
    """How much more memory a history takes in passing when it is four times as long."""
    peaks: list[int] = []
    for count in (1_500, 6_000):
        view = View.open(None, lenses=max(1, len(who.lenses)))
        made = calls(count, Directory.from_documents(documents), now, days=count / 100)
        tracemalloc.start()
        fill(view, entries(chain(documents, (("call", each) for each in made)), gate), TOGETHER)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    return [("memory that a history takes in passing, 4 × the history", peaks[1] / peaks[0], 1.3)]


def has_segments(made: Strip) -> bool:
    """Whether a strip has been given segments."""
    try:
        object.__getattribute__(made, "_segments")
    except AttributeError:
        return False
    return True


def steps(view: View, question: Callable[[], object]) -> int:
    """Instructions of SQLite's machine that a question takes, in hundreds."""
    counted = [0]

    def step() -> int:
        counted[0] += 1
        return 0

    with view.reading() as db:
        db.set_progress_handler(step, STEP)
    question()
    with view.reading() as db:
        db.set_progress_handler(None, STEP)
    return counted[0]


def main() -> int:
    """Count and print."""
    now = time.time()
    documents = organisation(queues=20, agents=60)
    who, gate = person_at(documents, "admin", now)
    rows = [*imports(), *redraws(who, gate, documents, now), *questions(who, gate, documents, now)]
    rows += statements(who, gate, documents, now)
    rows += readings(who, gate, documents, now)
    rows += segments(who, gate, documents, now)
    rows += held(who, gate, documents, now)
    rows += taken(who, gate, documents, now)
    rows.append(("bytes of a frame in which every cell changes", Measured(10, 4).frame_bytes, 10_000))
    rows.append(("bytes of a frame in which only clocks run", Measured(0, 6).frame_bytes, 4_000))
    for what, counted, allowed in rows:
        print(f"{'ok  ' if counted <= allowed else 'OVER'}  {what:76} {counted:10,.2f}   at most {allowed:,g}")
    return int(any(counted > allowed for _, counted, allowed in rows))


if __name__ == "__main__":
    sys.exit(main())
