"""An inbox page on a desk that people write to."""

from __future__ import annotations

from tests.ui.inbox.conftest import page as page, talk as talk
