"""Room ``model``: every kind of document, by name."""

from wallboard_tui.model.agent import Agent, Presence
from wallboard_tui.model.base import Document
from wallboard_tui.model.board import Board
from wallboard_tui.model.call import Call
from wallboard_tui.model.directory import (
    Contact,
    Extension,
    Number,
    Organisation,
    Person,
    Queue,
    Role,
    SourceHealth,
    Team,
)
from wallboard_tui.model.followup import Followup
from wallboard_tui.model.security import Audit, Credential, Notice, Pin, Review, Session, Usage

KINDS: dict[str, type[Document]] = {
    model.kind: model
    for model in (
        Agent, Audit, Board, Call, Contact, Credential, Extension, Followup, Notice, Number, Organisation,
        Person, Pin, Presence, Queue, Review, Role, Session, SourceHealth, Team, Usage,
    )
}  # fmt: skip

POLICY_KINDS = frozenset({"organisation", "role", "person", "team", "queue", "number", "agent"})
"""Kinds that decide who may see what: the newest seq among them is the policy revision."""
