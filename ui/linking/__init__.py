"""Putting emoji, hashtags and links of the brand into a text, and the small forms in which they are kept."""
