"""The page Account: what users do about their own login."""

import streamlit as st

from auth import gate


def show() -> None:
    """Draw the page."""
    st.title("Account")
    st.text(f"Username: {gate.current_user().name}")
