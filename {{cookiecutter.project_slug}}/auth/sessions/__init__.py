"""Who is logged in where, and the secrets that say so."""
