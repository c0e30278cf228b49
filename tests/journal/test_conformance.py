"""What every journal promises, whatever it is made of."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from wallboard_tui.journal.base import POLICY, Conflict, Journal, JournalError
from wallboard_tui.model.base import Doc
from wallboard_tui.model.change import Change, Entry


def put(key: str, doc: Doc | None = None, *, kind: str = "call", at: float = 1.0, by: str = "source:pbx1") -> Change:
    return Change(kind, key, {"key": key, **(doc or {})}, at, by)


def removed(key: str, *, kind: str = "call") -> Change:
    return Change(kind, key, None, 2.0, "hub")


def test_each_change_takes_the_next_seq_in_the_order_given(journal: Journal) -> None:
    first = journal.append([put("a"), put("b")])
    second = journal.append([put("c")])
    assert [entry.seq for entry in first + second] == [1, 2, 3]
    assert [entry.change.key for entry in journal.read(0)] == ["a", "b", "c"]
    assert journal.seq() == 3


def test_an_entry_comes_back_as_it_was_written(journal: Journal) -> None:
    doc: Doc = {
        "key": "ä–☎",
        "text": 'quote " back \\ zero \x00 line \n 🎧',
        "number": 1700000000.123456,
        "whole": 2**53,
        "none": None,
        "yes": True,
        "list": [1, [2.5, {"deep": []}]],
    }
    journal.append([Change("followup", "ä–☎", doc, 1700000000.25, "ann")])
    assert journal.get("followup", "ä–☎") == Entry(1, Change("followup", "ä–☎", doc, 1700000000.25, "ann"))


def test_a_changed_document_stands_once_at_its_last_seq(journal: Journal) -> None:
    journal.append([put("a", {"n": 1}), put("b")])
    journal.append([put("a", {"n": 2})])
    assert [(entry.seq, entry.change.key) for entry in journal.read(0)] == [(2, "b"), (3, "a")]
    assert journal.count() == 2


def test_an_identical_put_is_no_change_and_takes_no_seq(journal: Journal) -> None:
    journal.append([put("a", {"x": 1, "y": {"p": 1, "q": 2}})])
    again = Change("call", "a", {"y": {"q": 2, "p": 1}, "x": 1, "key": "a"}, 99.0, "somebody else")
    assert journal.append([again]) == []
    assert journal.seq() == 1
    assert [entry.change.at for entry in journal.read(0)] == [1.0]


@pytest.mark.parametrize(("old", "new"), [(1, True), (1, 1.0), (0, False), (None, 0), ([], {}), ("1", 1)])
def test_values_that_only_python_holds_equal_are_a_change(journal: Journal, old: object, new: object) -> None:
    journal.append([put("a", {"x": old})])
    assert len(journal.append([put("a", {"x": new})])) == 1


def test_a_batch_with_changes_and_repetitions_gives_only_the_changes(journal: Journal) -> None:
    journal.append([put("a"), put("b")])
    entries = journal.append([put("a"), put("b", {"n": 1}), put("c"), put("c"), put("c", {"n": 1})])
    assert [(entry.seq, entry.change.key) for entry in entries] == [(3, "b"), (4, "c"), (5, "c")]
    assert [entry.seq for entry in journal.read(0)] == [1, 3, 5]


def test_an_empty_append_changes_nothing(journal: Journal) -> None:
    assert journal.append([]) == []
    assert journal.seq() == 0


def test_a_removal_stays_as_a_tombstone(journal: Journal) -> None:
    journal.append([put("a"), put("b")])
    assert [entry.seq for entry in journal.append([removed("a")])] == [3]
    found = journal.get("call", "a")
    assert found is not None
    assert found.seq == 3
    assert found.change.doc is None
    assert [(entry.seq, entry.change.doc is None) for entry in journal.read(0)] == [(2, False), (3, True)]
    assert journal.count() == 1


def test_removing_what_is_not_there_is_no_change(journal: Journal) -> None:
    assert journal.append([removed("a")]) == []
    journal.append([put("a")])
    journal.append([removed("a")])
    assert journal.append([removed("a")]) == []
    assert journal.seq() == 2


def test_a_removed_document_can_be_put_again(journal: Journal) -> None:
    journal.append([put("a")])
    journal.append([removed("a")])
    assert [entry.seq for entry in journal.append([put("a")])] == [3]
    assert journal.count() == 1


def test_kinds_do_not_share_keys(journal: Journal) -> None:
    journal.append([put("a", kind="queue"), put("a", {"n": 1}, kind="team")])
    queue, team = journal.get("queue", "a"), journal.get("team", "a")
    assert queue is not None
    assert team is not None
    assert (queue.seq, team.seq) == (1, 2)
    assert journal.get("person", "a") is None


def test_get_many_leaves_out_what_never_was(journal: Journal) -> None:
    journal.append([put(str(n), {"n": n}) for n in range(3000)])
    found = journal.get_many("call", [*(str(n) for n in range(0, 3000, 2)), "nobody"])
    assert len(found) == 1500
    assert found["2998"].seq == 2999
    assert journal.get_many("call", []) == {}


def test_read_goes_on_where_it_stopped(journal: Journal) -> None:
    journal.append([put(str(n)) for n in range(25)])
    seen: list[int] = []
    while batch := journal.read(seen[-1] if seen else 0, limit=10):
        assert len(batch) <= 10
        seen += [entry.seq for entry in batch]
    assert seen == list(range(1, 26))


def test_an_edit_that_expects_another_revision_is_refused_whole(journal: Journal) -> None:
    journal.append([put("a"), put("b")])
    with pytest.raises(Conflict) as caught:
        journal.append([put("b", {"n": 1}), put("a", {"n": 1})], {("call", "a"): 7})
    assert (caught.value.kind, caught.value.key, caught.value.expected, caught.value.found) == ("call", "a", 7, 1)
    assert "call a" in str(caught.value)
    assert journal.seq() == 2
    assert journal.append([put("a", {"n": 1})], {("call", "a"): 1})[0].seq == 3


def test_expecting_none_means_that_the_document_must_not_exist(journal: Journal) -> None:
    journal.append([put("a")], {("call", "a"): None})
    with pytest.raises(Conflict) as caught:
        journal.append([put("a", {"n": 1})], {("call", "a"): None})
    assert caught.value.found == 1
    journal.append([removed("a")])
    assert journal.append([put("a")], {("call", "a"): None})[0].seq == 3


def test_expecting_a_revision_of_what_never_was_is_refused(journal: Journal) -> None:
    with pytest.raises(Conflict) as caught:
        journal.append([put("a")], {("call", "a"): 1})
    assert caught.value.found is None


def test_a_document_may_be_expected_that_the_append_does_not_change(journal: Journal) -> None:
    journal.append([put("ann", kind="person")])
    journal.append([put("ann", {"n": 1}, kind="person")])
    with pytest.raises(Conflict):
        journal.append([put("x")], {("person", "ann"): 1})
    assert journal.append([put("x")], {("person", "ann"): 2})


def test_of_two_admins_who_race_only_the_first_wins(journal: Journal) -> None:
    journal.append([put("ann", kind="person"), put("bob", kind="person")])
    policy = journal.policy()

    def demote(who: str) -> str:
        try:
            journal.append([put(who, {"role": "agent"}, kind="person")], {POLICY: policy})
        except Conflict:
            return "told"
        return "done"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(demote, ["ann", "bob"])) == ["done", "told"]


async def test_many_who_race_for_one_document_are_told_one_after_the_other(journal: Journal) -> None:
    journal.append([put("x", {"n": 0})])

    async def claim(n: int) -> bool:
        try:
            await journal.append_async([put("x", {"n": n})], {("call", "x"): 1})
        except Conflict:
            return False
        return True

    won = await asyncio.gather(*(claim(n) for n in range(1, 20)))
    assert sum(won) == 1
    assert journal.seq() == 2


async def test_one_refused_append_does_not_hurt_those_committed_with_it(journal: Journal) -> None:
    journal.append([put("x")])
    results = await asyncio.gather(
        journal.append_async([put("a")]),
        journal.append_async([put("x", {"n": 1})], {("call", "x"): 99}),
        journal.append_async([put("b")]),
        return_exceptions=True,
    )
    assert [isinstance(result, Conflict) for result in results] == [False, True, False]
    assert {entry.change.key for entry in journal.read(0)} == {"x", "a", "b"}


def test_what_cannot_be_written_as_json_is_refused_by_name_and_whole(journal: Journal) -> None:
    with pytest.raises(ValueError, match="call b"):
        journal.append([put("a"), put("b", {"what": object()})])
    assert journal.seq() == 0


def test_an_audit_document_is_never_overwritten_or_removed(journal: Journal) -> None:
    journal.append([put("1-a", {"act": "sign-in"}, kind="audit")])
    for change in (put("1-a", {"act": "nothing"}, kind="audit"), removed("1-a", kind="audit")):
        with pytest.raises(Conflict):
            journal.append([put("z"), change])
    assert journal.append([put("1-a", {"act": "sign-in"}, kind="audit")]) == []
    with pytest.raises(Conflict):
        journal.append([put("1-b", {"n": 1}, kind="audit"), put("1-b", {"n": 2}, kind="audit")])
    assert [entry.change.key for entry in journal.read(0)] == ["1-a"]


def test_the_policy_revision_is_the_newest_change_that_decides_about_access(journal: Journal) -> None:
    assert journal.policy() == 0
    journal.append([put("x"), put("justcall:agent", kind="role"), put("y")])
    assert journal.policy() == 2
    journal.append([put("z"), put("p", kind="presence"), put("+353", kind="contact")])
    assert journal.policy() == 2
    journal.append([removed("justcall:agent", kind="role")])
    assert journal.policy() == 7
    with pytest.raises(Conflict) as caught:
        journal.append([put("ann", kind="person")], {POLICY: 2})
    assert caught.value.found == 7


def test_everything_is_there_after_opening_again(open_journal: Callable[[], Journal]) -> None:
    journal = open_journal()
    journal.append([put("a"), put("ann", kind="person"), put("b")])
    journal.append([removed("b")])
    before = (journal.epoch, journal.seq(), journal.policy(), journal.count(), journal.read(0))
    journal.close()
    journal = open_journal()
    assert (journal.epoch, journal.seq(), journal.policy(), journal.count(), journal.read(0)) == before
    assert journal.append([put("c")])[0].seq == 5
    journal.close()


def test_two_journals_have_two_epochs(fresh: Callable[[], Callable[[], Journal]]) -> None:
    one, other = fresh()(), fresh()()
    assert one.epoch != other.epoch
    one.close()
    other.close()


def test_a_closed_journal_says_so(open_journal: Callable[[], Journal]) -> None:
    journal = open_journal()
    journal.close()
    with pytest.raises(JournalError, match="closed"):
        journal.append([put("a")])
    journal.close()


async def test_appends_that_were_accepted_are_finished_by_close(open_journal: Callable[[], Journal]) -> None:
    journal = open_journal()
    waiting = [asyncio.ensure_future(journal.append_async([put(str(n))])) for n in range(20)]
    await asyncio.sleep(0)
    journal.close()
    assert sorted(entry.seq for entries in await asyncio.gather(*waiting) for entry in entries) == list(range(1, 21))
