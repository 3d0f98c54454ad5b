"""The problems of an import as a table, on the page and to take away."""

from collections.abc import Sequence
from typing import Final

import pandas as pd
import streamlit as st

from dashboard.kit.html_table import show_table
from dashboard.kit.widgets import fetch_file, plain, show_heading, show_note
from dashboard.pages.imports.advice import expectation, to_do
from dashboard.web.routes import XLSX_TYPE, issue_download
from services.export.tables import write_csv, write_xlsx
from services.i18n import Text, _, text
from services.imports import Finding, StagedImport, Treatment, action_text, message_of, unknown_columns
from services.wording import number

MOST_SHOWN: Final = 200
HEADERS: Final[Sequence[Text]] = (
    text("Row"),
    text("Column"),
    text("Value in the file"),
    text("What is wrong"),
    text("What was expected"),
    text("What to do"),
    text("What was done"),
)
_ORDER: Final = (Treatment.REJECTED, Treatment.LEFT_OUT, Treatment.KEPT, Treatment.NOTED)
_TONES: Final = {Treatment.REJECTED: "bad", Treatment.LEFT_OUT: "warn", Treatment.KEPT: "warn", Treatment.NOTED: "even"}


def problem_rows(findings: Sequence[Finding]) -> list[tuple[str, ...]]:
    """Return what people read about findings, in the order of ``HEADERS``: rejected rows first, then by row."""
    ordered = sorted(findings, key=lambda f: (_ORDER.index(f.action), f.problem.row))
    return [_row(finding) for finding in ordered]


def show_problems(staged_import: StagedImport) -> None:
    """Show what was found in the rows; all of it can be taken away."""
    rows = problem_rows(staged_import.findings)
    show_heading(_("Problems"), _counted(staged_import.findings))
    if not staged_import.is_understood:
        said = text(
            "{sentence}. Choose the column of the name among the columns beside this, or another layer or sheet.",
            sentence=unknown_columns(staged_import),
        )
        st.error(plain(_(said)))
        return
    if not rows:
        show_note(_("No problem was found in any row."))
        return
    tones = sorted((f.action for f in staged_import.findings), key=_ORDER.index)
    show_table(
        [_(header) for header in HEADERS],
        rows[:MOST_SHOWN],
        tones=[_TONES[action] for action in tones[:MOST_SHOWN]],
        label=_("Problems"),
        kind="problems",
    )
    with st.container(horizontal=True, vertical_alignment="center", key="problem-files"):
        _offer("XLSX", XLSX_TYPE, rows, staged_import.file_name)
        _offer("CSV", "text/csv", rows, staged_import.file_name)
        if len(rows) > MOST_SHOWN:
            show_note(
                _(
                    "The first {shown} of {count} are shown; the download has all.",
                    shown=number(MOST_SHOWN),
                    count=number(len(rows)),
                )
            )


def problems_frame(rows: Sequence[tuple[str, ...]]) -> pd.DataFrame:
    """Return the rows of ``problem_rows`` as a frame for a file, indexed by the first column."""
    frame = pd.DataFrame(list(rows), columns=[_(header) for header in HEADERS], dtype=object)
    first = frame.columns[0]
    frame[first] = pd.Series([int(row[0]) if row[0].isdecimal() else row[0] for row in rows], dtype=object)
    return frame.set_index(first)


def _offer(kind: str, media_type: str, rows: list[tuple[str, ...]], file_name: str) -> None:
    """Show a button that fetches the table once: made only when asked for, and no address is left lying about."""
    if not st.button(_("Download problems ({kind})", kind=kind), key=f"problems-{kind}"):
        return
    frame, word = problems_frame(rows), _("problems")
    name = f"{file_name.rsplit('.', 1)[0]}-{word}.{kind.lower()}"
    facts = [(_("File"), file_name)]
    address = issue_download(
        name, media_type, lambda: write_xlsx({word: frame}, facts) if kind == "XLSX" else write_csv(frame)
    )
    fetch_file(address)


def _row(finding: Finding) -> tuple[str, ...]:
    problem = finding.problem
    return (
        str(problem.row) if problem.row else _("whole file"),
        problem.column,
        problem.value,
        message_of(problem),
        expectation(problem),
        to_do(problem, finding.action),
        action_text(finding.action),
    )


def _counted(findings: Sequence[Finding]) -> str:
    counts = {action: sum(f.action is action for f in findings) for action in _ORDER}
    return _(
        "{rejected} rows refused, {left_out} values left out, {noted} notes",
        rejected=number(len({f.problem.row for f in findings if f.action is Treatment.REJECTED})),
        left_out=number(counts[Treatment.LEFT_OUT] + counts[Treatment.KEPT]),
        noted=number(counts[Treatment.NOTED]),
    )
