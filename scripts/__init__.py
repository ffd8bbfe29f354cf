"""Commands for who works on the template: python -m scripts.NAME."""
