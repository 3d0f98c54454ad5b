"""Nobody counts twice: at any hour the people of all grids are no more than there are, whatever rosters say."""

from datetime import datetime
from random import Random

import pytest

from geo.schema import Layer
from services import rostering
from services.catalog.actions import Action
from services.coverage import coverage_tables, load_inputs
from services.rostering import DutyRefusedError, Seating
from services.rules.areas import EVERYWHERE, Area
from services.rules.roster.duties import DutyState
from services.rules.windows import Mode, hours_ahead
from tests.services.rostering.conftest import BY_DAY, MONDAY

DUTIES = 25
SLACK = 1e-9
AREAS = [EVERYWHERE, Area(Layer.COMMUNITIES, "C1")]


def publish_at_random(office, inputs, area, members, random):
    """Publish a roster of three days with people in it by chance, of whom some have said yes."""
    made = rostering.create_roster(office, area, MONDAY, 3, Mode.EMERGENCY, event_id="new").id
    rostering.generate_shifts(office, made, inputs, BY_DAY, event_id="shifts")
    shifts = [shift.id for shift in rostering.read_shifts(office, made) if shift.seats]
    for k in range(DUTIES):
        seating = Seating(random.choice(shifts), random.choice(members))
        try:
            rostering.put_duties(office, made, [seating], inputs, event_id=f"put {k}", reason="x")
        except DutyRefusedError:  # somebody who stands elsewhere then
            continue
    rostering.publish_roster(office, made, inputs, event_id="publish")
    duties = [duty.id for duty in rostering.read_board(office, made, inputs).duties]
    confirmed = random.sample(duties, len(duties) // 2)
    rostering.set_duty_state(office, made, confirmed, DutyState.CONFIRMED, event_id="yes")
    return len(confirmed)


@pytest.mark.parametrize("area", AREAS, ids=["everything", "a community"])
@pytest.mark.parametrize("seed", [1, 2])
def test_at_any_hour_no_more_people_count_than_there_are(office, inputs, area, seed):
    random = Random(seed)
    with office.look(Action.MAINTAIN) as tx:
        members = tx.read_codes(Layer.MEMBERS)
    confirmed = publish_at_random(office, inputs, area, members, random)
    now = load_inputs(office)
    tables = [
        coverage_tables(now, Mode.EMERGENCY, hour)[Layer.GRIDS] for hour in hours_ahead(datetime(2026, 11, 29, 22), 76)
    ]
    assert confirmed > 3
    assert sum(table["supply_roster"].sum() for table in tables) == pytest.approx(2 * confirmed)
    for table in tables:
        assert (table["supply_members"] >= -SLACK).all()
        assert table["supply_members"].sum() <= len(members) + SLACK
        assert (table["supply_roster"] + table["asked"] + table["callable"]).sum() <= len(members) + SLACK
