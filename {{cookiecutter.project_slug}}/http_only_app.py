"""The server: Streamlit's app, with the route that sets the login cookie.

Start it by `streamlit run app.py` or `uvicorn app:app`. What people see is in main.py.
"""

import streamlit as st
from starlette.middleware import Middleware

from auth.headers import SecurityHeaders
from auth.resumption import ResumptionGuard
from auth.routes import login_routes

app = st.App(
    "main.py",
    routes=login_routes(),
    middleware=[Middleware(SecurityHeaders), Middleware(ResumptionGuard)],
)
