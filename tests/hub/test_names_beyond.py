"""Somebody who edits people, teams or reviews, and does not see everything: what is beyond their knowledge is named in
no answer, is not told from what there is not, and stays as it is when they edit the document that names it.
"""

from typing import Any

import pytest

from .editing import SALES, SUPPORT, change, edit

SECRET, NUMBER, TEAM = "asterisk:pbx1:velvetline", "+35318880000", "zteam"
NAMED = ("velvetline", "Velvet Line", NUMBER, "Velvet Number", TEAM, "Obsidian Squad")
SEEN = {"scope": [f"queue:{SUPPORT}"]}
GRANTS = {"recordings": {"scope": [f"queue:{SECRET}", f"queue:{SUPPORT}", f"number:{NUMBER}/inbound"]},
          "scores": {"scope": [f"team:{TEAM}"]}}  # fmt: skip

TRIED: list[dict[str, Any]] = [
    {"name": "Kimberley"}, {"manage_queues": []}, {"role": "standard:admin"}, {"email": "k@example.org"},
]  # fmt: skip


@pytest.fixture
async def desk(house: Any) -> Any:
    """Lee edits people and sees the calls of one queue; Wes edits teams. Kim and Zoe have what Lee does not know of,
    and what they may do with it is nothing: so Lee may edit them.
    """
    managed = ("users", "roles.assign", "pins", "access_review")
    lead = {**{name: {"level": "manage"} for name in managed}, "calls": SEEN, "scores": SEEN}
    await house.put(
        ("queue", {"key": SECRET, "source": "pbx1", "name": "velvetline", "title": "Velvet Line"}),
        ("number", {"key": NUMBER, "name": "Velvet Number"}),
        ("agent", {"key": "asterisk:pbx1:Kim", "source": "pbx1", "name": "Kim", "queues": [SECRET, SUPPORT],
                   "penalties": {SECRET: 3, SUPPORT: 1}}),
        ("role", {"key": "custom:lead", "name": "Lead", "grants": lead}),
        ("role", {"key": "custom:staff", "name": "Staff", "grants": {"calls": SEEN}}),
        ("role", {"key": "custom:groups", "name": "Groups", "grants": {"workgroups": {"level": "manage"}}}),
        ("person", {"key": "lee", "name": "Lee", "role": "custom:lead"}),
        ("person", {"key": "wes", "name": "Wes", "role": "custom:groups"}),
        ("person", {"key": "ivy", "name": "Ivy", "role": "custom:staff", "disabled": True}),
        ("person", {"key": "kim", "name": "Kim", "role": "custom:staff", "manage_queues": [SECRET, SUPPORT],
                    "agents": ["asterisk:pbx1:Kim"], "manage_numbers": [NUMBER], "caller_ids": [NUMBER],
                    "default_caller_id": NUMBER, "extension": "109"}),
        ("person", {"key": "zoe", "name": "Zoe", "role": "calltracks:no-access", "grants": GRANTS}),
        ("person", {"key": "amy", "name": "Amy", "role": "standard:supervisor", "grants": GRANTS}),
        ("team", {"key": TEAM, "name": "Obsidian Squad", "members": ["kim"], "managers": ["amy"], "queues": [SECRET],
                  "numbers": [NUMBER]}),
    )  # fmt: skip
    return house


async def test_what_an_editor_of_people_may_not_know_is_named_in_no_answer(desk: Any) -> None:
    await desk.take(
        [
            "1795262000|7.7|support|NONE|ENTERQUEUE||+353861234567|1",
            "1795262010|7.7|support|Kim|CONNECT|10|7.8|2",
            "1795262020|7.7|support|Kim|COMPLETECALLER|10|10|1",
        ]
    )
    async with desk.operator("lee") as lee:
        kim = next(row for row in (await lee.get("/people")).json() if row["key"] == "kim")
        assert kim["doc"]["manage_queues"] == [SUPPORT]
        assert (kim["doc"].get("caller_ids") or [], kim["doc"].get("default_caller_id"), kim["teams"]) == ([], None, [])
        answers = [await lee.get(path) for path in (
            "/people", "/people/kim/access", "/people/zoe/access", "/people/amy/access",
            "/organisation?kinds=person&kinds=agent", "/access-review", "/assignable",
            "/why/kim/asterisk:pbx1:7.7", "/who-can-see/asterisk:pbx1:7.7", "/who-can-see/kim?kind=person",
            "/why/kim/asterisk:pbx1:Kim?kind=agent", "/why/adm/asterisk:pbx1:7.7",
            "/why/amy/asterisk:pbx1:7.7", "/why/amy/asterisk:pbx1:Kim?kind=agent", "/why/zoe/asterisk:pbx1:7.7",
        )]  # fmt: skip
        answers += [
            await change(lee, edit("person", "kim", set=given), dry_run=dry_run)
            for dry_run in (True, False)
            for given in TRIED
        ]
        answers += [await change(lee, edit("person", key, remove=True)) for key in ("kim", "amy")]
    told = {name for answer in answers for name in NAMED if name in answer.text}
    assert {answer.status_code for answer in answers} <= {200, 403, 422}
    assert told == set(), [answer.text[:300] for answer in answers if any(name in answer.text for name in NAMED)]
    async with desk.operator("adm") as adm:
        sent = (await adm.get("/people/amy/access")).text + (await adm.get("/people")).text
    assert [name for name in NAMED if name not in sent] == [], "else the search above could not fail"


