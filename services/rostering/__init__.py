"""Rosters: posts, shifts made from need, who stands in them, and what of it counts as supply."""

from services.rostering.candidates import RankedPerson, find_candidates
from services.rostering.capacity import RosterCapacity, capacity_of
from services.rostering.chain_reading import ChainReading, PastedChain
from services.rostering.chain_texts import chain_community, write_duty_text, write_open_chain
from services.rostering.drafts import create_roster, list_rosters, read_roster
from services.rostering.duties import (
    Seating,
    move_duty,
    put_duties,
    redo_roster,
    set_duty_state,
    swap_duties,
    take_out,
    undo_roster,
)
from services.rostering.errors import DutyRefusedError, RosterError
from services.rostering.generation import Generation, generate_shifts, look_at_shifts
from services.rostering.group_candidates import GroupCandidate, find_groups
from services.rostering.handover import Handover, HandoverFigures, read_handover
from services.rostering.model import (
    ROSTER_STATE_NAMES,
    Roster,
    RosterSettings,
    RosterState,
    RosterStepKind,
)
from services.rostering.norms import load_roster_norms
from services.rostering.own_duties import PlacedDuty, read_member_duties, read_unit_duties
from services.rostering.package_duties import (
    PackageSeats,
    PackageShift,
    find_batch_candidates,
    read_package_seats,
    seat_unit_members,
    take_out_unit_duty,
)
from services.rostering.package_seats import BatchSeating, seat_batches
from services.rostering.package_view import (
    OpenSpan,
    PackageView,
    list_packages,
    read_offer_posts,
    read_unit_names,
)
from services.rostering.packages import (
    PackageOffer,
    accept_package,
    decline_package,
    leave_batch,
    name_batch,
    offer_package,
    release_seats,
    split_package,
    withdraw_package,
)
from services.rostering.pairings import Pairing, PairingView, end_pairing, list_pairings, pair_unit
from services.rostering.person_times import PersonTimes, read_person_times
from services.rostering.proposal import (
    OPEN_REASONS,
    DutyProposal,
    FilledSeats,
    accept_duties,
    find_roster_capacity,
    propose_duties,
)
from services.rostering.publishing import Publication, close_roster, publish_roster
from services.rostering.roster_view import (
    RosterBoard,
    RosterFigures,
    community_names,
    mark_roster,
    read_board,
    read_shifts,
)
from services.rostering.shift_needs import missing_words, set_shift_needs
from services.rostering.sign_ups import UnsettledChain, read_chain, read_unsettled_chain, write_chain
from services.rostering.times import note_absence, note_free_time
from services.rules.roster.free_times import ANSWER_NAMES

__all__ = [
    "ANSWER_NAMES",
    "OPEN_REASONS",
    "ROSTER_STATE_NAMES",
    "BatchSeating",
    "ChainReading",
    "DutyProposal",
    "DutyRefusedError",
    "FilledSeats",
    "Generation",
    "GroupCandidate",
    "Handover",
    "HandoverFigures",
    "OpenSpan",
    "PackageOffer",
    "PackageSeats",
    "PackageShift",
    "PackageView",
    "Pairing",
    "PairingView",
    "PastedChain",
    "PersonTimes",
    "PlacedDuty",
    "Publication",
    "RankedPerson",
    "Roster",
    "RosterBoard",
    "RosterCapacity",
    "RosterError",
    "RosterFigures",
    "RosterSettings",
    "RosterState",
    "RosterStepKind",
    "Seating",
    "UnsettledChain",
    "accept_duties",
    "accept_package",
    "capacity_of",
    "chain_community",
    "close_roster",
    "community_names",
    "create_roster",
    "decline_package",
    "end_pairing",
    "find_batch_candidates",
    "find_candidates",
    "find_groups",
    "find_roster_capacity",
    "generate_shifts",
    "leave_batch",
    "list_packages",
    "list_pairings",
    "list_rosters",
    "load_roster_norms",
    "look_at_shifts",
    "mark_roster",
    "missing_words",
    "move_duty",
    "name_batch",
    "note_absence",
    "note_free_time",
    "offer_package",
    "pair_unit",
    "propose_duties",
    "publish_roster",
    "put_duties",
    "read_board",
    "read_chain",
    "read_handover",
    "read_member_duties",
    "read_offer_posts",
    "read_package_seats",
    "read_person_times",
    "read_roster",
    "read_shifts",
    "read_unit_duties",
    "read_unit_names",
    "read_unsettled_chain",
    "redo_roster",
    "release_seats",
    "seat_batches",
    "seat_unit_members",
    "set_duty_state",
    "set_shift_needs",
    "split_package",
    "swap_duties",
    "take_out",
    "take_out_unit_duty",
    "undo_roster",
    "withdraw_package",
    "write_chain",
    "write_duty_text",
    "write_open_chain",
]
