"""Room ``model``: the organisation: its settings, people, teams, queues, numbers, extensions and contacts."""

from typing import Annotated, Final, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field

from wallboard_tui.model.base import Document, Epoch, Frozen, Seconds
from wallboard_tui.model.grant import Grant as Grant  # has a file of its own for those who need nothing else

LONGEST_S: Final = 366 * 86400.0
"""No limit of an organisation is longer than a year: what is longer is a slip of the keyboard."""


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(f"there is no time zone “{name}”; give one like Europe/Dublin") from error
    return name


def _country(code: str) -> str:
    if not (len(code) == 2 and code.isascii() and code.isupper()):
        raise ValueError(f"“{code}” is no country; give two capital letters, like IE")
    return code


Within = Annotated[Seconds, Field(le=LONGEST_S)]
Limit = Annotated[Seconds, Field(ge=120, le=LONGEST_S)]
"""After which somebody is signed out. A terminal tells its hub of key presses once a minute: less would end a session
in the middle of work."""


class Organisation(Document):
    """What holds for the whole organisation. There is one, under the key ``organisation``."""

    kind = "organisation"

    name: str
    time_zone: Annotated[str, AfterValidator(_zone)]
    country: Annotated[str, AfterValidator(_country)] = "IE"
    """Region in which a number without ``+`` is read (ISO 3166)."""
    packs: tuple[str, ...] = ()
    service_level_s: Annotated[int, Field(ge=0, le=86400)] = 20
    service_level_target: Annotated[float, Field(ge=0, le=100)] = 80.0
    service_level_variant: Literal["A", "B", "C", "D"] = "B"
    short_abandon_s: Within = 5
    min_sample: Annotated[int, Field(ge=0)] = 5
    callback_window_s: Within = 24 * 3600
    missed_window_s: Within = 30 * 24 * 3600
    lease_s: Within = 12 * 3600
    idle_admin_s: Limit = 30 * 60
    shift_s: Limit = 12 * 3600
    review_every_s: Annotated[Seconds, Field(ge=86400, le=10 * LONGEST_S)] = 91 * 24 * 3600
    """How often each sensitive permission is looked at again ("audit quarterly", 000)."""


class Role(Document):
    """A named set of permissions, from a pack or an admin. Key: ``justcall:supervisor``, ``custom:qa-analyst``."""

    kind = "role"

    name: str
    pack: str | None = None
    description: str = ""
    login: bool = True
    grants: dict[str, Grant] = {}
    floor: dict[str, Grant] = {}
    """The personal floor: what everyone with this role keeps about themselves."""
    toggles: tuple[str, ...] = ()
    """Names of toggles that may be set per role or per person."""
    needs_extension: tuple[str, ...] = ()
    """Floor permissions that hold only for a person with an extension."""


class Person(Document):
    """Somebody who works here, whether they can sign in or not. Key: a short name, ``ann``."""

    kind = "person"

    name: str
    role: str
    email: str | None = None
    extension: str | None = None
    agents: tuple[str, ...] = ()
    """Keys of the agents that are this person on the phone systems."""
    toggles: dict[str, bool] = {}
    """Toggles replace what the role says."""
    grants: dict[str, Grant] = {}
    """Grants add to what the role says."""
    manage_queues: tuple[str, ...] = ()
    manage_numbers: tuple[str, ...] = ()
    manage_extensions: tuple[str, ...] = ()
    """The "Manage …" lists of 001: what a Non-Admin may see reports of."""
    caller_ids: tuple[str, ...] = ()
    default_caller_id: str | None = None
    missed_mail: bool = False
    report_mail: bool = False
    disabled: bool = False
    board: str | None = None


class Team(Document):
    """Several people, also called a workgroup. Key: a short name, ``north``."""

    kind = "team"

    name: str
    members: tuple[str, ...] = ()
    managers: tuple[str, ...] = ()
    queues: tuple[str, ...] = ()
    """Queues the team owns: calls of these queues are routed to it."""
    numbers: tuple[str, ...] = ()


