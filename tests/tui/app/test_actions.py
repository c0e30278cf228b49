"""The table of actions: one key means one thing, and everything made from the table says the same."""

from pathlib import Path
from typing import Any

import pytest

from wallboard_tui.tui.actions import ACTIONS, BY_ID, applies, permitted
from wallboard_tui.tui.app import WallboardApp
from wallboard_tui.tui.keys import KeysError, check_keys, keys_of, keys_page
from wallboard_tui.tui.panes import PANES
from wallboard_tui.tui.screens.admin import section
from wallboard_tui.tui.screens.admin.base import Section
from wallboard_tui.tui.screens.admin.editing import Meanwhiles
from wallboard_tui.tui.screens.admin.explain import Explain
from wallboard_tui.tui.screens.admin.past import Past
from wallboard_tui.tui.screens.admin.permission_form import PermissionForm
from wallboard_tui.tui.screens.admin.sure import Sure
from wallboard_tui.tui.screens.admin.viewing import Eyes
from wallboard_tui.tui.screens.base import Dialog
from wallboard_tui.tui.screens.board import BoardScreen
from wallboard_tui.tui.screens.pages import Page
from wallboard_tui.tui.screens.password import NewPassword
from wallboard_tui.tui.screens.question import Question
from wallboard_tui.tui.screens.sources import Sources
from wallboard_tui.tui.screens.themes import ThemePicker
from wallboard_tui.tui.widgets.pane import LinePane

KEYS_PAGE = Path(__file__).parents[3] / "docs" / "keys.md"


def test_the_page_of_keys_is_the_one_made_from_the_table() -> None:
    assert KEYS_PAGE.read_text("utf-8") == keys_page(), "write it anew: python -m wallboard_tui.tui.keys > docs/keys.md"


def test_no_key_means_two_things_at_once() -> None:
    assert check_keys({}) == {}


def test_ids_are_unique_and_panes_exist() -> None:
    assert len(BY_ID) == len(ACTIONS)
    assert {pane for action in ACTIONS for pane in action.panes} <= set(PANES)


def test_every_action_has_somebody_who_does_it() -> None:
    owners = {"app": WallboardApp, "board": BoardScreen, "pane": BoardScreen, "admin": Section}
    dialogs: dict[str, type[Dialog[Any]]] = {
        "page": Page, "sources": Sources, "why": Explain, "question": Question, "themes": ThemePicker,
        "password": NewPassword, "eyes": Eyes, "sure": Sure, "past": Past, "meanwhile": Meanwhiles,
        "permission": PermissionForm, "dialog": Dialog,
    }  # fmt: skip
    for action in ACTIONS:
        if action.scope == "dialog":
            assert hasattr(dialogs[action.family], f"action_{action.method}"), action.id
            assert action.family in dialogs[action.family].families, action.id
            continue
        if action.section:
            assert hasattr(section(action.section), f"action_{action.method}"), action.id
            continue
        owner = LinePane if action.id.startswith("row.") and action.id != "row.open" else owners[action.scope]
        assert hasattr(owner, f"action_{action.method}"), action.id


def test_a_person_may_give_an_action_another_key() -> None:
    keys = check_keys({"missed.claim": "f9,ctrl+k"})
    assert keys_of(BY_ID["missed.claim"], keys) == ("f9", "ctrl+k")


@pytest.mark.parametrize(
    ("keys", "word"),
    [
        ({"missed.clam": "c"}, "missed.clam"),
        ({"missed.claim": 3}, "must be a text"),
        ({"missed.claim": "r"}, "missed.reached"),
        ({"board.zoom": "c"}, "missed.claim"),
        ({"app.quit": "z"}, "board.zoom"),
        ({"missed.claim": "q"}, "page.close"),
        ({"question.done": "escape"}, "dialog.leave"),
    ],
)
def test_a_mistake_in_the_keys_is_named(keys: dict[str, object], word: str) -> None:
    with pytest.raises(KeysError, match=word):
        check_keys(keys)


def test_two_panes_may_use_the_same_key_for_different_things() -> None:
    assert keys_of(BY_ID["missed.note"]) == keys_of(BY_ID["agents.signed_in"])
    assert not applies(BY_ID["missed.note"], "agents")
    assert not applies(BY_ID["agents.signed_in"], None)


def test_without_a_person_nothing_that_needs_a_permission_is_permitted() -> None:
    assert not any(action.permission for action in permitted(None))


def test_what_opens_to_those_who_may_only_look_promises_no_change() -> None:
    opening = [action for action in ACTIONS if action.id.startswith("admin.") and action.level == "view"]
    assert {"admin.roles", "admin.members", "admin.review", "admin.teams"} <= {action.id for action in opening}
    for action in opening:
        assert not set(action.description.lower().replace(",", " ").split()) & {"make", "change", "add", "take", "keep"}
