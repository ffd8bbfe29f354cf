"""What people live through in a running app, and what thieves do not get."""
