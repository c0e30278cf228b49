"""What the four texts say about setting access up, and about what comes of it for whom: sentences beside the tables and
examples of ``test_texts`` and ``test_texts_held``, each quoted and asked of a running hub.
"""

from typing import Any

from .saying import ALL, N1, N2, NORTH, QUEUE, SALES, Does, Says, edit, every, otherwise, setting, unlike

REPORTS = tuple(
    f"reports.{name}"
    for name in ("missed", "call_log", "message_log", "campaigns", "dispositions", "call_volume", "productivity")
)
ADMINISTERING = ("roles", "users", "billing", "account", "numbers", "call_flow")
LISTS = {"manage_queues": [QUEUE + "sales"], "manage_numbers": [N2], "manage_extensions": ["101"]}
FULL = {"toggles": {"full_call_report_access": True}}
SAYS = [
    # 000
    *(Says("agents see their own data, managers see their team, and admins see everything.", role,
           may=every("analytics.rollup" if scope != ("SELF",) else "analytics", scope=scope), manages=True)
      for role, scope in (("justcall:agent", ("SELF",)), ("justcall:supervisor", NORTH), ("justcall:admin", ALL))),
    Says("Supervisors see data scoped to the teams or groups they are assigned to manage.", "justcall:supervisor",
         manages=True, may=every("calls", "messages", "analytics.rollup", "reports.queues", "wallboard", scope=NORTH)),
    Says("Name the role (e.g., \"QA Analyst\" or \"Team Lead\"). Enable the specific analytics permissions this role "
         "requires.", "custom:lead", manages=True, may=every("analytics.rollup", "export", scope=NORTH),
         lacks=("calls", "recordings", "report.schedule", *ADMINISTERING)),
    Says("Least privilege — Start with minimal access and add permissions as needed", "custom:empty",
         lacks=("calls", "analytics", *ADMINISTERING), panes=()),
    # 001
    Says("Note: Admins can manage user permissions, configure access, and view all data.", "nuacom:admin",
         may={**every("calls", "recordings", "analytics.rollup", "wallboard:manage"),
              **{f"{name}:manage": () for name in ADMINISTERING}}),
    Says("any team member who should not access full account settings or sensitive call data.", "nuacom:non-admin",
         {"extension": "701"}, lacks=("calls", "recordings", *ADMINISTERING)),
    *(Says("Allow full or partial call reporting visibility", "nuacom:non-admin", given,
           every("calls", "analytics.rollup", "reports.queues", scope=scope))
      for given, scope in ((FULL, ALL), ({"manage_queues": LISTS["manage_queues"]}, SALES))),
    Says("See all call logs, recordings, and reporting dashboards View inbound and outbound traffic across the entire "
         "account Access all queues, extensions, and numbers", "nuacom:non-admin", FULL,
         every("calls", "recents", "recordings", "analytics", "analytics.filter_agents", "reports.queues", *REPORTS)),
    Says("See call traffic in dashboards and reporting panels.", "nuacom:non-admin", FULL,
         panes=("rollups", "metrics", "missed", "calls")),
    Says("Manage Extensions: View activity for specific extensions", "nuacom:non-admin",
         {"manage_extensions": ["102"]}, every("calls", "reports.call_log", scope=("ext:102",))),
    Says("The user will only see: Call logs and stats tied to their assigned entities. No access to global or unrelated"
         " data.", "nuacom:non-admin", LISTS, every("calls", "analytics.rollup", "reports.call_log", "reports.missed",
                                                    scope=(*SALES, f"number:{N2}", "ext:101"))),
    Says("If a Non-Admin user plans to make outbound calls, they must be able to use a valid Caller ID.",
         "nuacom:non-admin", {"extension": "702", "default_caller_id": N1}, can=("call.make", "caller_id")),
    Says("In this case, outbound calls (with a caller ID) are only possible if: A default number is preselected by the "
         "Admin", "nuacom:non-admin", {"extension": "703"}, can=("call.make", "login"), cannot=("caller_id",)),
    Says("Assign numbers to enable Caller ID selection.", "nuacom:non-admin", {"extension": "704", "caller_ids": [N2]},
         can=("caller_id",), lacks=("calls",)),
    Says("Manage Numbers | Ability to select Caller ID from allowed numbers", "nuacom:non-admin",
         {"extension": "705", "manage_numbers": [N1, N2]}, can=("caller_id",)),
    Says("Enable/disable access to specific features.", "nuacom:non-admin",
         {"manage_queues": LISTS["manage_queues"], "toggles": {"voicemail": True, "sms": False}},
         every("voicemail", scope=SALES), lacks=("messages", "wallboard")),
    # 002
    Says("This role is useful if you want to give access to a third party who is analysing your operators phone "
         "handling skills.", "calltracks:calls-only", may=every("recordings"), lacks=("contacts", *ADMINISTERING)),
    Says("This can be useful if you need some of your advertising analysed by a Third party.",
         "calltracks:reporting-only", may=every("reports.campaigns"), lacks=("calls", "adverts", *ADMINISTERING)),
    Says("The Local manager role will give you the ability to perform certain actions", "calltracks:local-manager",
         may={"users:manage": (), "pins:manage": ()}, lacks=("roles", "account", "numbers", "reports.missed")),
    # 003
    Says("An Agent has the most limited access … naturally they don't have any manager capabilities",
         "mightycall:agent", member=True, lacks=("users:manage", "roles", "wallboard", "analytics.rollup", "export")),
    Says("What this means is that they will be able to manage calls that were made as part of their Workgroup.",
         "mightycall:agent", member=True, may={"calls": (*NORTH, "SELF")}),
    Says("the user will have access only to the calls that they've personally made/received. Calls handled by other "
         "users won't be visible if the user has “Personal” access.", "custom:personal", member=True,
         may=every("calls", "recents", scope=("SELF",)), panes=("calls",)),
    Says("The Reports tab features call center history of communication and analytics, including call log, message log,"
         " and other reports on call center campaigns as well as dispositions, call volume, and team productivity.",
         "mightycall:manager", may=every(*REPORTS)),
    Says("… (the agent's own)", "mightycall:agent", may=every(*REPORTS, scope=("SELF",))),
    Says("tailor access to call center sections, including: Supervisor Workspace, Reports", "custom:reader",
         may={**every("supervisor:view"), **every(*REPORTS)}, lacks=("supervisor:manage", "reports.missed:manage")),
    Says("Auto Dialer: Campaigns and Lists … Team: Members, Workgroups, Roles, and Statuses … Integrations: API and "
         "CRM", "custom:sections", may={f"{name}:view": () for name in ("auto_dialer", "users", "workgroups", "roles",
                                                                        "statuses", "api", "crm")},
         lacks=("account", "call_flow", "contacts", "numbers")),
    Says("The full-time staff need comprehensive access to the company's systems, including historical communication "
         "data and customer contacts", "custom:staff", may={**every("calls", "recents"), "contacts": ()}),
    Says("the contractors should only access specific tools and data … Provide access to specific business numbers and "
         "their associated communication history", "custom:contractor",
         may={"calls": (f"number:{N2}",), "recents": ("SELF",)},
         lacks=("contacts", "supervisor", "auto_dialer", "call_flow", *REPORTS)),
]  # fmt: skip

