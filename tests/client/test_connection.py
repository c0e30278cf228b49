"""Back-off and the hub's clock: arithmetic with laws."""

from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wallboard_tui.client.connection import BackOff, HubClock, elapsed


@given(st.integers(), st.integers(1, 40))
def test_no_wait_is_longer_than_two_seconds_and_none_is_shorter_than_half_the_step(seed: int, tries: int) -> None:
    back_off = BackOff(Random(seed))
    steps = [min(0.1 * 2**n, 2.0) for n in range(tries)]
    for step in steps:
        assert step / 2 <= back_off.next() <= step


def test_after_success_it_starts_from_the_shortest_wait() -> None:
    back_off = BackOff(Random(1))
    for _ in range(10):
        back_off.next()
    back_off.reset()
    assert back_off.next() <= 0.1


def test_many_terminals_do_not_come_at_once() -> None:
    waits = set()
    for seed in range(100):
        back_off = BackOff(Random(seed))
        waits.add([back_off.next() for _ in range(6)][-1])
    assert max(waits) - min(waits) > 0.8


@given(
    offset=st.floats(-1e6, 1e6),
    delays=st.lists(st.floats(0, 30), min_size=1, max_size=25),
    later=st.floats(0, 1000),
)
def test_the_hubs_clock_is_as_far_off_as_the_quickest_frame_was_late(
    offset: float, delays: list[float], later: float
) -> None:
    clock = HubClock(1e9, 0.0)
    for n, delay in enumerate(delays):
        clock.heard(1e9 + offset + n, n + delay)
    assert abs(clock.now(later) - (1e9 + offset + later - min(delays))) < 1e-3


def test_until_the_hub_was_heard_this_machines_clock_counts() -> None:
    assert HubClock(1000.0, 50.0).now(53.0) == 1003.0


@pytest.mark.skipif(not Path("/proc/uptime").exists(), reason="only Linux tells how long it is up, asleep or not")
def test_what_passes_while_the_machine_sleeps_counts() -> None:
    up = float(Path("/proc/uptime").read_text().split()[0])
    assert abs(elapsed() - up) < 1
