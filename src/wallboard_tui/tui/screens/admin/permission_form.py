"""Room ``tui``, screens: level and scope of one permission."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Button, RadioButton, RadioSet, SelectionList, Static
from textual.widgets.selection_list import Selection

from wallboard_tui.access.scope import DIRECTIONS
from wallboard_tui.model.administration import PermissionOf
from wallboard_tui.tui.screens.admin.form_keys import hint_of
from wallboard_tui.tui.screens.admin.office import Office
from wallboard_tui.tui.screens.admin.scopes import EXPLAINED, NUMBERS, Wish, with_preset
from wallboard_tui.tui.screens.base import Dialog
from wallboard_tui.tui.widgets.bindings import bindings_of
from wallboard_tui.tui.widgets.permissions import PermissionTable
from wallboard_tui.tui.widgets.ticks import Dot, Ticks

Given = Mapping[str, Any]
"""A grant as it is stored; empty for none."""
LEVEL_WORDS = {"none": "not allowed", "view": "view", "manage": "view and manage"}
_THINGS = ("number", "queue", "team")


class PermissionForm(Dialog[Given]):
    """Chooses level, for whom, and directions. ``Ctrl+S`` takes it, ``Esc`` leaves it; the result is the grant, empty
    for none.
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings_of("dialog", only="permission.")

    families = ("permission", "dialog")

    def __init__(self, one: PermissionOf, grant: Given | None, default_scope: Sequence[str], office: Office) -> None:
        super().__init__()
        self._one = one
        self._level = str(grant["level"]) if grant else "none"
        stored = list((grant or {}).get("scope") or (default_scope if one.scoped else ()))
        self._stored = stored
        self._wish = Wish.of(stored)
        self._office = office

    def compose_card(self) -> ComposeResult:
        with Vertical(classes="card", id="permission"):
            yield Static(self._one.title, classes="heading", markup=False)
            yield Static(self._one.controls, classes="hint", markup=False)
            with Horizontal(id="permission-choices"):
                with Vertical(id="permission-left"):
                    yield Static("Level", classes="label")
                    yield RadioSet(
                        *(Dot(LEVEL_WORDS[level], level == self._level, name=level) for level in self._levels),
                        id="level",
                        compact=True,
                    )
                    if self._one.scoped:
                        yield Static("Directions", classes="label")
                        chosen = self._wish.directions if self._wish else frozenset()
                        yield Ticks(
                            *(Selection(way.value, way.value, way.value in chosen) for way in DIRECTIONS),
                            id="directions",
                            compact=True,
                        )
                if self._one.scoped:
                    with Vertical(id="permission-right"):
                        yield Static("For whom", classes="label")
                        yield RadioSet(*self._presets(), id="whom", compact=True)
                        yield Static("Chosen numbers, queues and teams", classes="label")
                        yield Ticks(*self._things(), id="things", compact=True)
            yield Static("", classes="note", id="note-scope", markup=False)
            with Horizontal(id="form-keys"):
                yield Button("Done  ^S", id="take", variant="primary")
                yield Static(hint_of((), (("Tab", "next"), ("Space", "choose")), 0), classes="hint")

    @property
    def _levels(self) -> tuple[str, ...]:
        return self._one.levels if self._level in self._one.levels else (*self._one.levels, self._level)

    def _presets(self) -> list[RadioButton]:
        presets = self._office.catalogue.presets
        here = self._wish.preset(presets) if self._wish else None
        buttons: list[RadioButton] = [
            Dot(Content(f"{name}: {EXPLAINED.get(name, '')}"), name == here, name=name) for name in presets
        ]
        if here is None:
            words = self._office.words(self._stored)
            buttons.append(Dot(Content(f"As it is: {words}"), True, name=""))
        return buttons

    def _things(self) -> list[Selection[str]]:
        chosen = self._wish.things if self._wish else frozenset()
        found = {f"{kind}:{key}": f"{kind} {name}" for kind in _THINGS for name, key in self._office.choices(kind)}
        found |= {atom: self._office.words([atom]) for atom in sorted(chosen) if atom not in found}
        return [Selection(Content(name), atom, atom in chosen) for atom, name in found.items()]

    def on_mount(self) -> None:
        self.query_one("#level").focus()

    @on(SelectionList.SelectionToggled, "#things")
    def _thing(self) -> None:
        """Who chooses things means those, unless something that takes things is chosen already."""
        preset = self._preset
        takers = [name for name, atoms in self._office.catalogue.presets.items() if NUMBERS in atoms]
        if preset not in takers and preset != "":
            for button in self.query_one("#whom", RadioSet).query(RadioButton):
                if button.name in takers:
                    button.value = True

    @property
    def _preset(self) -> str | None:
        pressed = self.query_one("#whom", RadioSet).pressed_button
        return pressed.name if pressed is not None else None

    def _scope(self) -> list[str]:
        """The scope that was chosen; empty when nothing was."""
        preset = self._preset
        things = frozenset(self.query_one("#things", SelectionList).selected)
        directions = frozenset(self.query_one("#directions", SelectionList).selected)
        if not preset:
            if self._wish is None or (self._wish.things == things and self._wish.directions == directions):
                return self._stored
            return Wish(self._wish.symbols, things, directions).scope
        wish = with_preset(Wish(things=things, directions=directions), self._office.catalogue.presets[preset])
        return wish.scope

    @on(Button.Pressed, "#take")
    def action_permission_take(self) -> None:
        pressed = self.query_one("#level", RadioSet).pressed_button
        level = pressed.name if pressed is not None else "none"
        if level == "none":
            self.dismiss({})
            return
        scope = self._scope() if self._one.scoped else []
        if self._one.scoped and not scope:
            note = self.query_one("#note-scope", Static)
            note.update("scope: choose at least one direction, and for whom it holds.")
            note.add_class("-there")
            return
        self.dismiss({"level": level, "scope": scope})


def ask_for(one: PermissionOf, table: PermissionTable, scope: Sequence[str], office: Office) -> None:
    """Asks for level and scope of a permission and puts them into its table; ``scope``: the one to begin with."""

    def chosen(grant: Given | None) -> None:
        if grant is not None:
            table.set(one.name, grant or None)

    table.app.push_screen(PermissionForm(one, table.grants.get(one.name), scope, office), chosen)
