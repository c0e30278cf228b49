"""Room ``access``: the rule about business numbers at saving: what leads to one leads to no other. Pure."""

from __future__ import annotations

from wallboard_tui.access.proposal import Proposal
from wallboard_tui.access.saving_form import wrong
from wallboard_tui.model.administration import Finding


def dialled_twice(proposal: Proposal) -> list[Finding]:
    """What a number is newly said to be dialled as, and another one is already: a call can be only one's, so for the
    second it would mean nothing. Whoever may change business numbers may read them all, so the other one is named.
    """
    found = []
    for key, (old, new) in proposal.of("number").items():
        if new is None or old == new:
            continue
        numbers, stood = proposal.after.numbers, (old or {}).get("dialled") or ()
        said = [each for each in new.get("dialled") or () if each not in stood]
        for each in dict.fromkeys([key, *said] if old is None else said):
            other = next((one for one in proposal.after.numbers_by_dialled.get(each, ()) if one != key), None)
            if other is not None:
                name = numbers[other].name
                reason = f"{name} ({other})" if name else other
                found.append(
                    wrong("exists", f"number {key}", f"{reason} is dialled as {each} already.",
                          "Take it from there first, or leave it out here.")
                )  # fmt: skip
    return found