ADMIN, MANAGER = "mightycall:administrator", "mightycall:manager"
LEAD = {"grants": {"analytics.rollup": {"scope": ["MANAGED"]}, "export": {"scope": ["MANAGED"]}}}
DOES = [
    # 000
    edit("Admins can adjust the default behavior for any role: … Click the role you want to modify (or create a custom "
         "role)", "justcall:admin", 200, "", kind="role", key="justcall:agent",
         set={"grants": {"calls": {"scope": ["SELF"]}}}),
    edit("Click Create Role.", "justcall:admin", 200, "", kind="role", key="custom:team-lead",
         create={"name": "Team Lead", **LEAD}),
    edit("Assign team members to the new role from their user profile.", "justcall:admin", 200, "", kind="person",
         key="cat", set={"role": "custom:team-lead"}),
    edit("… manage permissions (admins alone)", "justcall:supervisor", 403, "not-permitted", kind="person", key="cat",
         set={"toggles": {"export_data": True}}),
    # 001
    edit("Click on a Non-Admin user Set the following as needed: Enable/disable Full Call Report Access Assign specific"
         " Extensions, Queues, and Numbers", "nuacom:admin", 200, "", kind="person", key="cat",
         set={"role": "nuacom:non-admin", **FULL, **LISTS}),
    edit("Always assign an extension to a user who needs to make/receive calls.", "nuacom:admin", 200, "",
         kind="person", key="cat", set={"extension": "711"}),
    edit("Admins can toggle permissions (others can not)", "nuacom:non-admin", 403, "not-permitted", kind="person",
         key="cat", set={"toggles": {}}),
    # 002
    edit("When creating a new user, it is important to choose the correct user role.", "ada", 422, "unknown",
         kind="person", key="new.role", create={"name": "New", "role": "calltracks:nobody"}),
    edit("Some of these roles have customised abilities depending on your company's requirements.",
         "calltracks:customer-super-admin", 200, "", kind="role", key="calltracks:calls-only",
         set={"grants": {"calls": {"scope": ["ALL"]}}}),
    edit("A user MUST exist before they can use this facility.", "calltracks:customer-local-admin", 200, "",
         kind="person", key="asked", create={"name": "Asked", "role": "calltracks:no-access"}),
    # 003
    edit("if you want to do it from scratch", ADMIN, 200, "", kind="role", key="custom:scratch",
         create={"name": "Scratch"}),
    edit("or click on the copy button to copy the existing settings for further editing.", ADMIN, 200, "", kind="role",
         key="custom:copy", create={"name": "Copy", **LEAD}),
    edit("go through all the permissions selecting the right level of access you need for this role.", ADMIN, 200, "",
         kind="role", key="custom:copy", set={"grants": {"supervisor": {"level": "manage", "scope": ["ALL"]}}}),
    edit("After saving the new role, you now can assign your users to it.", ADMIN, 200, "", kind="person", key="cat",
         set={"role": "custom:copy"}),
    Does("Note that you can apply these changes in bulk to multiple users if you select multiple boxes.", ADMIN,
         "POST", "/changes", {"changes": [{"kind": "person", "key": key, "set": {"role": "mightycall:agent"}}
                                          for key in ("ann", "cat")]}),
    Does("You see a list of users there.", MANAGER, "GET", "/people"),
    edit("Here you can also change a user's role or create a new custom one (Administrators).", MANAGER, 403,
         "not-permitted", kind="role", key="custom:theirs", create={"name": "Theirs"}),
    edit("as a Manager, you can manage your Agents", MANAGER, 200, "", kind="person", key="ann",
         set={"grants": {"recordings": {"scope": ["team:north"]}}}),
    edit("assign specific ones to specific users. This will help avoid confusion when your employees call from "
         "different numbers.", MANAGER, 200, "", kind="person", key="ann", set={"caller_ids": [N2]}),
    edit("If you want to give an employee wider user access to the system, all an Admin has to do is open their User "
         "card", ADMIN, 200, "", kind="person", key="ann", set={"grants": {"calls": {"scope": ["ALL"]}}}),
    edit("a group made up of several users (as set by Administrators or Managers)", MANAGER, 200, "", kind="team",
         key="south", set={"members": ["ann", "cat"]}),
    edit("… (Agents do not)", "mightycall:agent", 403, "not-permitted", kind="team", key="south", set={"members": []}),
    edit("Call flows are customizable by Admins and Managers", MANAGER, 200, "", kind="queue", key=QUEUE + "support",
         set={"members": [QUEUE + "Ann"]}),
    edit("… (Agents do not)", "mightycall:agent", 403, "not-permitted", kind="queue", key=QUEUE + "support",
         set={"members": []}),
]  # fmt: skip

