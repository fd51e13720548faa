"""Figures of one brand and month; no layout that needs a screen."""
