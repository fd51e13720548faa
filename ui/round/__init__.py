"""The round: one guided pass over everything that waits, brand by brand (N24)."""
