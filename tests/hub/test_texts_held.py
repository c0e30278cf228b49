"""What the four texts say about who may see and do what, beyond rows of calls (``test_texts``): each sentence, example
and table row is quoted with what a running hub answers to the person it speaks of, by ``GET /me`` and by what it lets
them do.
"""

from typing import Any

from .saying import ALL, N1, N2, NORTH, QUEUE, SALES, Does, Says, edit, every, otherwise, setting, unlike

SECTIONS = {
    "users": ("/people", {"kind": "person", "key": "cat", "set": {"email": "cat@example.org"}}),
    "workgroups": ("/teams", {"kind": "team", "key": "south", "set": {"name": "South side"}}),
    "numbers": ("/numbers", {"kind": "number", "key": N2, "set": {"name": "Second"}}),
    "call_flow": ("/queues", {"kind": "queue", "key": QUEUE + "support", "set": {"title": "Support"}}),
    "roles": ("/roles", {"kind": "role", "key": "custom:nothing", "set": {"name": "None at all"}}),
}
"""Sections of 003 that have lists here: where they are read, and an edit of one."""
ELSEWHERE = ("statuses", "auto_dialer", "api", "crm", "contacts", "account")
"""Sections of 003 that open no list here: others learn of them by ``GET /me``."""


def toggle(title: str, controls: str, name: str, may: dict[str, tuple[str, ...]], lacks: tuple[str, ...] = ()) -> Says:
    return Says(f"{title} | {controls}", "justcall:agent", {"toggles": {name: True}}, may, lacks, manages=True)


