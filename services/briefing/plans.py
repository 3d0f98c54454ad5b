"""Which plan a briefing may show to whom."""

from services.briefing.errors import UnsentPlanError
from services.catalog.actions import Action
from services.context import Context, Transaction
from services.planning import Plan, PlanState
from services.planning.drafts import fetch_plan_for
from services.rules.roles import may


def read_shown_plan(context: Context, plan_id: int) -> Plan:
    """Return a plan that the actor may see in a briefing.

    Raises
    ------
    UnknownPlanError
        If there is no such plan.
    OutsideAreaError
        If it was made for a wider or another area than the actor's.
    UnsentPlanError
        If it was not sent and the actor may not plan.
    RefusedError
        If the actor may not see briefings.
    """
    with context.look(Action.VIEW_BRIEFING) as tx:
        return fetch_shown_plan(context, tx, plan_id)


def fetch_shown_plan(context: Context, tx: Transaction, plan_id: int) -> Plan:
    """Return the same inside a transaction.

    Raises
    ------
    OutsideAreaError
        If it was made for a wider or another area than the actor's.
    UnsentPlanError
        If it was not sent and the actor may not plan.
    """
    plan = fetch_plan_for(context, tx, plan_id)
    if plan.state is not PlanState.COMMITTED and not may(context.actor, Action.PLAN):
        raise UnsentPlanError
    return plan
