"""Room ``tui``, widgets: Textual's bindings, made from the table of actions."""

from textual.binding import Binding, BindingType

from wallboard_tui.tui.actions import ACTIONS, Scope

OPENING = frozenset({"app", "admin"})
"""Scopes whose actions open something that is typed into. Their keys have priority: they are done before the next key
is handed out, so that what is typed right behind them lands in what they open, and never does something to the list
below. A field that takes letters keeps them: Textual asks it first."""
LEFT_TO_FIELDS = frozenset({"escape", "space"})
"""Keys that a list to choose from needs itself."""


def bindings_of(scope: Scope, only: str = "", but: str = "row.nothing") -> list[BindingType]:
    """Bindings for the actions of a scope whose ids start with ``only`` and not with ``but``.

    A binding's ``id`` is the action's, so that a keymap can give it other keys.
    """
    return [
        Binding(
            action.keys,
            action.method,
            action.title,
            show=action.footer,
            id=action.id,
            tooltip=action.description,
            priority=action.scope in OPENING and action.keys not in LEFT_TO_FIELDS,
        )
        for action in ACTIONS
        if action.scope == scope and action.keys and action.id.startswith(only) and not action.id.startswith(but)
    ]
