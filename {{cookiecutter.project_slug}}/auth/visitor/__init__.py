"""Who is visiting, and what their browser sends."""
