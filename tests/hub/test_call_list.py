"""``GET /calls``: what somebody searches for is found by what they may know of a call, as on the screen."""

from typing import Any

from .conftest import NOON, SALES, SECRET_CALLER, answered


async def test_a_search_finds_words_in_any_order_titles_of_queues_and_saved_contacts(house: Any) -> None:
    scope = {"scope": ["ALL"]}
    await house.put(
        ("contact", {"key": SECRET_CALLER, "name": "Hortensia Gale"}),
        ("queue", {"key": SALES, "source": "pbx1", "name": "sales", "title": "Desk of joy"}),
        ("role", {"key": "custom:plain", "name": "Plain", "grants": {"calls": scope, "caller_number": scope}}),
        ("person", {"key": "pia", "name": "Pia", "role": "custom:plain"}),
        ("role", {"key": "custom:masked", "name": "Masked", "grants": {"calls": scope, "contacts": {}}}),
        ("person", {"key": "mia", "name": "Mia", "role": "custom:masked"}),
    )
    await house.take(answered(NOON, "1.1", "sales", "Cat", SECRET_CALLER))
    found = {}
    for person in ("adm", "pia", "mia"):
        async with house.operator(person) as client:
            for text in ("sales cat", "Cat sales", "joy desk", "hortensia", SECRET_CALLER[4:9], "cat nobody"):
                found[person, text] = len((await client.get("/calls", params={"text": text})).json())
    number = SECRET_CALLER[4:9]
    everybodys = {"sales cat": 1, "Cat sales": 1, "joy desk": 1, "cat nobody": 0}
    assert {text: found["adm", text] for _, text in found} == {**everybodys, "hortensia": 1, number: 1}
    assert {text: found["pia", text] for _, text in found} == {**everybodys, "hortensia": 0, number: 1}
    assert {text: found["mia", text] for _, text in found} == {**everybodys, "hortensia": 0, number: 0}
