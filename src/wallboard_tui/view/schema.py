"""Room ``view``: tables and indices, and how older files are brought up to date. sqlite-utils owns both."""

from __future__ import annotations

from typing import cast

from sqlite_utils import Database
from sqlite_utils.db import Table
from sqlite_utils.migrations import Migrations

from wallboard_tui.metrics.measures import MEASURES

MIGRATIONS = Migrations("wallboard_view")
TICKS = 4000
"""Rows of ``tick``: a talk is spread over at most so many quarters (41 days)."""


def _table(db: Database, name: str) -> Table:
    return cast(Table, db[name])


def _without_rowid(db: Database, name: str, columns: dict[str, type], pk: tuple[str, ...]) -> None:
    """A table that lies in the order of its key; sqlite-utils writes the column definitions, not this clause."""
    sql = db.create_table_sql(name, columns, pk=pk, not_null=set(pk))
    db.execute(f"{sql.rstrip().rstrip(';')} WITHOUT ROWID")


@MIGRATIONS()
def documents(db: Database) -> None:
    """Small documents, what is remembered of removed ones, and what the view knows about itself."""
    _without_rowid(db, "meta", {"name": str, "value": str}, ("name",))
    _without_rowid(db, "doc", {"kind": str, "key": str, "seq": int, "bits": int, "json": str}, ("kind", "key"))
    _without_rowid(db, "gone", {"kind": str, "key": str, "seq": int}, ("kind", "key"))
    _without_rowid(db, "live", {"kind": str, "lens": int, "key": str, "json": str}, ("kind", "lens", "key"))
    _without_rowid(
        db,
        "followup",
        {"key": str, "seq": int, "bits": int, "status": str, "first_miss": float, "last_miss": float, "json": str},
        ("key",),
    )
    _table(db, "followup").create_index(["last_miss"])


@MIGRATIONS()
def calls(db: Database) -> None:
    """Calls, visits, legs and facts. No foreign keys: documents arrive in any order."""
    _table(db, "call").create(
        {
            "id": int, "key": str, "seq": int, "bits": int, "source": str, "direction": str, "state": str,
            "started": float, "answered": float, "ended": float, "caller": str, "number": str, "campaign": str,
            "extension": str, "agent": str, "talk_s": float, "direct_s": float, "quarter": int, "done": int,
            "last_outcome": str, "last_wait_s": float, "words": str, "json": str,
        },
        pk="id", not_null={"key", "seq", "bits"},
    )  # fmt: skip
    _table(db, "call").create_index(["key"], unique=True)
    _table(db, "call").create_index(["started"])
    _table(db, "call").create_index(["caller", "started"])
    db.execute("CREATE INDEX call_open ON call (id) WHERE done = 0")
    _without_rowid(
        db,
        "visit",
        {
            "call": int, "idx": int, "queue": str, "entered": float, "quarter": int, "outcome": str, "left": float,
            "wait_s": float, "done": int, "first": int,
        },
        ("call", "idx"),
    )  # fmt: skip
    _table(db, "visit").create_index(["quarter"])
    db.execute("CREATE INDEX visit_open ON visit (call) WHERE done = 0")
    _without_rowid(
        db,
        "leg",
        {
            "call": int, "idx": int, "agent": str, "said": str, "queue": str, "outcome": str, "at": float,
            "quarter": int,
            "rang": float, "answered": float, "ended": float, "ring_s": float, "talk_s": float, "hold_s": float,
            "wrap_s": float, "transfer": str, "done": int, "first": int, "talk_quarter": int, "more_quarters": int,
        },
        ("call", "idx"),
    )  # fmt: skip
    _table(db, "leg").create_index(["agent", "at"])
    db.execute("CREATE INDEX leg_open ON leg (call) WHERE done = 0")
    _without_rowid(db, "call_fact", {"fact": str, "call": int}, ("fact", "call"))


@MIGRATIONS()
def agents(db: Database) -> None:
    """What agents said, the intervals folded from it, and under which names they are known."""
    _without_rowid(
        db,
        "presence",
        {
            "key": str, "seq": int, "bits": int, "said": str, "agent": str, "queue": str, "at": float, "what": str,
            "reason": str,
        },
        ("key",),
    )  # fmt: skip
    _table(db, "presence").create_index(["agent", "at"])
    _table(db, "presence").create_index(["said"])
    _table(db, "agent_interval").create(
        {
            "id": int, "agent": str, "queue": str, "state": str, "reason": str, "start": float, "end": float,
            "bits": int,
        },
        pk="id",
    )  # fmt: skip
    _table(db, "agent_interval").create_index(["agent", "start"])
    db.execute('CREATE INDEX agent_interval_open ON agent_interval (agent) WHERE "end" IS NULL')
    _without_rowid(db, "alias", {"said": str, "agent": str}, ("said",))


@MIGRATIONS()
def cells(db: Database) -> None:
    """Cells, and the settings they depend on. Durations in cells are whole milliseconds."""
    texts = "".join(f'"{name}" TEXT NOT NULL, ' for name in ("by", "subject", "direction"))
    counts = "".join(f"{name} INTEGER NOT NULL DEFAULT 0, " for name in ("n", *MEASURES))
    for name in ("cell", "day_cell"):
        db.execute(
            f"CREATE TABLE {name} (lens INTEGER NOT NULL, quarter INTEGER NOT NULL, {texts}{counts}"
            'PRIMARY KEY (lens, "by", quarter, subject, direction)) WITHOUT ROWID'
        )
    _without_rowid(
        db,
        "reason_cell",
        {"lens": int, "by": str, "quarter": int, "subject": str, "reason": str, "n": int, "paused_s": int},
        ("lens", "by", "quarter", "subject", "reason"),
    )
    _without_rowid(db, "service_level", {"queue": str, "seconds": float}, ("queue",))
    _without_rowid(db, "setting", {"name": str, "value": float}, ("name",))
    _without_rowid(db, "lens", {"i": int}, ("i",))
    _table(db, "tick").create({"n": int}, pk="n")
    db.conn.executemany("INSERT INTO tick VALUES (?)", ((n,) for n in range(TICKS)))
    db.execute("INSERT INTO setting VALUES ('service_level_s', 20), ('short_abandon_s', 5)")


@MIGRATIONS()
def whole_calls(db: Database) -> None:
    """Calls that a reader has by their number: what is not named in these counts, too."""
    _table(db, "call").add_column("whole", int, not_null_default=0)


@MIGRATIONS()
def said_of_queues(db: Database) -> None:
    """What an agent said last of a queue, or of all, is found without reading their past."""
    _table(db, "presence").create_index(["agent", "queue", "what", "at"])


def migrate(db: Database) -> None:
    """Bring a file up to date; a new one gets all tables. Each step is a transaction of its own."""
    MIGRATIONS.apply(db)
