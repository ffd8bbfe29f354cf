"""Passwords: how they are hashed, and which there may be."""
