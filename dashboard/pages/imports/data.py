"""数据: what is stored, files in, and imports taken back."""

import streamlit as st

from dashboard import cache
from dashboard.kit.html_table import dress_data
from dashboard.pages.imports import flow
from dashboard.pages.imports.chooser import show_chooser, show_result
from dashboard.pages.imports.overview import read_counts, show_imports, show_layers, show_question
from dashboard.pages.imports.progress import show_work
from dashboard.pages.imports.workspace import show_workspace
from services.imports import read_batches


def main() -> None:
    """Draw the page: the file at work, or what is stored and the way to import."""
    dress_data()
    if show_work():
        return
    draft = flow.draft()
    if draft is not None:
        show_workspace(draft)
        return
    show_store()


def show_store() -> None:
    """Show what is stored, the imports, and the first step of the next one."""
    batches, counts = read_batches(cache.context()), read_counts()
    show_result()
    left, right = st.columns([1.62, 1], gap="medium")
    with left, st.container(key="stored", gap="small"):
        show_layers(batches, counts)
    with right, st.container(key="incoming", gap="small"):
        show_chooser(counts)
        show_imports(batches)
    show_question()


main()
