"""Missed opportunities on a running hub: derived as calls come, worked on by people, never lost, never twice."""

import asyncio
import time
from contextlib import aclosing
from typing import Any

from wallboard_tui.cli.snapshot import snapshot
from wallboard_tui.client.hub import HubClient
from wallboard_tui.hub.followup_log import SEQ
from wallboard_tui.model.board import Pane
from wallboard_tui.tui.panes.missed import ask

NOON = 1_795_262_400.0
CALLER = "+353861234567"


def abandoned(at: float, call: str, queue: str = "support", caller: str = CALLER, wait: int = 30) -> list[str]:
    start = int(at)
    return [
        f"{start}|{call}|{queue}|NONE|ENTERQUEUE||{caller}|1",
        f"{start + wait}|{call}|{queue}|NONE|ABANDON|1|1|{wait}",
    ]


def answered(at: float, call: str, queue: str = "support", caller: str = CALLER) -> list[str]:
    start = int(at)
    return [
        f"{start}|{call}|{queue}|NONE|ENTERQUEUE||{caller}|1",
        f"{start + 5}|{call}|{queue}|Bob|CONNECT|5|{call}x|2",
        f"{start + 65}|{call}|{queue}|Bob|COMPLETECALLER|5|60|1",
    ]


async def act(house: Any, person: str, what: str, **more: Any) -> Any:
    async with house.operator(person) as client:
        return await client.post(f"/followups/{CALLER}", json={"act": what, **more})


async def test_a_missed_caller_appears_and_a_later_call_closes_it(house: Any) -> None:
    await house.take(abandoned(NOON - 600, "1.1"))
    assert house.hub.document("followup", CALLER)["status"] == "open"
    await house.take(answered(NOON - 300, "1.2"))
    followup = house.hub.document("followup", CALLER)
    assert (followup["status"], followup["reached_by"]) == ("reached", "asterisk:pbx1:Bob")
    assert followup["reached_after_s"] == 305


async def test_it_follows_by_itself_while_the_hub_runs(house: Any) -> None:
    async with asyncio.timeout(10), aclosing(house.stream("rex")) as stream:
        async for frame in stream:
            if frame.event == "ready" and frame.data["from"] == 0:
                from wallboard_tui.hub.intake import Intake
                from wallboard_tui.sources.asterisk.lines import Lines
                from wallboard_tui.sources.asterisk.queue_log import QueueLog

                batch = QueueLog("pbx1").read(Lines("queue_log", 1, abandoned(NOON - 600, "1.1")))
                await house.hub.run(Intake(house.hub, "pbx1", "followed").take, batch)
            if any(row[0] == "followup" for row in frame.data.get("changes", ())):
                break


async def test_claim_reach_resolve_reopen_and_note_are_kept_with_who_and_when(house: Any, clock: Any) -> None:
    await house.take(abandoned(NOON - 600, "1.1"))
    for what, status in (("claim", "claimed"), ("not_reached", "not_reached"), ("reached", "reached")):
        clock.now += 60
        response = await act(house, "adm", what, note=f"note on {what}")
        assert response.status_code == 200, response.text
        assert response.json()["status"] == status
    assert (await act(house, "adm", "resolve")).json()["status"] == "resolved"
    clock.now += 1
    assert (await act(house, "adm", "reopen")).json()["status"] == "open"
    history = house.hub.document("followup", CALLER)["history"]
    assert [step["by"] for step in history] == ["adm"] * 5
    assert history[0]["note"] == "note on claim"
    assert [step["act"] for step in history] == ["claim", "not_reached", "reached", "resolve", "reopen"]
    acts = [e.change.doc["act"] for e in house.hub.journal.read_kind("audit")]
    assert [a for a in acts if a.startswith("followup.")] == [
        "followup.claim", "followup.not_reached", "followup.reached", "followup.resolve", "followup.reopen",
    ]  # fmt: skip


