"""Spelling in the text's language (K8): Hunspell with real dictionaries, offline."""
