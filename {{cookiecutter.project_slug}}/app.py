"""The server: what `streamlit run app.py` starts. What people see is in main.py."""

import streamlit as st

from auth import cookies, server

server.check()
app = st.App(
    "main.py",
    routes=cookies.routes(),
    middleware=server.MIDDLEWARE,
    lifespan=server.lifespan,
)
