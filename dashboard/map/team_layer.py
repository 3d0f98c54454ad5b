"""What the planning map has besides zones: teams to drag with their tray, and the arcs of moves."""

import folium

from dashboard.map.assets import asset_url
from dashboard.map.plugin import Plugin
from services.i18n import _


def add_planning(paper: folium.Map) -> folium.Map:
    """Add the plug-ins of planning to a map of zones (``dashboard.map.folium_maps.make_map``) and return it."""
    needs = ("rounding", "board", "drag", "figures", "tray", "gaps", "around", "badges", "reach_view")
    teams = Plugin("teams", needs=needs, options={"texts": _texts()})
    teams.default_css = [("teams_css", asset_url("teams.css"))]
    for plugin in (Plugin("moves"), teams):
        plugin.add_to(paper)
    return paper


def _texts() -> dict[str, str]:
    """Return what the plug-ins say; braces are filled in by the browser."""
    return {
        "figures": _("The plan in figures"),
        "missing": _("People missing"),
        "persons": _("persons"),
        "weakGrids": _("Weak grids"),
        "grids": _("grids"),
        "without": _("before {before}"),
        "unchanged": _("no change yet"),
        "sent": _("Sent by this plan"),
        "moves": _("{n} moves"),
        "oneMove": _("{n} moves", n=1),
        "way": _("Way"),
        "hours": _("hours on foot"),
        "walkOnAverage": _("{minutes} min each"),
        "title": _("Teams"),
        "search": _("Search teams"),
        "free": _("Free"),
        "reach": _("In reach"),
        "reachHelp": _("Choose a grid on the map first; then only teams in reach of it are listed."),
        "anySkill": _("Any skill"),
        "count": _("{shown} of {all}"),
        "people": _("{n} people"),
        "onePerson": _("{n} people", n=1),
        "atHome": _("Free"),
        "away": _("Sent to {grid}"),
        "planned": _("Goes to {grid}"),
        "part": _("{n} of {size}"),
        "noTeams": _("No team fits."),
        "noTeamsAtAll": _("No teams are stored. Import them on the page Data."),
        "hint": _("Drag a team onto a grid. Back here takes it back."),
        "gap": _("gap {before} → {after}"),
        "spare": _("to spare {before} → {after}"),
        "both": _("{one}, {other}"),
        "giver": _("lender"),
        "uncounted": _("{n} of them not counted by the lender"),
        "walkBeyond": _("over {minutes} min on foot"),
        "walk": _("{minutes} min on foot"),
        "backHome": _("Let go to take it back"),
        "outOfReach": _("Out of reach: {minutes} min, limit {limit}"),
        "beyondReach": _("Out of reach: over {minutes} min, limit {limit}"),
        "past": _("This window is over"),
        "belowFloor": _("Below the lender's floor: {left} left, keeps {floor}"),
        "skill": _("Lacks the skill: {skills}"),
        "noNeed": _("Nobody is needed here"),
        "busy": _("Already sent in this window"),
        "noPeople": _("This team has no people"),
        "countedAtHome": _("Its own grid counts on all of it anyway"),
        "mayAsk": _("A reason will be asked for"),
        "tooMany": _("{missing} missing, {people} sent: {excess} too many"),
        "willAsk": _("It will be asked once more"),
        "whichGrid": _("Where does {team} go?"),
        "lacks": _("{gap} missing"),
        "hasSpare": _("{spare} to spare"),
        "fold": _("Fold the teams away"),
        "unfold": _("Show the teams"),
        "close": _("Close"),
        "offline": _("The connection is gone; what you did is kept and sent again."),
    }
