"""Room ``tui``, screens: ``?`` in *Team*: what the open section shows, its keys, and all that the reader may do."""

from collections.abc import Mapping, Sequence
from typing import Final

from wallboard_tui.tui.actions import ACTIONS, Action
from wallboard_tui.tui.drawing.text import wrap
from wallboard_tui.tui.look import Line, Look, Span
from wallboard_tui.tui.screens.admin import SECTIONS
from wallboard_tui.tui.screens.help import Help

ABOUT: Final[Mapping[str, Sequence[str]]] = {
    "roles": (
        "Every role with how many people have it; beside it who they are, and exactly what it allows. Roles that were "
        "made here stand first, then those of the products; of these the ones that nobody has come last.",
        "“View” shows something, “manage” changes it, too. What stands behind it is for whom or what it holds: "
        "everything, the teams that somebody manages, their own.",
        "Who changes a role changes it for everybody who has it, at once. What that means to each of them is said "
        "before it is saved. A role goes no further than the access of whoever makes or gives it.",
    ),
    "members": (
        "Everybody, with what each may do and where each part of it comes from: the role, a toggle or a grant of "
        "their own, what the role leaves everybody (its floor), or a rule.",
        "A dash before a name: somebody who cannot sign in. Several people are marked to change them all at once. "
        "Nobody is changed by somebody who may do less.",
    ),
    "review": (
        "Who holds what is sensitive: for whom or what, through which role, toggle or grant, since when, given by "
        "whom, and when it was last used. Each is to be looked at again every so often; what is overdue is said.",
        "Keep (+) and Remove (-) write a decision down. Nothing is taken away by that: it is taken away in Members or "
        "in Roles.",
    ),
    "audit": (
        "Who did what, the newest first: every change with what stood there before and after, every time that "
        "somebody signed in or looked through somebody else's eyes, and every attempt that was refused, with the rule.",
    ),
    "teams": (
        "Teams with the people who manage them, their members, queues and numbers. Who manages a team sees of it what "
        "their role says for managed teams; its members, what theirs says for their own teams.",
        "A call stays with the teams that there were when it was taken in: Past gives a team the calls of before.",
    ),
}
"""By section, what is said about it."""


class SectionHelp(Help):
    """Explains the section of *Team* that is open."""

    def __init__(self, section: str) -> None:
        super().__init__(None)
        self._section = section

    def about(self, width: int) -> list[Line]:
        return about_lines(self._section, width, self.wallboard.look)

    def applies(self, action: Action) -> bool:
        return action in actions_in(self._section)


def about_lines(section: str, width: int, look: Look) -> list[Line]:
    """What a section shows, in lines of at most ``width`` cells."""
    lines: list[Line] = [(Span(SECTIONS[section][0], "title"),)]
    for paragraph in ABOUT[section]:
        lines += [(), *((Span(row, "text"),) for row in wrap(paragraph, width, look.glyphs))]
    return lines


def actions_in(section: str) -> list[Action]:
    """The actions that there are in a section: its own, those of all sections, and those that always hold."""
    return [
        one
        for one in ACTIONS
        if one.scope == "app" or (one.scope == "admin" and one.section in ("", section))
    ]  # fmt: skip
