"""Signing in: what works, what is refused, and that refusals tell nothing."""

import time
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from argon2 import extract_parameters
from argon2.exceptions import VerifyMismatchError

from wallboard_tui.hub.passwords import Passwords

PASSWORD = "correct horse battery"


async def sign_in(house: Any, person: str, password: str) -> httpx.Response:
    async with house.client() as client:
        response: httpx.Response = await client.post("/sign-in", json={"person": person, "password": password})
        return response


async def code_for(house: Any, person: str) -> str:
    async with house.operator() as operator:
        return str((await operator.post(f"/people/{person}/code")).json()["code"])


async def test_a_person_signs_in_and_is_told_who_they_are(house: Any) -> None:
    response = await sign_in(house, "sue", PASSWORD)
    assert response.status_code == 200
    assert response.json()["me"]["name"] == "Sue Lead"
    client = await house.signed_in("sue")
    assert (await client.get("/me")).json()["person"] == "sue"
    await client.aclose()


async def test_mail_address_and_case_do_not_matter(house: Any) -> None:
    assert (await sign_in(house, "ADA@example.org", PASSWORD)).status_code == 200
    assert (await sign_in(house, " Sue ", PASSWORD)).status_code == 200


async def test_a_token_is_stored_only_as_its_hash(house: Any) -> None:
    token = (await sign_in(house, "sue", PASSWORD)).json()["token"]
    stored = b"".join(path.read_bytes() for path in house.hub.home.iterdir() if path.is_file())
    assert len(token) >= 43
    assert token.encode() not in stored


async def test_an_unknown_person_gets_the_same_answer_as_a_wrong_password(house: Any) -> None:
    wrong = await sign_in(house, "sue", "not the password")
    unknown = await sign_in(house, "nobody", "not the password")
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.content == unknown.content
    assert wrong.json()["error"]["name"] == "sign-in-failed"


