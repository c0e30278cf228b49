"""What things are called: people behind interfaces, words for what the reader may not know; and equal tiles."""

import pytest

from wallboard_tui.model.base import Doc
from wallboard_tui.model.board import Pane
from wallboard_tui.model.change import Change, Entry
from wallboard_tui.model.me import Me
from wallboard_tui.tui.drawing.spark import sparkline, unfinished
from wallboard_tui.tui.look import Look, Size, width
from wallboard_tui.tui.panes import PANES
from wallboard_tui.tui.panes.calls import row_of
from wallboard_tui.tui.panes.missed import owner_of
from wallboard_tui.tui.panes.seen import Names
from wallboard_tui.tui.panes.tiles import Shape, shape_of, tile
from wallboard_tui.tui.panes.tiling import grid
from wallboard_tui.tui.panes.wallboard import WallboardData
from wallboard_tui.view.view import View

INTERFACE = "asterisk:pbx1:IAX2/agent206"
NAMES = Names(
    queues={"q:1": {"title": "Sales"}},
    agents={INTERFACE: {"name": "IAX2/agent206", "extension": "206"}, "a:1": {"name": "Ann Kelly"}},
    people={"bob": {"name": "Bob Tanaka", "agents": ["a:2"]}},
)


def test_an_agent_known_by_an_interface_is_called_by_the_person_else_by_the_extension() -> None:
    assert NAMES.agent(INTERFACE) == "206"
    assert Names(agents=NAMES.agents, people={"u": {"name": "Uma", "agents": [INTERFACE]}}).agent(INTERFACE) == "Uma"
    assert NAMES.agent("a:1") == "Ann Kelly"


@pytest.mark.parametrize("pane", ["agents", "rollups"])
def test_panes_about_agents_name_the_person_behind_an_interface(view: View, me: Me, now: float, pane: str) -> None:
    said: list[tuple[str, Doc]] = [
        ("agent", {"key": INTERFACE, "source": "pbx1", "name": "IAX2/agent206", "queues": ["asterisk:pbx1:sales"]}),
        ("person", {"key": "hugh", "name": "Hugh Delaney", "role": "r", "agents": [INTERFACE]}),
        ("presence", {"key": "p1", "agent": INTERFACE, "queue": "asterisk:pbx1:sales", "at": now - 90, "what": "join"}),
    ]
    view.apply([Entry(9000 + seq, Change(k, doc["key"], doc, now, "hub"), -1) for seq, (k, doc) in enumerate(said)])
    data = PANES[pane].ask(view, me, Pane.model_validate({"pane": pane, "by": "agent"}), now)
    names = {row.name for row in data.rows}
    assert "Hugh Delaney" in names
    assert not any("IAX2" in name for name in names)


def test_a_queue_and_a_colleague_whom_the_reader_may_not_know_are_said_and_not_left_blank() -> None:
    call = {
        "key": "c", "started": 1.0, "visits": [{"queue": None, "entered": 1.0}], "legs": [{"agent": None, "visit": 0}],
    }  # fmt: skip
    row = row_of(call, NAMES)
    assert (row.place, row.agent) == ("another queue", "a colleague")
    second = call | {
        "visits": [{"queue": None, "entered": 1.0, "hidden": n} for n in (1, 2)],
        "legs": [{"agent": None, "visit": 0, "hidden": n} for n in (1, 3)],
    }
    row = row_of(second, NAMES)
    assert (row.place, row.agent) == ("another queue (2)", "a colleague (3)")
    nobody = row_of(call | {"visits": [], "legs": []}, NAMES)
    assert (nobody.place, nobody.agent) == ("", "")
    assert owner_of({"owner": None, "masked": ["owner"]}, NAMES, "ann") == "a colleague"
    assert [owner_of({"owner": key}, NAMES, "ann") for key in (None, "ann", "bob", "zed")] == [
        "", "you", "Bob Tanaka", "a colleague",
    ]  # fmt: skip


def test_the_running_step_of_a_curve_alone_recedes() -> None:
    row = sparkline([1, 2, 3, 4], 10, Look().glyphs)
    spans = unfinished(row, 4, "bar")
    assert "".join(span.text for span in spans) == row
    assert [(len(span.text), span.style) for span in spans] == [(6, "bar"), (2, "bar.running"), (2, "bar")]


