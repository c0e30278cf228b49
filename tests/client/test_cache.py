"""What a terminal keeps on its disk: for whom, for how long, and what goes when they leave."""

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from wallboard_tui.client.cache import CLOCK_SLACK_S, HEARD, Cache
from wallboard_tui.client.home import Home
from wallboard_tui.model.change import Change, Entry
from wallboard_tui.model.me import Me
from wallboard_tui.view import queries
from wallboard_tui.view.view import View

NOW = 1_700_000_000.0
HUB = "https://hub.example"
NewMe = Callable[..., Me]


def filled(home: Home, me: Me, *, address: str = HUB, now: float = NOW) -> Cache:
    """A cache with one contact in it."""
    cache = Cache.open(home, address, me.person, now)
    view = cache.begin(me, now)
    doc = {"key": "+353", "name": "Zoe Customer"}
    view.apply([Entry(1, Change("contact", "+353", doc, now, "hub"), 1)], seq=1)
    return cache


def left(home: Home) -> list[Path]:
    """All files of the cache directory but locks, which are empty."""
    return sorted(file for file in home.cache.iterdir() if file.suffix != ".lock")


def holds(home: Home, text: str) -> bool:
    """Whether any byte of the cache directory says so."""
    return any(text.encode() in file.read_bytes() for file in home.cache.iterdir())


def test_the_next_terminal_finds_the_calls_before_the_hub_answers(home: Home, new_me: NewMe) -> None:
    filled(home, new_me("ann")).close()
    cache = Cache.open(home, HUB, "ann", NOW + 60)
    assert cache.view is not None
    assert cache.me == new_me("ann")
    assert cache.heard == NOW
    assert list(queries.documents(cache.view, "contact")) == ["+353"]
    cache.close()


def test_only_the_owner_may_read_it(home: Home, new_me: NewMe) -> None:
    cache = filled(home, new_me("ann"))
    assert home.cache.stat().st_mode & 0o777 == 0o700
    modes = {file.name: file.stat().st_mode & 0o777 for file in home.cache.iterdir()}
    assert len(modes) >= 3
    assert set(modes.values()) == {0o600}
    cache.close()


@pytest.mark.parametrize("later", [3600.0, 3601.0, 1e9, -CLOCK_SLACK_S - 1])
def test_after_the_lease_nothing_is_shown_and_nothing_is_kept(home: Home, new_me: NewMe, later: float) -> None:
    """Neither when time is up, nor when the clock was set back to make it last."""
    filled(home, new_me("ann")).close()
    cache = Cache.open(home, HUB, "ann", NOW + later)
    assert cache.view is None
    assert cache.me is None
    assert left(home) == []


def test_hearing_the_hub_makes_the_lease_last(home: Home, new_me: NewMe) -> None:
    cache = filled(home, new_me("ann"))
    cache.confirm(new_me("ann"), NOW + 3000)
    cache.close()
    cache = Cache.open(home, HUB, "ann", NOW + 6000)
    assert cache.view is not None
    cache.close()


def test_what_the_next_terminal_finds_is_as_old_as_the_last_word_of_the_hub(home: Home, new_me: NewMe) -> None:
    """And not as old as the sidecar, which is written every few minutes: durations are measured up to that moment."""
    cache = filled(home, new_me("ann"))
    cache.ended(NOW + 200)
    cache.close()
    cache = Cache.open(home, HUB, "ann", NOW + 900)
    assert cache.heard == NOW + 200
    assert cache.view is not None
    cache.view.set_meta(HEARD, repr(NOW + 290.5))  # as a terminal does that is killed before it can say when it ended
    cache.close()
    cache = Cache.open(home, HUB, "ann", NOW + 900)
    assert cache.heard == NOW + 290.5
    cache.ended(NOW + 100)
    assert cache.heard == NOW + 290.5, "a hub that was not heard again makes nothing younger, nor older"
    cache.close()


def test_what_one_person_left_is_not_shown_to_another(home: Home, new_me: NewMe) -> None:
    filled(home, new_me("ann")).close()
    for address, person in ((HUB, "bob"), ("https://other.example", "ann")):
        assert Cache.open(home, address, person, NOW).view is None
    again = Cache.open(home, HUB, "ann", NOW)
    assert again.view is not None
    again.close()


def test_other_access_means_another_file_and_the_old_one_is_gone(home: Home, new_me: NewMe) -> None:
    cache = filled(home, new_me("ann"))
    old = cache.view
    assert old is not None
    assert not cache.fits(new_me("ann", "f2"))
    cache.begin(new_me("ann", "f2"), NOW)
    assert not holds(home, "Zoe Customer")
    assert list(queries.documents(old, "contact")) == ["+353"], "readers of the old view can still finish"
    cache.release()
    assert not holds(home, "Zoe Customer")
    assert cache.view is not None
    assert queries.documents(cache.view, "contact") == {}
    cache.close()
    assert len([file for file in left(home) if file.suffix == ".db"]) == 1


