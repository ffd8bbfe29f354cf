"""What a part of a page says once, after a click in it: what went wrong, or what was done."""

import streamlit as st


def keep(key: str, problem: str | None, success: str | None = None) -> None:
    """Have a part say what went wrong, or else what was done.

    Args:
        key: The part's, in the state of the tab.
        problem: What went wrong, or None.
        success: What was done.
    """
    st.session_state[key] = problem, success


def draw(key: str) -> None:
    """Draw what a part has to say, once."""
    problem, success = st.session_state.pop(key, (None, None))
    if problem:
        st.error(problem)
    elif success:
        st.success(success)
