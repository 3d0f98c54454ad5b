"""What Streamlit says in English by itself, with our words: ``auth/page.js`` puts ours in its place.

Each phrase stands in Streamlit's files as it stands here (``tests/dashboard/test_phrases.py``), ``#`` being whatever
Streamlit fills in.
"""

from calendar import month_name
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from services.i18n import Text, text, translate

_REST: Final = "#"
PHRASES: Final[Mapping[str, Text]] = MappingProxyType(
    {
        "App pages": text("Pages of the program"),
        "Sidebar": text("Menu"),
        "Expand sidebar": text("Menu"),
        "Collapse sidebar": text("Close the menu"),
        "Skip to main content": text("Skip to what the page shows"),
        "Close": text("Close"),
        "Dismiss": text("Close"),
        "Open": text("Open the list"),
        "Clear value": text("Clear"),
        "Clear all": text("Clear"),
        "Remove #": text("Take out {what}", what=_REST),
        "Selected values": text("What is chosen"),
        "Select all": text("Choose all"),
        "Choose an option": text("Choose"),
        "Choose options": text("Choose"),
        "No results": text("Nothing fits"),
        "No options to select": text("Nothing to choose"),
        "#, selected": text("{what}, chosen", what=_REST),
        "# option available.": text("{count} to choose from.", count=_REST),
        "# options available.": text("{count} to choose from.", count=_REST),
        "Suggestions": text("To choose from"),
        "Show suggestions": text("Open the list"),
        "Help for #": text("What is {what}?", what=_REST),
        "Shortcut #": text("Key {key}", key=_REST),
        "Press Enter to apply": text("Enter takes it over"),
        "Press Enter to submit form": text("Enter sends the form"),
        "Fullscreen": text("As large as the window"),
        "Close fullscreen": text("Back to the usual size"),
        "Search": text("Search"),
        "Close Search": text("Close"),
        "Previous Result": text("Hit before"),
        "Next Result": text("Next hit"),
        "Show/hide columns": text("Choose columns"),
        "Pagination": text("Pages"),
        "Previous page": text("Previous page"),
        "Next page": text("Next page"),
        "Page #": text("Page {page}", page=_REST),
        "Choose date": text("Choose the day"),
        "Choose date, #": text("Choose the day: {what}", what=_REST),
        "Clear date": text("Clear"),
        "yyyy": text("yyyy"),
        "mm": text("mm"),
        "dd": text("dd"),
        "Previous month": text("Month before"),
        "Next month": text("Next month"),
        "Empty": text("empty"),
        "day, #": text("{what}, day", what=_REST),
        "month, #": text("{what}, month", what=_REST),
        "year, #": text("{what}, year", what=_REST),
        "Selected Date: @": text("Day chosen: {day}", day="@"),
        "Today, @": text("Today, {day}", day="@"),
        "Today, @ selected": text("Today, {day}, chosen", day="@"),
        "@ selected": text("{day}, chosen", day="@"),
        "First available date": text("First day that can be chosen"),
        "Last available date": text("Last day that can be chosen"),
        "Use arrow keys to navigate dates. Enter to select. Escape to close.": text(
            "Arrow keys go through the days, Enter chooses, Escape closes."
        ),
        "Connection error": text("The connection is gone"),
        "Streamlit server is not responding. Are you connected to the internet?": text(
            "The server does not answer. When it is back, look whether what you did last was done."
        ),
        "streamlit_folium.st_folium": text("Map"),
    }
)
"""``@`` is a day in English, which the browser writes in the language of the page."""


def phrases() -> dict[str, str]:
    """Return our words for Streamlit's phrases in the current language."""
    months = {f"# – {month_name[k]}": text("month {number}", number=_REST) for k in range(1, 13)}
    return {phrase: translate(own) for phrase, own in (dict(PHRASES) | months).items()}
