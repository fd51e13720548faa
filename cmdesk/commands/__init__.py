"""A person's decisions: one short named function each, one transaction each."""
