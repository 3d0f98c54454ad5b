"""Who stands in a roster, for tests of more than one file."""

from services import rostering
from services.rostering import Seating


def put(office, roster, inputs, shift, member, event="put", **more):
    return rostering.put_duties(office, roster, [Seating(shift, member)], inputs, event_id=event, **more)


def people(board):
    return sorted((duty.member_code, duty.window.start.hour, duty.state) for duty in board().duties)


def broken(refused):
    return [breach.rule for breach in refused.value.breaches]
