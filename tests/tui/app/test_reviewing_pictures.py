"""Pictures of access review, audit and explanations at two sizes, with answers and a clock that stand still."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar, cast

import pytest
from textual.pilot import Pilot
from textual.widgets import DataTable

from wallboard_tui.client.administration import Administration
from wallboard_tui.model.administration import Catalogue, ClauseOf, ExplanationOf, PersonRow, Review, ReviewRow
from wallboard_tui.model.directory import Grant
from wallboard_tui.model.security import Audit
from wallboard_tui.tui.app import WallboardApp
from wallboard_tui.tui.screens.admin.base import Section
from wallboard_tui.tui.screens.admin.explain import Explain
from wallboard_tui.tui.widgets.lines import LineWidget
from wallboard_tui.view.view import View

from .conftest import NOW, THEMES, StillTerminal, somebody, wait_until

T = TypeVar("T")
SIZES = [(80, 24), (160, 48)]
DAY = 86400.0
Compare = Callable[..., bool]


class Answers:
    """What a hub would say, always the same."""

    async def review(self) -> Review:
        def row(person: str, permission: str, title: str, **more: Any) -> ReviewRow:
            fields = {"level": "view", "words": "everything", "through": ("role Supervisor",), "since": NOW - 200 * DAY,
                      "given_by": "ann", "due": NOW - 100 * DAY, "overdue": True, **more}  # fmt: skip
            return ReviewRow(person=person.lower(), name=person, permission=permission, title=title, **fields)

        later = {"due": NOW + 60 * DAY, "overdue": False, "decided_at": NOW - 30 * DAY, "decided_by": "ann"}
        return Review(
            every_s=90 * DAY,
            rows=(
                row("Ben", "export", "Export", last_used=NOW - 3 * DAY, through=("role Supervisor", "toggle Export")),
                row("Cat", "recordings", "Recordings", words="queue Support"),
                row("Dan", "export", "Export", decided="remove", note="moved to Billing", **later),
                row("Eve", "audit", "Audit trail", decided="keep", words="", **later),
            ),
        )  # fmt: skip

    async def audit(self, **_: Any) -> list[Audit]:
        def entry(n: int, by: str, act: str, target: str = "", **more: Any) -> Audit:
            return Audit(key=f"{NOW - 60 * n:.3f}-{99 - n:06d}", at=NOW - 60 * n, by=by, act=act, target=target, **more)

        grants = {"calls": {"scope": ["ALL"]}, "export": {"scope": ["ALL"]}}
        return [
            entry(0, "ann", "person.changed", "ben",
                  before={"grants": {"calls": {"scope": ["SELF"]}}, "agents": ["a", "b"]},
                  after={"grants": grants, "agents": ["b", "c"]}, note="until the audit is over"),
            entry(1, "ben", "person.changed", "ben", allowed=False, before={"role": "standard:agent"},
                  after={"role": "standard:admin"}, note="Assign roles (manage) is missing."),
            entry(2, "ann", "viewed-as", "ben"),
            entry(3, "hub:operator", "documents.applied", note="285 documents"),
        ]  # fmt: skip

    async def people(self) -> list[PersonRow]:
        return []

    async def catalogue(self) -> Catalogue:
        return Catalogue(
            permissions=(), levels=(), presets={}, toggles={}, rules={}, capabilities={}, sensitive=()
        )  # fmt: skip

    async def why(self, person: str, key: str, kind: str) -> ExplanationOf:
        clauses = (
            ClauseOf(permissions=("calls",), atoms=("ALL",), words="everything", origins=("role Supervisor",)),
            ClauseOf(permissions=("analytics.rollup",), words="team North", rows=False, origins=("toggle Team",)),
        )  # fmt: skip
        return ExplanationOf(
            kind=kind, key=key, person=person, name="Ann", permitted=True, sentence="", clauses=clauses
        )

    async def who_can_see(self, key: str, kind: str) -> list[ExplanationOf]:
        clause = ClauseOf(permissions=("calls", "recents"), words="own", origins=("role Agent", "floor Agent"))
        one = ExplanationOf(
            kind=kind, key=key, person="ben", name="Ben", permitted=True, sentence="", clauses=(clause,)
        )
        wide = clause.model_copy(update={"words": "everything", "origins": ("role Admin",)})
        return [one, one.model_copy(update={"person": "eve", "name": "Eve", "clauses": (wide,)})]


class Answered(StillTerminal):
    """A terminal that stands still and whose hub answers."""

    async def administer(self, question: Callable[[Administration], Awaitable[T]]) -> T:
        return await question(cast("Administration", Answers()))


def program(view: View) -> WallboardApp:
    given = {name: Grant(level="manage") for name in ("access_review", "audit")}
    me = somebody(panes=("calls",))
    me = me.model_copy(update={"permissions": {**me.permissions, **given, "users": Grant(level="view")}})
    return WallboardApp(Answered(me=me, view=view, person="ann"), theme_folders=[THEMES])


def open_section(key: str) -> Callable[[Pilot[None]], Awaitable[None]]:
    async def run(pilot: Pilot[None]) -> None:
        app = pilot.app
        assert isinstance(app, WallboardApp)
        await wait_until(
            pilot, lambda: app.board is not None and all(pane.data is not None for pane in app.board.panes)
        )
        await pilot.press(key)
        await wait_until(pilot, lambda: isinstance(app.screen, Section) and app.screen.query_one(DataTable).row_count)
        await wait_until(pilot, lambda: app.screen.query_one("#detail", LineWidget).lines)
        await pilot.pause()

    return run


@pytest.mark.parametrize("size", SIZES)
def test_access_review(snap_compare: Compare, size: tuple[int, int], view: View) -> None:
    assert snap_compare(program(view), terminal_size=size, run_before=open_section("f5"))


@pytest.mark.parametrize("size", SIZES)
def test_audit(snap_compare: Compare, size: tuple[int, int], view: View) -> None:
    assert snap_compare(program(view), terminal_size=size, run_before=open_section("f6"))


@pytest.mark.parametrize("size", SIZES)
def test_why(snap_compare: Compare, size: tuple[int, int], view: View) -> None:
    async def run(pilot: Pilot[None]) -> None:
        app = pilot.app
        assert isinstance(app, WallboardApp)
        await wait_until(pilot, lambda: app.board is not None and all(pane.rows for pane in app.board.panes))
        await pilot.press("end", "w")
        await wait_until(pilot, lambda: isinstance(app.screen, Explain) and "Eve" in str(lines(app)))
        await pilot.pause()

    assert snap_compare(program(view), terminal_size=size, run_before=run)


def lines(app: WallboardApp) -> list[Any]:
    return list(app.screen.query_one("#page-lines", LineWidget).lines)
