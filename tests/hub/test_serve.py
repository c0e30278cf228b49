"""Running a hub: one per home, its socket, its settings, its end, and that it comes back whole."""
# ruff: noqa: ASYNC110, ASYNC240 - small files of its own, and conditions nobody signals

import asyncio
import re
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx

from wallboard_tui.hub.serve import KEEP_ALIVE_S
from wallboard_tui.hub.settings import read_settings

NOON = 1_795_262_400


def test_a_second_hub_of_one_home_is_told_who_has_it(start_hub: Any, home: Path) -> None:
    first = start_hub()
    second = start_hub(wait=False)
    assert second.ended() != 0
    said = second.log.read_text()
    assert f"process {first.pid} is using it" in said
    with first.client() as client:
        assert client.get("/health").status_code == 200, "and the first is unharmed, socket and all"


def test_a_hub_says_once_what_it_serves_where_with_the_port_it_got(home: Path, start_hub: Any) -> None:
    home.mkdir(parents=True, exist_ok=True)
    (home / "hub.toml").write_text('listen = "127.0.0.1:0"\n', encoding="utf-8")
    hub = start_hub()
    deadline = time.monotonic() + 20
    while f"(process {hub.pid})" not in hub.log.read_text("utf-8"):
        assert time.monotonic() < deadline, hub.log.read_text("utf-8")
    said = hub.log.read_text("utf-8")
    (line,) = [line for line in said.splitlines() if "serve" in line.casefold()]
    where = re.search(r"on (\S+hub\.sock) and (http://127\.0\.0\.1:\d+) \(process", line)
    assert where is not None, line
    assert httpx.get(f"{where[2]}/health").json()["organisation"] is None


def test_a_hub_that_others_reach_without_tls_warns_of_it(home: Path, start_hub: Any) -> None:
    home.mkdir(parents=True, exist_ok=True)
    (home / "hub.toml").write_text('listen = "0.0.0.0:0"\n', encoding="utf-8")
    hub = start_hub()
    deadline = time.monotonic() + 20
    while "WARNING" not in (said := hub.log.read_text("utf-8")):
        assert time.monotonic() < deadline, said
    assert f"in the clear: give tls_cert and tls_key in {home / 'hub.toml'}" in said


def test_a_hub_ends_cleanly_and_says_bye(start_hub: Any, home: Path) -> None:
    hub = start_hub()
    with hub.client() as client:
        client.post("/init", json={"name": "Corrib", "time_zone": "Europe/Dublin", "packs": ["standard"]})
        text = ""
        with client.stream("GET", "/feed") as response:
            for line in response.iter_lines():
                text += line
                if line == "event: ready" and hub.runs:
                    hub.process.terminate()
    assert '"reason":"shutting-down"' in text
    assert hub.ended() == 0
    assert not (home / "hub.sock").exists()


def test_a_socket_that_a_dead_hub_left_is_no_hindrance(start_hub: Any, home: Path) -> None:
    start_hub().kill()
    assert (home / "hub.sock").exists()
    with start_hub().client() as client:
        assert client.get("/health").status_code == 200


def test_a_child_hub_ends_after_its_last_client(start_hub: Any) -> None:
    hub = start_hub(child=True, alone_s=1.0)
    with hub.client() as client:
        client.post("/init", json={"name": "Corrib", "time_zone": "Europe/Dublin", "packs": ["standard"]})
        with client.stream("GET", "/feed") as response:
            feed = response.iter_lines()
            assert next(feed)
            hub.process.join(2.5)
        assert hub.runs, "not while somebody is there"
    left = time.monotonic()
    assert hub.ended() == 0
    assert time.monotonic() - left > 0.5, "nor at once"


def test_what_was_acknowledged_is_there_after_the_power_went(start_hub: Any) -> None:
    hub = start_hub()
    with hub.client() as client:
        made = client.post("/init", json={"name": "Corrib", "time_zone": "Europe/Dublin", "packs": ["standard"]}).json()
        body = {"person": "admin", "old": made["code"], "new": "four words that fit"}
        token = client.post("/password", json=body).json()["token"]
    hub.kill()
    hub = start_hub()
    with hub.client(operator=False) as client:
        assert client.get("/me", headers={"Authorization": f"Bearer {token}"}).json()["person"] == "admin"
        body = {"person": "admin", "password": "four words that fit"}
        assert client.post("/sign-in", json=body).status_code == 200


def ended_with_calls(start_hub: Any, directory: Path, question: str) -> Any:
    """Leaves a home whose hub has taken in fifty calls, and has ended; what it answered to a question."""
    log = directory / "queue_log"
    log.write_text("".join(f"{NOON + n}|{n}.1|support|NONE|ENTERQUEUE||+35387000{n:04}|1\n" for n in range(50)))
    hub = start_hub()
    with hub.client() as client:
        client.post("/init", json={"name": "Corrib", "time_zone": "Europe/Dublin", "packs": ["standard"]})
        client.post("/import", json={"kind": "queue-log", "paths": [str(log)], "source": "pbx1"})
        answer = client.get(question).json()
    hub.stop()
    return answer


def test_a_damaged_view_is_set_aside_and_built_again(start_hub: Any, home: Path, tmp_path: Path) -> None:
    before = ended_with_calls(start_hub, tmp_path, "/calls?limit=100")
    assert len(before) == 50
    for damage in (b"not a database at all" * 100, None):
        for file in home.glob("view.db-*"):
            file.unlink()
        if damage is None:
            (home / "view.db").unlink()
        else:
            (home / "view.db").write_bytes(damage)
        hub = start_hub()
        with hub.client() as client:
            assert client.get("/calls?limit=100").json() == before
        hub.stop()
    assert list(home.glob("view.db.damaged-*"))


