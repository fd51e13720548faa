"""One file a network; none of them knows the store."""