@pytest.mark.parametrize("size", [Size(160, 27), Size(240, 34), Size(400, 57), Size(100, 27)])
def test_all_tiles_of_a_pane_have_the_same_layout(view: View, me: Me, now: float, size: Size) -> None:
    data = PANES["wallboard"].ask(view, me, Pane(pane="wallboard"), now)
    assert isinstance(data, WallboardData)
    columns = grid(5, size)
    assert columns is not None
    shape = shape_of(Size(size.w // columns, size.h // -(-5 // columns)), 2)
    for one in data.tiles:
        lines = tile(one, shape.size, Look(), shape)
        assert [width(line) for line in lines] == [shape.size.w] * shape.size.h
        said = ["".join(span.text for span in line) for line in lines]
        assert [next(y for y, text in enumerate(said) if word in text) for word in ("longest", "SL ", "abandoned")] == [
            next(y for y, text in enumerate(_drawn(data, shape)) if word in text)
            for word in ("longest", "SL ", "abandoned")
        ]


def _drawn(data: WallboardData, shape: Shape) -> list[str]:
    lines = tile(data.tiles[0], shape.size, Look(), shape)
    return ["".join(span.text for span in line) for line in lines]


def hear(view: View, now: float, *said: tuple[str, Doc]) -> None:
    """Let the view hear of documents."""
    top = view.seq + 1
    view.apply([Entry(top + n, Change(kind, doc["key"], doc, now, "hub"), -1) for n, (kind, doc) in enumerate(said)])


def second(key: str, **fields: object) -> Doc:
    """Something of a second phone system."""
    return {"key": f"asterisk:pbx2:{key}", "source": "pbx2", "name": key, **fields}


def shown(view: View, me: Me, now: float, pane: str) -> set[str]:
    """What the rows of a pane are called."""
    data = PANES[pane].ask(view, me, Pane.model_validate({"pane": pane, "by": "queue"}), now)
    return {row.name for row in (data.tiles if isinstance(data, WallboardData) else data.rows) if row.key}


def test_queues_and_agents_of_one_name_on_two_phone_systems_are_told_apart(view: View, me: Me, now: float) -> None:
    name, agent = sorted(shown(view, me, now, "rollups"))[0], sorted(shown(view, me, now, "agents"))[0]
    queue = next(key for key, doc in view.documents("queue").items() if name in (doc.get("title"), doc["name"]))
    health = {"key": "pbx2", "system": "asterisk", "mode": "followed", "links": {"ami": "up"}}
    titled = second(view.documents("queue")[queue]["name"], title=name)
    hear(view, now, ("source", health), ("queue", titled), ("agent", second(agent)))
    source = view.documents("queue")[queue]["source"]
    assert {f"{name} ({source})", f"{name} (pbx2)"} <= shown(view, me, now, "wallboard")
    assert name not in shown(view, me, now, "wallboard")
    assert {f"{agent} ({source})", f"{agent} (pbx2)"} <= shown(view, me, now, "agents")
    assert f"{name} ({source})" in shown(view, me, now, "rollups")
    pane = Pane.model_validate({"pane": "wallboard", "queues": [name]})
    assert len(PANES["wallboard"].ask(view, me, pane, now).tiles) == 3, "a board that names it has both, and the total"


def test_a_phone_system_that_is_followed_no_more_leaves_the_board_and_takes_no_name_away(
    view: View, me: Me, now: float
) -> None:
    before = {pane: shown(view, me, now, pane) for pane in ("wallboard", "agents")}
    name, agent = sorted(before["wallboard"])[0], sorted(before["agents"])[0]
    gone = {"key": "pbx2", "system": "asterisk", "mode": "imported", "released": now}
    hear(view, now, ("source", gone), ("queue", second(name)), ("agent", second(agent)), ("agent", second("Zed")))
    assert shown(view, me, now, "wallboard") == before["wallboard"]
    assert shown(view, me, now, "agents") == before["agents"]
    assert Names.of(view).agent(f"asterisk:pbx2:{agent}") == f"{agent} (pbx2)", "in what is past it still has one"