ROLES: dict[str, dict[str, Any]] = {
    "custom:nothing": {}, "custom:empty": {}, "custom:lead": LEAD["grants"],
    "custom:personal": {"calls": {"scope": ["SELF"]}, "recents": {"scope": ["SELF"]}},
    "custom:reader": {"supervisor": {"scope": ["ALL"]}, **{name: {"scope": ["ALL"]} for name in REPORTS}},
    "custom:sections": {name: {} for name in ("auto_dialer", "users", "workgroups", "roles", "statuses", "api", "crm")},
    "custom:staff": {"calls": {"scope": ["ALL"]}, "recents": {"scope": ["ALL"]}, "contacts": {}},
    "custom:contractor": {"calls": {"scope": [f"number:{N2}"]}, "recents": {"scope": ["SELF"]}},
}  # fmt: skip


async def test_each_sentence_about_what_comes_of_a_setting_is_what_the_hub_answers(
    a_running_hub: Any, home: Any, clock: Any
) -> None:
    async with a_running_hub(home, clock, setting(SAYS, DOES, ROLES)) as house:
        assert await unlike(house, SAYS) == []


async def test_each_sentence_about_setting_access_up_is_let_or_refused_by_its_rule(
    a_running_hub: Any, home: Any, clock: Any
) -> None:
    async with a_running_hub(home, clock, setting(SAYS, DOES, ROLES)) as house:
        assert await otherwise(house, DOES) == []


async def test_the_exact_permissions_of_a_role_are_listed_and_what_is_broad_is_advised_against(
    a_running_hub: Any, home: Any, clock: Any
) -> None:
    """“Click on them to see the exact permissions each role entails.” (003); “Avoid enabling Full Call Report Access
    for users who don't need broad visibility.” (001); “rather than granting broad access and restricting later.” (000)
    """
    async with a_running_hub(home, clock, setting([], DOES, ROLES)) as house, house.operator("ada") as ada:
        rows = {row["key"]: row for row in (await ada.get("/roles")).json()}
        held = {one["name"]: (one["level"], one["words"]) for one in rows["custom:contractor"]["permissions"]}
        assert held == {"calls": ("view", f"number {N2}"), "recents": ("view", "own")}
        wide = {"kind": "person", "key": "ann", "set": {"role": "nuacom:non-admin", **FULL}}
        warned = (await ada.post("/changes", json={"changes": [wide]})).json()["warnings"]
        assert [one["about"] for one in warned if one["rule"] == "broad"] == ["person ann"]
