"""The named rules at saving, through a running hub: mails, extensions, the reports tab, what is removed, PINs."""

from typing import Any

from .editing import QA, SALES, change, edit, error, saved, trail


async def test_reminders_of_missed_opportunities_need_the_report(house: Any) -> None:
    """“It is important to ensure you don't tick the 'Send email reminders for missed opportunities?' option as they
    cannot access the Missed Opportunities Report.” (002)
    """
    async with house.operator("adm") as adm:
        calls_only = edit("person", "cal", create={"name": "Cal", "role": "calltracks:calls-only", "missed_mail": True})
        assert error(await change(adm, calls_only)) == (422, "missed-mail")
        await saved(adm, edit("person", "rex", set={"missed_mail": True}))
        found = await saved(adm, edit("person", "rex", set={"role": "calltracks:calls-only"}))
        assert [one["rule"] for one in found["warnings"] if one["rule"] == "missed-mail"]
        assert not house.hub.document("person", "rex").get("missed_mail")


async def test_mail_for_somebody_without_an_address_is_warned_of_once(house: Any) -> None:
    async with house.operator("adm") as adm:
        found = await saved(adm, edit("person", "rex", set={"missed_mail": True}))
        said = {one["rule"]: (one["severity"], one["reason"]) for one in found["warnings"]}
        assert said["missed-mail"][0] == "warning"
        assert "has no mail address" in said["missed-mail"][1]
        assert not (await saved(adm, edit("person", "rex", set={"name": "Rex Again"})))["warnings"]
        given = edit("person", "rex", set={"email": "rex@example.org", "report_mail": True})
        assert not (await saved(adm, given))["warnings"]
        found = await saved(adm, edit("person", "rex", set={"email": None}))
        assert [one["rule"] for one in found["warnings"]] == ["missed-mail", "schedule"]


async def test_no_access_means_no_mail_no_code_and_no_session(house: Any) -> None:
    """“Please remember to ensure you DO NOT tick either of the email options, as they cannot access the system to
    respond.” (002)
    """
    async with house.operator("adm") as adm:
        for field in ("missed_mail", "report_mail"):
            asked = await change(adm, edit("person", "ned", set={field: True}))
            assert error(asked) == (422, "no-access")
            assert "give a role that signs in first" in asked.text
        refused = await adm.post("/people/ned/code")
        assert error(refused) == (422, "no-access")
        rex = await house.signed_in("rex")
        await saved(adm, edit("person", "rex", set={"role": "calltracks:no-access"}))
        assert error(await rex.get("/me")) == (401, "disabled")
        await rex.aclose()


async def test_a_tab_without_a_report_is_refused(house: Any) -> None:
    """“A new role as a minimum must contain 'view tab' and at least one 'view' subsection … without having this
    checked the UI will error.” (002)
    """
    async with house.operator("adm") as adm:
        tab = {"name": "Tab", "grants": {"reports.tab": {}}}
        assert error(await change(adm, edit("role", "custom:tab", create=tab))) == (422, "reports-tab")
        tab["grants"] = {"reports.missed": {"scope": ["ALL"]}}
        await saved(adm, edit("role", "custom:tab", create=tab), edit("person", "rex", set={"role": "custom:tab"}))
        assert "reports.tab" in house.hub.access("rex").me.permissions, "the tab comes with the report"


async def test_configuring_implies_viewing(house: Any) -> None:
    async with house.operator("adm") as adm:
        toggles = {"configure_wallboard": True, "view_wallboard": False}
        assert error(await change(adm, edit("person", "bob", set={"toggles": toggles}))) == (422, "wallboard")
        await saved(adm, edit("person", "bob", set={"toggles": {"configure_wallboard": True}}))
        assert house.hub.access("bob").me.may("wallboard")


