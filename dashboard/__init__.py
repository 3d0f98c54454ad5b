"""HOW IT LOOKS: the only package that knows Streamlit, folium and Leaflet."""
