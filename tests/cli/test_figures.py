"""Figures as text: rows that have one name are told apart."""

from wallboard_tui.cli.figures import told_apart


def test_queues_of_two_phone_systems_with_one_name_are_told_apart_by_the_phone_systems_name() -> None:
    rows = [
        {"key": "asterisk:cork:sales", "name": "sales"},
        {"key": "asterisk:dublin:sales", "name": "sales"},
        {"key": "asterisk:dublin:support", "name": "support"},
    ]
    assert told_apart(rows) == ["sales (cork)", "sales (dublin)", "support"]


def test_rows_that_are_of_no_phone_system_keep_their_names() -> None:
    assert told_apart([{"key": "a", "name": "Desk"}, {"key": "b", "name": "Desk"}]) == ["Desk", "Desk"]
