"""Commands for who works on the template: python -m scripts.NAME.

The demo is a script instead, with packages of its own: uv run scripts/demo.py.
"""
