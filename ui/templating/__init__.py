"""Templates while one writes: the list over the editor and what it puts in, the same for answers and for posts."""
