"""A file that is applied beside what others changed since it was written out."""

from hypothesis import given
from hypothesis import strategies as st

from wallboard_tui.model.base import Doc
from wallboard_tui.reports.since import Clash, since

KEYS = ("ann", "bob", "cat")
NAMES = ("Red", "Green", "Blue")
organisations = st.dictionaries(st.sampled_from(KEYS), st.sampled_from(NAMES))


def documents(names: dict[str, str]) -> list[tuple[str, Doc]]:
    return [("team", {"key": key, "name": name}) for key, name in names.items()]


def outcome(base: dict[str, str], wanted: dict[str, str], there: dict[str, str]) -> tuple[dict[str, str], list[Clash]]:
    """What stands after a file was applied, others' changes included."""
    found, clashes = since(documents(base), documents(wanted), documents(there), prune=True)
    after = dict(there)
    for edit in found:
        if edit.remove:
            del after[edit.key]
        else:
            assert edit.put is not None
            after[edit.key] = edit.put["name"]
    return after, clashes


def test_what_others_changed_stays_and_what_one_changed_is_asked_for() -> None:
    base = {"ann": "Red", "bob": "Red"}
    after, clashes = outcome(base, {"ann": "Green", "bob": "Red"}, {"ann": "Red", "bob": "Blue", "cat": "New"})
    assert (after, clashes) == ({"ann": "Green", "bob": "Blue", "cat": "New"}, [])


def test_what_both_changed_is_named_with_the_fields_of_the_other() -> None:
    _, clashes = outcome({"ann": "Red"}, {"ann": "Green"}, {"ann": "Blue"})
    assert clashes == [Clash("team", "ann", ("name",))]
    assert outcome({"ann": "Red"}, {"ann": "Green"}, {"ann": "Green"})[1] == [], "both want the same"
    assert outcome({"ann": "Red", "bob": "Red"}, {"bob": "Red"}, {"ann": "Blue", "bob": "Red"})[1] == [
        Clash("team", "ann", ("name",))
    ]
    assert outcome({"ann": "Red"}, {"ann": "Green"}, {"bob": "Red"})[1] == [Clash("team", "ann", ())]


@given(organisations, organisations, organisations)
def test_for_each_document_it_is_theirs_or_ones_own_or_a_clash(
    base: dict[str, str], wanted: dict[str, str], there: dict[str, str]
) -> None:
    after, clashes = outcome(base, wanted, there)
    for key in KEYS:
        was, mine, theirs = (each.get(key) for each in (base, wanted, there))
        if any(one.key == key for one in clashes):
            assert len({was, mine, theirs}) == 3
            assert wanted
        else:  # a file that names nothing of a kind removes nothing of it
            assert after.get(key) == (theirs if mine == was or not wanted else mine)
