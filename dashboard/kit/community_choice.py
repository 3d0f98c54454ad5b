"""A choice of one community above a list, all of them at first."""

from collections.abc import Callable, Mapping

from dashboard.kit.name_choice import show_name_choice
from dashboard.kit.words import tell_apart
from dashboard.streamlit import state
from services.i18n import _


def show_community_choice(names: Mapping[str, str], *, key: str, on_choose: Callable[[], None]) -> str:
    """Show communities where there are several; return the code of the one that is chosen, empty for all.

    Parameters
    ----------
    names
        By code.
    key
        Of the widget.
    on_choose
        Runs when another one is chosen.
    """
    if len(names) < 2:
        return ""
    if state.saved_value(key) not in names:
        state.keep(key, None)
    chosen = show_name_choice(
        _("Community"),
        tell_apart(names),
        key=key,
        placeholder=_("Every community"),
        on_choose=on_choose,
        label_visibility="collapsed",
        width=240,
    )
    return chosen or ""
