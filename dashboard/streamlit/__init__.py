"""What keeps Streamlit in order: sessions, the values of a page, jobs, turns."""
