"""One hub after another in the same home: a service takes over from a child, and nobody is told to come back later."""

import threading
from pathlib import Path
from typing import Any

import pytest

from wallboard_tui.hub import serve
from wallboard_tui.hub.settings import Settings, read_settings
from wallboard_tui.hub.succession import take_home
from wallboard_tui.journal import JournalError, JournalHeld
from wallboard_tui.journal.sqlite import SqliteJournal

NOON = 1_795_262_400
CORRIB = {"name": "Corrib", "time_zone": "Europe/Dublin", "packs": ["standard"]}


def answered_by(hub: Any) -> None:
    """Wait until this hub, and no other, answers on the socket."""
    while f"(process {hub.pid})" not in hub.log.read_text():
        assert hub.runs, hub.log.read_text()
    with hub.client() as client:
        assert client.get("/health").json()["organisation"] == "Corrib"


def test_a_service_takes_over_from_the_hub_of_a_command(start_hub: Any) -> None:
    child = start_hub(child=True)
    with child.client() as client:
        client.post("/init", json=CORRIB)
    service = start_hub(wait=False)
    assert child.ended() == 0, "it need not wait until nobody has used it for a while"
    answered_by(service)


def test_a_service_follows_what_the_hub_before_it_wrote_into_the_settings_at_its_end(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.mkdir(exist_ok=True)
    began: list[tuple[str, ...]] = []

    def after_another(*args: Any, **how: Any) -> Any:
        (home / "hub.toml").write_text('[[source]]\nname = "pbx1"\nqueue_log = "/var/log/asterisk/queue_log"\n')
        return take_home(*args, **how)

    async def note(_hub: Any, settings: Settings, *_more: object) -> None:
        began.append(tuple(source.name for source in settings.sources))

    monkeypatch.setattr("os.umask", lambda _mask: 0)  # both are of this process, too
    monkeypatch.setattr("gc.set_threshold", lambda *_thresholds: None)
    monkeypatch.setattr(serve, "take_home", after_another)
    monkeypatch.setattr(serve, "_serve", note)
    serve.serve(read_settings(home), reread=lambda: read_settings(home))
    assert began == [("pbx1",)]


def test_a_hub_that_gives_way_finishes_the_import_it_is_at_first(start_hub: Any, tmp_path: Path) -> None:
    log = tmp_path / "queue_log"
    log.write_text("".join(f"{NOON + n}|{n}.1|support|NONE|ENTERQUEUE||+35387{n:07}|1\n" for n in range(4000)))
    child = start_hub(child=True)
    lines: list[bytes] = []
    began = threading.Event()

    def take_in() -> None:
        body = {"kind": "queue-log", "paths": [str(log)], "source": "pbx1"}
        with child.client() as client:
            client.post("/init", json=CORRIB)
            with client.stream("POST", "/import", json=body) as response:
                began.set()
                lines.extend(line.encode() for line in response.iter_lines())

    importing = threading.Thread(target=take_in)
    importing.start()
    assert began.wait(20)
    service = start_hub(wait=False)
    importing.join(60)
    assert b'"new":4' in lines[-1], lines[-1:]
    assert child.ended() == 0
    answered_by(service)
    with service.client() as client:
        assert len(client.get("/calls?limit=10000").json()) == 4000


def test_a_child_leaves_a_home_to_the_hub_that_serves_it(start_hub: Any) -> None:
    service = start_hub()
    child = start_hub(child=True, wait=False)
    assert child.ended() == 0
    assert "this one is not needed" in child.log.read_text()
    with service.client() as client:
        assert client.get("/health").status_code == 200


def test_only_a_child_is_asked_to_end(start_hub: Any) -> None:
    with start_hub().client() as client:
        refused = client.post("/hand-over")
    assert (refused.status_code, refused.json()["error"]["name"]) == (409, "hub-stays")


async def test_only_the_operator_asks_a_hub_to_end(house: Any) -> None:
    client = await house.signed_in("adm")
    assert (await client.post("/hand-over")).json()["error"]["name"] == "only-operator"
    await client.aclose()


class Holder:
    """A journal that another hub holds for a while: it is asked ``times`` times and is free then."""

    def __init__(self, path: Path, times: int) -> None:
        self.path = path
        self.held = SqliteJournal(path)
        self.times = times

    def take(self) -> SqliteJournal:
        if self.times == 0:
            self.held.close()
        self.times -= 1
        return SqliteJournal(self.path)


@pytest.mark.parametrize("child", [True, False])
def test_a_home_whose_hub_is_starting_or_ending_is_waited_for(tmp_path: Path, child: bool) -> None:
    holder = Holder(tmp_path / "journal.db", times=3)
    journal = take_home(holder.take, tmp_path / "hub.sock", child=child)
    assert journal is not None
    journal.close()


def test_who_holds_a_home_for_too_long_is_named(tmp_path: Path) -> None:
    holder = Holder(tmp_path / "journal.db", times=1000)
    with pytest.raises(JournalHeld, match=r"process \d+ is using it"):
        take_home(holder.take, tmp_path / "hub.sock", child=False, patience_s=0.2)
    holder.held.close()


def test_a_home_that_cannot_be_opened_is_not_waited_for(tmp_path: Path) -> None:
    def take() -> SqliteJournal:
        return SqliteJournal(tmp_path / "none" / "journal.db")

    with pytest.raises(JournalError, match="there is no directory"):
        take_home(take, tmp_path / "hub.sock", child=True)
