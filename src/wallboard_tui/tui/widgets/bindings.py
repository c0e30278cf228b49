"""Room ``tui``, widgets: Textual's bindings, made from the table of actions."""

from textual.binding import Binding, BindingType

from wallboard_tui.tui.actions import ACTIONS, Scope


def bindings_of(scope: Scope, only: str = "", but: str = "row.nothing") -> list[BindingType]:
    """Bindings for the actions of a scope whose ids start with ``only`` and not with ``but``.

    A binding's ``id`` is the action's, so that a keymap can give it other keys.
    """
    return [
        Binding(action.keys, action.method, action.title, show=action.footer, id=action.id, tooltip=action.description)
        for action in ACTIONS
        if action.scope == scope and action.keys and action.id.startswith(only) and not action.id.startswith(but)
    ]
