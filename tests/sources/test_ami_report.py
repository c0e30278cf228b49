"""Room ``sources``: what a live line says of what came and could not be taken."""

import pytest

from wallboard_tui.sources.asterisk.ami.report import spoilt

UNREADABLE = "could not be read: not as Asterisk writes them, or longer than 1,048,576 bytes."


@pytest.mark.parametrize(
    ("unreadable", "unusable", "words"),
    [
        (0, {}, ""),
        (1, {}, f"1 message {UNREADABLE}"),
        (1200, {}, f"1,200 messages {UNREADABLE}"),
        (0, {"Hangup without Uniqueid": 3}, "3 events could not be used: Hangup without Uniqueid."),
        (0, {"A": 1, "B": 3}, "4 events could not be used, most of them B (3)."),
        (0, {"A": 2, "B": 1, "C": 1}, "4 events could not be used, among them A (2)."),
        (2, {"A": 1}, f"2 messages {UNREADABLE} 1 event could not be used: A."),
    ],
)
def test_what_is_lost_is_said_in_words_and_most_are_more_than_half(
    unreadable: int, unusable: dict[str, int], words: str
) -> None:
    assert spoilt(unreadable, unusable) == words
