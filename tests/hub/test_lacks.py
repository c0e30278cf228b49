"""What a source cannot supply is not known, and never 0: it follows from all the witnesses that were heard."""

from typing import Any

from wallboard_tui.hub.intake import Intake
from wallboard_tui.model.base import Doc
from wallboard_tui.sources.asterisk.cdr import Cdr
from wallboard_tui.sources.asterisk.lines import Lines
from wallboard_tui.sources.asterisk.queue_log import LACKS

from .conftest import NOON, answered

OUT = (
    '"","101","+353861234567","from-internal","","SIP/101-1","SIP/trunk-2","Dial","SIP/trunk/+353861234567",'
    '"2026-11-21 11:00:00","2026-11-21 11:00:05","2026-11-21 11:00:30","30","25","ANSWERED","DOCUMENTATION",'
    '"1795258800.1",""'
)
QUEUED = OUT.replace('"Dial","SIP/trunk/+353861234567"', '"Queue","sales"').replace("1795258800.1", "1795258800.2")


async def told(house: Any, *rows: str) -> Doc:
    """The source's health after an import of CDR rows."""

    def work() -> None:
        Intake(house.hub, "pbx1", "imported").take(Cdr("pbx1").read(Lines("Master.csv", 1, list(rows))))

    await house.hub.run(work)
    return await health(house)


async def health(house: Any) -> Doc:
    found: Doc = await house.hub.read(house.hub.document, "source", "pbx1")
    return found


async def test_the_cdr_alone_tells_calls_and_nothing_of_queues_and_agents(house: Any) -> None:
    lacks = (await told(house, OUT))["lacks"]
    assert {"offered", "answered", "handled", "talk_s", "available_s", "paused_s", "ring_no_answer"} <= set(lacks)
    assert not {"calls", "outbound", "outbound_answered", "inbound", "inbound_missed"} & set(lacks)
    async with house.operator() as client:
        (row,) = (await client.get("/kpis", params={"by": "all", "period": "all"})).json()
    assert {name: row["measures"][name] for name in ("calls", "outbound_answered", "offered", "handled", "talk_s")} == {
        "calls": 1, "outbound_answered": 1, "offered": None, "handled": None, "talk_s": None,
    }  # fmt: skip
    assert {"offered", "service_level", "handled", "occupancy"} <= set(row["not_supplied"])


async def test_missed_calls_are_not_known_from_the_cdr_of_a_phone_system_with_queues(house: Any) -> None:
    lacks = (await told(house, OUT, QUEUED))["lacks"]
    assert {"inbound_missed", "answerable"} <= set(lacks), "who left before anybody was rung has no row"


async def test_a_source_lacks_what_none_of_its_witnesses_supplies_whichever_came_first(house: Any) -> None:
    await told(house, QUEUED)
    await house.take(answered(NOON - 600, "1.1", "sales", "Bob", "+353861234567"))
    assert (await health(house))["lacks"] == sorted(LACKS)
    assert (await told(house, QUEUED))["lacks"] == sorted(LACKS)


async def test_what_an_older_version_said_of_a_source_still_counts(house: Any) -> None:
    await house.put(("source", {"key": "pbx1", "system": "asterisk", "lacks": list(LACKS)}))
    assert (await told(house, QUEUED))["lacks"] == sorted(LACKS)
