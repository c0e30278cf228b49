"""Setting a hub up: the organisation, its roles and first admin; documents that an operator puts; boards."""

from pathlib import Path
from typing import Any

import pytest

from wallboard_tui.hub.setup import highest, roles_in

from .editing import error, trail

BOARD = {"name": "Operations", "pages": [{"name": "1", "rows": [{"panes": [{"pane": "wallboard"}]}]}]}


async def test_the_first_admin_gets_the_highest_role_of_the_first_pack(
    home: Path, clock: Any, a_running_hub: Any
) -> None:
    async with a_running_hub(home, clock) as house, house.operator() as operator:
        assert (await operator.get("/health")).json()["organisation"] is None
        body = {"name": "Corrib", "time_zone": "Europe/Dublin", "packs": ["calltracks", "justcall"], "admin": "aoife"}
        made = (await operator.post("/init", json=body)).json()
        assert (made["person"], made["role"]) == ("aoife", "calltracks:customer-super-admin")
        roles = {role["key"] for role in (await operator.get("/documents/role")).json()}
        assert {"calltracks:receptionist", "justcall:agent"} <= roles
        again = await operator.post("/init", json=body)
        assert (again.status_code, again.json()["error"]["name"]) == (409, "already-set-up")
        async with house.client() as anybody:
            answer = await anybody.post(
                "/password", json={"person": "aoife", "old": made["code"], "new": "four words that fit"}
            )
            assert answer.json()["me"]["role"] == "calltracks:customer-super-admin"


@pytest.mark.parametrize(
    ("pack", "role"),
    [
        ("standard", "standard:admin"),
        ("justcall", "justcall:admin"),
        ("nuacom", "nuacom:admin"),
        ("calltracks", "calltracks:customer-super-admin"),
        ("mightycall", "mightycall:administrator"),
    ],
)
def test_each_pack_has_a_role_for_its_first_admin(pack: str, role: str) -> None:
    assert highest(roles_in(pack)).key == role


@pytest.mark.parametrize(
    ("change", "name"),
    [({"packs": ["nothing"]}, "wrong-pack"), ({"packs": []}, "no-pack"), ({"time_zone": "Mars"}, "wrong-zone"),
     ({"name": " "}, "no-name"), ({"admin": "Aoife Byrne"}, "wrong-key")],
)  # fmt: skip
async def test_a_wrong_setup_is_refused_and_leaves_nothing(
    home: Path, clock: Any, a_running_hub: Any, change: Any, name: str
) -> None:
    async with a_running_hub(home, clock) as house, house.operator() as operator:
        body = {"name": "Corrib", "time_zone": "Europe/Dublin", "packs": ["standard"], **change}
        assert (await operator.post("/init", json=body)).json()["error"]["name"] == name
        assert house.hub.journal.count() == 0


async def test_applied_documents_are_checked_first_and_all_or_none(house: Any) -> None:
    async with house.operator() as operator:
        wrong = [["person", {"key": "zoe", "name": "Zoe", "role": "standard:agent"}], ["person", {"key": "x"}]]
        error = (await operator.post("/apply", json={"documents": wrong})).json()["error"]
        assert error["name"] == "wrong-document"
        assert "Document 2 (person x): name" in error["reason"]
        assert house.hub.document("person", "zoe") is None
        for kind in ("session", "audit", "nonsense"):
            response = await operator.post("/apply", json={"documents": [[kind, {"key": "x"}]]})
            assert response.json()["error"]["name"] == "wrong-document"


async def test_documents_after_which_nobody_manages_roles_and_people_are_not_applied(house: Any) -> None:
    """The operator may put what they like, but for this: a hub without an admin is of no use to anybody."""
    somebody = house.hub.document("person", "adm")
    role = {**house.hub.document("role", "standard:admin"), "login": False}
    async with house.operator() as operator:
        for document in (["person", {**somebody, "disabled": True}], ["role", role]):
            answer = await operator.post("/apply", json={"documents": [document]})
            assert (answer.status_code, answer.json()["error"]["name"]) == (422, "last-admin")
        assert house.hub.document("person", "adm") == somebody
        (first, second) = (await operator.get("/audit", params={"allowed": False})).json()
        assert first["act"] == second["act"] == "documents.applied"
        other = ["person", {"key": "eve", "name": "Eve", "role": "standard:admin"}]
        both = {"documents": [["person", {**somebody, "disabled": True}], other]}
        assert (await operator.post("/apply", json=both)).status_code == 200


