"""The figures of docs/figures.md: python -m benchmarks.NAME."""