MODULES: dict[str, dict[str, tuple[str, ...]]] = {
    "wallboard": {"wallboard": SALES}, "voicemail": {"voicemail": SALES}, "sms": {"messages": SALES},
    "email_reports": {"report.schedule": SALES}, "billing": {"billing": ()}, "contacts": {"contacts": ()},
    "integrations": {"api": ()}, "user_management": {"users": ()}, "system_settings": {"account": ()},
}  # fmt: skip
"""Feature toggles of 001, and what each opens to somebody with one queue."""
ADMINISTERING = ("roles", "users", "billing", "account")
SAYS = [
    # 000
    Says("Admin | All analytics across every agent, team, and number in the account. | Export data, create custom "
         "reports, schedule reports, configure wallboard, manage permissions.", "justcall:admin",
         may={**every("analytics", "analytics.rollup", "analytics.filter_agents", "export", "report.create",
                      "report.schedule", "wallboard:manage"), "roles:manage": ()}),
    Says("Supervisor | Analytics for agents and teams they manage. | Export data, create custom reports, schedule "
         "reports for their teams, view wallboard.", "justcall:supervisor", manages=True,
         may=every("analytics.rollup", "analytics.filter_agents", "export", "report.create", "report.schedule",
                   "wallboard", scope=NORTH), lacks=("wallboard:manage", *ADMINISTERING)),
    Says("Agent | Only their own call and SMS metrics. | View personal performance dashboard. Cannot export team data "
         "or access other agents' metrics.", "justcall:agent", manages=True, panes=("metrics", "calls"),
         may=every("analytics", "messages", "scores", scope=("SELF",)),
         lacks=("export", "analytics.filter_agents", "analytics.rollup", "wallboard")),
    Says("Agents see a personal dashboard showing their own calls handled, talk time, missed-call rate, SMS activity, "
         "and quality scores.", "justcall:agent", may=every("analytics", "messages", "scores", scope=("SELF",))),
    toggle("View Team Analytics", "Access to team-level dashboards and metrics for assigned teams.",
           "view_team_analytics", every("analytics.rollup", "analytics.filter_agents", scope=NORTH)),
    toggle("View All Analytics", "Access to account-wide analytics (typically admin-only).", "view_all_analytics",
           every("analytics", "analytics.rollup")),
    toggle("Export Data", "Ability to download CSV/Excel exports from any analytics view.", "export_data",
           every("export", scope=("SELF",)), ("report.create",)),
    toggle("Create Custom Reports", "Ability to build and save custom report views.", "create_custom_reports",
           every("report.create", scope=("SELF",)), ("report.schedule",)),
    toggle("Schedule Reports", "Ability to set up automated email report delivery.", "schedule_reports",
           every("report.schedule", scope=("SELF",)), ("export",)),
    toggle("View Wallboard", "Access to the real-time wallboard display.", "view_wallboard",
           every("wallboard", scope=("SELF",)), ("wallboard:manage",)),
    toggle("Configure Wallboard", "Ability to change wallboard layout and thresholds.", "configure_wallboard",
           every("wallboard:manage", scope=("SELF",))),
    toggle("View Call Recordings", "Access to play or download recordings from analytics.", "view_call_recordings",
           every("recordings", scope=("SELF",)), ("export",)),
    Says("Export Data (switched off)", "justcall:supervisor", {"toggles": {"export_data": False}}, manages=True,
         may=every("report.create", scope=NORTH), lacks=("export",)),
    # 001
    Says("Full Call Report Access | All call logs, reports, call recordings", "nuacom:non-admin",
         {"toggles": {"full_call_report_access": True}},
         every("calls", "recents", "recordings", "analytics", "analytics.rollup", "reports.missed"),
         ("wallboard", "supervisor", "export", *ADMINISTERING)),
    Says("Manage Queues | Reports and logs for specific queues", "nuacom:non-admin",
         {"manage_queues": [QUEUE + "sales"]}, every("calls", "analytics.rollup", "reports.missed", scope=SALES),
         ("recordings",)),
    Says("Manage Extensions | Reporting and logs for selected extensions", "nuacom:non-admin",
         {"manage_extensions": ["101"]}, every("calls", "analytics.rollup", scope=("ext:101",)), ("recordings",)),
    Says("Manage Numbers | Call activity for selected inbound phone numbers", "nuacom:non-admin",
         {"manage_numbers": [N1]}, every("calls", "analytics.rollup", scope=(f"number:{N1}",)), ("recordings",)),
    Says("No Report Permissions | Only their own call history (if they have an extension)", "nuacom:non-admin",
         {"extension": "601"}, every("recents", scope=("SELF",)), ("calls", "analytics", "recordings"),
         can=("call.make", "call.receive"), cannot=("caller_id",), panes=("calls",)),
    Says("(if they have an extension): without one", "nuacom:non-admin", lacks=("recents", "calls"),
         cannot=("call.make", "call.receive"), panes=()),
    Says("If the user is assigned access to one or more numbers via Manage Numbers, they can: Choose from those "
         "numbers as Caller ID", "nuacom:non-admin", {"extension": "602", "manage_numbers": [N1]}, can=("caller_id",)),
    Says("The user is restricted to using one preconfigured Caller ID", "nuacom:non-admin",
         {"extension": "603", "default_caller_id": N2}, can=("caller_id", "call.make"), lacks=("calls",)),
    Says("Without number access or a pre-assigned default, the user won't have a caller ID", "nuacom:non-admin",
         {"extension": "604", "toggles": {"full_call_report_access": True}}, every("calls"), can=("call.make",),
         cannot=("caller_id",)),
    *(Says(f"Other Feature Toggles | Wallboard, Voicemail, SMS, Email Reports, and more: {name}", "nuacom:non-admin",
           {"manage_queues": [QUEUE + "sales"], "toggles": {name: True}}, may)
      for name, may in MODULES.items()),
    # 002
    Says("Calls only … can see the individual calls, and listen to any recordings, but can't perform any reporting",
         "calltracks:calls-only", may=every("calls", "recordings"), panes=("calls",),
         lacks=("reports.tab", "reports.missed", "analytics", *ADMINISTERING)),
    Says("View Inbound Calls Only: Like Calls Only, but restricted to inbound.",
         "calltracks:view-inbound-calls-only", may=every("calls", "recordings", scope=("ALL/inbound",))),
    Says("View Outbound Calls Only: Like Calls Only, but restricted to outbound.",
         "calltracks:view-outbound-calls-only", may=every("calls", "recordings", scope=("ALL/outbound",))),
    Says("Customer Local Admin: the ability to create users themselves", "calltracks:customer-local-admin",
         may={"users:manage": (), "adverts:manage": ()}, lacks=("roles",)),
    Says("Local Manager: access to create user(s), set up pin numbers for outbound calls and listen to recorded calls",
         "calltracks:local-manager", may={"users:manage": (), "pins:manage": (), "recordings": ALL}),
    Says("Read Only … can still get the missed opportunity emails if required.", "calltracks:read-only",
         {"missed_mail": True}, every("reports.missed"), ("reports.missed:manage", "adverts"),
         can=("email.missed_reminder",)),
    Says("create Calltracks adverts to obtain a new phone number, create and upload prospect lists and all access of a "
         "Read Only user.", "calltracks:read-write",
         may={"adverts:manage": (), "prospects:manage": (), **every("calls", "reports.missed", "reports.queues")}),
    Says("Receptionist has the ability to see the Missed Opportunity Report ONLY. This allows them to deal with missed "
         "calls", "calltracks:receptionist", may=every("reports.missed:manage"), panes=("missed",),
         lacks=("calls", "recents", "recordings", "analytics", "reports.queues")),
    Says("Reporting Only … cannot see any other part of the system, like individual calls or list to the recordings.",
         "calltracks:reporting-only", may=every("reports.missed", "reports.queues"),
         lacks=("calls", "recents", "recordings", "messages", "voicemail", "supervisor", "wallboard")),
    Says("Customer Super Admins have additional higher level of access on the Calltracks interface compared to a "
         "Customer Local Admin.", "calltracks:customer-super-admin",
         may={"roles:manage": (), "users:manage": (), "numbers:manage": (), "pins:manage": ()}, lacks=("billing",)),
    # 003
    Says("They can view and manage all MightyCall tabs … They also have access to the supervisor workspace and can edit"
         " and delete the account.", "mightycall:administrator",
         may={**every("supervisor:manage", "calls", "voicemail", "messages"), "account.delete:manage": (),
              **{f"{name}:manage": () for name in ("roles", "users", "workgroups", "statuses", "numbers", "call_flow",
                                                   "auto_dialer", "contacts", "api", "crm", "account")}}),
    Says("nearly the same access as administrators with the exception of 1 thing – access to the roles",
         "mightycall:manager", may={**every("supervisor:manage", "calls"), "users:manage": (), "account:manage": ()},
         lacks=("roles", "roles.assign")),
    Says("they don't have access to the supervisor workspace, auto dialer or call flow settings … They also can't "
         "manage the business numbers, team, integrations or account details.", "mightycall:agent", member=True,
         lacks=("supervisor", "auto_dialer", "call_flow", "numbers", "users", "workgroups", "api", "crm", "account")),
    Says("Agents also have the “Personal” limit for their “Recents”. … Workgroup – You'll find this as the default "
         "user access permission for Agents.", "mightycall:agent", member=True,
         may={"recents": ("SELF",), "calls": (*NORTH, "SELF")}),
    Says("Agents only have access to the reports of the interactions they've engaged with", "mightycall:agent",
         member=True, may=every("reports.missed", "reports.call_log", "analytics", scope=("SELF",))),
    Says("while Managers and Administrators have access to all the data.", "mightycall:manager",
         may=every("reports.missed", "reports.call_log", "analytics.rollup")),
    Says("whether all calls from all users or just those made or received by the current user", "mightycall:agent",
         {"toggles": {"recents_of_all": True}}, every("recents")),
    Says("Restrict agents from accessing saved contacts", "mightycall:agent", {"toggles": {"saved_contacts": False}},
         lacks=("contacts",)),
    Says("The section available for all users is their personal calls, call recordings, voicemails, and analytics of "
         "the interactions they participated in.", "mightycall:custom",
         may=every("calls", "recordings", "voicemail", "analytics", scope=("SELF",)),
         lacks=("supervisor", "reports.missed", "numbers", "account")),
    Says("custom roles that include full access to the supervisor workspace … monitor real-time call center "
         "operations, including key KPIs, ongoing calls, and agent statuses", "custom:workspace",
         may=every("supervisor:manage"), lacks=("calls", "reports.missed"), panes=("wallboard", "agents")),
    Says("Depending on the section, the access levels can range from full management capabilities", "custom:sections",
         may={f"{name}:manage": () for name in ELSEWHERE}),
    Says("to more restrictive view-only permissions", "custom:sections-view",
         may={f"{name}:view": () for name in ELSEWHERE}, lacks=tuple(f"{name}:manage" for name in ELSEWHERE)),
    Says("or no access at all.", "custom:none", lacks=(*ELSEWHERE, *SECTIONS), panes=("calls",)),
    Says("They have access to creating more than a standard Read/Write user", "calltracks:customer-local-admin",
         may={"users:manage": (), "adverts:manage": (), "prospects:manage": (), **every("calls", "reports.missed")}),
    Says("which means they don't have access to the supervisor workspace … and only have basic access to the call "
         "center reports", "mightycall:agent", may=every("reports.queues", "reports.productivity", scope=("SELF",)),
         lacks=("supervisor", "analytics.rollup", "auto_dialer", "call_flow")),
]  # fmt: skip


