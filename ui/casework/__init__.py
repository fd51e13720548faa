"""A complaint case at hand: its panel, its dialogs and its decisions, the same beside the inbox and on its own page."""
