"""Circles on the screen: the builder of rules, and the dialog in which one is made, changed and looked into."""