async def test_an_unknown_person_costs_the_same_work(house: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    counted: list[bool] = []
    passwords = house.runtime.sign_in._passwords
    matches = passwords.matches

    def counting(hashed: str | None, secret: str) -> bool:
        counted.append(hashed is None)
        return bool(matches(hashed, secret))

    monkeypatch.setattr(passwords, "matches", counting)
    await sign_in(house, "sue", "not the password")
    known = len(counted)
    await sign_in(house, "nobody", "not the password")
    assert len(counted) == 2 * known
    # And a missing hash is not skipped: it is checked against one that nobody knows.
    verified: list[str] = []
    verify = passwords._hasher.verify

    class Counting:
        """Notes each hash that is really checked."""

        def verify(self, hashed: str, secret: str) -> bool:
            verified.append(hashed)
            return bool(verify(hashed, secret))

    passwords._hasher = Counting()
    assert not matches(None, "anything")
    assert verified


def test_the_hash_that_nobody_has_is_checked_as_any_other_and_costs_a_hub_no_time_to_make() -> None:
    began = time.thread_time()
    passwords = Passwords()
    made = time.thread_time()
    somebodys = passwords.hash("anything")
    assert (made - began) * 10 < time.thread_time() - made
    # As long as any other: of today's cost, and well-formed, so that no check of it ends early.
    nobodys = passwords._nobody
    assert extract_parameters(nobodys) == extract_parameters(somebodys)
    assert not passwords.outdated(nobodys)
    with pytest.raises(VerifyMismatchError):
        passwords._hasher.verify(nobodys, "anything")
    assert Passwords()._nobody != nobodys


async def test_failed_sign_ins_are_audited_and_delayed_but_never_for_good(house: Any, clock: Any) -> None:
    answers = [(await sign_in(house, "sue", "wrong")).status_code for _ in range(6)]
    assert answers[:5] == [401] * 5
    assert answers[5] == 429
    locked = await sign_in(house, "sue", PASSWORD)
    error = locked.json()["error"]
    assert locked.status_code == 429
    assert error["name"] == "locked-until"
    assert clock.now < error["until"] <= clock.now + 300
    clock.now = error["until"]
    assert (await sign_in(house, "sue", PASSWORD)).status_code == 200
    audits = [e.change.doc for e in house.hub.journal.read_kind("audit")]
    assert sum(a["act"] == "sign-in" and a.get("allowed") is False for a in audits) == 5
    assert any(a["act"] == "sign-in" and a.get("allowed", True) for a in audits)


async def test_what_is_typed_as_a_name_and_is_none_is_written_nowhere(house: Any) -> None:
    for typed in ("a secret in the wrong field", "sue"):
        assert (await sign_in(house, typed, "wrong")).status_code == 401
    audits = [e.change.doc for e in house.hub.journal.read_kind("audit")]
    assert [a["by"] for a in audits if a["act"] == "sign-in"][-2:] == ["", "sue"]
    assert "a secret" not in str(audits)


async def test_the_delay_never_grows_beyond_five_minutes(house: Any, clock: Any) -> None:
    for _ in range(40):
        response = await sign_in(house, "sue", "wrong")
        if response.status_code == 429:
            until = response.json()["error"]["until"]
            assert until - clock.now <= 300
            clock.now = until
    assert (await sign_in(house, "sue", PASSWORD)).status_code in (200, 429)
    clock.now += 300
    assert (await sign_in(house, "sue", PASSWORD)).status_code == 200


async def test_guessing_at_many_people_from_one_address_is_slowed_down(house: Any) -> None:
    answers = [(await sign_in(house, f"guess{i}", "wrong")).status_code for i in range(40)]
    assert 429 in answers


async def test_somebody_without_access_cannot_sign_in_even_with_the_password(house: Any) -> None:
    response = await sign_in(house, "ned", PASSWORD)
    assert (response.status_code, response.json()["error"]["name"]) == (403, "no-access")


async def test_a_code_only_lets_one_choose_a_password_and_only_once(house: Any) -> None:
    code = await code_for(house, "bob")
    spoken = code.replace("-", " ").lower()
    assert (await sign_in(house, "bob", spoken)).json()["error"]["name"] == "new-password-needed"
    async with house.client() as client:
        body = {"person": "bob", "old": spoken, "new": "four words that fit"}
        first = await client.post("/password", json=body)
        assert first.status_code == 200
        assert first.json()["me"]["person"] == "bob"
        again = await client.post("/password", json={**body, "new": "another four words"})
    assert again.status_code == 401
    assert (await sign_in(house, "bob", "four words that fit")).status_code == 200
    assert (await sign_in(house, "bob", PASSWORD)).status_code == 401


async def test_two_who_use_one_code_at_the_same_time_do_not_both_get_in(house: Any) -> None:
    import asyncio

    code = await code_for(house, "bob")

    async def use(new: str) -> int:
        async with house.client() as client:
            body = {"person": "bob", "old": code, "new": new}
            return int((await client.post("/password", json=body)).status_code)

    answers = await asyncio.gather(*(use(f"password number {i}") for i in range(4)))
    assert sorted(answers).count(200) == 1


async def test_a_code_ends(house: Any, clock: Any) -> None:
    code = await code_for(house, "bob")
    clock.now += 24 * 3600
    assert (await sign_in(house, "bob", code)).json()["error"]["name"] == "sign-in-failed"


async def test_a_new_password_signs_every_other_terminal_out(house: Any) -> None:
    old = await house.signed_in("bob")
    async with house.client() as client:
        await client.post("/password", json={"person": "bob", "old": PASSWORD, "new": "four words that fit"})
    response = await old.get("/me")
    assert (response.status_code, response.json()["error"]["name"]) == (401, "signed-out")
    await old.aclose()


@pytest.mark.parametrize("new", ["short", "Bob Tanaka", PASSWORD, "x" * 2000])
async def test_a_weak_password_is_refused_with_the_reason(house: Any, new: str) -> None:
    async with house.client() as client:
        response = await client.post("/password", json={"person": "bob", "old": PASSWORD, "new": new})
    assert response.status_code == 422
    assert response.json()["error"]["name"] == "password-refused"
    assert (await sign_in(house, "bob", PASSWORD)).status_code == 200


async def test_only_who_may_manage_people_gives_out_codes_and_not_to_somebody_higher(house: Any) -> None:
    await house.put(
        ("role", {"key": "custom:helpdesk", "name": "Help desk", "grants": {"users": {"level": "manage"}}}),
        ("person", {"key": "hal", "name": "Hal", "role": "custom:helpdesk"}),
    )
    async with house.operator("bob") as bob, house.operator("hal") as hal, house.operator("adm") as adm:
        assert (await bob.post("/people/cat/code")).json()["error"]["name"] == "not-permitted"
        assert (await hal.post("/people/adm/code")).json()["error"]["name"] == "not-higher"
        assert (await adm.post("/people/hal/code")).status_code == 200
        assert (await adm.post("/people/nobody/code")).status_code in (403, 404)


@pytest.fixture
async def admin(house: Any) -> AsyncIterator[httpx.AsyncClient]:
    client: httpx.AsyncClient = await house.signed_in("adm")
    yield client
    await client.aclose()


async def test_an_admin_is_signed_out_after_half_an_hour_alone(
    house: Any, clock: Any, admin: httpx.AsyncClient
) -> None:
    clock.now += 1500
    assert (await admin.post("/activity")).status_code == 204
    clock.now += 1500
    assert (await admin.get("/me")).status_code == 200, "asking is not touching, but 25 min are not half an hour"
    clock.now += 300
    response = await admin.get("/me")
    assert (response.status_code, response.json()["error"]["name"]) == (401, "idle")


async def test_others_stay_signed_in_for_their_shift(house: Any, clock: Any) -> None:
    bob = await house.signed_in("bob")
    clock.now += 12 * 3600 - 1
    assert (await bob.get("/me")).status_code == 200
    clock.now += 1
    assert (await bob.get("/me")).json()["error"]["name"] == "expired"
    await bob.aclose()


async def test_limits_come_from_the_organisations_settings(house: Any, clock: Any) -> None:
    organisation = house.hub.document("organisation", "organisation")
    await house.put(("organisation", {**organisation, "shift_s": 600}))
    bob = await house.signed_in("bob")
    clock.now += 600
    assert (await bob.get("/me")).json()["error"]["name"] == "expired"
    await bob.aclose()


async def test_key_presses_are_written_down_at_most_once_a_minute(
    house: Any, clock: Any, admin: httpx.AsyncClient
) -> None:
    before = house.hub.journal.seq()
    for _ in range(120):
        clock.now += 1
        await admin.post("/activity")
    assert 1 <= house.hub.journal.seq() - before <= 2


async def test_a_session_outlives_the_hub(home: Any, clock: Any, house: Any, a_running_hub: Any) -> None:
    bob = await house.signed_in("bob")
    token = bob.headers["Authorization"]
    await bob.aclose()
    await house.runtime.stop()
    house.hub.close()
    async with a_running_hub(home, clock) as again, again.client() as client:
        client.headers["Authorization"] = token
        assert (await client.get("/me")).json()["person"] == "bob"


async def test_a_disabled_person_is_out_at_once(house: Any) -> None:
    bob = await house.signed_in("bob")
    person = house.hub.document("person", "bob")
    await house.put(("person", {**person, "disabled": True}))
    response = await bob.get("/me")
    assert (response.status_code, response.json()["error"]["name"]) == (401, "disabled")
    error = (await sign_in(house, "bob", PASSWORD)).json()["error"]
    assert (error["name"], error["reason"]) == ("no-access", "Bob Tanaka, an admin has disabled your sign-in.")
    await bob.aclose()


async def test_signing_out_ends_the_session(house: Any) -> None:
    bob = await house.signed_in("bob")
    assert (await bob.post("/sign-out")).status_code == 204
    assert (await bob.get("/me")).json()["error"]["name"] == "signed-out"
    await bob.aclose()
