"""The script Streamlit runs on every action of a person: the frame, then the page."""

from pathlib import Path

from dashboard.frame import shell

shell.run(Path(__file__).parent / "pages")