async def test_of_two_who_claim_at_the_same_time_one_is_told_who_was_first(house: Any) -> None:
    await house.take(abandoned(NOON - 600, "1.1"))
    revision = house.hub.journal.get("followup", CALLER).seq
    answers = await asyncio.gather(
        *(act(house, person, "claim", revision=revision) for person in ("adm", "rex", "adm", "rex"))
    )
    assert sorted(a.status_code for a in answers) == [200, 409, 409, 409]
    lost = next(a for a in answers if a.status_code == 409).json()["error"]
    assert lost["name"] == "somebody-was-first"
    assert lost["followup"]["status"] == "claimed"


async def test_who_looked_at_an_old_state_is_told(house: Any) -> None:
    await house.take(abandoned(NOON - 600, "1.1"))
    revision = house.hub.journal.get("followup", CALLER).seq
    await house.take(abandoned(NOON - 300, "1.2"))
    response = await act(house, "adm", "resolve", revision=revision)
    assert response.status_code == 409
    assert response.json()["error"]["revision"] > revision


async def test_only_who_may_manage_the_report_works_on_it(house: Any) -> None:
    await house.take(abandoned(NOON - 600, "1.1"))
    assert (await act(house, "ria", "claim")).json()["error"]["name"] == "not-permitted"
    assert (await act(house, "rex", "claim")).status_code == 200


async def test_somebody_who_may_not_know_of_it_gets_the_same_answer_as_for_nothing(house: Any) -> None:
    await house.take(abandoned(NOON - 600, "1.1", queue="sales"))
    async with house.operator("sue") as sue:
        hidden = await sue.post(f"/followups/{CALLER}", json={"act": "claim"})
        nothing = await sue.post("/followups/+353999999999", json={"act": "claim"})
    assert hidden.status_code == nothing.status_code == 404
    assert hidden.text.replace(CALLER, "") == nothing.text.replace("+353999999999", "")


async def test_wrong_acts_are_refused(house: Any) -> None:
    await house.take(abandoned(NOON - 600, "1.1"))
    assert (await act(house, "adm", "explode")).json()["error"]["name"] == "wrong-act"
    assert (await act(house, "adm", "note", note="  ")).json()["error"]["name"] == "empty-note"
    assert (await act(house, "adm", "reopen")).status_code == 409


async def test_a_rebuilt_view_derives_the_same_followups(house: Any) -> None:
    lines = [
        line for n in range(40) for line in abandoned(NOON - 4000 + n * 60, f"{n}.1", caller=f"+35387000{n % 7:04}")
    ]
    await house.take(lines)
    await house.take(answered(NOON - 100, "99.1", caller="+353870000003"))
    before = {e.change.key: e.change.doc for e in house.hub.journal.read_kind("followup")}
    seq = house.hub.journal.seq()
    async with house.operator() as operator:
        response = await operator.post("/rebuild")
        assert b"documents" in response.content.splitlines()[-1]
    after = {e.change.key: e.change.doc for e in house.hub.journal.read_kind("followup")}
    assert after == before
    assert house.hub.journal.seq() == seq + 1, "only the audit of the rebuild"


async def test_after_a_crash_what_was_not_derived_yet_is_caught_up(
    house: Any, home: Any, clock: Any, a_running_hub: Any
) -> None:
    await house.take(abandoned(NOON - 600, "1.1"))
    reached = house.hub.view.get_meta(SEQ)
    await house.runtime.stop()
    from wallboard_tui.hub.intake import Intake
    from wallboard_tui.sources.asterisk.lines import Lines
    from wallboard_tui.sources.asterisk.queue_log import QueueLog

    batch = QueueLog("pbx1").read(Lines("queue_log", 1, abandoned(NOON - 500, "1.2", caller="+353860000002")))
    Intake(house.hub, "pbx1", "imported").take(batch)
    assert house.hub.view.get_meta(SEQ) == reached
    assert house.hub.document("followup", "+353860000002") is None
    house.hub.close()
    async with a_running_hub(home, clock) as again:
        assert again.hub.document("followup", "+353860000002")["status"] == "open"


