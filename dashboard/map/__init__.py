"""Our folium plug-ins: a module and a script each."""
