"""Tests of the store on every database server: what is the same on each."""
