"""The documents of the template, compared with what is there and run."""
