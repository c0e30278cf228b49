"""The demo's home: marked, made anew, and never a real organisation's."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wallboard_tui.cli import demo, sample
from wallboard_tui.cli.failures import Failure
from wallboard_tui.client.home import Home


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home of the test's own."""
    return Home.at(tmp_path / "home").prepare()


def test_a_real_organisation_is_never_touched(home: Home) -> None:
    home.journal.write_bytes(b"years of calls")
    with pytest.raises(Failure, match="holds a real organisation"):
        demo.refuse_a_real_one(home)
    assert home.journal.read_bytes() == b"years of calls"


def test_a_directory_with_something_else_in_it_is_refused(home: Home) -> None:
    (home.data / "letters.txt").write_text("dear", "utf-8")
    with pytest.raises(Failure, match=r"letters\.txt"):
        demo.refuse_a_real_one(home)


def test_the_demo_begins_afresh_and_keeps_what_the_person_chose(home: Home) -> None:
    demo.refuse_a_real_one(home)
    demo.wipe(home)
    for name in ("journal.db", "journal.db-wal", "view.db", "session.json", "hub.log", "cache/x.db", "terminal.toml"):
        (home.data / name).write_text("x", "utf-8")
    (home.data / "letters.txt").write_text("dear", "utf-8")
    demo.refuse_a_real_one(home)
    demo.wipe(home)
    left = {str(path.relative_to(home.data)) for path in home.data.rglob("*")}
    assert left == {"demo", "terminal.toml", "cache", "letters.txt"}


def test_the_demo_has_a_home_of_its_own_unless_one_is_given(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("WALLBOARD_HOME", raising=False)
    assert demo.demo_home().data != Home.find().data
    monkeypatch.setenv("WALLBOARD_HOME", str(tmp_path))
    assert demo.demo_home().data == tmp_path


def test_a_hub_that_is_killed_is_had_again_but_not_where_each_is_killed_at_once(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    def lasting(*seconds: float) -> Callable[[Home], float]:
        left = list(seconds)

        def again(home: Home) -> float:
            if len(left) == 1:
                home.socket.unlink()  # the last one ends by itself
            return left.pop(0)

        return again

    home.socket.touch()
    demo.keep(home, lasting(3600.0, 1.0, 1.0, 60.0, 0.0, 1.0, 2.0))
    assert capsys.readouterr().err.count("It is started again") == 7
    home.socket.touch()
    with pytest.raises(Failure, match="killed 3 times in a row"):
        demo.keep(home, lasting(3600.0, 1.0, 0.0, 2.0, 3600.0))
    assert capsys.readouterr().err.count("It is started again") == 4


def test_one_person_of_every_role_that_can_sign_in_is_offered() -> None:
    people = sample.people_to_try()
    assert [person.person for person in people[:3]] == ["admin", "ann", "bob"]
    assert len({person.role for person in people}) == len(people) >= 20
    assert "ct-none" not in {person.person for person in people}


def test_everybody_in_the_sample_has_a_password_and_a_role_that_exists() -> None:
    documents = sample.documents()
    of_kind: dict[str, dict[str, dict[str, str]]] = {}
    for kind, doc in documents:
        of_kind.setdefault(kind, {})[doc["key"]] = doc
    assert set(of_kind["credential"]) == set(of_kind["person"])
    assert {person["role"] for person in of_kind["person"].values()} <= set(of_kind["role"])


@given(st.integers(0, 2_000_000_000), st.floats(1, 10_000), st.floats(0, 1_000_000))
def test_a_round_is_taken_up_where_the_hub_would_be_playing_it(first: int, seconds: float, after: float) -> None:
    period = int(seconds + sample.BETWEEN_S)
    began = sample.round_at(first, seconds, first + after)
    assert (began - first) % period == 0
    assert first <= began <= first + after < began + period + 1


def test_a_home_in_which_nothing_was_begun_has_nothing_to_go_on_with(home: Home) -> None:
    assert sample.began(home) is None
    demo.wipe(home)
    assert sample.began(home) is None
    (home.data / sample.MARKER).write_text('{"began": 1700000000, "seconds": 840.0}', "utf-8")
    assert sample.began(home) == (1700000000, 840.0)
