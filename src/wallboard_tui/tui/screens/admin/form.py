"""Room ``tui``, screens: a form over *Team*: what it would mean is said while one types, and nothing typed is lost.

A form holds two documents: ``base``, with which the person began, and ``draft``, what they want. Every change of the
draft asks the hub, by a dry run, which rules would refuse it, what they warn of, and who gets or loses what.
"""

from collections.abc import Mapping
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widget import Widget
from textual.widgets import Button, Input, Static

from wallboard_tui.model.administration import Finding
from wallboard_tui.model.me import Me
from wallboard_tui.tui.look import Line
from wallboard_tui.tui.screens.admin.choosing import Search
from wallboard_tui.tui.screens.admin.form_keys import KEYS, LEAVE, Keys, hint_of, keys_in
from wallboard_tui.tui.screens.admin.form_lines import notes, rules_lines
from wallboard_tui.tui.screens.admin.office import Office
from wallboard_tui.tui.screens.admin.saving import ASKING, SavedForm
from wallboard_tui.tui.screens.admin.sure import Sure
from wallboard_tui.tui.screens.admin.wording import wrapped
from wallboard_tui.tui.screens.base import FIELD_KEYS
from wallboard_tui.tui.widgets.ascii_only import without_signs
from wallboard_tui.tui.widgets.lines import LineWidget

OTHER_ACCESS = "Your access was changed since you opened this. What you may not change any more is refused."


class Form(SavedForm):
    """Title, fields, what the rules say, and the keys. ``Ctrl+S`` saves; ``Esc`` leaves, and asks once when something
    was changed.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        ("ctrl+s", "save", "Save"),
        *FIELD_KEYS,
        Binding("enter", "next_field", "Next field", show=False, priority=True),
    ]
    title_text = ""
    save_word = "Save"
    """What the button says."""
    keys_of_fields: ClassVar[Mapping[type[Widget], Keys]] = KEYS
    """What keys do in each kind of field."""
    more_keys: ClassVar[Keys] = ()
    """Keys of this kind of form, after those of its fields."""

    def __init__(self, office: Office) -> None:
        super().__init__()
        self.office = office
        self._said = ("", "")
        """A sentence of the form's own, and its role."""

    # What a form says

    def compose_fields(self) -> ComposeResult:
        """The fields."""
        raise NotImplementedError

    # On the screen

    def compose(self) -> ComposeResult:
        with Vertical(classes="form"):
            yield Static(self.title_text, classes="heading", id="form-title", markup=False)
            with Horizontal(id="form-body"):
                with Vertical(id="form-fields"):
                    yield from self.compose_fields()
                with VerticalScroll(id="form-said", can_focus=False):
                    said = LineWidget(id="form-lines")
                    said.styles.height = 0  # until there is something to say
                    yield said
            with Horizontal(id="form-keys"):
                yield Button(f"{self.save_word}  ^S", id="save", variant="primary")
                yield Static("", classes="hint", id="form-hint", markup=False)

    def on_mount(self) -> None:
        self.call_after_refresh(self.touched)
        if self.wallboard.look.glyphs.whole:
            without_signs(self)

    def on_resize(self) -> None:
        self.show_keys()
        self.call_after_refresh(self._show)

    def show_keys(self) -> None:
        """Says in the last line which keys hold in the field that has the focus."""
        hint = self.query_one("#form-hint", Static)
        keys = keys_in(self.focused, self.keys_of_fields)
        hint.update(hint_of(keys, (*self.more_keys, LEAVE), hint.size.width))

    @on(events.DescendantFocus)
    def _focus_moved(self) -> None:
        self.call_after_refresh(self.show_keys)

    def redress(self) -> None:
        self._show()

    def access_changed(self, me: Me) -> None:
        """Says so at once, and asks the hub again, who would else refuse it only when it is saved."""
        if self.is_mounted:
            self._foresight.touched()
            self.say(OTHER_ACCESS, "warn")

    def touched(self) -> None:
        """Something was changed: says what is wrong with it by itself, and asks the hub soon."""
        self._refused, self._said = (), ("", "")
        self._foresight.touched()
        self._show()

    def _foretold(self, failure: str) -> None:
        """The hub has said what saving would mean, or why it has not."""
        if failure:
            self.say(failure)
        else:
            self._show()

    # What is said

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What the rules say of the draft: of the attempt to save, else of the dry run."""
        return self._refused or self._foresight.findings

    def say(self, sentence: str, role: str = "alert") -> None:
        """Says something above what the rules say; an empty sentence takes it away."""
        self._said = (sentence, role)
        self._show()

    def _show(self) -> None:
        """Draws what the rules say: beside the fields, and all of it on the right."""
        said = self.query_one("#form-said", VerticalScroll)
        width, look = said.scrollable_content_region.width, self.wallboard.look
        beside = self._beside()
        for note in self.query(".note").results(Static):
            field = (note.id or "").removeprefix("note-")
            note.update(beside.get(field, ""))
            note.set_class(field in beside, "-there")
        if not width:
            return
        sentence, role = self._said
        lines = [*wrapped(sentence, width, look, role), *self.before_rules(width)]
        effects = self._foresight.effects
        at_fields = {one.rule for one in self.findings if self._has_note(one)}
        more = rules_lines(self.findings, effects, at_fields, width, look, self.office) or self._quiet(width)
        lines += [*([()] if lines and not self.findings else []), *more]
        widget = self.query_one("#form-lines", LineWidget)
        widget.styles.height = max(1, len(lines))
        widget.show(lines, look.theme)
        # Tab stops here while there is more to read than has room.
        said.can_focus = said.has_focus or len(lines) > said.scrollable_content_region.height
        self.query_one("#save", Button).disabled = not self.can_save

    def before_rules(self, width: int) -> list[Line]:
        """What a kind of form says by itself, above what the rules say."""
        return []

    def _quiet(self, width: int) -> list[Line]:
        """What stands there while the rules have nothing to say."""
        if self.changed and (wrong := self.lacking()):
            return [line for said in wrong.values() for line in wrapped(said, width, self.wallboard.look, "warn")]
        return wrapped(self.nothing_said(), width, self.wallboard.look, "dim")

    def nothing_said(self) -> str:
        """A sentence for when the rules have nothing to say."""
        if not self.changed:
            return "Nothing is changed yet."
        return self.once_known("No rule has anything against it, and nobody's access changes.")

    def once_known(self, sentence: str) -> str:
        """A sentence that is only true if the hub says nothing else."""
        return sentence if self._foresight.known else "" if self._said[0] else ASKING

    def _has_note(self, finding: Finding) -> bool:
        field = self.lines_of_rules.get(finding.rule)
        return field is not None and bool(self.query(f"#note-{field}"))

    def _beside(self) -> dict[str, str]:
        # Nobody is blamed for what they had no time to type.
        wrong = self.lacking() if self._tried or self.changed else {}
        return notes(wrong, self.findings, self.lines_of_rules)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "next_field":
            return isinstance(self.focused, Input) and not isinstance(self.focused, Search)
        return super().check_action(action, parameters)

    def action_next_field(self) -> None:
        """Enter in a field goes on to the next."""
        self.focus_next()

    # Leaving

    def action_dialog_leave(self) -> None:
        if self._saving:
            self._say_waiting()
            return
        if not self.changed:
            self.dismiss(None)
            return

        def done(yes: bool | None) -> None:
            if yes:
                self.dismiss(None)

        self.app.push_screen(
            Sure("What you changed here is not saved. Leave it?", "leave without saving", "stay"), done
        )
