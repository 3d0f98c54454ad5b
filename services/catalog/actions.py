"""Every action and every role, once: who may do what, what it is called, and whether it concerns everything."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from services.i18n import Text, text


class Role(StrEnum):
    """Who somebody is to the program."""

    DISTRICT_COMMANDER = "district_commander"
    SUBDISTRICT_COMMANDER = "subdistrict_commander"
    PLANNER = "planner"
    SECRETARY = "secretary"
    LIAISON = "liaison"
    SCREEN = "screen"
    ADMINISTRATOR = "administrator"
    LOCAL = "local"
    """Whoever sits at the machine: the command line, and the server itself. It may do everything."""


ROLE_NAMES: Final[Mapping[Role, Text]] = MappingProxyType(
    {
        Role.DISTRICT_COMMANDER: text("District commander"),
        Role.SUBDISTRICT_COMMANDER: text("Sub-district commander"),
        Role.PLANNER: text("Planner"),
        Role.SECRETARY: text("Community secretary"),
        Role.LIAISON: text("Unit liaison"),
        Role.SCREEN: text("Screen"),
        Role.ADMINISTRATOR: text("Administrator"),
        Role.LOCAL: text("At this machine"),
    }
)


class Action(StrEnum):
    """Everything a person can ask the program for; the value stands in the audit trail."""

    VIEW_COVERAGE = "view_coverage"
    VIEW_PEOPLE = "view_people"
    UNMASK = "unmask"
    CORRECT_PERSON = "correct_person"
    ERASE_PERSON = "erase_person"
    IMPORT = "import"
    TAKE_BACK = "take_back"
    ASSIGN = "assign"
    SETTLE_ADDRESS = "settle_address"
    DECLARE_MODE = "declare_mode"
    EXPORT = "export"
    MAKE_DEMO = "make_demo"
    VIEW_AUDIT = "view_audit"
    PLAN = "plan"
    FORM_TEAM = "form_team"
    COMMIT_PLAN = "commit_plan"
    RECALL = "recall"
    NOTE_MEETING_POINT = "note_meeting_point"
    VIEW_ORDERS = "view_orders"
    REPORT_ORDER = "report_order"
    VIEW_ROSTER = "view_roster"
    KEEP_ROSTER = "keep_roster"
    PUBLISH_ROSTER = "publish_roster"
    VIEW_CLAIMS = "view_claims"
    KEEP_CLAIMS = "keep_claims"
    VIEW_SKILLS = "view_skills"
    CHECK_SKILL = "check_skill"
    VIEW_PACKAGES = "view_packages"
    KEEP_PACKAGES = "keep_packages"
    ANSWER_PACKAGE = "answer_package"
    VIEW_UNIT_DUTIES = "view_unit_duties"
    VIEW_MATTERS = "view_matters"
    ASK_MATTER = "ask_matter"
    ACT_ON_MATTER = "act_on_matter"
    SIGN_SHEETS = "sign_sheets"
    DECLARE_KIND = "declare_kind"
    VIEW_BRIEFING = "view_briefing"
    MAKE_BRIEFING = "make_briefing"
    MANAGE_ACCOUNTS = "manage_accounts"
    SIGN_IN = "sign_in"
    MAINTAIN = "maintain"


@dataclass(frozen=True, slots=True)
class ActionSpec:
    """An action."""

    title: Text
    """As audit rows, refusals and the document say it."""
    roles: frozenset[Role] = frozenset()
    """Who may do it, besides whoever sits at the machine."""
    is_of_whole: bool = False
    """Whether it concerns every part of the store: besides the role it takes an area outside which there is no grid."""
    note: Text | None = None
    """What the document adds."""


_COMMANDERS: Final = frozenset({Role.DISTRICT_COMMANDER, Role.SUBDISTRICT_COMMANDER})
_STAFF: Final = _COMMANDERS | {Role.PLANNER}
_OFFICE: Final = frozenset({Role.PLANNER, Role.SECRETARY})
_CHANNEL: Final = _STAFF | {Role.SECRETARY, Role.LIAISON}
_VIEWERS: Final = _STAFF | {Role.SECRETARY, Role.SCREEN}
_MASKED: Final = text("names and telephone numbers masked")
_COUNTS: Final = text("commanders without names")
_ENTERED_FOR: Final = text("for the unit by others, named as such")
_LOGGED: Final = text("leaves a trace")
_MODES: Final = text("routine, emergency, lockdown")
_OF_SERVER: Final = text("by the server itself")

ACTIONS: Final[Mapping[Action, ActionSpec]] = MappingProxyType(
    {
        Action.VIEW_COVERAGE: ActionSpec(text("Look at the situation"), _VIEWERS),
        Action.VIEW_PEOPLE: ActionSpec(text("Look at people"), _OFFICE | {Role.LIAISON}, note=_MASKED),
        Action.UNMASK: ActionSpec(text("See a person in clear"), _OFFICE, note=_LOGGED),
        Action.CORRECT_PERSON: ActionSpec(text("Correct a person"), _OFFICE),
        Action.ERASE_PERSON: ActionSpec(text("Erase a person"), _OFFICE),
        Action.IMPORT: ActionSpec(text("Import"), _OFFICE),
        Action.TAKE_BACK: ActionSpec(text("Take back an import"), _OFFICE),
        Action.ASSIGN: ActionSpec(text("Put members into grids"), _OFFICE),
        Action.SETTLE_ADDRESS: ActionSpec(text("Settle an address"), _OFFICE),
        Action.DECLARE_MODE: ActionSpec(text("Declare a mode"), _COMMANDERS, is_of_whole=True, note=_MODES),
        Action.EXPORT: ActionSpec(text("Export"), _STAFF | {Role.SECRETARY}),
        Action.MAKE_DEMO: ActionSpec(text("Make demo data"), is_of_whole=True),
        Action.VIEW_AUDIT: ActionSpec(
            text("Look at the audit trail"), _COMMANDERS | {Role.ADMINISTRATOR}, is_of_whole=True
        ),
        Action.PLAN: ActionSpec(text("Work on a plan"), _STAFF),
        Action.FORM_TEAM: ActionSpec(text("Form or dissolve a team"), frozenset({Role.PLANNER})),
        Action.COMMIT_PLAN: ActionSpec(text("Commit a plan"), _STAFF),
        Action.RECALL: ActionSpec(text("Recall or relieve a team"), _STAFF),
        Action.NOTE_MEETING_POINT: ActionSpec(text("Say where people meet"), _STAFF | {Role.SECRETARY}),
        Action.VIEW_ORDERS: ActionSpec(text("Read or download orders"), _STAFF | {Role.SECRETARY, Role.LIAISON}),
        Action.REPORT_ORDER: ActionSpec(text("Report how far a team is"), _STAFF | {Role.SECRETARY, Role.LIAISON}),
        Action.VIEW_ROSTER: ActionSpec(text("Look at a roster"), _VIEWERS),
        Action.KEEP_ROSTER: ActionSpec(text("Keep a roster"), _OFFICE),
        Action.PUBLISH_ROSTER: ActionSpec(text("Publish a roster"), _OFFICE),
        Action.VIEW_CLAIMS: ActionSpec(text("Look at responsibility areas"), _STAFF | {Role.SECRETARY}, note=_COUNTS),
        Action.KEEP_CLAIMS: ActionSpec(text("Keep responsibility areas"), _OFFICE),
        Action.VIEW_SKILLS: ActionSpec(
            text("Look at skills"), _STAFF | {Role.SECRETARY}, note=text("counted, without names")
        ),
        Action.CHECK_SKILL: ActionSpec(text("Check a skill"), _OFFICE),
        Action.VIEW_PACKAGES: ActionSpec(text("Look at packages of units"), _OFFICE | {Role.LIAISON}),
        Action.KEEP_PACKAGES: ActionSpec(text("Offer packages to units, pair them with communities"), _OFFICE),
        Action.ANSWER_PACKAGE: ActionSpec(
            text("Answer a package, name its batches"), _OFFICE | {Role.LIAISON}, note=_ENTERED_FOR
        ),
        Action.VIEW_UNIT_DUTIES: ActionSpec(
            text("Look at the duties of a unit"), _OFFICE | {Role.LIAISON}, note=text("counted, without names")
        ),
        Action.VIEW_MATTERS: ActionSpec(text("Look at matters"), _CHANNEL),
        Action.ASK_MATTER: ActionSpec(text("Ask for something, confirm it"), _CHANNEL),
        Action.ACT_ON_MATTER: ActionSpec(text("Take on, answer or pass on a matter; fill a sheet"), _CHANNEL),
        Action.SIGN_SHEETS: ActionSpec(text("Sign sheets of the level below, or send them back"), _STAFF),
        Action.DECLARE_KIND: ActionSpec(
            text("Declare a kind of matter"), frozenset({Role.SUBDISTRICT_COMMANDER, Role.PLANNER})
        ),
        Action.VIEW_BRIEFING: ActionSpec(text("Look at a briefing"), _VIEWERS),
        Action.MAKE_BRIEFING: ActionSpec(text("Make a briefing"), _STAFF),
        Action.MANAGE_ACCOUNTS: ActionSpec(text("Manage accounts"), frozenset({Role.ADMINISTRATOR}), is_of_whole=True),
        Action.SIGN_IN: ActionSpec(text("Sign in or out"), is_of_whole=True, note=_OF_SERVER),
        Action.MAINTAIN: ActionSpec(text("Maintain the store"), is_of_whole=True, note=_OF_SERVER),
    }
)
"""Every action, in the order of ``Action``. Who may do what is said again, by hand, in the cases of the tests."""
