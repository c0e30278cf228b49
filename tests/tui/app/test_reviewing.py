"""Access review and audit in Team, against a real hub: what is shown, decided, exported, filtered, and to whom."""

import csv
import json
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import DataTable, Input, Static

from wallboard_tui.client.home import Home
from wallboard_tui.client.hub import HubClient
from wallboard_tui.model.base import Doc
from wallboard_tui.tui.app import WallboardApp
from wallboard_tui.tui.screens.admin.audit import Audit
from wallboard_tui.tui.screens.admin.base import Section
from wallboard_tui.tui.screens.admin.review import Review
from wallboard_tui.tui.screens.question import Question
from wallboard_tui.tui.widgets.lines import LineWidget

from ...real_hub import RealHub
from .conftest import wait_until
from .live import header, program, sign_in

pytestmark = pytest.mark.timeout(180)


def table(app: WallboardApp) -> list[str]:
    """The rows of the open section, as they are read."""
    found = app.screen.query_one("#rows", DataTable) if isinstance(app.screen, Section) else None
    return [" ".join(str(cell) for cell in found.get_row(key)) for key in found.rows] if found else []


def detail(app: WallboardApp) -> str:
    lines = app.screen.query_one("#detail", LineWidget).lines if isinstance(app.screen, Section) else []
    return "\n".join("".join(span.text for span in line) for line in lines)


def said(app: WallboardApp) -> str:
    return str(app.screen.query_one("#said", Static).content) if isinstance(app.screen, Section) else ""


def wanted(app: WallboardApp) -> str:
    """What of the trail is shown, as the screen says it."""
    return str(app.screen.query_one("#wanted-words", Static).content) if isinstance(app.screen, Audit) else ""


async def open_as(app: WallboardApp, pilot: Pilot[None], person: str, key: str, screen: type[Section]) -> None:
    await sign_in(app, pilot, person)
    await wait_until(pilot, lambda: "● live" in header(app), 30)
    await pilot.press(key)
    await wait_until(pilot, lambda: isinstance(app.screen, screen) and table(app), 30)


async def operator_audit(hub: RealHub, query: str) -> list[Doc]:
    async with HubClient(hub.home.address, operator=True) as operator:
        found: list[Doc] = await operator.request("GET", f"/audit?{query}")
        return found


async def test_who_holds_what_is_sensitive_is_kept_or_noted_to_go_with_a_key(hub: RealHub, desk: Home) -> None:
    app = program(hub, desk)
    async with app.run_test(size=(160, 48)) as pilot:
        await open_as(app, pilot, "ann", "f5", Review)
        assert any("Ann" in row and "Export" in row for row in table(app))
        assert not any("Rex" in row and "Export" in row for row in table(app))
        assert "Held by    Admin (admin)" in detail(app)
        assert "role Admin" in detail(app)
        await pilot.press("k")
        await wait_until(pilot, lambda: "keeps Export. Due again on" in said(app))
        await wait_until(pilot, lambda: "keep, by Ann on" in detail(app))
        await pilot.press("x")
        await wait_until(pilot, lambda: isinstance(app.screen, Question))
        await pilot.press(*"moved", "enter")
        await wait_until(pilot, lambda: "They hold it until it is taken away: role Admin" in said(app))
        await wait_until(pilot, lambda: "remove, by Ann" in detail(app) and "moved" in detail(app))
    entries = await operator_audit(hub, "act=review")
    assert [(one["by"], one["act"], one["target"], one["note"]) for one in entries] == [
        ("ann", "review.remove", "admin/export", "moved"),
        ("ann", "review.keep", "admin/export", ""),
    ]


