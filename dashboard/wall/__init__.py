"""The full-screen of a briefing: a page of our own beside Streamlit, which asks for the briefing every few seconds."""