@pytest.mark.parametrize("way", ["disabled", "no sign-in"])
async def test_whom_applied_documents_shut_out_is_not_let_in_again_by_what_they_had(house: Any, way: str) -> None:
    """A terminal left alone, and a code that was not used yet, are good no longer once the person is back."""
    bob = await house.signed_in("bob")
    stood = house.hub.document("person", "bob")
    shut = {**stood, "disabled": True} if way == "disabled" else {**stood, "role": "calltracks:no-access"}
    async with house.operator("adm") as adm, house.operator() as operator:
        code = (await adm.post("/people/bob/code")).json()["code"]
        for doc in (shut, stood):
            answer = await operator.post("/apply", json={"documents": [["person", doc]]})
            assert answer.status_code == 200, answer.text
    assert error(await bob.get("/me")) == (401, "disabled")
    await bob.aclose()
    assert not [e for e in house.hub.journal.read_kind("session") if e.change.doc["person"] == "bob"]
    async with house.client() as client:
        wanted = {"person": "bob", "old": code, "new": "a new long password"}
        assert error(await client.post("/password", json=wanted)) == (401, "sign-in-failed")
    await (await house.signed_in("bob")).aclose()


async def test_applied_documents_take_back_what_was_approved_beyond_ones_new_reach(house: Any) -> None:
    """By the operator's documents as by an admin's edit: a code that Eve gave is no better than Eve."""
    eve = {"key": "eve", "name": "Eve", "role": "standard:admin"}
    await house.put(("person", eve))
    async with house.operator("eve") as as_eve, house.operator() as operator:
        code = (await as_eve.post("/people/sue/code")).json()["code"]
        terminal = await house.signed_in("sue")
        await operator.post("/apply", json={"documents": [["person", {**eve, "role": "standard:agent"}]]})
    async with house.client() as client:
        wanted = {"person": "sue", "old": code, "new": "a new long password"}
        assert error(await client.post("/password", json=wanted)) == (401, "sign-in-failed")
    assert (await terminal.get("/me")).status_code == 200
    await terminal.aclose()
    assert [entry["target"] for entry in await trail(house, act="code.suspended")] == ["sue"]


async def test_applied_documents_that_shut_somebody_out_may_give_them_another_password(house: Any) -> None:
    stood = house.hub.document("person", "bob")
    async with house.operator("adm") as adm, house.operator() as operator:
        await adm.post("/people/bob/code")
        both = [["person", {**stood, "disabled": True}], ["credential", {"key": "bob", "password": "another one"}]]
        assert (await operator.post("/apply", json={"documents": both})).status_code == 200
        await operator.post("/apply", json={"documents": [["person", stood]]})
    await (await house.signed_in("bob", "another one")).aclose()


async def test_an_applied_person_with_a_password_can_sign_in(house: Any) -> None:
    documents = [
        ["person", {"key": "zoe", "name": "Zoe", "role": "standard:agent"}],
        ["credential", {"key": "zoe", "password": "demo"}],
    ]
    async with house.operator() as operator:
        assert (await operator.post("/apply", json={"documents": documents})).json()["applied"] == 2
    client = await house.signed_in("zoe", "demo")
    await client.aclose()
    assert "demo" not in str(house.hub.document("credential", "zoe"))


async def test_an_applied_organisation_brings_its_roles_and_keeps_changed_ones(house: Any) -> None:
    mine = {"key": "justcall:agent", "name": "Our agents", "pack": "justcall"}
    organisation = {**house.hub.document("organisation", "organisation"), "packs": ["standard", "justcall"]}
    async with house.operator() as operator:
        await operator.post("/apply", json={"documents": [["role", mine]]})
        await operator.post("/apply", json={"documents": [["organisation", organisation]]})
    assert house.hub.document("role", "justcall:agent")["name"] == "Our agents"
    assert house.hub.document("role", "justcall:supervisor") is not None


async def test_boards_are_saved_by_those_who_lay_them_out_and_nobody_else(house: Any) -> None:
    async with house.operator("adm") as adm, house.operator("bob") as bob:
        assert (await bob.put("/boards/ops", json=BOARD)).json()["error"]["name"] == "not-permitted"
        assert (await adm.put("/boards/ops", json=BOARD)).status_code == 200
        assert (await adm.get("/boards/ops")).json()["name"] == "Operations"
        assert [board["key"] for board in (await adm.get("/boards")).json()] == ["ops"]
        revision = house.hub.journal.get("board", "ops").seq
        await adm.put("/boards/ops", json={**BOARD, "name": "Two"})
        late = await adm.put(f"/boards/ops?revision={revision}", json={**BOARD, "name": "Three"})
        assert (late.status_code, late.json()["error"]["name"]) == (409, "changed-meanwhile")
        wrong = {**BOARD, "pages": [{"name": "1", "rows": [{"panes": [{"pane": "fireworks"}]}]}]}
        error = (await adm.put("/boards/ops", json=wrong)).json()["error"]
        assert "pages.0.rows.0.panes.0.pane" in error["reason"]
        assert "wallboard" in error["reason"]
    audits = [e.change.doc for e in house.hub.journal.read_kind("audit") if e.change.doc["act"] == "board.saved"]
    refused, *saved = audits
    assert (refused["by"], refused["allowed"]) == ("bob", False)
    assert [a["after"]["name"] for a in saved] == ["Operations", "Two"]