async def test_what_somebody_may_not_know_stays_where_it_is_when_they_edit(desk: Any) -> None:
    before = desk.hub.document("person", "kim")
    async with desk.operator("lee") as lee:
        shown = next(row["doc"] for row in (await lee.get("/people")).json() if row["key"] == "kim")
        again = await change(
            lee, edit("person", "kim", put={name: value for name, value in shown.items() if name != "key"})
        )
        assert again.status_code == 200, again.text
        assert again.json()["unchanged"] == 1, "what is written back as it was read changes nothing"
        assert (
            await change(lee, edit("person", "kim", set={"manage_queues": [], "email": "kim@example.org"}))
        ).status_code == 200
        grants = {"scores": {"scope": ["queue:" + SUPPORT]}}
        assert (await change(lee, edit("person", "zoe", set={"grants": grants}))).status_code == 200
        zoe = next(row["doc"] for row in (await lee.get("/people")).json() if row["key"] == "zoe")
    assert list(zoe["grants"]) == ["scores"]
    kept = desk.hub.document("person", "zoe")["grants"]
    assert kept["recordings"]["scope"] == [f"queue:{SECRET}", f"number:{NUMBER}/inbound"]
    assert kept["scores"]["scope"] == [f"team:{TEAM}", f"queue:{SUPPORT}"]
    after = desk.hub.document("person", "kim")
    assert after["manage_queues"] == [SECRET], "Lee took away what he sees, and nothing else"
    assert {**after, "manage_queues": None, "email": None} == {**before, "manage_queues": None, "email": None}


async def test_an_editor_cannot_tell_by_trying_what_there_is(desk: Any) -> None:
    """Answers about a hidden key are those about an invented one, byte for byte, wherever it can be written."""
    hidden = {
        "queue": (SECRET, "asterisk:pbx1:damasklin1"),
        "number": (NUMBER, "+35318880009"),
        "team": (TEAM, "zbeam"),
    }

    def tries(of: str, key: str) -> list[Any]:
        granted = [{"grants": {name: {"scope": [f"{of}:{key}"]}}} for name in ("calls", "recordings", "scores")]
        fields = {"queue": ("manage_queues",), "number": ("manage_numbers", "caller_ids"), "team": ()}[of]
        given: list[dict[str, Any]] = [
            *granted,
            *({field: [SUPPORT, key] if of == "queue" else [key]} for field in fields),
        ]
        given += [{"default_caller_id": key}] if of == "number" else []
        made = [{"name": "New", "role": "custom:staff", **one} for one in given]
        return [*(edit("person", who, set=one) for who in ("kim", "ivy", "lee", "zoe") for one in given),
                *(edit("person", "new", create=one) for one in made), *(edit("person", "kim", put=one) for one in made),
                *(edit("agent", "asterisk:pbx1:Kim", set=one) for one in (
                    {"queues": [key]}, {"penalties": {key: 3}}, {"penalties": {key: 3, SUPPORT: 1}},
                    {"wrap_ups": {key: 30}},
                ) if of == "queue"),
                edit(of, key, set={"name": "x"}), edit(of, key, remove=True)]  # fmt: skip

    told = []
    async with desk.operator("lee") as lee:
        for of, (there, invented) in hidden.items():
            for one, other in zip(tries(of, there), tries(of, invented), strict=True):
                for dry_run in (True, False):
                    answers = [await change(lee, given, dry_run=dry_run) for given in (one, other)]
                    texts = [a.text.replace(key, "KEY") for a, key in zip(answers, (there, invented), strict=True)]
                    assert "KEY" not in texts[0].replace("“KEY”", "").replace(f"{of} KEY", "")
                    if answers[0].status_code != answers[1].status_code or texts[0] != texts[1]:
                        told.append(f"{one}: {texts[0][:300]} and {texts[1][:300]}")
    async with desk.operator("wes") as wes:
        for field in ("members", "managers"):
            texts = [(await change(wes, edit("team", TEAM, set={field: [key]}))).text.replace(key, "KEY")
                     for key in ("adm", "odm")]  # fmt: skip
            told += texts if texts[0] != texts[1] else []
        for field, keys in (("queues", (SALES, "asterisk:pbx1:sulks")),):
            # A team's document is whole for those who edit teams: queues that stand in one they know.
            answers = [await change(wes, edit("team", TEAM, set={field: [key]})) for key in keys]
            assert [answer.json()["error"]["name"] for answer in answers] == ["not-higher", "unknown"]
    assert told == []


