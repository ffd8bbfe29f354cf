"""Who there is, and what is done to them."""
