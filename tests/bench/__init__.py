"""Measurements against references taken in the same run; `python -m tests.bench [name…]` prints them."""