DOES = [
    # 002
    edit("You will have access to create user(s)", "calltracks:local-manager", 200, "", kind="person", key="new.one",
         create={"name": "New One", "role": "calltracks:calls-only"}),
    Does("set up pin numbers for outbound calls", "calltracks:local-manager", "PUT", "/people/ann/pin",
         {"pin": "4711"}),
    Does("set up pin numbers for outbound calls (others)", "calltracks:read-only", "PUT", "/people/ann/pin",
         {"pin": "4712"}, 403, "not-permitted"),
    edit("They cannot make any changes.", "calltracks:read-only", 403, "not-permitted", kind="person", key="cat",
         set={"email": "x@example.org"}),
    edit("the ability to create users themselves", "calltracks:customer-local-admin", 200, "", kind="person",
         key="new.two", create={"name": "New Two", "role": "calltracks:read-only"}),
    edit("ensure you don't tick the 'Send email reminders for missed opportunities?' option as they cannot access the "
         "Missed Opportunities Report", "ada", 422, "missed-mail", kind="person", key="new.one",
         set={"missed_mail": True}),
    edit("ensure you DO NOT tick either of the email options, as they cannot access the system to respond", "ada", 422,
         "no-access", kind="person", key="new.three",
         create={"name": "New Three", "role": "calltracks:no-access", "missed_mail": True}),
    edit("A new role as a minimum must contain 'view tab' and at least one 'view' subsection", "ada", 422,
         "reports-tab", kind="role", key="custom:tab",
         create={"name": "Tab", "grants": {"reports.tab": {}}}),
    # 003
    edit("Administrators can invite, edit, and delete users", "mightycall:administrator", 200, "", kind="person",
         key="new.four", create={"name": "New Four", "role": "mightycall:agent"}),
    edit("… edit …", "mightycall:administrator", 200, "", kind="person", key="new.four", set={"name": "New 4"}),
    edit("change roles for other Administrators, Managers, and Agents", "mightycall:administrator", 200, "",
         kind="person", key="new.four", set={"role": "mightycall:administrator"}),
    edit("… and delete users", "mightycall:administrator", 200, "", kind="person", key="new.four", remove=True,
         confirm=True),
    Does("managers can't view or manage any user roles", "mightycall:manager", "GET", "/roles", None, 403,
         "not-permitted"),
    edit("managers can't view or manage any user roles, as that stays only in the administrators' hands",
         "mightycall:manager", 403, "not-permitted", kind="person", key="cat", set={"role": "mightycall:agent"}),
    edit("you must hold an Admin role yourself or a custom role with the permissions to view and manage roles",
         "custom:keeper", 200, "", kind="person", key="cat", set={"role": "custom:view"}),
    edit("If you want to change the settings but don't have access to ‘Roles’ … click on ‘Change role’",
         "custom:assigner", 200, "", kind="person", key="cat", set={"role": "custom:nothing"}),
    edit("… and nothing else of a person", "custom:assigner", 403, "not-permitted", kind="person", key="cat",
         set={"name": "Kate"}),
    edit("The role and the level of access you want to assign to a user can't be higher than your own.",
         "custom:keeper", 403, "not-higher", kind="person", key="cat", set={"role": "mightycall:administrator"}),
    *(Does(f"the access levels can range … {level}: {name}", f"custom:{level}", "GET", path, None, status,
           "" if status == 200 else "not-permitted")
      for name, (path, _) in SECTIONS.items() for level, status in (("none", 403), ("view", 200), ("keeper", 200))),
    *(edit(f"full management capabilities–where you can view, edit, and delete information … view-only permissions: "
           f"{name}", f"custom:{level}", status, "" if status == 200 else "not-permitted", **one)
      for name, (_, one) in SECTIONS.items() for level, status in (("none", 403), ("view", 403), ("keeper", 200))),
    edit("If you choose “View and manage” for this setting, users assigned to this role will be able to change where "
         "incoming calls are routed.", "custom:router", 200, "", kind="queue", key=QUEUE + "support",
         set={"members": [QUEUE + "Ann"]}),
]  # fmt: skip