async def test_warnings_name_the_rule_and_forbid_nothing(house: Any) -> None:
    await house.put(("number", {"key": "+35315550100", "name": "Main"}))
    async with house.operator("adm") as adm:
        found = await saved(adm, edit("person", "lin", create={"name": "Lin", "role": "standard:supervisor"}))
        (empty,) = found["warnings"]
        assert empty["rule"] == "empty-grants"
        assert empty["reason"].startswith("Lin manages no team yet, so Calls, ")
        assert empty["reason"].endswith(" show nothing, and Analytics, Quality scores show only their own.")
        assert empty["next"].endswith("(wallboard teams add TEAM --manager lin)."), "the next step is one that there is"
        found = await saved(adm, edit("person", "rea", create={"name": "Rea", "role": "standard:read-only"}))
        assert {one["rule"]: one["severity"] for one in found["warnings"]} == {"broad": "advice"}
        found = await saved(adm, edit("person", "lin", set={"caller_ids": ["+35315550100"]}))
        assert "extension" in {one["rule"] for one in found["warnings"]}, "calls need an extension"
        found = await saved(adm, edit("person", "lin", set={"caller_ids": [], "extension": "102"}))
        said = {one["rule"]: one["reason"] for one in found["warnings"]}
        assert "without a Caller ID" in said["caller-id"]
        assert "Bob Tanaka" in said["extension"], "two people with one extension see each other's calls"
        wrong = await change(adm, edit("person", "lin", set={"default_caller_id": "+35319999999"}))
        assert error(wrong) == (422, "caller-id")


async def test_what_stood_so_before_is_not_warned_of_again(house: Any) -> None:
    """Whoever writes a mail address, or applies a file that changes nothing, learns nothing new about extensions."""
    await house.put(("number", {"key": "+35315550100", "name": "Main"}))
    lin = {"name": "Lin", "role": "standard:supervisor", "caller_ids": ["+35315550100"]}
    async with house.operator("adm") as adm:
        found = await saved(adm, edit("person", "lin", create=lin))
        assert {one["rule"] for one in found["warnings"]} == {"empty-grants", "extension"}
        found = await saved(adm, edit("person", "lin", set={"email": "lin@example.org"}))
        assert found["warnings"] == []
        found = await saved(adm, edit("person", "lin", put=house.hub.document("person", "lin")))
        assert (found["warnings"], found["unchanged"]) == ([], 1)
        found = await saved(adm, edit("person", "lin", set={"toggles": {"view_call_recordings": True}}))
        assert {one["rule"] for one in found["warnings"]} == {"empty-grants"}, "what is given is empty, too"


async def test_what_is_no_extension_is_not_managed_as_one(house: Any) -> None:
    async with house.operator("adm") as adm:
        refused = await change(adm, edit("person", "bob", set={"manage_extensions": ["101", "10x"]}))
        assert error(refused) == (422, "wrong-field")
        assert refused.json()["error"]["reason"] == "“10x” is no extension."


async def test_a_business_number_is_one_with_its_country_or_a_short_one(house: Any) -> None:
    async with house.operator("adm") as adm:
        await saved(adm, edit("number", "+35315550100", create={"name": "Main"}), edit("number", "12", create={}))
        refused = await change(adm, edit("number", "1", create={}))
        assert error(refused) == (422, "wrong-key")
        assert "2 to 20 digits" in refused.json()["error"]["next"]


async def test_who_gets_another_extension_is_told_which_one_went(house: Any) -> None:
    async with house.operator("adm") as adm:
        found = await saved(adm, edit("person", "bob", set={"extension": "109"}))
        (effect,) = [one for one in found["effects"] if one["person"] == "bob"]
        assert "extension 102" in str(effect["lost"])
        assert "(own)" not in str(effect["lost"])


TOGGLED = {"configure_wallboard": True, "view_wallboard": False}

