"""Laws of what an editor sees of a document and writes back: nothing hidden shows, and nothing hidden is lost."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wallboard_tui.access.derive import effective
from wallboard_tui.access.directory import Directory
from wallboard_tui.access.knowing import Knowing
from wallboard_tui.access.proposal import propose
from wallboard_tui.access.saving import judge
from wallboard_tui.access.saving_form import Actor
from wallboard_tui.access.sight import Sight
from wallboard_tui.model.administration import Edit, Finding
from wallboard_tui.model.directory import Person

QUEUES, NUMBERS = tuple("abcdef"), tuple(f"+3531{n}" for n in range(5))
ATOMS = [*(f"queue:{one}" for one in QUEUES), *(f"number:{one}/inbound" for one in NUMBERS), "team:t", "SELF", "ext:1"]


def some(of: Any, most: int = 6) -> Any:
    return st.lists(st.sampled_from(of), unique=True, max_size=most)


grants = st.dictionaries(
    st.sampled_from(["calls", "recordings", "analytics"]),
    st.fixed_dictionaries({"level": st.just("view"), "scope": some(ATOMS).filter(bool)}),
)
people = st.fixed_dictionaries(
    {"key": st.just("kim"), "name": st.just("Kim"), "role": st.just("r")},
    optional={
        "manage_queues": some(QUEUES), "manage_numbers": some(NUMBERS), "caller_ids": some(NUMBERS),
        "default_caller_id": st.none() | st.sampled_from(NUMBERS), "grants": grants,
    },
)  # fmt: skip


def sight(known: list[str]) -> Sight:
    """That of somebody who sees the calls of some queues, and edits people."""
    scope = {"calls": {"scope": [f"queue:{one}" for one in known]}} if known else {}
    directory = Directory.from_documents(
        [
            *(("queue", {"key": one, "source": "s", "name": one}) for one in QUEUES),
            *(("number", {"key": one}) for one in NUMBERS),
            ("team", {"key": "t", "name": "T"}),
            ("role", {"key": "r", "name": "R", "grants": {"users": {"level": "manage"}, **scope}}),
            ("person", {"key": "lee", "name": "Lee", "role": "r"}),
        ]
    )
    return Sight(Knowing(effective("lee", directory).resolved(directory), directory))


def hidden(doc: Any, known: list[str]) -> set[str]:
    """Every key in a document that its reader may not know, by another way than the code's."""
    atoms = {atom for grant in (doc.get("grants") or {}).values() for atom in grant["scope"]}
    keys = {f"queue:{one}" for one in doc.get("manage_queues") or ()} | {one for one in atoms if one[0] in "qnt"}
    numbers = {*(doc.get("manage_numbers") or ()), *(doc.get("caller_ids") or ()), doc.get("default_caller_id")}
    keys |= {f"number:{one}" for one in numbers if one}
    return keys - {f"queue:{one}" for one in known}


def normal(doc: Any) -> Any:
    return Person.load(doc).dump()


@given(people, some(QUEUES))
def test_nothing_shows_that_the_reader_may_not_know(doc: Any, known: list[str]) -> None:
    assert not hidden(sight(known).doc("person", doc), known)


@given(people, some(QUEUES))
def test_what_is_written_back_as_it_was_read_changes_nothing(doc: Any, known: list[str]) -> None:
    eyes = sight(known)
    seen = eyes.doc("person", doc)
    assert normal(eyes.keeping("person", doc, seen, whole=True)) == normal(doc)
    assert normal({**doc, **eyes.keeping("person", doc, seen, whole=False)}) == normal(doc)


@given(people, people, some(QUEUES))
def test_nothing_is_lost_that_the_writer_could_not_see(old: Any, said: Any, known: list[str]) -> None:
    eyes = sight(known)
    shown = eyes.doc("person", said)
    kept = eyes.keeping("person", old, shown, whole=True)
    lost = hidden(old, known) - hidden(kept, known)
    assert lost <= {f"number:{old.get('default_caller_id')}"}, "one default takes the place of another"
    if "manage_queues" in shown:
        assert set(eyes.doc("person", kept)["manage_queues"]) == set(shown["manage_queues"])