def grants(level: str) -> dict[str, Any]:
    return {name: {"level": level} for name in SECTIONS}


ROLES: dict[str, dict[str, Any]] = {
    "custom:nothing": {}, "custom:none": {"calls": {"scope": ["SELF"]}},
    "custom:workspace": {"supervisor": {"level": "manage", "scope": ["ALL"]}},
    "custom:view": grants("view"), "custom:keeper": grants("manage"),
    "custom:sections": {name: {"level": "manage"} for name in ELSEWHERE},
    "custom:sections-view": {name: {} for name in ELSEWHERE},
    "custom:assigner": {"roles.assign": {"level": "manage"}, **grants("view")},
    "custom:router": {"call_flow": {"level": "manage"}, "calls": {"scope": ["ALL"]}},
}  # fmt: skip


async def test_each_sentence_about_what_somebody_holds_is_what_the_hub_answers(
    a_running_hub: Any, home: Any, clock: Any
) -> None:
    async with a_running_hub(home, clock, setting(SAYS, DOES, ROLES)) as house:
        assert await unlike(house, SAYS) == []


async def test_each_sentence_about_what_somebody_does_is_let_or_refused_by_its_rule(
    a_running_hub: Any, home: Any, clock: Any
) -> None:
    async with a_running_hub(home, clock, setting(SAYS, DOES, ROLES)) as house:
        assert await otherwise(house, DOES) == []


async def test_the_list_of_roles_says_how_many_have_each_and_who(a_running_hub: Any, home: Any, clock: Any) -> None:
    """“you can find all the roles available …, how many users there are for each, and who exactly is assigned to a
    certain role” (003)
    """
    async with (
        a_running_hub(home, clock, setting(SAYS, DOES, ROLES)) as house,
        house.operator("mightycall-administrator") as client,
    ):
        rows = {row["key"]: row for row in (await client.get("/roles")).json()}
    assert [key for key, _ in rows["mightycall:manager"]["people"]] == ["mightycall-manager"]
    assert rows["calltracks:no-access"]["people"] == []
    assert rows.keys() >= {"justcall:admin", "nuacom:non-admin", "standard:wall-device", "custom:keeper"}
