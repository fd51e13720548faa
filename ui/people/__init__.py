"""What the pages share about people: the parts of a person's card, words, and the fields one fills in."""
