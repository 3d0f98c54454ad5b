"""What folium asks for: the map without tiles on which our plug-ins stand, the plug-ins, and the layer that changes."""

from typing import Any

import folium
from branca.element import MacroElement
from folium.elements import JSCSSMixin
from folium.template import Template

from dashboard.map.assets import LEAFLET_CSS, LEAFLET_JS, asset_url
from services.i18n import _


class PaperMap(folium.Map):
    """A folium map without tiles that asks no other machine: Leaflet comes from our own server."""

    default_js = [("leaflet", LEAFLET_JS)]  # noqa: RUF012 - folium asks for lists on the class
    default_css = [  # noqa: RUF012 - as above
        ("leaflet_css", LEAFLET_CSS),
        ("gridmuster_css", asset_url("gridmuster.css")),
    ]

    def __init__(self) -> None:
        super().__init__(
            tiles=None,
            zoom_control=False,
            attribution_control=False,
            zoom_snap=0.25,
            zoom_delta=0.5,
            wheel_px_per_zoom_level=90,
            max_zoom=19,
        )
        self._name = "Map"


class Plugin(JSCSSMixin, MacroElement):
    """A call of ``GM.<name>(map, options)`` in ``<name>.js``; options travel as JSON, never as text inside the script.

    Parameters
    ----------
    name
        The plug-in; its file is fetched after those of the plug-ins before it.
    needs
        Files that must be there first.
    options
        What its function is given besides the map.
    """

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        GM.{{ this.call }}({{ this._parent.get_name() }}, {{ this.options|tojson }});
        {% endmacro %}
        """
    )

    def __init__(self, name: str, *, needs: tuple[str, ...] = (), options: dict[str, Any] | None = None) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # branca has no types
        self._name = "GmPlugin"
        self.call = name
        self.options = options
        self.default_js = [(file, asset_url(f"{file}.js")) for file in (*needs, name)]


def controls(*needs: str) -> Plugin:
    """Return the zoom buttons with what every map of ours draws by, and other files that must be there."""
    texts = {
        "failed": _("The map could not be loaded. Reload the page."),
        "zoomIn": _("Zoom in"),
        "zoomOut": _("Zoom out"),
    }
    return Plugin("controls", needs=("core", "sheet", "shapes", "paint", *needs), options=texts)


class ChangingLayer(MacroElement):
    """The layer that Python replaces on every run: classes, figures, marks and the choice."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        var {{ this.get_name() }} = new GM.Paint({{ this.payload|tojson }}).addTo({{ this._parent.get_name() }});
        {% endmacro %}
        """
    )

    def __init__(self, payload: dict[str, Any]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # branca has no types
        self._name = "GmPaint"
        self.payload = payload
