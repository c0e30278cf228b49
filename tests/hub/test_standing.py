"""Small documents are read once for all who begin anew, and again as soon as one of their kind is otherwise."""

from pathlib import Path

from wallboard_tui.hub.hub import Hub


def test_what_stands_is_read_once_and_again_after_a_change_of_its_kind(tmp_path: Path) -> None:
    hub = Hub.open(tmp_path / "home")
    try:
        team = {"key": "north", "name": "North", "members": []}
        hub.commit([hub.put("team", team, "admin"), hub.put("role", {"key": "custom:a", "name": "A"}, "admin")])
        teams, roles = hub.standing.of("team"), hub.standing.of("role")
        assert [entry.change.doc for entry in teams.values()] == [team]
        assert hub.standing.of("team") is teams
        hub.commit([hub.put("team", team | {"name": "South"}, "admin")])
        assert [(entry.change.doc or {})["name"] for entry in hub.standing.of("team").values()] == ["South"]
        assert hub.standing.of("role") is roles, "nothing of its kind changed"
        hub.commit([hub.drop("team", "north", "admin")])
        assert not hub.standing.of("team")
    finally:
        hub.close()