def test_signing_out_leaves_nothing(home: Home, new_me: NewMe) -> None:
    cache = filled(home, new_me("ann"))
    cache.set_aside(NOW)
    cache.begin(new_me("ann"), NOW)
    filled(home, new_me("bob")).close()
    before = {file for file in left(home) if file.name.startswith(cache._who)}
    assert any(".corrupt-" in file.name for file in before)
    cache.purge()
    assert cache.view is None
    assert not any(file.exists() for file in before)
    other = Cache.open(home, HUB, "bob", NOW)
    assert other.view is not None, "what other people left is not hers to purge"
    other.close()


def test_two_terminals_of_one_person_do_not_share_a_file(home: Home, new_me: NewMe) -> None:
    one = filled(home, new_me("ann"))
    other = Cache.open(home, HUB, "ann", NOW)
    assert other.view is None
    other.begin(new_me("ann"), NOW)
    assert one.view is not None
    one.view.set_meta("cursor", "one")
    other.close()
    other = Cache.open(home, HUB, "ann", NOW)
    assert other.view is not None
    assert other.view.get_meta("cursor") is None
    other.purge()
    assert one.view.get_meta("cursor") == "one", "a sign-out elsewhere takes nothing from under this one"
    one.close()


def test_files_that_no_lease_covers_are_tidied_away(home: Home, new_me: NewMe) -> None:
    filled(home, new_me("ann")).close()
    stray = home.cache / "0123456789abcdef-aaaaaaaaaaaa.db"
    stray.write_bytes(b"left behind by a crash")
    old_damage = home.cache / "0123456789abcdef-bbbbbbbbbbbb.db.corrupt-1"
    old_damage.write_bytes(b"left behind too")
    Cache.open(home, HUB, "carol", NOW)
    assert not stray.exists()
    assert not old_damage.exists()
    assert len(left(home)) == 2, "Ann's file and sidecar are covered"


def damage_header(path: Path) -> None:
    path.write_bytes(b"This was a database." + path.read_bytes()[20:])


def damage_pages(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[100:] = b"\xa5" * (len(content) - 100)
    path.write_bytes(content)


def damage_by_cutting(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:5000])


@pytest.mark.parametrize("damage", [damage_header, damage_pages, damage_by_cutting])
def test_a_damaged_file_is_set_aside_and_said(home: Home, new_me: NewMe, damage: Callable[[Path], None]) -> None:
    filled(home, new_me("ann")).close()
    [path] = home.cache.glob("*.db")
    damage(path)
    cache = Cache.open(home, HUB, "ann", NOW + 1)
    assert cache.view is None
    [sentence] = cache.notices
    [aside] = home.cache.glob("*.corrupt-*")
    assert str(aside) in sentence
    assert "loaded again from the hub" in sentence
    assert aside.stat().st_mode & 0o777 == 0o600
    assert isinstance(cache.begin(new_me("ann"), NOW + 1), View)
    cache.close()


def test_an_empty_file_is_begun_anew(home: Home, new_me: NewMe) -> None:
    filled(home, new_me("ann")).close()
    [path] = home.cache.glob("*.db")
    path.write_bytes(b"")
    cache = Cache.open(home, HUB, "ann", NOW + 1)
    assert cache.view is None or cache.view.get_meta("cursor") is None
    cache.close()


@pytest.mark.parametrize("content", [b"", b"{}", b"[1]", b'{"me": {}}', b"\x00"])
def test_a_sidecar_that_says_nothing_useful_is_no_lease(home: Home, new_me: NewMe, content: bytes) -> None:
    filled(home, new_me("ann")).close()
    [sidecar] = home.cache.glob("*.json")
    sidecar.write_bytes(content)
    assert Cache.open(home, HUB, "ann", NOW).view is None


def test_a_sidecar_cannot_point_outside_the_cache(home: Home, new_me: NewMe, tmp_path: Path) -> None:
    filled(home, new_me("ann")).close()
    outside = tmp_path / "precious.db"
    with sqlite3.connect(outside) as precious:
        precious.execute("CREATE TABLE precious (x)")
    precious.close()
    before = outside.read_bytes()
    [sidecar] = home.cache.glob("*.json")
    sidecar.write_text(json.dumps({**json.loads(sidecar.read_text()), "file": str(outside)}))
    assert Cache.open(home, HUB, "ann", NOW).view is None
    assert outside.read_bytes() == before


def test_without_a_usable_directory_the_terminal_works_from_memory(home: Home, new_me: NewMe) -> None:
    home.cache.rmdir()
    home.cache.write_text("somebody put a file here")
    cache = Cache.open(home, HUB, "ann", NOW)
    view = cache.begin(new_me("ann"), NOW)
    view.set_meta("cursor", "works")
    assert len(cache.notices) == 1
    assert "in memory" in cache.notices[0]
    cache.close()
