"""What is served beside Streamlit's pages."""
