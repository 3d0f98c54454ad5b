"""Figures as people read them, read back from pages, papers and files, to be added up by hand."""

import math

SUM_OF_ROUNDED = 0.5
"""What a row can be away from the truth, in persons: rounded last, a total differs by that from its rows at most."""


def figure(cell) -> float:
    """Return the number in a cell or a text such as ``1,234 人``; NaN where there is none."""
    text = str(cell).strip().removesuffix("%").removesuffix("人").replace(",", "").strip()
    return math.nan if text in {"", "–", "—", "nan", "None", "<NA>"} else float(text)


def check_rows(rows) -> int:
    """Check that in every row gap = need - met, as it is written; return how many rows there are.

    Parameters
    ----------
    rows
        Need, met, gap of each.
    """
    count = 0
    for need, met, gap in rows:
        values = [figure(cell) for cell in (need, met, gap)]
        if any(map(math.isnan, values)):
            assert all(map(math.isnan, values)), (need, met, gap)
            continue
        assert abs(values[0] - values[1] - values[2]) < 1e-6, (need, met, gap)
        assert values[2] >= 0, (need, met, gap)
        count += 1
    return count


def check_sum(parts, total) -> None:
    """Check that figures make their total, but for what was rounded in each."""
    known = [value for value in map(figure, parts) if not math.isnan(value)]
    assert abs(sum(known) - figure(total)) <= SUM_OF_ROUNDED * (len(known) + 1), (len(known), sum(known), total)
