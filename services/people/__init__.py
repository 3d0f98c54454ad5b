"""One person's data: found, shown in clear, exported, corrected, erased; and how long anybody is kept."""

from services.people.correct import Correction, correct_person
from services.people.erase import ErasureCounts, erase_person
from services.people.errors import CorrectionError, LookLimitError, ReasonMissingError, UnknownPersonError
from services.people.export import export_person
from services.people.find import AT_ONCE, Person, PersonPage, area_bounds, find_people, read_person
from services.people.limits import LimitReached, limits_reached, limits_reached_in
from services.people.phones import masked_phones
from services.people.retention import CleanUpCounts, Periods, clean_up, last_clean_up
from services.people.unmask import ClearPerson, unmask

__all__ = [
    "AT_ONCE",
    "CleanUpCounts",
    "ClearPerson",
    "Correction",
    "CorrectionError",
    "ErasureCounts",
    "LimitReached",
    "LookLimitError",
    "Periods",
    "Person",
    "PersonPage",
    "ReasonMissingError",
    "UnknownPersonError",
    "area_bounds",
    "clean_up",
    "correct_person",
    "erase_person",
    "export_person",
    "find_people",
    "last_clean_up",
    "limits_reached",
    "limits_reached_in",
    "masked_phones",
    "read_person",
    "unmask",
]
