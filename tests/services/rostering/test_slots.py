"""The strip of a roster adds up to what stands above it, for all communities and for each."""

from services.rostering import community_names
from tests.services.rostering.people import put


def test_the_strip_adds_up_to_the_figures_of_the_board(office, inputs, roster, board, shift_at):
    put(office, roster, inputs, shift_at(0, 8), "M001", "a")
    put(office, roster, inputs, shift_at(2, 20), "M002", "b")
    seen = board()
    slots, figures = seen.slots[""], seen.figures
    assert len(slots) == 7 * 7
    assert sum(slot.seats for slot in slots) == figures.seats
    assert sum(slot.filled for slot in slots) == figures.filled == 2
    assert sum(slot.open for slot in slots) == figures.open
    assert sum(slot.open for slot in slots if slot.is_night) == figures.open_by_night
    own = [slot for code in community_names(seen, inputs) for slot in seen.slots[code]]
    assert sum(slot.seats for slot in own) == figures.seats
    assert sum(slot.filled for slot in own) == figures.filled
