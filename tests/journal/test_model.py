"""A journal against the plainest thing that could do its job: a dict and a counter."""

from collections.abc import Callable

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wallboard_tui.journal.base import Conflict, Expect, Journal
from wallboard_tui.model.base import Doc
from wallboard_tui.model.change import Change
from wallboard_tui.model.kinds import POLICY_KINDS

KINDS = ["call", "person", "audit"]
KEYS = ["a", "b", "c"]
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-1, 1) | st.sampled_from([0.0, 1.0, 0.5, 1e300, "", "é☎", "1"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from("xyz"), inner, max_size=2),
    max_leaves=4,
)
CHANGES = st.builds(
    Change,
    st.sampled_from(KINDS),
    st.sampled_from(KEYS),
    st.none() | st.dictionaries(st.sampled_from("pqr"), VALUES, max_size=2),
    st.just(1.0),
    st.just("hub"),
)
REVISIONS = st.none() | st.integers(0, 12)
EXPECTATIONS = st.dictionaries(st.tuples(st.sampled_from(KINDS), st.sampled_from(KEYS)), REVISIONS, max_size=1)
STEPS = st.lists(st.tuples(st.lists(CHANGES, max_size=5), st.just({}) | EXPECTATIONS, st.booleans()), max_size=8)


def strictly(value: object) -> object:
    """A value that compares as JSON does: 1, 1.0 and true are three different things."""
    if isinstance(value, dict):
        return frozenset((name, strictly(inner)) for name, inner in value.items())
    if isinstance(value, list):
        return (list, *map(strictly, value))
    return (type(value), value)


class Plain:
    """The reference: standing documents in a dict, most recently changed last."""

    def __init__(self) -> None:
        self.seq = 0
        self.standing: dict[tuple[str, str], tuple[int, Doc | None]] = {}

    def append(self, changes: list[Change], expect: Expect) -> list[int] | None:
        """Seqs given, ``None`` for a conflict."""
        for ref, expected in expect.items():
            seq, doc = self.standing.get(ref, (None, None))
            if doc is None and expected is None:
                continue
            if seq != expected:
                return None
        seq, standing, given = self.seq, dict(self.standing), []
        for change in changes:
            ref = (change.kind, change.key)
            old = standing.get(ref, (0, None))[1]
            if strictly(old) == strictly(change.doc):
                continue
            if change.kind == "audit" and ref in standing:
                return None
            seq += 1
            standing.pop(ref, None)
            standing[ref] = (seq, change.doc)
            given.append(seq)
        self.seq, self.standing = seq, standing
        return given


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_a_journal_does_what_a_dict_and_a_counter_would(
    fresh: Callable[[], Callable[[], Journal]], steps: list[tuple[list[Change], Expect, bool]]
) -> None:
    opener = fresh()
    journal, plain = opener(), Plain()
    try:
        for changes, expect, again in steps:
            try:
                given = [entry.seq for entry in journal.append(changes, expect)]
            except Conflict:
                assert plain.append(changes, expect) is None
            else:
                assert plain.append(changes, expect) == given
            if again:
                journal.close()
                journal = opener()
            read = [
                (entry.change.kind, entry.change.key, entry.seq, strictly(entry.change.doc))
                for entry in journal.read(0)
            ]
            assert read == [(*ref, seq, strictly(doc)) for ref, (seq, doc) in plain.standing.items()]
            assert journal.seq() == plain.seq
            assert journal.count() == sum(doc is not None for _, doc in plain.standing.values())
            policy = [seq for (kind, _), (seq, _) in plain.standing.items() if kind in POLICY_KINDS]
            assert journal.policy() == max(policy, default=0)
    finally:
        journal.close()