RULES: dict[str, tuple[str, Any]] = {
    "not-permitted": ("sue", edit("role", "custom:x", create=QA)),
    "not-higher": ("lee", edit("person", "new", create={"name": "New", "role": "standard:manager"})),
    "last-admin": ("adm", edit("person", "adm", set={"disabled": True})),
    "in-use": ("adm", edit("team", "north", remove=True)),
    "reports-tab": ("adm", edit("role", "custom:tab", create={"name": "Tab", "grants": {"reports.tab": {}}})),
    "missed-mail": ("adm", edit("person", "cal", set={"missed_mail": True})),
    "schedule": ("adm", edit("person", "cal", set={"report_mail": True})),
    "no-access": ("adm", edit("person", "ned", set={"report_mail": True})),
    "caller-id": ("adm", edit("person", "bob", set={"default_caller_id": "+35319999999"})),
    "wallboard": ("adm", edit("person", "bob", set={"toggles": TOGGLED})),
    "extension": ("adm", edit("person", "cal", set={"caller_ids": ["+35315550100"]})),
    "empty-grants": ("adm", edit("person", "lin", create={"name": "Lin", "role": "standard:supervisor"})),
    "broad": ("adm", edit("person", "rea", create={"name": "Rea", "role": "standard:read-only"})),
    "pin": ("adm", {"pin": "12"}),
}
"""For each rule somebody, and an edit to which it has something to say."""

WARNING = ("extension", "empty-grants", "broad")


async def test_every_rule_says_its_name_the_reason_and_the_next_step_and_each_refusal_is_written_down(
    house: Any,
) -> None:
    await house.put(
        ("role", {"key": "custom:lead", "name": "Lead", "grants": {"users": {"level": "manage"}}}),
        ("person", {"key": "lee", "name": "Lee", "role": "custom:lead"}),
        ("person", {"key": "cal", "name": "Cal", "role": "calltracks:calls-only"}),
        ("number", {"key": "+35315550100", "name": "Main"}),
    )
    async with house.operator("adm") as adm:
        assert set((await adm.get("/catalogue")).json()["rules"]) == set(RULES)
    for rule, (who, wanted) in RULES.items():
        async with house.operator(who) as client:
            pin = rule == "pin"
            answer = await (client.put("/people/bob/pin", json=wanted) if pin else change(client, wanted))
        if rule in WARNING:
            said = {one["rule"]: one for one in answer.json()["warnings"]}[rule]
        else:
            assert answer.status_code in (403, 422), rule
            said = answer.json()["error"]
            assert said["name"] == rule
            (entry,) = await trail(house, limit=1)
            target = "bob" if pin else wanted["key"]
            assert (entry["by"], entry["allowed"], entry["target"]) == (who, False, target), rule
            assert said["reason"] in entry["note"], rule
            given = {} if pin else {**wanted.get("set", {}), **wanted.get("create", {})}
            assert (entry["after"] or {}) == given, rule
        assert said["reason"].endswith("."), rule
        assert said["next"], rule


async def test_removing_says_who_loses_what_first(house: Any) -> None:
    async with house.operator("adm") as adm:
        refused = await change(adm, edit("team", "north", remove=True))
        assert error(refused) == (422, "in-use")
        assert "Sue Lead loses" in refused.json()["error"]["reason"]
        await saved(adm, edit("team", "north", remove=True, confirm=True))
        again = await change(adm, edit("team", "north", create={"name": "North", "managers": ["sue"]}))
        assert error(again) == (422, "in-use"), "old calls still name the team"
        refused = await change(adm, edit("role", "standard:agent", remove=True))
        assert error(refused) == (422, "in-use")
        assert "Bob Tanaka, Cat Byrne have the role Agent." in refused.json()["error"]["reason"]
        demoted = {"remove": True, "instead": "standard:receptionist"}
        refused = await change(adm, edit("role", "standard:agent", **demoted))
        assert error(refused) == (422, "in-use")
        assert "Bob Tanaka loses Calls" in refused.json()["error"]["reason"]
        await saved(adm, edit("role", "standard:agent", **demoted, confirm=True))
        assert house.hub.document("person", "bob")["role"] == "standard:receptionist"


async def test_a_grant_to_a_removed_queue_never_fits_one_of_its_name(house: Any) -> None:
    async with house.operator("adm") as adm:
        await saved(adm, edit("person", "bob", set={"grants": {"calls": {"scope": ["queue:" + SALES]}}}))
        await saved(adm, edit("queue", SALES, remove=True, confirm=True))
        assert not house.hub.document("person", "bob").get("grants")
        assert not house.hub.document("team", "south").get("queues")
        await house.put(("queue", {"key": SALES, "source": "pbx1", "name": "sales"}))
        assert "queue:" + SALES not in house.hub.access("bob").me.permissions["calls"].scope


