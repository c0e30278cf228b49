"""What a phone system's configuration says of its queues."""

from wallboard_tui.sources.asterisk.ami.config import wrap_ups
from wallboard_tui.sources.asterisk.ami.members import Members
from wallboard_tui.sources.asterisk.ami.wire import message

ANSWER = b"""Response: Success\r
ActionID: wallboard-7\r
Category-000000: general\r
Line-000000-000000: wrapuptime=99\r
Category-000001: sales\r
Templates-000001: office\r
Line-000001-000000: wrapuptime=5\r
Line-000001-000001: strategy=rrmemory\r
Line-000001-000002: WrapUpTime=20\r
Category-000002: 400\r
Line-000002-000000: announce=a=b\r
Line-000002-000001: wrapuptime=0\r
Category-000003: vip: gold\r
Line-000003-000000: wrapuptime=7"""


def test_each_queues_wrap_up_time_is_its_last_setting_and_no_other_sections() -> None:
    assert wrap_ups(message(ANSWER)) == {"sales": 20, "400": None, "vip: gold": 7}


def test_a_configuration_that_says_nothing_is_none() -> None:
    assert wrap_ups(message(b"Response: Success\r\nNo categories found")) == {}
    assert wrap_ups(message(b"Response: Success\r\nLine-000004-000000: wrapuptime=7")) == {}
    unread = b"Response: Success\r\nCategory-000001: sales\r\nLine-000001-000000: wrapuptime=x"
    assert wrap_ups(message(unread)) == {"sales": None}


def test_a_queue_has_the_time_that_its_configuration_says_and_else_none() -> None:
    members = Members("pbx1", lambda _queue: True)
    members.wrap_ups = {"sales": 20.0}
    members.snapshot([{"queue": "sales", "servicelevel": "30"}, {"queue": "vip"}], [])
    found = {doc["name"]: doc.get("wrap_up_s") for kind, doc in members.documents() if kind == "queue"}
    assert found == {"sales": 20, "vip": None}
