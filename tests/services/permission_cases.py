"""How every public use case is called for one of two communities, and what role and area make of it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum, auto

import pandas as pd

from geo.schema import Layer
from services import accounts, assignment, briefing, imports, manual_assignment, modes, people, planning
from services.accounts import area_names, first_admin, sessions
from services.briefing import BriefingTemplate, SectionChoice, SectionName
from services.briefing.errors import UnknownTemplateError
from services.catalog.actions import Action, Role
from services.coverage import load_bare, load_frames, load_inputs, load_norms, load_whole, with_rosters
from services.demo import fill_store
from services.export import facts, layers, situation
from services.export.layers import LayerFile
from services.export.situation import CoverageFile
from services.imports import Options
from services.imports.sandbox.process import read_table
from services.imports.stage import read_stored, stage_file
from services.maintenance import audit_log
from services.maintenance.copying import copy_store
from services.people import Correction, Periods
from services.planning import Holder, MeetingPoint, order_sheets
from services.planning.service_overview import read_service_overview
from services.rules.areas import EVERYWHERE, Area
from services.rules.order_steps import OrderStep, Patience
from services.rules.team_templates import group_of_five
from services.rules.windows import Mode
from tests.services.permission_cases_of_claims import claim_cases
from tests.services.permission_cases_of_matters import matter_cases
from tests.services.permission_cases_of_packages import package_cases
from tests.services.permission_cases_of_rosters import PARTS_OF_ROSTERS, roster_cases
from tests.services.permission_cases_of_skills import skill_cases
from tests.services.permission_world import EVENING, REQUEST, World

CHOSEN = (SectionChoice(SectionName.WEAKEST),)


class Rule(Enum):
    """What the area makes of a call that the role allows."""

    FREE = auto()
    """Nothing: what it tells or does concerns no zone."""
    LIMITED = auto()
    """The answer holds what lies inside."""
    REFUSED = auto()
    """What is named must lie inside."""
    HIDDEN = auto()
    """What is named must lie inside; what lies outside is answered as if it were not there."""
    WHOLE = auto()
    """It takes somebody in charge of everything."""


@dataclass(frozen=True)
class Case:
    call: Callable
    """Of a context, one of the two sides and the world."""
    actions: tuple[Action, ...]
    rule: Rule
    shows: Callable | None = None
    """The codes and names in the answer, for ``LIMITED``."""
    of_a_person: bool = False
    """Whether a unit may do it too: it is about a person of the unit."""
    hidden_as: type[Exception] | None = None
    """What says that nothing is there, for ``HIDDEN``."""
    may_fail: bool = False
    """Whether something besides role and area may stand in the way."""


def free(action, call, **more):
    return Case(call, (action,), Rule.FREE, **more)


def whole(action, call, **more):
    return Case(call, (action,), Rule.WHOLE, **more)


def refused(action, call, **more):
    return Case(call, (action,), Rule.REFUSED, **more)


def hidden(action, call, hidden_as, **more):
    return Case(call, (action,), Rule.HIDDEN, hidden_as=hidden_as, **more)


def limited(action, call, shows, **more):
    return Case(call, (action,), Rule.LIMITED, shows, **more)


def _plans(plans):
    return {f"plan:{plan.id}" for plan in plans}


def _orders(orders):
    return {f"order:{order.id}" for order in orders}


def _tables(found):
    return {code for table in found.tables.values() for code in table.index}


def _words(told):
    words = repr([(one.title, one.lead, one.figures, one.table) for one in told.sections])
    return {name for name in ("一格", "四格", "云港花园", "南苑小区") if name in words}


def _commit(context, side, world: World):
    is_staged_there = side is world.own and context.can(Action.IMPORT)
    area = context.actor.area if is_staged_there else EVERYWHERE
    stored_data = read_stored(world.office.within(area), Layer.TEAMS, ("code", "name", "parent_code", "size"))
    table = read_table(side.file, Layer.TEAMS)
    staged = imports.stage_table(table, side.file, Layer.TEAMS, Options(), stored_data)
    return imports.commit(context, staged)


def _text(content):
    return {code for code in ("G1", "G2", "G3", "G4") if code in content.decode("utf-8-sig")}


VIEW, PLAN, BRIEF = Action.VIEW_COVERAGE, Action.PLAN, Action.VIEW_BRIEFING
MANAGE, SIGN_IN, EXPORT = Action.MANAGE_ACCOUNTS, Action.SIGN_IN, Action.EXPORT
IMPORT, UNTIL = Action.IMPORT, datetime(2026, 12, 1)
AUDIT, E = Action.VIEW_AUDIT, {"event_id": "asked"}

CASES = {
    "coverage.inputs.load_frames": whole(VIEW, lambda c, s, w: load_frames(c)),
    "coverage.area_view.load_whole": whole(VIEW, lambda c, s, w: load_whole(c)),
    "coverage.area_view.load_bare": whole(VIEW, lambda c, s, w: load_bare(c)),
    "coverage.roster_supply.with_rosters": whole(VIEW, lambda c, s, w: with_rosters(c, w.coverage_inputs)),
    "coverage.area_view.load_inputs": limited(
        VIEW, lambda c, s, w: load_inputs(c), lambda b: {code for v in b.levels.values() for code in v.facts.index}
    ),
    "assignment.assign_members": free(Action.ASSIGN, lambda c, s, w: assignment.assign_members(c)),
    "assignment.read_summary": free(Action.ASSIGN, lambda c, s, w: assignment.read_summary(c)),
    "manual_assignment.read_doubts": limited(
        Action.SETTLE_ADDRESS,
        lambda c, s, w: manual_assignment.read_doubts(c),
        lambda d: {one.member_code for one in d},
    ),
    "manual_assignment.assign_manually": refused(
        Action.SETTLE_ADDRESS, lambda c, s, w: manual_assignment.assign_manually(c, s.homeless, grid_code=s.grid)
    ),
    "manual_assignment.unsettle": hidden(
        Action.SETTLE_ADDRESS,
        lambda c, s, w: manual_assignment.unsettle(c, s.member),
        manual_assignment.UnknownPlaceError,
        of_a_person=True,
    ),
    "modes.current_mode": free(VIEW, lambda c, s, w: modes.current_mode(c)),
    "modes.last_declared": free(VIEW, lambda c, s, w: modes.last_declared(c)),
    "modes.declare_mode": whole(
        Action.DECLARE_MODE,
        lambda c, s, w: modes.declare_mode(c, Mode.EMERGENCY, reason="台风", approver="甲", until=UNTIL),
    ),
    # Briefings
    "briefing.inputs.count_unlocated": free(BRIEF, lambda c, s, w: briefing.count_unlocated(c, pd.Index([]))),
    "briefing.make.make_briefing": limited(BRIEF, lambda c, s, w: briefing.make_briefing(c, REQUEST), _words),
    "briefing.plans.read_shown_plan": refused(BRIEF, lambda c, s, w: briefing.read_shown_plan(c, s.sent)),
    "briefing.replay.replay": limited(
        BRIEF, lambda c, s, w: briefing.replay(c, date(2026, 11, 25)), lambda r: set(r.codes)
    ),
    "briefing.snapshots.freeze": Case(
        lambda c, s, w: briefing.freeze(c, REQUEST), (BRIEF, Action.MAKE_BRIEFING), Rule.FREE
    ),
    "briefing.snapshots.read_briefing": refused(BRIEF, lambda c, s, w: briefing.read_briefing(c, s.briefing, "zh")),
    "briefing.snapshots.list_briefings": limited(
        BRIEF, lambda c, s, w: briefing.list_briefings(c), lambda heads: {f"briefing:{one.number}" for one in heads}
    ),
    "briefing.templates.save_template": free(
        Action.MAKE_BRIEFING, lambda c, s, w: briefing.save_template(c, BriefingTemplate("常规", CHOSEN))
    ),
    "briefing.templates.list_templates": limited(
        BRIEF, lambda c, s, w: briefing.list_templates(c), lambda kept: {f"template:{one.name}" for one in kept}
    ),
    "briefing.templates.find_template": hidden(
        BRIEF, lambda c, s, w: briefing.find_template(c, f"例会{s.community}"), UnknownTemplateError
    ),
    "briefing.templates.delete_template": refused(
        Action.MAKE_BRIEFING, lambda c, s, w: briefing.delete_template(c, f"例会{s.community}", s.area)
    ),
    # Files
    "export.facts.record_export": free(EXPORT, lambda c, s, w: facts.record_export(c, "x")),
    "export.layers.export_layers": limited(
        EXPORT, lambda c, s, w: layers.export_layers(c, [Layer.GRIDS], LayerFile.CSV)[0], _text
    ),
    "export.layers.export_layer": Case(
        lambda c, s, w: layers.export_layer(c, Layer.MEMBERS),
        (EXPORT, Action.VIEW_PEOPLE),
        Rule.LIMITED,
        lambda frame: set(frame.index),
    ),
    "export.situation.look_at": limited(VIEW, lambda c, s, w: situation.look_at(c, EVENING, Mode.ROUTINE), _tables),
    "export.situation.export_coverage": limited(
        EXPORT, lambda c, s, w: situation.export_coverage(c, w.situation, CoverageFile.CSV, Layer.GRIDS), _text
    ),
    "export.facts.holds_demo": free(EXPORT, lambda c, s, w: facts.holds_demo(c, EXPORT)),
    # Imports
    "imports.commit.count_rows": free(Action.IMPORT, lambda c, s, w: imports.count_rows(c)),
    "imports.stage.read_stored": free(IMPORT, lambda c, s, w: read_stored(c, Layer.MEMBERS)),
    "imports.stage.stage_file": Case(
        lambda c, s, w: stage_file(c, s.file, Layer.TEAMS, Options()), (IMPORT,), Rule.FREE
    ),
    "imports.commit.commit": refused(IMPORT, _commit),
    "imports.commit.revert_import": refused(Action.TAKE_BACK, lambda c, s, w: imports.revert_import(c, s.batch)),
    "imports.commit.read_batches": limited(
        IMPORT, lambda c, s, w: imports.read_batches(c), lambda b: {f"batch:{number}" for number in b.index}
    ),
    # People
    "people.correct.correct_person": hidden(
        Action.CORRECT_PERSON,
        lambda c, s, w: people.correct_person(c, s.member, Correction(address="新址")),
        people.UnknownPersonError,
        of_a_person=True,
    ),
    "people.erase.erase_person": hidden(
        Action.ERASE_PERSON,
        lambda c, s, w: people.erase_person(c, s.member, reason="本人要求"),
        people.UnknownPersonError,
        of_a_person=True,
    ),
    "people.export.export_person": hidden(
        Action.UNMASK, lambda c, s, w: people.export_person(c, s.member), people.UnknownPersonError, of_a_person=True
    ),
    "people.find.find_people": limited(
        Action.VIEW_PEOPLE, lambda c, s, w: people.find_people(c), lambda found: {one.code for one in found.people}
    ),
    "people.find.read_person": limited(
        Action.VIEW_PEOPLE,
        lambda c, s, w: [people.read_person(c, code) for code in (s.member, w.other.member)],
        lambda cards: {one.code for one in cards if one},
    ),
    "people.limits.limits_reached": whole(AUDIT, lambda c, s, w: people.limits_reached(c)),
    "people.unmask.unmask": hidden(
        Action.UNMASK,
        lambda c, s, w: people.unmask(c, s.member, reason="走访"),
        people.UnknownPersonError,
        of_a_person=True,
    ),
    "people.retention.clean_up": Case(
        lambda c, s, w: people.clean_up(c, Periods()), (Action.MAINTAIN, SIGN_IN), Rule.WHOLE
    ),
    "people.retention.last_clean_up": whole(Action.MAINTAIN, lambda c, s, w: people.last_clean_up(c)),
    # Plans
    "planning.snapshot.load_snapshot": limited(
        PLAN,
        lambda c, s, w: planning.load_snapshot(c, w.coverage_inputs, EVENING, Mode.ROUTINE),
        lambda snapshot: {*snapshot.grids.index, *snapshot.teams, *_orders(snapshot.orders)},
    ),
    "planning.recruitment_calls.read_askings": limited(
        PLAN, lambda c, s, w: planning.read_askings(c, EVENING), lambda asked: set(asked.given_out)
    ),
    "planning.recruitment_calls.give_out": refused(PLAN, lambda c, s, w: planning.give_out(c, EVENING, {s.grid: 2})),
    "planning.commit.commit_plan": refused(Action.COMMIT_PLAN, lambda c, s, w: planning.commit_plan(c, s.draft)),
    "planning.disband.list_formed_teams": limited(
        PLAN, lambda c, s, w: planning.list_formed_teams(c), lambda found: {one.team.code for one in found}
    ),
    "planning.disband.disband_team": refused(Action.FORM_TEAM, lambda c, s, w: planning.disband_team(c, s.formed)),
    "planning.drafts.create_plan": free(PLAN, lambda c, s, w: planning.create_plan(c, EVENING, Mode.ROUTINE, **E)),
    "planning.drafts.copy_plan": refused(PLAN, lambda c, s, w: planning.copy_plan(c, s.sent, **E)),
    "planning.drafts.read_plan": refused(PLAN, lambda c, s, w: planning.read_plan(c, s.sent)),
    "planning.drafts.list_plans": limited(PLAN, lambda c, s, w: planning.list_plans(c), _plans),
    "planning.drafts.find_plans": limited(PLAN, lambda c, s, w: planning.find_plans(c), _plans),
    "planning.drafts.rename_plan": refused(PLAN, lambda c, s, w: planning.rename_plan(c, s.draft, "新名", **E)),
    "planning.drafts.change_plan": refused(
        PLAN, lambda c, s, w: planning.change_plan(c, s.draft, mode=Mode.EMERGENCY, **E)
    ),
    "planning.drafts.discard_plan": refused(PLAN, lambda c, s, w: planning.discard_plan(c, s.draft, **E)),
    "planning.drafts.restore_plan": refused(PLAN, lambda c, s, w: planning.restore_plan(c, s.draft, **E)),
    "planning.drafts.undo": refused(PLAN, lambda c, s, w: planning.undo(c, s.draft, **E)),
    "planning.drafts.redo": refused(PLAN, lambda c, s, w: planning.redo(c, s.draft, **E)),
    "planning.moves.send": refused(PLAN, lambda c, s, w: planning.send(c, w.own.draft, s.move, **E)),
    "planning.moves.take_back": refused(PLAN, lambda c, s, w: planning.take_back(c, s.draft, s.team, **E)),
    "planning.moves.clear_plan": refused(PLAN, lambda c, s, w: planning.clear_plan(c, s.draft, **E)),
    "planning.moves.drop_moves": refused(PLAN, lambda c, s, w: planning.drop_moves(c, s.draft, [s.move.key], **E)),
    "planning.moves.pin": refused(PLAN, lambda c, s, w: planning.pin(c, s.draft, [s.move.key], **E)),
    "planning.moves.unpin": refused(PLAN, lambda c, s, w: planning.unpin(c, s.draft, [s.move.key], **E)),
    "planning.moves.accept_all": refused(PLAN, lambda c, s, w: planning.accept_all(c, w.own.draft, [s.move], **E)),
    "planning.moves.accept_some": refused(PLAN, lambda c, s, w: planning.accept_some(c, w.own.draft, [s.move], **E)),
    "planning.comparison.read_precedents": limited(
        VIEW, lambda c, s, w: planning.read_precedents(c, load_norms(), EVENING), lambda past: _orders(past.orders)
    ),
    "planning.orders.orders_between": limited(VIEW, lambda c, s, w: planning.orders_between(c, EVENING), _orders),
    "planning.orders.orders_here": limited(
        Action.VIEW_ORDERS, lambda c, s, w: planning.orders_here(c, EVENING), _orders
    ),
    "planning.orders.orders_of_plan": refused(PLAN, lambda c, s, w: planning.orders_of_plan(c, s.sent)),
    "planning.orders.orders_version": free(VIEW, lambda c, s, w: planning.orders_version(c)),
    "planning.orders.sent_during": limited(
        VIEW, lambda c, s, w: planning.sent_during(c, EVENING), lambda sent: {*sent.arriving, *sent.leaving}
    ),
    "planning.recall.recall_order": refused(
        Action.RECALL, lambda c, s, w: planning.recall_order(c, s.order, reason="已解决")
    ),
    "planning.recall.recall_orders": refused(
        Action.RECALL, lambda c, s, w: planning.recall_orders(c, [s.order], reason="已解决")
    ),
    "planning.recall.reopen_plan": refused(
        Action.COMMIT_PLAN, lambda c, s, w: planning.reopen_plan(c, s.sent, event_id="reopen")
    ),
    "planning.meeting_points.note_meeting_points": refused(
        Action.NOTE_MEETING_POINT,
        lambda c, s, w: planning.note_meeting_points(c, {(Layer.GRIDS, s.grid): MeetingPoint("服务站", "李四")}),
    ),
    "planning.meeting_points.read_meeting_points": free(
        Action.VIEW_ORDERS, lambda c, s, w: planning.read_meeting_points(c, [(Layer.GRIDS, s.grid)])
    ),
    "planning.recall.relieve_order": refused(
        Action.RECALL, lambda c, s, w: planning.relieve_order(c, s.order, s.team, reason="换班")
    ),
    "planning.order_reports.read_progress": limited(
        Action.VIEW_ORDERS,
        lambda c, s, w: planning.read_progress(c, EVENING, Patience()),
        lambda found: _orders(one.order for one in found),
    ),
    "planning.order_reports.report_orders": refused(
        Action.REPORT_ORDER, lambda c, s, w: planning.report_orders(c, [s.order], OrderStep.RECEIVED), of_a_person=True
    ),
    "planning.order_reports.withdraw_reports": refused(
        Action.REPORT_ORDER,
        lambda c, s, w: planning.withdraw_reports(c, [s.order], OrderStep.RECEIVED),
        of_a_person=True,
    ),
    "planning.orders.team_history": refused(PLAN, lambda c, s, w: planning.team_history(c, s.sent_team)),
    "planning.review.review_plan": refused(PLAN, lambda c, s, w: planning.review_plan(c, s.draft)),
    "planning.review.acknowledge": refused(PLAN, lambda c, s, w: planning.acknowledge(c, s.draft, {}, **E)),
    "planning.order_sheets.read_order_lines": limited(
        Action.VIEW_ORDERS,
        lambda c, s, w: order_sheets.read_order_lines(c, planning.orders_between(w.office, EVENING)),
        lambda lines: _orders(line.order for line in lines),
    ),
    "planning.service_overview.read_service_overview": limited(
        Action.VIEW_ORDERS,
        lambda c, s, w: read_service_overview(c, EVENING),
        lambda found: {*found.members, *_orders(found.orders)},
    ),
    "planning.team_forming.read_grid_members": refused(
        Action.VIEW_PEOPLE, lambda c, s, w: planning.read_grid_members(c, s.grid)
    ),
    "planning.team_forming.form_team": Case(
        lambda c, s, w: planning.form_team(
            c, grid_code=s.grid, name="新队", template=group_of_five(), holders=[Holder(s.member)], event_id="form"
        ),
        (Action.FORM_TEAM, Action.VIEW_PEOPLE),
        Rule.REFUSED,
    ),
    "planning.preview.drop": refused(
        PLAN,
        lambda c, s, w: planning.drop(c, w.snapshot, s.draft, s.move, **E),
    ),
    "planning.presence.read_order_steps": limited(
        VIEW, lambda c, s, w: planning.read_order_steps(c, EVENING), lambda found: _orders(found.orders)
    ),
    "planning.sending_review.review_sending": free(
        Action.VIEW_ORDERS,
        lambda c, s, w: planning.review_sending(c, w.snapshot, planning.read_plan(w.office, s.draft)),
    ),
    # Accounts and upkeep
    "accounts.imprint.read_imprint": free(VIEW, lambda c, s, w: accounts.read_imprint(c)),
    "accounts.accounts.create_account": whole(MANAGE, lambda c, s, w: accounts.create_account(c, "newcomer")),
    "accounts.accounts.grant_role": whole(
        MANAGE, lambda c, s, w: accounts.grant_role(c, "someone-c1", Role.SCREEN, Area(Layer.COMMUNITIES, s.community))
    ),
    "accounts.accounts.revoke_role": whole(
        MANAGE, lambda c, s, w: accounts.revoke_role(c, "someone-c1", 1), may_fail=True
    ),
    "accounts.accounts.disable_account": whole(MANAGE, lambda c, s, w: accounts.disable_account(c, "someone-c1")),
    "accounts.accounts.enable_account": whole(MANAGE, lambda c, s, w: accounts.enable_account(c, "someone-c1")),
    "accounts.passwords.reset_password": whole(MANAGE, lambda c, s, w: accounts.reset_password(c, "someone-c1")),
    "accounts.passwords.change_own_password": whole(
        SIGN_IN, lambda c, s, w: accounts.change_own_password(c, "someone-c1", "Kp7-apfelbaum-unter-der-Wolke")
    ),
    "accounts.accounts.link_subject": whole(MANAGE, lambda c, s, w: accounts.link_subject(c, "someone-c1", "x")),
    "accounts.accounts.list_accounts": whole(MANAGE, lambda c, s, w: accounts.list_accounts(c)),
    "accounts.accounts.find_account": whole(MANAGE, lambda c, s, w: accounts.find_account(c, "someone-c1")),
    "accounts.demo.make_demo_accounts": whole(Action.MAKE_DEMO, lambda c, s, w: accounts.make_demo_accounts(c)),
    "accounts.demo.offered_accounts": whole(SIGN_IN, lambda c, s, w: accounts.offered_accounts(c)),
    "accounts.demo_end.runs_demo": whole(SIGN_IN, lambda c, s, w: accounts.runs_demo(c)),
    "accounts.demo_end.end_demo": whole(Action.MAKE_DEMO, lambda c, s, w: accounts.end_demo(c)),
    "accounts.totp.remove_totp": whole(MANAGE, lambda c, s, w: accounts.remove_totp(c, "someone-c1")),
    "accounts.sign_in.sign_in": whole(
        SIGN_IN, lambda c, s, w: accounts.sign_in(c, "nobody", "x", address="10.0.0.1"), may_fail=True
    ),
    "accounts.sign_in.check_own_password": whole(
        SIGN_IN, lambda c, s, w: accounts.check_own_password(c, "nobody", "x", address="10.0.0.1"), may_fail=True
    ),
    "accounts.sign_in.sign_in_subject": whole(
        SIGN_IN, lambda c, s, w: accounts.sign_in_subject(c, "nobody", address="10.0.0.1"), may_fail=True
    ),
    "accounts.open_sessions.list_own_sessions": whole(
        SIGN_IN, lambda c, s, w: accounts.list_own_sessions(c, "x"), may_fail=True
    ),
    "accounts.open_sessions.end_own_sessions": whole(
        SIGN_IN, lambda c, s, w: accounts.end_own_sessions(c, "x"), may_fail=True
    ),
    "accounts.open_sessions.list_sessions": whole(MANAGE, lambda c, s, w: accounts.list_sessions(c, "someone-c1")),
    "accounts.open_sessions.end_sessions": whole(MANAGE, lambda c, s, w: accounts.end_sessions(c, "someone-c1")),
    "accounts.sessions.who_is": whole(SIGN_IN, lambda c, s, w: sessions.who_is(c, "x")),
    "accounts.sessions.who_hold": whole(SIGN_IN, lambda c, s, w: sessions.who_hold(c, ["x"])),
    "accounts.sessions.who_holds": whole(SIGN_IN, lambda c, s, w: sessions.who_holds(c, "x")),
    "accounts.sessions.note_seen": whole(SIGN_IN, lambda c, s, w: sessions.note_seen(c, "x")),
    "accounts.sessions.act_as": whole(SIGN_IN, lambda c, s, w: sessions.act_as(c, "x", 1), may_fail=True),
    "accounts.sessions.sign_out": whole(SIGN_IN, lambda c, s, w: sessions.sign_out(c, "x")),
    "accounts.sessions.clean_up": whole(SIGN_IN, lambda c, s, w: sessions.clean_up(c)),
    "accounts.first_admin.is_set_up": whole(SIGN_IN, lambda c, s, w: first_admin.is_set_up(c)),
    "accounts.first_admin.begin_setup": whole(SIGN_IN, lambda c, s, w: first_admin.begin_setup(c)),
    "accounts.first_admin.finish_setup": whole(
        SIGN_IN,
        lambda c, s, w: first_admin.finish_setup(c, "x", "root", "Kp7-apfelbaum-unter-der-Wolke"),
        may_fail=True,
    ),
    "demo.write.fill_store": whole(Action.MAKE_DEMO, lambda c, s, w: fill_store(c, {}), may_fail=True),
    "accounts.area_names.name_areas": whole(SIGN_IN, lambda c, s, w: area_names.name_areas(c, [s.area])),
    "accounts.area_names.offer_areas": whole(MANAGE, lambda c, s, w: area_names.offer_areas(c)),
    "maintenance.audit_log.search_audit_log": whole(
        AUDIT, lambda c, s, w: audit_log.search_audit_log(c, audit_log.AuditQuery(), limit=5)
    ),
    "maintenance.audit_log.audit_actors": whole(AUDIT, lambda c, s, w: audit_log.audit_actors(c)),
    "maintenance.audit_log.verify_audit_log": whole(AUDIT, lambda c, s, w: audit_log.verify_audit_log(c)),
    "maintenance.copying.copy_store": whole(Action.MAINTAIN, lambda c, s, w: copy_store(c, c), may_fail=True),
} | roster_cases(refused, limited, hidden, Case, Rule)
"""Of every public use case below ``services``; a new one without a line here fails the test."""
CASES |= claim_cases(refused, limited)
CASES |= matter_cases(free, refused, limited)
CASES |= package_cases(refused, limited, free)
CASES |= skill_cases(free, hidden, limited, people.UnknownPersonError)

PARTS = frozenset(
    {
        "accounts.totp.is_right_code",
        "accounts.sessions.as_name",
        "briefing.inputs.gather",
        "demo.write.complete_demo",
        "demo.write.make_demo",
        "export.briefing.content.record_file",
        "maintenance.store_checks.check_trail",
        "people.limits.refusal_kept",
        "planning.drafts.change_once",
        "planning.propose_windows.accept_windows",
        "maintenance.backups.back_up",  # writes files: tests/services/maintenance
        "accounts.totp.confirm_totp",  # looks at the code first, then signs in
        *PARTS_OF_ROSTERS,
    }
)
"""What is made of other use cases, or a step of them; role and area are checked there."""