@given(people)
def test_who_sees_everything_sees_documents_as_they_are(doc: Any) -> None:
    assert Sight().doc("person", doc) is doc
    assert Sight().keeping("person", doc, {"name": "x"}, whole=False) == {"name": "x"}


GUESSES: list[dict[str, Any]] = [
    {"manage_queues": ["a"]},
    {"caller_ids": [NUMBERS[0]]},
    {"default_caller_id": NUMBERS[0]},
    {"grants": {"calls": {"level": "view", "scope": ["queue:a"]}}},
]


@pytest.mark.parametrize("guess", GUESSES)
def test_who_may_only_read_learns_nothing_by_writing_back_what_they_cannot_see(guess: dict[str, Any]) -> None:
    """Applying a whole file passes over what it leaves as it is: a right guess must not pass there."""
    said = []
    for stands in (guess, {}):
        lee = Editor({"users": {"level": "view"}}, stands)
        assert lee.judged(put=lee.read) == (), "as it was read"
        said.append(lee.judged(put={**lee.read, **guess}))
    assert said[0] == said[1]
    assert [one.rule for one in said[0]] == ["not-permitted"]


@pytest.mark.parametrize("users", [{}, {"users": {"level": "view"}}])
@pytest.mark.parametrize("guess", [*GUESSES, {"email": "kim@example.org"}, {"disabled": True}])
def test_who_only_assigns_roles_learns_nothing_by_saying_what_they_cannot_see(
    guess: dict[str, Any], users: dict[str, Any]
) -> None:
    """What changes nothing is passed over, and roles are theirs to change: beside one, and alone, a right guess must
    not pass.
    """
    shown = bool(users) and guess.keys() <= {"email", "disabled"}
    for more in ({}, {"role": "other"}):
        said = []
        for stands in (guess, {}):
            lee = Editor({"roles.assign": {"level": "manage"}, **users}, stands)
            assert "not-permitted" not in [one.rule for one in lee.judged(set={"role": "other"})]
            said.append([one.rule for one in lee.judged(set={**guess, **more})])
        assert said == [[] if shown else ["not-permitted"], ["not-permitted"]]


def test_who_changes_what_they_may_not_read_is_told_the_role_and_no_more() -> None:
    doc = {"name": "Kim", "role": "none", "email": "kim@example.org", "disabled": True}
    eyes = Editor({"roles.assign": {"level": "manage"}}, {}).eyes
    assert eyes.told("person", "kim", doc) == {"name": "Kim", "role": "none"}
    assert eyes.told("person", "lee", doc) == doc, "what oneself is, one may know"
    assert Editor({"users": {"level": "view"}}, {}).eyes.told("person", "kim", doc) == doc
    assert Sight().told("person", "kim", doc) == doc


class Editor:
    """Lee, who holds some permissions, and what is said of what he writes about Kim, who stands as given."""

    def __init__(self, grants: dict[str, Any], stands: dict[str, Any]) -> None:
        self._kim = Person.load({"key": "kim", "name": "Kim", "role": "none", **stands}).dump()
        self._directory = Directory.from_documents(
            [
                ("queue", {"key": "a", "source": "s", "name": "a"}),
                ("number", {"key": NUMBERS[0]}),
                ("role", {"key": "none", "name": "None", "grants": {}}),
                ("role", {"key": "other", "name": "Other", "grants": {}}),
                ("role", {"key": "r", "name": "R", "grants": grants}),
                ("person", {"key": "lee", "name": "Lee", "role": "r"}),
                ("person", self._kim),
            ]
        )
        held = effective("lee", self._directory)
        resolved = held.resolved(self._directory)
        self.eyes = Sight(Knowing(resolved, self._directory))
        self._actor = Actor("lee", "Lee", held, resolved, self.eyes)
        self.read = self.eyes.doc("person", self._kim)

    def judged(self, **said: Any) -> tuple[Finding, ...]:
        """What the rules find."""
        edit = Edit(kind="person", key="kim", **said)
        return judge(propose([edit], lambda *_: self._kim, self._directory, self.eyes), self._actor).refused
