"""Room ``tui``: the keys of the table of actions: how people read them, a person's own, and ``docs/keys.md``.

Imports no Textual, so that the page of keys can be written anywhere: ``python -m wallboard_tui.tui.keys >
docs/keys.md``.
"""

from collections.abc import Mapping

from wallboard_tui.tui.actions import ACTIONS, BY_ID, Action

_IN_TURN = frozenset({"calls.clear", "board.unzoom", "admin.close", "viewing.end"})
"""Leaving what is innermost, each by the same key: the inner one has it first."""

_LEFT = frozenset({"question", "themes", "password", "eyes", "past", "permission"})
"""Families of dialogs that are left by ``dialog.leave``."""

_NAMES = {
    "question_mark": "?", "slash": "/", "colon": ":", "left_square_bracket": "[", "right_square_bracket": "]",
    "up": "↑", "down": "↓", "left": "←", "right": "→", "pageup": "PgUp", "pagedown": "PgDn", "home": "Home",
    "end": "End", "enter": "Enter", "escape": "Esc", "space": "Space", "tab": "Tab", "shift+tab": "Shift+Tab",
}  # fmt: skip


MOUSE = (
    "A click on a row selects it.",
    "A click on a key in the last line does what the key does.",
)
"""What a mouse does beside what actions say of it."""

_ARROWS = {"up": "Up", "down": "Down", "left": "Left", "right": "Right"}
"""The keys whose signs are not ASCII."""


def key_name(key: str, ascii_only: bool = False) -> str:
    """How people read a key: ``question_mark`` is ``?``, ``ctrl+q`` is ``^Q``, ``f1`` is ``F1``."""
    if ascii_only and key in _ARROWS:
        return _ARROWS[key]
    if key in _NAMES:
        return _NAMES[key]
    if key.startswith("ctrl+"):
        return "^" + key.removeprefix("ctrl+").upper()
    return key.upper() if len(key) > 1 and key[0] == "f" and key[1:].isdigit() else key


def keys_of(action: Action, remapped: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """The keys of an action, after a person's own ``[keys]`` (action id → keys joined with commas)."""
    keys = (remapped or {}).get(action.id, action.keys)
    return tuple(key.strip() for key in keys.split(",") if key.strip())


class KeysError(Exception):
    """A mistake in a person's ``[keys]``: what is wrong, and what is allowed."""


def check_keys(keys: Mapping[str, object]) -> dict[str, str]:
    """A person's own keys, checked. Raises ``KeysError``: unknown action, not a text, or one key for two things at
    once.
    """
    remapped: dict[str, str] = {}
    for id, value in keys.items():
        if id not in BY_ID:
            raise KeysError(
                f'[keys] names "{id}", which is no action; docs/keys.md lists them, for example "missed.claim".'
            )
        if not isinstance(value, str):
            raise KeysError(f'[keys] {id} must be a text such as "c" or "ctrl+k,f5", not {value!r}.')
        remapped[id] = value
    for one in ACTIONS:
        for two in ACTIONS:
            if one.id < two.id and _meet(one, two):
                both = set(keys_of(one, remapped)) & set(keys_of(two, remapped))
                if both:
                    key = sorted(both)[0]
                    raise KeysError(
                        f'[keys] gives "{key}" to both {one.id} and {two.id}; choose another key for one of them.'
                    )
    return remapped


def _meet(one: Action, two: Action) -> bool:
    """Whether two actions can be open at the same time, so that they may not share a key."""
    if {one.id, two.id} <= _IN_TURN:
        return False
    if one.scope == two.scope == "pane":
        return bool(set(one.panes) & set(two.panes))
    if "dialog" in (one.scope, two.scope):
        return _over(one, two) or _over(two, one)
    if one.scope == two.scope == "admin":
        return not one.section or not two.section or one.section == two.section
    return "admin" not in (one.scope, two.scope) or "app" in (one.scope, two.scope)


def _over(one: Action, two: Action) -> bool:
    """Whether one holds in a dialog together with the other; what is below it waits, but for leaving the program."""
    if one.scope != "dialog":
        return False
    if one.family == "page":
        together = two.family in ("sources", "why", "missed")
    else:
        together = one.family == "dialog" and two.family in _LEFT
    return two.id == "app.quit" or one.family == two.family or together


def keys_page() -> str:
    """``docs/keys.md``: every action with its id, its keys and what it does."""
    lines = [
        "# Keys",
        "",
        "Made from the table of actions (`src/wallboard_tui/tui/actions.py`); write it anew with",
        "`python -m wallboard_tui.tui.keys > docs/keys.md`. Everything but moving about is also in the command",
        "palette (`^P`).",
        "",
        f"With the mouse: {' '.join(MOUSE)} What else it does stands beside the keys.",
        "`mouse = false` under `[look]` in `terminal.toml` leaves the mouse to the terminal.",
        "",
        "Keys can be changed in `terminal.toml` in the program's folder (`$WALLBOARD_HOME`), by the id of the action:",
        "",
        "```toml",
        "[keys]",
        '"missed.claim" = "c"',
        '"app.help" = "question_mark,f1"',
        "```",
        "",
    ]
    for scope, title in (("app", "Everywhere"), ("board", "On the board"), ("pane", "In the pane that has the focus"),
                         ("admin", "In Team"), ("dialog", "In what stands over the board or Team")):  # fmt: skip
        lines += [f"## {title}", "", "| key | mouse | id | what it does | panes | needs |", "|---|---|---|---|---|---|"]
        for action in ACTIONS:
            if action.scope == scope:
                keys = " ".join(f"`{key_name(key)}`" for key in keys_of(action)) or "–"
                any_of = " or ".join(f"`{name}`" for name in (action.permission, *action.others) if name)
                any_of = " and ".join((any_of, *(f"`{name}`" for name in action.also)))
                needs = f"{any_of} {action.level}" if any_of else ""
                panes = ", ".join(action.panes)
                lines.append(f"| {keys} | {action.mouse} | `{action.id}` | {action.description} | {panes} | {needs} |")
        lines.append("")
    return "\n".join(lines)


if __name__ == "__main__":
    print(keys_page(), end="")
