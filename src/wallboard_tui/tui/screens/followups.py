"""Room ``tui``, screens: what a person can do about one missed opportunity, on the board and on its own page."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from textual.screen import Screen

from wallboard_tui.tui.messages import Failed
from wallboard_tui.tui.terminal import TerminalError

if TYPE_CHECKING:
    from wallboard_tui.tui.app import WallboardApp

DONE = {
    "claim": "Claimed {caller}. It is yours to call back.",
    "reached": "Noted for {caller}: called back and reached.",
    "not_reached": "Noted for {caller}: called back, not reached.",
    "note": "Note written for {caller}.",
    "resolve": "Resolved {caller}. u opens it again.",
    "reopen": "Open again: {caller}.",
}

NOT_WRITTEN = "No note was written: what you may see has changed, or may not be shown until the hub answers."
"""When a note was begun on what goes from the board."""


@dataclass(frozen=True)
class Target:
    """A missed opportunity to act on: its key, and what its caller is called in notices."""

    key: str
    caller: str


class FollowupActs(Screen[None]):
    """The part of a screen that acts on a missed opportunity. The hub's word comes back with the feed."""

    def followup(self) -> Target | None:
        """The one to act on; without one, the person reads how to choose it."""
        raise NotImplementedError

    def followup_to_reopen(self) -> Target | None:
        """The one that ``u`` opens again."""
        return self.followup()

    def acted(self, target: Target, act: str) -> None:
        """Something was done about it."""

    def act(self, act: str, note: str = "", target: Target | None = None) -> None:
        """Does something about a missed opportunity."""
        target = target or self.followup()
        if target is not None:
            self.acted(target, act)
            self.run_worker(self._act(target, act, note), group="act", exit_on_error=False)

    async def _act(self, target: Target, act: str, note: str) -> None:
        try:
            await cast("WallboardApp", self.app).terminal.followup(target.key, act, note)
        except TerminalError as error:
            self.app.post_message(Failed(str(error)))
        else:
            self.notify(DONE[act].format(caller=target.caller))

    def action_missed_claim(self) -> None:
        self.act("claim")

    def action_missed_reached(self) -> None:
        self.act("reached")

    def action_missed_not_reached(self) -> None:
        self.act("not_reached")

    def action_missed_resolve(self) -> None:
        self.act("resolve")

    def action_missed_reopen(self) -> None:
        target = self.followup_to_reopen()
        if target is not None:
            self.act("reopen", target=target)

    def action_missed_note(self) -> None:
        target = self.followup()
        if target is None:
            return

        def written(note: str | None) -> None:
            if note:
                self.act("note", note, target)

        from wallboard_tui.tui.screens.question import Question

        question = Question(f"Note to {target.caller}", "what the next colleague should know", closing=NOT_WRITTEN)
        self.app.push_screen(question, written)
