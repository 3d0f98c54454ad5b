"""``gridmuster plan calls|teams|dissolve``: calls for volunteers, and the teams that were formed on the spot."""

from collections import Counter
from typing import Annotated

import typer

from geo.schema import Layer
from services import planning
from services.cli.plan import PlanNumber, plan_app
from services.cli.plan_texts import make_table, print_table
from services.cli.shell import StoreOption, console, context_for, refuse, say
from services.coverage import load_inputs
from services.i18n import text, translate
from services.rules.recruitment import ROTATION_DAYS, Call, CallFacts, call_text
from services.rules.team_templates import ROLE_NAMES
from services.wording import short_time


@plan_app.command("calls")
def calls_command(
    number: PlanNumber,
    store: StoreOption = "",
    task: Annotated[str, typer.Option("--task", help="任务；不写则用方案的任务")] = "",
    place: Annotated[str, typer.Option("--place", help="集合地点")] = "",
    contact: Annotated[str, typer.Option("--contact", help="报到联系人和电话")] = "–",
    given_out: Annotated[bool, typer.Option("--given-out", help="记为已发出，以后轮流时靠后")] = False,  # noqa: FBT002 - a flag of the shell
) -> None:
    """为没有队伍可派的富余人员生成招募令，轮流招募。"""
    context = context_for(store)
    plan = planning.read_plan(context, number)
    snapshot = planning.load_snapshot(context, load_inputs(context), plan.window, plan.mode)
    draft = plan.state is planning.PlanState.DRAFT
    grids = planning.tables_with_plan(snapshot, plan)[Layer.GRIDS] if draft else snapshot.grids
    askings = planning.read_askings(context, plan.window)
    reach = plan.settings.reach_minutes
    calls = planning.find_calls(snapshot, grids, plan.moves if draft else (), reach, askings)
    for call in calls:
        code = str(snapshot.grids.index[call.giver])
        there = str(snapshot.grids.index[call.receiver])
        skill = "、".join(plan.settings.skills.get(there, ()))
        what = task.strip() or plan.settings.purpose
        facts = CallFacts(
            *(snapshot.name(code), snapshot.name(there), place.strip(), plan.window, call.persons),
            *(skill, what, contact, call.minutes),
        )
        console.print("\n".join(translate(line) for line in call_text(facts)), markup=False, soft_wrap=True)
        before = askings.before.get(code)
        if before is not None:
            times = askings.times[code]
            at = short_time(before.at)
            say("Last asked {at}; {times} times in {days} days", at=at, times=times, days=ROTATION_DAYS)
        console.print()
    if not calls:
        say("Nobody to ask: no grid within reach has people to spare.")
    elif given_out:
        new = planning.give_out(context, plan.window, planning.people_asked(snapshot, calls))
        say("Noted as given out: {new} grids, {known} were noted before", new=new, known=_grids(calls) - new)


@plan_app.command("teams")
def teams_command(store: StoreOption = "") -> None:
    """列出现场组建的队伍。"""
    table = make_table(text("Code"), text("Name"), text("Grid"), text("People"), text("Members"))
    for sheet in planning.list_formed_teams(context_for(store)):
        places = Counter(translate(ROLE_NAMES[member.role]) for member in sheet.members)
        members = "、".join(f"{role} ×{count}" for role, count in places.items()) or str(sheet.count)
        table.add_row(sheet.team.code, sheet.team.name, sheet.home_name, str(sheet.team.size), members)
    print_table(table)


@plan_app.command("dissolve")
def disband_command(
    code: Annotated[str, typer.Argument(help="队伍编号，见 plan teams")],
    store: StoreOption = "",
    yes: Annotated[bool, typer.Option("--yes", help="确认解散")] = False,  # noqa: FBT002 - a flag of the shell
) -> None:
    """解散一支误组的队伍；有未结束的派单时不能解散。"""
    if not yes:
        refuse("Say --yes to dissolve the team {code}", code=code)
    team = planning.disband_team(context_for(store), code)
    say("“{name}” is dissolved.", name=team.name)


def _grids(calls: tuple[Call, ...]) -> int:
    return len({call.giver for call in calls})
