"""The stores: what all of them do, and the databases behind some."""
