"""Matters (事项): somebody asks somebody about something until some time; sheets (台账) have periods."""

from services.matters.acting import (
    answer_matter,
    close_matter,
    decline_matter,
    note_matter,
    pass_matter,
    remind_matter,
    return_matter,
    take_matter,
    withdraw_matter,
)
from services.matters.boards import SheetTask, read_board, read_form, read_sheets, read_totals
from services.matters.errors import (
    FinalSheetError,
    KindRestsError,
    NobodyAboveError,
    OwnAnswerError,
    RevisionError,
    SubjectError,
    UnknownKindError,
    UnknownMatterError,
)
from services.matters.inbox import MatterLists, read_matter, read_matters
from services.matters.kinds import KindEntry, check_kinds, declare_kinds, read_kinds
from services.matters.model import MatterRecord, MatterView, SheetBoard, SheetForm, SheetLine
from services.matters.new_matter import MatterDraft, ask_matter, read_choices
from services.matters.sheets import SignOutcome, fill_sheet, sign_sheets

__all__ = [
    "FinalSheetError",
    "KindEntry",
    "KindRestsError",
    "MatterDraft",
    "MatterLists",
    "MatterRecord",
    "MatterView",
    "NobodyAboveError",
    "OwnAnswerError",
    "RevisionError",
    "SheetBoard",
    "SheetForm",
    "SheetLine",
    "SheetTask",
    "SignOutcome",
    "SubjectError",
    "UnknownKindError",
    "UnknownMatterError",
    "answer_matter",
    "ask_matter",
    "check_kinds",
    "close_matter",
    "declare_kinds",
    "decline_matter",
    "fill_sheet",
    "note_matter",
    "pass_matter",
    "read_board",
    "read_choices",
    "read_form",
    "read_kinds",
    "read_matter",
    "read_matters",
    "read_sheets",
    "read_totals",
    "remind_matter",
    "return_matter",
    "sign_sheets",
    "take_matter",
    "withdraw_matter",
]
