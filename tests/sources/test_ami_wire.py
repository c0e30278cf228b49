"""Bytes of a manager interface become the same messages however they are torn, and nothing stops the reading."""

from collections.abc import Callable
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from wallboard_tui.sources.asterisk.ami.wire import END, LONGEST, Blocks, action, greeting, message

STREAM = (
    b"Response: Success\r\nActionID: a-1\r\nMessage: Authentication accepted\r\n\r\n"
    b"Event: QueueCallerJoin\r\nQueue: sales\r\nCallerIDName: Jos\xc3\xa9 | Pipe: x\r\nUniqueid: 1.1\r\n\r\n"
    b"Event: VarSet\r\nVariable: X\r\nValue: \r\n\r\n"
    b"Event: QueueMember\r\nActionID: a-2\r\nName: Bob\r\n\r\n"
)


@given(st.lists(st.integers(1, len(STREAM) - 1), unique=True))
def test_a_torn_stream_gives_the_messages_of_the_whole_one(cuts: list[int]) -> None:
    edges = [0, *sorted(cuts), len(STREAM)]
    blocks = Blocks()
    torn = [m for i, j in pairwise(edges) for m in blocks.feed(STREAM[i:j])]
    assert torn == Blocks().feed(STREAM)
    assert blocks.malformed == 0
    assert torn[1]["calleridname"] == "José | Pipe: x"


def test_only_wanted_events_are_given_and_whatever_answers_an_action() -> None:
    blocks = Blocks({"QueueCallerJoin"})
    assert [m.get("event") for m in blocks.feed(STREAM)] == [None, "QueueCallerJoin", "QueueMember"]
    assert blocks.passed == 1


@given(st.binary(max_size=300), st.integers(1, 50))
def test_garbage_is_counted_and_the_next_event_is_heard(garbage: bytes, size: int) -> None:
    blocks = Blocks()
    data = b"junk" + garbage.replace(b"\r", b"") + END + STREAM
    found = [m for i in range(0, len(data), size) for m in blocks.feed(data[i : i + size])]
    assert [m.get("event") for m in found][-4:] == [None, "QueueCallerJoin", "VarSet", "QueueMember"]
    assert blocks.malformed >= 1


def test_a_line_of_ten_megabytes_is_passed_over_without_being_kept() -> None:
    blocks = Blocks()
    found = blocks.feed(b"Event: Huge\r\nValue: ")
    kept = 0
    for _ in range(160):
        found += blocks.feed(b"x" * 65536)
        kept = max(kept, len(blocks._rest))
    found += blocks.feed(b"\r\n\r\n" + STREAM)
    assert [m.get("event") for m in found] == [None, "QueueCallerJoin", "VarSet", "QueueMember"]
    assert blocks.malformed == 1
    assert kept <= LONGEST + 65536


def test_keys_are_the_same_in_every_version_and_the_first_of_two_counts() -> None:
    found = message(b"Event: AgentConnect\r\nHoldtime: 5\r\nUniqueid: 1.1\r\nUniqueID: 2.2")
    assert (found["holdtime"], found["uniqueid"]) == ("5", "1.1")


def test_a_commands_output_is_read_in_the_old_form_and_in_the_new() -> None:
    new = message(b"Response: Success\r\nMessage: Command output follows\r\nOutput: one\r\nOutput: two")
    old = message(b"Response: Follows\r\nPrivilege: Command\r\none\ntwo\n--END COMMAND--")
    assert new["output"].split("\n") == ["one", "two"]
    assert old["output"].split("\n")[:2] == ["one", "two"]


def test_nothing_in_a_value_can_become_another_field() -> None:
    sent = action("QueueStatus", "a-1", {"Queue": "sales\r\nAction: Originate\r\n\r\n"})
    assert sent.count(END) == 1
    assert sent.count(b"\r\nAction: ") == 0


def test_only_asterisk_greets_like_asterisk() -> None:
    assert greeting(b"Asterisk Call Manager/11.0.0") == "11.0.0"
    assert greeting(b"SSH-2.0-OpenSSH_9.6") is None
    assert greeting(b"HTTP/1.1 400 Bad Request") is None


def test_the_recorded_stream_has_no_malformed_block(ami_recording: Callable[[str], list[bytes]]) -> None:
    blocks = Blocks()
    for name in ("main", "everything", "gap1", "crash2"):
        found = blocks.feed(END.join(ami_recording(name)) + END)
        assert len(found) == len(ami_recording(name))
    assert blocks.malformed == 0