def test_damage_that_is_met_only_while_the_hub_runs_ends_it_and_the_next_hub_makes_the_view_anew(
    start_hub: Any, home: Path, tmp_path: Path
) -> None:
    before = ended_with_calls(start_hub, tmp_path, "/kpis?by=queue&period=all")
    with closing(sqlite3.connect(home / "view.db")) as view:
        page = view.execute("SELECT rootpage FROM sqlite_master WHERE name = 'cell'").fetchone()[0]
        size = view.execute("PRAGMA page_size").fetchone()[0]
    with (home / "view.db").open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * size)
    hub = start_hub()
    with hub.client() as client:
        answer = client.get("/kpis?by=queue&period=all")
        assert (answer.status_code, answer.json()["error"]["name"]) == (503, "view-damaged")
    assert hub.ended() == 1
    assert "The view is set aside as" in hub.log.read_text()
    hub = start_hub()
    with hub.client() as client:
        assert client.get("/kpis?by=queue&period=all").json() == before
    hub.stop()
    assert len(list(home.glob("view.db.damaged-*"))) == 1


def test_a_directory_in_the_place_of_the_view_is_set_aside(start_hub: Any, home: Path) -> None:
    (home / "view.db").mkdir(parents=True)
    hub = start_hub()
    hub.stop()
    assert (home / "view.db").is_file()
    assert [each.is_dir() for each in home.glob("view.db.damaged-*")] == [True]


def test_a_hub_serves_tcp_and_its_socket_at_once(start_hub: Any, home: Path) -> None:
    import socket

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    home.mkdir()
    (home / "hub.toml").write_text(f'listen = "127.0.0.1:{port}"\n')
    hub = start_hub()
    with hub.client() as client:
        client.post("/init", json={"name": "Corrib", "time_zone": "Europe/Dublin", "packs": ["standard"]})
    with httpx.Client(base_url=f"http://127.0.0.1:{port}") as client:
        assert client.get("/health").json()["organisation"] == "Corrib"
        refused = client.get("/me", headers={"Wallboard-Operator": "1"})
        assert (refused.status_code, refused.json()["error"]["name"]) == (403, "not-the-operator")


def test_a_port_that_is_taken_gets_a_sentence(home: Path) -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        program = (
            "import sys; from pathlib import Path\nfrom wallboard_tui.hub.serve import serve\n"
            "from wallboard_tui.hub.settings import read_settings\nfrom wallboard_tui.hub.errors import HubError\n"
            "try:\n    serve(read_settings(Path(sys.argv[1]), listen=('127.0.0.1', int(sys.argv[2]))))\n"
            "except HubError as error:\n    print(error)\n"
        )
        done = subprocess.run(
            [sys.executable, "-c", program, str(home), str(port)], capture_output=True, text=True, timeout=60
        )
    assert f"127.0.0.1:{port} cannot be listened on: address already in use" in done.stdout


async def test_files_named_in_the_settings_are_followed_while_they_grow(
    home: Path, clock: Any, a_running_hub: Any
) -> None:
    home.mkdir()
    log = home.parent / "queue_log"
    log.write_text(f"{NOON - 60}|1.1|support|NONE|ENTERQUEUE||+353870000001|1\n")
    (home / "hub.toml").write_text(f'[[source]]\nname = "pbx1"\nqueue_log = "{log}"\n')
    from wallboard_tui.hub.hub import Hub
    from wallboard_tui.hub.runtime import Runtime

    async def until(hub: Any, key: str, state: str) -> None:
        async with asyncio.timeout(15):
            while (hub.document("call", key) or {}).get("state") != state:
                await asyncio.sleep(0.02)

    for line, state in ((None, "waiting"), (f"{NOON - 30}|1.1|support|NONE|ABANDON|1|1|30\n", "ended")):
        hub = Hub.open(home, clock)
        runtime = Runtime(hub, read_settings(home))
        await runtime.start()
        try:
            if line:
                with log.open("a") as file:
                    file.write(line)
            await until(hub, "asterisk:pbx1:1.1", state)
            async with asyncio.timeout(15):
                while hub.view.get_meta("position:pbx1:queue_log") is None:
                    await asyncio.sleep(0.02)
            assert (hub.document("source", "pbx1") or {})["mode"] == "followed"
        finally:
            await runtime.stop()
            hub.close()
    assert hub.home == home


async def test_a_source_that_cannot_be_read_says_so_in_its_health(home: Path, clock: Any) -> None:
    home.mkdir()
    log = home.parent / "queue_log"
    log.mkdir()
    (home / "hub.toml").write_text(f'[[source]]\nname = "pbx1"\nqueue_log = "{log}"\n')
    from wallboard_tui.hub.hub import Hub
    from wallboard_tui.hub.runtime import Runtime

    hub = Hub.open(home, clock)
    runtime = Runtime(hub, read_settings(home))
    await runtime.start()
    try:
        async with asyncio.timeout(15):
            while not (hub.document("source", "pbx1") or {}).get("error"):
                await asyncio.sleep(0.02)
        assert str(log) in (hub.document("source", "pbx1") or {})["error"]
    finally:
        await runtime.stop()
        hub.close()


def test_a_terminal_gives_up_an_unused_line_before_the_hub_does() -> None:
    """Otherwise a request now and then goes out on a line that the hub is closing, and is lost."""
    expiry = httpx.Limits().keepalive_expiry
    assert expiry is not None
    assert 2 * expiry <= KEEP_ALIVE_S