async def test_the_review_is_written_to_a_file_and_never_over_another(
    hub: RealHub, desk: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    app = program(hub, desk)

    async def export(pilot: Pilot[None], name: str) -> None:
        await pilot.press("e")
        await wait_until(pilot, lambda: isinstance(app.screen, Question))
        app.screen.query_one(Input).value = name
        await pilot.press("enter")
        await wait_until(pilot, lambda: isinstance(app.screen, Review))

    async with app.run_test(size=(160, 48)) as pilot:
        await open_as(app, pilot, "ann", "f5", Review)
        rows = len(table(app))
        await export(pilot, "review.csv")
        await wait_until(pilot, lambda: said(app) == f"The review stands in {tmp_path / 'review.csv'}: {rows} rows.")
        await export(pilot, "review.json")
        await wait_until(pilot, lambda: "review.json" in said(app))
        await export(pilot, "review.csv")
        await wait_until(pilot, lambda: "is there already" in said(app))
        await export(pilot, str(tmp_path / "nowhere" / "review.csv"))
        await wait_until(pilot, lambda: "could not be written" in said(app))
    with (tmp_path / "review.csv").open(newline="") as file:
        written = list(csv.DictReader(file))
    assert len(written) == rows
    assert {"person": "Admin", "permission": "Export", "through": "role Admin"}.items() <= written[0].items()
    assert len(json.loads((tmp_path / "review.json").read_text())["rows"]) == rows


async def test_whoever_may_only_look_at_the_review_cannot_decide(hub: RealHub, desk: Home) -> None:
    grants = {"access_review": {}, "calls": {"scope": ["SELF"]}}
    await hub.apply(
        ("role", {"key": "custom:auditor", "name": "Auditor", "grants": grants}),
        ("person", {"key": "rex", "name": "Rex", "role": "custom:auditor"}),
    )
    app = program(hub, desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await open_as(app, pilot, "rex", "f5", Review)
        open_to = {action.id for action in app.open_actions()}
        assert "review.export" in open_to
        assert not open_to & {"review.keep", "review.remove", "review.member", "admin.audit", "admin.members"}
        await pilot.press("k", "x", "f6", "f4")
        assert isinstance(app.screen, Review)
    assert await operator_audit(hub, "act=review") == []


async def test_the_trail_shows_changes_and_refusals_in_words_newest_first(hub: RealHub, desk: Home) -> None:
    async with HubClient(hub.home.address, operator=True, as_person="ann") as ann:
        grants = {"calls": {"level": "view", "scope": ["ALL"]}}
        role = {"kind": "role", "key": "custom:qa", "create": {"name": "QA Analyst", "grants": grants}}
        await ann.request("POST", "/changes", {"changes": [role]})
        wider = {**grants, "recordings": {"level": "view", "scope": ["ALL"]}}
        await ann.request(
            "POST", "/changes", {"changes": [{"kind": "role", "key": "custom:qa", "set": {"grants": wider}}]}
        )
    app = program(hub, desk)
    async with app.run_test(size=(160, 48)) as pilot:
        await open_as(app, pilot, "ann", "f6", Audit)
        await wait_until(pilot, lambda: any("Role changed" in row for row in table(app)))
        here = next(n for n, row in enumerate(table(app)) if "Role changed" in row)
        assert here < next(n for n, row in enumerate(table(app)) if "Role created" in row)
        await pilot.press(*["down"] * here)
        await wait_until(pilot, lambda: "QA Analyst (custom:qa)" in detail(app))
        assert "Recordings\n  – → view everything" in detail(app)
        assert "Calls" not in detail(app), "only what differs"
        await pilot.press("slash", *"recordings")
        await wait_until(pilot, lambda: len(table(app)) == 1, 20)
        await pilot.press("enter", "c")
        await wait_until(pilot, lambda: len(table(app)) > 3, 20)


async def test_the_trail_is_filtered_by_refusal_person_and_kind(hub: RealHub, desk: Home) -> None:
    async with HubClient(hub.home.address) as client:
        for _ in range(2):
            with pytest.raises(Exception, match="not right"):
                await client.sign_in("rex", "wrong")
    app = program(hub, desk)
    async with app.run_test(size=(160, 48)) as pilot:
        await open_as(app, pilot, "ann", "f6", Audit)
        everything = len(table(app))
        await pilot.press("r")
        await wait_until(pilot, lambda: len(table(app)) == 2, 20)
        assert "refused: nothing was changed" in detail(app)
        await pilot.press("p")
        await wait_until(pilot, lambda: wanted(app).startswith("Only: refused attempts, by Rex "))
        await pilot.press("r")
        await wait_until(pilot, lambda: wanted(app).startswith("Only: by Rex "), 20)
        assert all("Rex" in row for row in table(app))
        await pilot.press("p", "a")
        await wait_until(pilot, lambda: wanted(app).startswith("Only: kind sign-in") and len(table(app)) > 2, 20)
        assert {word for row in table(app) for word in ("Signed in", "Refused sign-in") if word in row} == {
            "Signed in", "Refused sign-in",
        }  # fmt: skip
        await pilot.press("c")
        await wait_until(pilot, lambda: len(table(app)) == everything, 20)


async def test_more_of_the_trail_comes_as_one_goes_down_and_nothing_is_left_out(
    hub: RealHub, desk: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fifty people changed in one moment stand on both sides of a page."""
    monkeypatch.setattr("wallboard_tui.tui.screens.admin.audit.PAGE", 20)
    monkeypatch.setattr("wallboard_tui.tui.screens.admin.audit.NEAR", 5)
    people = [("person", {"key": f"p{n:02}", "name": f"Person {n:02}", "role": "standard:agent"}) for n in range(50)]
    await hub.apply(*people)
    app = program(hub, desk)
    async with app.run_test(size=(160, 48)) as pilot:
        await open_as(app, pilot, "ann", "f6", Audit)
        assert len(table(app)) == 20
        await pilot.press("end")
        await wait_until(pilot, lambda: len(table(app)) > 20, 20)
        for _ in range(8):
            await pilot.press("end")
            await pilot.pause()
        screen = app.screen
        assert isinstance(screen, Audit)
        await wait_until(pilot, lambda: screen._complete, 20)
        shown = {entry.target for entry in screen.entries}
    assert {f"p{n:02}" for n in range(50)} <= shown
    assert len(screen.entries) == len(await operator_audit(hub, "limit=1000"))


async def test_whoever_may_not_read_the_trail_is_not_offered_it(hub: RealHub, desk: Home) -> None:
    app = program(hub, desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await sign_in(app, pilot, "rex")
        await wait_until(pilot, lambda: "● live" in header(app), 30)
        await pilot.press("f2", "f5", "f6")
        assert not isinstance(app.screen, Section)
        assert not {action.id for action in app.open_actions()} & {"admin.team", "admin.review", "admin.audit"}


async def test_a_section_closes_when_its_permission_is_taken_away(hub: RealHub, desk: Home) -> None:
    app = program(hub, desk)
    async with app.run_test(size=(160, 48)) as pilot:
        await open_as(app, pilot, "ann", "f6", Audit)
        await hub.apply(("person", {"key": "ann", "name": "Ann", "role": "standard:receptionist"}))
        await wait_until(pilot, lambda: not isinstance(app.screen, Section), 30)
        await wait_until(pilot, lambda: app.board is not None and app.board.me.role_name == "Receptionist", 30)