async def test_who_may_change_a_part_of_what_they_may_not_read_is_told_nothing_of_the_rest(desk: Any) -> None:
    """Who assigns roles, or removes a number, changes documents of people and teams that are not theirs to read."""
    secret = "kit@secret.example"
    await desk.put(
        ("role", {"key": "custom:assigns", "name": "Assigns", "grants": {"roles.assign": {"level": "manage"}}}),
        ("role", {"key": "custom:lines", "name": "Lines", "grants": {"numbers": {"level": "manage"}}}),
        ("role", {"key": "custom:bare", "name": "Bare", "grants": {}}),
        ("role", {"key": "custom:thin", "name": "Thin", "grants": {}}),
        ("person", {"key": "ron", "name": "Ron", "role": "custom:assigns"}),
        ("person", {"key": "lin", "name": "Lin", "role": "custom:lines"}),
        ("person", {"key": "kit", "name": "Kit", "role": "custom:bare", "email": "kit@before.example"}),
        ("team", {"key": "yteam", "name": "Onyx Squad", "members": ["kit"], "numbers": [NUMBER]}),
    )
    began = desk.hub.journal.get("person", "kit").seq
    async with desk.operator("adm") as adm:
        assert (await change(adm, edit("person", "kit", set={"email": secret}))).status_code == 200
    async with desk.operator("ron") as ron:
        theirs = [await change(ron, edit("person", "kit", set={"role": "custom:thin"}, revision=began))]
        nameless = theirs[0].json()["error"]["fields"]
        assert [(one["field"], one["theirs"], one["by"]) for one in nameless] == [("", None, "adm")]
        theirs += [await change(ron, edit("person", "kit", set={"role": "custom:thin"}), dry_run=True)]
        assert theirs[1].json()["differences"] == [
            {"kind": "person", "key": "kit", "before": {"role": "custom:bare"}, "after": {"role": "custom:thin"}}
        ]
        theirs += [await change(ron, edit("person", "kit", set={"email": one}), dry_run=True)
                   for one in (secret, "kit@other.example")]  # fmt: skip
        assert theirs[2].text == theirs[3].text
    async with desk.operator("lin") as lin:
        foreseen = await change(lin, edit("number", NUMBER, remove=True), dry_run=True)
        assert {one["kind"] for one in (*foreseen.json()["differences"], *foreseen.json()["applied"])} == {"number"}
    async with desk.operator("lee") as lee:
        gone = edit("person", "kit", remove=True)
        theirs += [await change(lee, gone, dry_run=True), await change(lee, gone)]
        assert theirs[-1].json()["error"]["reason"] == "Removing person Kit takes something away: a team loses them."
        theirs.append(await change(lee, {**gone, "confirm": True}))
        assert [one["kind"] for one in theirs[-1].json()["applied"]] == ["person"]
    assert not desk.hub.document("team", "yteam").get("members")
    told = [answer.text for answer in (*theirs[:4], foreseen) if "@" in answer.text]
    told += [answer.text for answer in (*theirs, foreseen) if "yteam" in answer.text or "Onyx" in answer.text]
    assert told == []


async def test_what_an_editor_of_people_may_not_know_is_not_in_their_feed(desk: Any) -> None:
    sent = ""
    async for frame in desk.stream("lee"):
        sent += str(frame.data.get("changes", ""))
        if frame.event == "ready" and frame.data["from"] == 0:
            break
    assert "Kim" in sent
    assert [name for name in NAMED if name in sent] == []


async def test_looking_through_somebodys_eyes_names_no_more_than_both_may_know(desk: Any) -> None:
    await desk.put(
        ("role", {"key": "custom:eyes", "name": "Eyes", "grants": {"users": {}, "roles": {}, "calls": SEEN}}),
        ("person", {"key": "eye", "name": "Eye", "role": "custom:eyes"}),
    )
    viewing = {"Wallboard-View-As": "adm"}
    async with desk.operator("eye") as eye:
        answers = [await eye.get(path, headers=viewing) for path in ("/people", "/people/kim/access", "/me", "/queues",
                                                                     "/teams", "/people/adm/access")]  # fmt: skip
        answers.append(await eye.get("/people/kim/access", headers={"Wallboard-View-As": "kim"}))
    assert [name for answer in answers for name in NAMED if name in answer.text] == []
    assert [answer.status_code for answer in answers] == [200, 200, 200, 403, 403, 200, 200]


async def test_a_feed_begins_anew_when_what_people_may_be_named_with_changes(desk: Any) -> None:
    """Lee's rows stay the same, and what the documents of people may name does not."""

    async def zoe() -> tuple[str, Any]:
        async for frame in desk.stream("lee"):
            found = [row for row in frame.data.get("changes", ()) if row[:2] == ["person", "zoe"]]
            if found:
                return desk.hub.access("lee").gate.fingerprint, found[0][4].get("grants")
        return "", None

    before, lead = await zoe(), desk.hub.document("role", "custom:lead")
    await desk.put(("role", {**lead, "grants": {**lead["grants"], "recordings": {"scope": [f"queue:{SECRET}"]}}}))
    after = await zoe()
    assert before[0] != after[0]
    assert [found["recordings"]["scope"] for _, found in (before, after)] == [
        [f"queue:{SUPPORT}"], [f"queue:{SECRET}", f"queue:{SUPPORT}"],
    ]  # fmt: skip
