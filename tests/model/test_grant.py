"""A permission as it is stored, and the atoms that it names."""

import pytest

from wallboard_tui.access.scope import Scope
from wallboard_tui.model.grant import Grant


@pytest.mark.parametrize(
    "scope",
    [(), ("ALL/inbound", "SELF"), ("queue:a/outbound", "queue:a/internal"), ("queue:a/inbound/inbound", "queue:/b")],
)
def test_the_atoms_of_a_grant_are_those_of_its_scope_in_whichever_direction(scope: tuple[str, ...]) -> None:
    assert Grant(scope=scope).atoms() == {atom for atom, _ in Scope.parse(scope).pairs}
