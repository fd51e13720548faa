"""Between the store and the networks: reading, publishing, settling doubts."""
