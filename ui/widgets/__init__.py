"""Shared parts of the screens; every one takes its look from `ui.theme` and shows plain text only."""

from __future__ import annotations

from ui.widgets.avatar import Avatar, initials
from ui.widgets.buttons import Button, IconButton, SegmentedControl, button
from ui.widgets.chips import Badge, Chip, Dot
from ui.widgets.fields import Field, SearchField
from ui.widgets.flow import FlowLayout
from ui.widgets.labels import PlainLabel, set_tip
from ui.widgets.panels import BrandStripe, Card, Divider, Popover, SidePanel
from ui.widgets.progress import CounterRing, ProgressRow, Spinner
from ui.widgets.states import Banner, EmptyState
from ui.widgets.toast import ToastHost

__all__ = [
    "Avatar", "Badge", "Banner", "BrandStripe", "Button", "Card", "Chip", "CounterRing", "Divider", "Dot", "EmptyState",
    "Field", "FlowLayout", "IconButton", "PlainLabel", "Popover", "ProgressRow", "SearchField", "SegmentedControl",
    "SidePanel", "Spinner", "ToastHost", "button", "initials", "set_tip",
]  # fmt: skip