async def test_a_contact_gives_its_name_and_vip(house: Any) -> None:
    await house.put(("contact", {"key": CALLER, "name": "Grace", "vip": True}))
    await house.take(abandoned(NOON - 600, "1.1"))
    followup = house.hub.document("followup", CALLER)
    assert (followup["contact"], followup["vip"]) == (CALLER, True)


async def test_vip_ranks_missed_callers_for_who_may_know_contacts_and_attempts_and_age_for_others(house: Any) -> None:
    """The design: "Priority = attempts, age, VIP contact". That a caller is a VIP is a field of the saved contact, so
    without ``contacts`` the list is ranked by the other two.
    """
    vip, often, old = "+353861000001", "+353861000002", "+353861000003"
    await house.put(("contact", {"key": vip, "name": "Grace", "vip": True}))
    for minutes, caller in ((50, old), (40, often), (30, often), (20, vip)):
        await house.take(abandoned(NOON - 60 * minutes, f"{minutes}.1", caller=caller))
    ranked = {}
    for person in ("adm", "rex"):
        client = HubClient(f"unix:{house.socket}", operator=True, as_person=person)
        async with client, snapshot(client) as (view, me, now):
            ranked[person] = ask(view, me, Pane.model_validate({"pane": "missed"}), now).rows
    assert [row.caller for row in ranked["adm"]] == [vip, often, old]
    assert [row.caller for row in ranked["rex"]] == [often, old, vip]
    assert [row.vip for row in ranked["rex"]] == [False] * 3


async def test_a_receptionist_gets_followups_and_not_one_byte_of_a_call(house: Any) -> None:
    secret = "Zebediah Quill"
    await house.put(("queue", {"key": "asterisk:pbx1:vault", "source": "pbx1", "name": "vault-secret-queue"}))
    await house.take(abandoned(NOON - 600, "1.1"))
    await house.take(answered(NOON - 500, "8155.77", caller="+353861111111"))

    def with_name() -> None:
        entry = house.hub.journal.get("call", "asterisk:pbx1:8155.77")
        doc = {**entry.change.doc, "caller_name": secret}
        house.hub.commit([house.hub.put("call", doc, "test")])

    await house.hub.run(with_name)
    received = b""
    rex = await house.signed_in("rex")
    async with asyncio.timeout(20), rex.stream("GET", "/feed") as response:
        async for chunk in response.aiter_bytes():
            received += chunk
            if b'"from":0.0' in received and b"99.99" not in received:
                await house.take(answered(NOON - 400, "8155.78", caller="+353861111112"))
                await house.take(abandoned(NOON - 300, "99.99", caller="+353862222222"))
            if b"+353862222222" in received:
                break
    await rex.aclose()
    assert CALLER.encode() in received
    for hidden in (secret, "8155.77", "8155.78", "+353861111111", "+353861111112", "queue_log", "ENTERQUEUE"):
        assert hidden.encode() not in received, hidden
    assert b'"cell"' not in received
    assert b'"live_queue"' not in received
    async with house.operator("rex") as as_rex:
        assert (await as_rex.get("/calls")).status_code == 403
        assert (await as_rex.get("/kpis?by=queue&period=all")).status_code == 403


async def test_deriving_for_a_batch_takes_time_by_its_callers_not_by_all(house: Any) -> None:
    await house.take(
        [line for n in range(300) for line in abandoned(NOON - 9000 + n, f"{n}.5", caller=f"+35386100{n:04}")]
    )
    looked: list[int] = []
    log = house.runtime.followups
    derive = log._derive

    def counting(callers: Any, withheld: Any) -> int:
        looked.append(len(callers) + len(withheld))
        return int(derive(callers, withheld))

    log._derive = counting
    began = time.monotonic()
    await house.take(abandoned(NOON - 100, "777.5"))
    assert sum(looked) == 1
    assert time.monotonic() - began < 5
