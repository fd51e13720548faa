"""The window: shows the desk's facts and names its commands, decides nothing."""
