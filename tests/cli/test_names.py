"""What people type for something, and which key is meant."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wallboard_tui.cli.failures import Failure
from wallboard_tui.cli.names import listed, made_key, meant

QUEUES = {"asterisk:pbx1:sales": "Sales", "asterisk:pbx1:support": "Support", "asterisk:pbx2:support": "Help desk"}


@pytest.mark.parametrize(
    ("word", "key"),
    [
        ("asterisk:pbx1:sales", "asterisk:pbx1:sales"),
        ("sales", "asterisk:pbx1:sales"),
        ("SALES", "asterisk:pbx1:sales"),
        ("sal", "asterisk:pbx1:sales"),
        ("Help desk", "asterisk:pbx2:support"),
        ("help", "asterisk:pbx2:support"),
        ("asterisk:pbx2", "asterisk:pbx2:support"),
    ],
)
def test_a_short_name_is_enough_where_only_one_thing_has_it(word: str, key: str) -> None:
    assert meant(word, QUEUES, "queue") == key


def test_a_name_that_two_things_have_is_refused_and_both_are_named() -> None:
    with pytest.raises(Failure, match="more than one queue: asterisk:pbx1:support, asterisk:pbx2:support") as caught:
        meant("support", QUEUES, "queue")
    assert caught.value.status == 1


def test_a_name_that_nothing_has_is_refused_and_what_there_is_is_named() -> None:
    with pytest.raises(Failure, match=r"There is no queue “kitchen”\. There are: asterisk:pbx1:sales"):
        meant("kitchen", QUEUES, "queue")


def test_a_whole_name_wins_over_the_beginning_of_another() -> None:
    assert meant("ann", {"ann": "Ann Byrne", "anna": "Anna Daly"}, "person") == "ann"


def test_a_long_list_is_cut_and_says_so() -> None:
    assert listed(f"q{n:02}" for n in range(30)).endswith("q11 and 18 more")


@given(st.dictionaries(st.text(max_size=5), st.text(max_size=5), max_size=5), st.text(max_size=5))
def test_what_is_meant_is_always_something_that_exists(names: dict[str, str], word: str) -> None:
    try:
        assert meant(word, names, "thing") in names
    except Failure:
        assert word not in names


@given(st.dictionaries(st.text(min_size=1, max_size=5), st.text(max_size=5), min_size=1, max_size=5))
def test_a_whole_key_always_means_itself(names: dict[str, str]) -> None:
    assert all(meant(key, names, "thing") == key for key in names)


@pytest.mark.parametrize(
    ("name", "key"),
    [("Ann Byrne", "ann.byrne"), ("Ana María O'Brien", "ana.maria.obrien"), ("  J.R.  Ó Sé ", "j.r.o.se")],
)
def test_a_short_name_to_sign_in_with_is_made_from_a_name(name: str, key: str) -> None:
    assert made_key(name) == key


def test_a_name_without_a_latin_letter_needs_a_key() -> None:
    with pytest.raises(Failure, match="--key"):
        made_key("李")
