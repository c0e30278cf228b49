"""The demo's organisation fits the recording and the packs."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from wallboard_tui.access.directory import Directory
from wallboard_tui.access.effective import effective
from wallboard_tui.access.me import me
from wallboard_tui.access.packs import packs, roles_of
from wallboard_tui.access.panes import panes
from wallboard_tui.access.scope import Scope
from wallboard_tui.metrics.kpis import KPIS
from wallboard_tui.model.base import Doc
from wallboard_tui.model.kinds import KINDS
from wallboard_tui.sources.asterisk.cdr import read_cdr
from wallboard_tui.sources.asterisk.queue_log import read_queue_log


def test_every_document_fits_its_model_and_has_no_unknown_field(organisation: dict[str, dict[str, Doc]]) -> None:
    for kind, documents in organisation.items():
        for doc in documents.values():
            assert set(doc) <= set(KINDS[kind].model_fields), doc
            KINDS[kind].load(doc)


def test_there_is_somebody_with_each_role_of_each_pack(organisation: dict[str, dict[str, Doc]]) -> None:
    roles = {role.key for pack in packs() for role in roles_of(pack)}
    assert set(organisation["organisation"]["organisation"]["packs"]) == set(packs())
    assert {person["role"] for person in organisation["person"].values()} == roles


def test_every_recorded_agent_is_a_person_with_an_extension(
    organisation: dict[str, dict[str, Doc]], whole: Any, truth: dict[str, Any]
) -> None:
    linked = {agent: person for person in organisation["person"].values() for agent in person.get("agents", ())}
    assert set(linked) == {f"asterisk:pbx1:{name}" for name in truth["agents"]} == set(organisation["agent"])
    assert all(linked[key]["extension"] == agent["extension"] for key, agent in organisation["agent"].items())
    assert {doc["extension"] for doc in linked.values()} <= set(organisation["extension"])


def test_queues_and_agents_are_those_of_the_recordings_configuration(
    organisation: dict[str, dict[str, Doc]], whole: Any
) -> None:
    for key, queue in whole.documents["queue"].items():
        ours = organisation["queue"][key]
        # What the phone system last said (``told``) is no setting of the organisation's.
        settings = {name: value for name, value in queue.items() if name != "told"}
        assert {name: ours[name] for name in settings} == settings
    for key, agent in whole.documents["agent"].items():
        assert agent.get("queues", []) == organisation["agent"][key].get("queues", []), key


def test_every_number_that_was_dialled_is_a_business_number(
    organisation: dict[str, dict[str, Doc]], whole: Any
) -> None:
    known = {dialled for number in organisation["number"].values() for dialled in number["dialled"]}
    dialled = {call.get("called") for call in whole.calls.values() if call["direction"] == "inbound"} - {None}
    assert dialled <= known


def test_what_documents_name_exists(organisation: dict[str, dict[str, Doc]]) -> None:
    people, queues = organisation["person"], organisation["queue"]
    for team in organisation["team"].values():
        assert {*team["members"], *team["managers"]} <= set(people)
        assert set(team["queues"]) <= set(queues)
        assert set(team["numbers"]) <= set(organisation["number"])
    roles = {role.key for pack in packs() for role in roles_of(pack)}
    for board in organisation["board"].values():
        assert set(board["audience"]["roles"]) <= roles
        assert {threshold["kpi"] for threshold in board.get("thresholds", ())} <= set(KPIS)


def test_the_toggle_view_team_analytics_opens_something_to_alice(organisation: dict[str, dict[str, Doc]]) -> None:
    """“View Team Analytics: Access to team-level dashboards and metrics for assigned teams.” (000)"""
    directory = Directory.from_documents(
        [(kind, doc) for kind, docs in organisation.items() for doc in docs.values()]
        + [("role", role.dump()) for role in roles_of("justcall")]
    )
    on = effective("alice", directory).resolved(directory)
    alice = directory.people["alice"]
    left = {name: value for name, value in alice.toggles.items() if name != "view_team_analytics"}
    without = directory.changed([("person", "alice", {**alice.dump(), "toggles": left})])
    off = effective("alice", without).resolved(without)
    assert on.permissions["analytics.rollup"].scope == Scope.of("team:sales")
    assert "analytics.rollup" not in off.permissions
    assert panes(on) == ("wallboard", "agents", "rollups", "metrics", "calls")
    assert "rollups" not in panes(off)
    assert on.permissions["calls"] == off.permissions["calls"], "figures of a team are no calls of it"


def test_ann_manages_sales_and_no_other_team(organisation: dict[str, dict[str, Doc]]) -> None:
    assert {key for key, team in organisation["team"].items() if "ann" in team["managers"]} == {"sales"}
    assert organisation["person"]["bob"]["agents"] == ["asterisk:pbx1:Bob Tanaka"]


def test_some_recorded_callers_are_contacts_and_some_of_them_vips(
    organisation: dict[str, dict[str, Doc]], whole: Any
) -> None:
    callers = {call.get("caller") for call in whole.calls.values()}
    made = {"+14155550695"}  # calls in the hours before the recording
    assert set(organisation["contact"]) - callers == made
    assert 3 < sum(bool(contact.get("vip")) for contact in organisation["contact"].values()) < 20


def test_one_person_of_each_role_is_offered_to_try_with_a_short_line(
    sample_data: Path, organisation: dict[str, dict[str, Doc]]
) -> None:
    whole = json.loads((sample_data / "organisation.json").read_text(encoding="utf-8"))
    offered = [(organisation["person"][key]["role"], note) for key, note in whole["people_to_try"]]
    can_sign_in = {role.key for pack in packs() for role in roles_of(pack) if role.login}
    assert len(offered) == len(can_sign_in)
    assert {role for role, _ in offered} == can_sign_in
    assert all(0 < len(note) <= 44 for _, note in offered)
    assert whole["people_to_try"][0][0] == "admin"


def test_every_board_is_for_somebody_and_what_nobody_may_see_is_on_none(
    organisation: dict[str, dict[str, Doc]],
) -> None:
    directory = Directory.from_documents(
        [(kind, doc) for kind, documents in organisation.items() for doc in documents.values()]
        + [("role", role.dump()) for pack in packs() for role in roles_of(pack)]
    )
    boards = list(organisation["board"].values())
    opens = {key: me(key, directory, boards, policy=0, now=0.0).boards for key in organisation["person"]}
    first = {key: offered[0]["key"] for key, offered in opens.items() if offered}
    assert set(first.values()) >= set(organisation["board"])
    assert (first["admin"], first["ann"], first["bob"]) == ("operations", "operations", "my-day")
    assert (first["ct-reception"], first["ct-reports"], first["std-wall"]) == ("reception", "reports", "operations")
    assert [page["name"] for page in opens["bob"][0]["pages"]] == ["My day", "My calls"]
    assert [page["name"] for page in opens["admin"][0]["pages"]] == ["Now", "Today", "Calls"]


def test_the_readme_names_everybody_who_can_be_tried(
    sample_data: Path, organisation: dict[str, dict[str, Doc]]
) -> None:
    named = set(re.findall(r"`([a-z-]+)`", (sample_data / "README.md").read_text(encoding="utf-8")))
    assert set(organisation["person"]) <= named


def test_the_sample_data_stays_small(sample_data: Path) -> None:
    assert sum(path.stat().st_size for path in sample_data.rglob("*") if path.is_file()) < 3_000_000


@pytest.fixture(scope="module")
def played(sample_data: Path, new_store: Any) -> Any:
    """What the demo plays, all of it taken in."""
    store = new_store().take(read_queue_log([sample_data / "played" / "queue_log.xz"], "pbx1"))
    return store.take(read_cdr([sample_data / "played" / "Master.csv.xz"], "pbx1"))


def test_every_call_that_is_played_is_a_recorded_one(played: Any, whole: Any) -> None:
    assert played.refused == []
    recorded = {key.rpartition(".")[2]: call for key, call in whole.calls.items()}
    assert len(played.calls) > 500
    for key, call in played.calls.items():
        known = recorded[key.rpartition(".")[2]]
        for name in ("caller", "caller_name", "called", "direction", "state", "extension"):
            assert call.get(name) == known.get(name), key
        for name in ("queue", "outcome", "wait_s"):
            assert [v.get(name) for v in call.get("visits", ())] == [v.get(name) for v in known.get("visits", ())]
        for name in ("agent", "queue", "outcome", "ring_s", "transfer"):
            assert [v.get(name) for v in call.get("legs", ())] == [v.get(name) for v in known.get("legs", ())]
        talks = [leg["talk_s"] for leg in call.get("legs", ()) if "talk_s" in leg]
        assert talks == [15 * leg["talk_s"] for leg in known.get("legs", ()) if "talk_s" in leg]


def test_what_is_played_is_an_office_and_not_a_load_test(played: Any, organisation: dict[str, dict[str, Doc]]) -> None:
    visits = [visit for call in played.calls.values() for visit in call.get("visits", ())]
    for key, queue in organisation["queue"].items():
        own = [visit for visit in visits if visit["queue"] == key]
        quick = sum(v["outcome"] == "answered" and v["wait_s"] <= queue["service_level_s"] for v in own)
        gone = sum(v["outcome"] == "abandoned" and v["wait_s"] <= queue["service_level_s"] for v in own)
        assert 0.72 <= quick / (len(own) - gone) <= 0.9, key
        assert sum(v["outcome"] == "abandoned" and v["wait_s"] > 5 for v in own) / len(own) < 0.12
    begins, ends = (end(visit["entered"] for visit in visits) for end in (min, max))
    waiting = [sum(v["entered"] <= at < v["left"] for v in visits) for at in range(int(begins), int(ends), 20)]
    assert 1 <= max(waiting) <= 15
    assert sum(waiting) / len(waiting) > 0.3
    assert all("cdr" in call["parts"] for call in played.calls.values()), "the number of each is known in the end"
    missed = {call["caller"] for call in played.calls.values() if not call.get("answered") and call.get("caller")}
    reached = {call["caller"] for call in played.calls.values() if call.get("answered") and call.get("caller")}
    assert 10 <= len(missed - reached) <= 60