class Queue(Document):
    """A queue of a phone system. Key: ``asterisk:pbx1:sales``."""

    kind = "queue"
    learnt = frozenset({"told"})

    source: str
    name: str
    title: str = ""
    """What people call it, when that is not its name."""
    service_level_s: Annotated[int, Field(ge=0)] | None = None
    wrap_up_s: Seconds | None = None
    members: tuple[str, ...] = ()
    """Keys of its static agents."""
    told: dict[str, Seconds | None] = {}
    """What the phone system last said of ``service_level_s`` and ``wrap_up_s``; ``None``: that it has none. A setting
    that equals it, or is none, follows the phone system; another was made by people, and stays."""


class Number(Document):
    """A business number, with the campaign ("advert") it stands on. Key: E.164 where it has one."""

    kind = "number"

    name: str = ""
    dialled: tuple[str, ...] = ()
    """Under what the phone system logs it: ``5001``, ``did-5001``."""
    campaign: str | None = None


class Extension(Document):
    """An extension. Key: its digits."""

    kind = "extension"

    name: str = ""


class Contact(Document):
    """Somebody who calls. Key: E.164."""

    kind = "contact"

    name: str
    vip: bool = False


class Gap(Frozen):
    """A stretch of time that a live source did not see, e.g. while the line to the phone system was down."""

    start: Epoch
    end: Epoch | None = None
    """``None``: it goes on."""
    closed_by: tuple[str, ...] = ()
    """Witnesses that told afterwards what happened meanwhile (``queue_log``, ``cdr``). Empty: nobody did, and figures
    of that time are incomplete."""


class SourceHealth(Document):
    """How a source is doing. Key: its name, ``pbx1``.

    ``mode``: ``imported`` (files read once: nothing of it is live), ``followed``, ``replayed``. The fields from
    ``links`` on are of sources with a live line.
    """

    kind = "source"

    system: str
    mode: str = "imported"
    connected_since: Epoch | None = None
    first_heard: Epoch | None = None
    """When a line to it first stood: of what was before, only files can tell."""
    last_event: Epoch | None = None
    """The source's own time of the newest thing it said; nothing is known of it after that, unless it is live."""
    refused: int = 0
    """Lines that could not be taken in, each once however often its file was read."""
    refused_in: dict[str, int] = {}
    """The same by file."""
    error: str = ""
    """What is wrong, of whichever link, in a sentence; empty when nothing is."""
    lacks: tuple[str, ...] = ()
    """Measures that this phone system cannot supply; shown as ``n/a``."""
    lacks_by: dict[str, tuple[str, ...]] = {}
    """The same of each witness that was heard: the source lacks what none of them supplies."""
    restarts: tuple[Epoch, ...] = ()
    """When the phone system is known to have started: calls that were open before never get a closing line."""
    complete_since: Epoch | None = None
    """How far back everything has been told of a source that is told newest first; ``0``: from the beginning."""
    links: dict[str, str] = {}
    """Each way in which the source is read (``ami``, ``queue_log``, ``cdr``) and how it is: ``up``, ``connecting``
    (trying for the first time, or again), ``down``."""
    errors: dict[str, str] = {}
    """Link → what is wrong with it, in a sentence."""
    lag_s: Seconds | None = None
    """How long an event takes from the phone system's clock to the hub's; ``None`` where events carry no time."""
    events_per_s: float | None = None
    """Events of the last minute, by second; ``None`` when there is no line."""
    malformed: int = 0
    """Events since the hub started that could not be read."""
    gaps: tuple[Gap, ...] = ()
    """The newest stretches without a line, oldest first."""
    version: str = ""
    """What the phone system calls itself: ``Asterisk 22.10.1``."""
    heard: Epoch | None = None
    """Until when the line is known to have stood, whether or not anything happened."""
    released: Epoch | None = None
    """Since when it is followed no more, of a source that was; its agents and queues have left the board."""
    sees: dict[str, bool] = {}
    """Class of events → whether the line's account sees it; classes of which that is not known yet are not there."""
    follows: tuple[str, ...] | None = None
    """Names of the only queues that the line follows; empty: all that the phone system has. ``None``: it has none."""