async def test_what_is_dialled_leads_to_one_number(house: Any) -> None:
    """A call can be only one's: what a second number said would mean nothing, and nobody would be told."""
    main, other, third = "+35315550100", "+35315550200", "+35315550300"
    numbers = [("number", main, {"name": "Main", "dialled": ["5001"]}), ("number", other, {"dialled": ["5002"]})]
    async with house.operator("adm") as adm, house.operator() as operator:
        await saved(adm, *(edit(kind, key, create=doc) for kind, key, doc in numbers))
        wrong: dict[str, tuple[str, dict[str, Any]]] = {
            f"Main ({main}) is dialled as 5001 already.": (other, {"dialled": ["5002", "5001"]}),
            f"Main ({main}) is dialled as {main} already.": (other, {"dialled": ["5002", main]}),
            f"{other} is dialled as 5002 already.": (third, {"name": "New", "dialled": ["5002", "5003"]}),
        }
        for reason, (key, doc) in wrong.items():
            for refused in (
                await change(adm, edit("number", key, put=doc)),
                await operator.post("/apply", json={"documents": [["number", {"key": key, "name": "", **doc}]]}),
            ):
                assert (error(refused), refused.json()["error"]["reason"]) == ((422, "exists"), reason)
        alias = await change(adm, edit("number", "5001", create={"name": "Short"}))
        assert error(alias) == (422, "exists"), "which would take the calls of the other"
        # What moves from one to the other in one go is one's at any time; what stands may stand.
        moved = [edit("number", main, set={"dialled": []}), edit("number", other, set={"dialled": ["5002", "5001"]})]
        await saved(adm, *moved)
        await house.put(("number", {"key": third, "name": "Old", "dialled": ["5001"]}))
        await saved(adm, edit("number", third, set={"name": "As it stood", "dialled": ["5001"]}))


async def test_nobody_learns_by_trying_which_pins_others_have(house: Any) -> None:
    """Who sets PINs of some is answered the same, whether an admin has that PIN or nobody does."""
    await house.put(
        ("person", {"key": "max", "name": "Max", "role": "calltracks:local-manager"}),
        ("person", {**house.hub.document("person", "adm"), "extension": "100"}),
    )
    async with house.operator("adm") as adm, house.operator("max") as mgr:
        assert (await adm.put("/people/adm/pin", json={"pin": "80517"})).status_code == 200
        assert error(await mgr.get("/people/adm/pin")) == (403, "not-higher")
        for pin in ("80517", "80518"):
            tried = await mgr.put("/people/bob/pin", json={"pin": pin})
            assert (tried.status_code, tried.json()) == (200, {"person": "bob", "pin": pin})
        assert (await adm.get("/people/adm/pin")).json()["pin"] == "80517"


async def test_a_pin_needs_an_extension_and_never_shows(house: Any) -> None:
    """“set up pin numbers for outbound calls” (002, Local Manager)"""
    await house.put(("person", {"key": "max", "name": "Max", "role": "calltracks:local-manager"}))
    async with house.operator("max") as mgr, house.operator("sue") as sue:
        assert (await mgr.put("/people/bob/pin", json={"pin": "80517"})).json() == {"person": "bob", "pin": "80517"}
        assert (await mgr.get("/people/bob/pin")).json()["pin"] == "80517"
        assert error(await mgr.put("/people/cat/pin", json={"pin": "12"})) == (422, "pin")
        assert error(await mgr.put("/people/rex/pin", json={"pin": "4242"})) == (422, "extension")
        assert error(await sue.get("/people/bob/pin")) == (403, "not-permitted")
    entries = await trail(house, act="pin", allowed=True)
    assert [(entry["act"], entry["target"]) for entry in entries] == [("pin.set", "bob")]
    assert "80517" not in str(entries)
