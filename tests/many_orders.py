"""Many orders at once, as no plan would make them: for measuring, and for pages that show a lot of them."""

from datetime import timedelta

from geo.schema import Layer
from services import planning
from services.catalog.actions import Action
from services.context import Context
from services.planning.model import iso
from services.planning.orders import add_order
from services.rules.order_steps import OrderStep
from services.rules.windows import Mode, Window
from tests.acting import act


def add_orders(context: Context, many: int) -> list[int]:
    """Write orders of every team in turn for four hours each, two days long; report every other one there.

    Those that are over by now cannot be reported.
    """
    now = context.clock().replace(minute=0, second=0, microsecond=0)
    plan = planning.create_plan(context, Window(now, now + timedelta(hours=4)), Mode.EMERGENCY, event_id="many")
    with act(context, Action.COMMIT_PLAN) as work:
        teams = work.tx.read_layer(Layer.TEAMS, columns=["name", "parent_code", "size"]).dropna()
        grids = work.tx.read_codes(Layer.GRIDS)
        numbers = []
        for k in range(many):
            team, start = teams.iloc[k % len(teams)], now + timedelta(hours=k % 48 - 2)
            end = iso(start + timedelta(hours=4))
            values = {
                "plan_id": plan.id,
                "team_code": str(team.name),
                "team_name": str(team["name"]),
                "people": int(team["size"]),
                "from_code": str(team["parent_code"]),
                "to_code": grids[7 * k % len(grids)],
                "estate_code": "",
                "mode": plan.mode.value,
                "start": iso(start),
                "end": end,
                "until": end,
                "purpose": "",
                "minutes": 12.0,
                "reason": "",
                "relieves": None,
            }
            numbers.append(add_order(work, values))
    planning.report_orders(context, numbers[::2], OrderStep.ARRIVED)
    return numbers
