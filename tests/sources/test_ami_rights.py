"""What an account of a manager interface may see: told by what comes, and by what changed without a word."""

from wallboard_tui.sources.asterisk.ami.rights import LINE, Sight, complaint, read_line, untold

SALES = {"event": "QueueParams", "queue": "sales", "completed": "4", "abandoned": "0", "calls": "0"}
CALLER = {"event": "QueueEntry", "queue": "sales", "uniqueid": "1.1", "wait": "3"}
ANN = {"event": "QueueMember", "queue": "sales", "name": "Ann", "location": "PJSIP/101", "paused": "0"}


def test_nothing_is_known_before_anything_happens() -> None:
    sight = Sight()
    for _ in range(3):
        sight.queues([SALES, ANN])
        sight.channels([{"uniqueid": "1.1"}])
    assert sight.sees == {}
    assert complaint(sight.sees) == ""


def test_what_came_is_seen() -> None:
    sight = Sight()
    for name in ("FullyBooted", "AttendedTransfer", "QueueMemberPause"):
        sight.hear(name)
    assert sight.sees == {"system": True, "call": True, "agent": True}


def test_a_change_between_two_looks_of_which_no_event_told_is_not_seen() -> None:
    for after in ([SALES, ANN, CALLER], [{**SALES, "completed": "5"}, ANN], [SALES, {**ANN, "paused": "1"}], [SALES]):
        sight = Sight()
        sight.queues([SALES, ANN])
        sight.queues(after)
        assert sight.sees == {"agent": False}
    sight = Sight()
    sight.channels([{"uniqueid": "1.1"}])
    sight.channels([{"uniqueid": "1.2"}])
    assert sight.sees == {"call": False}
    assert "read = system,call,agent" in complaint(sight.sees)
    assert "hold, transfers" in complaint(sight.sees)


def test_waiting_longer_is_no_change() -> None:
    sight = Sight()
    sight.queues([SALES, CALLER])
    sight.queues([SALES, {**CALLER, "wait": "60"}])
    assert sight.sees == {}


def test_one_event_proves_that_its_class_is_seen_whatever_was_thought_before() -> None:
    sight = Sight()
    sight.queues([SALES])
    sight.queues([SALES, CALLER])
    sight.hear("QueueCallerLeave")
    assert sight.sees == {"agent": True}


def test_what_cannot_be_told_is_said_and_not_taken_for_granted() -> None:
    assert untold({"system": True, "call": True, "agent": False}) == ""
    said = untold({"system": True, "call": None, "agent": None})
    assert said.startswith("Whether the account sees events of the classes call and agent cannot be told:")
    assert LINE in said


def test_the_line_to_write_keeps_what_the_account_may_see_already() -> None:
    assert read_line(None) == LINE
    assert read_line({"call", "user", "cdr", ""}) == f"{LINE},user"
