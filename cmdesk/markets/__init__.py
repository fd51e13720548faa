"""Markets: what holds in a country for a brand (K7-K10, H7-H9), and what is known of it before anybody writes a word.

Pure. `guide` is what a brand keeps about one of its markets; `known` what Babel and the library of holidays know of
a country (both imported at the first question); `law` which questions to ask there before publishing.
"""

from __future__ import annotations

from cmdesk.markets.guide import (
    Guide as Guide,
    dump as dump,
    parse as parse,
    quiet_on as quiet_on,
    read as read,
    read_span as read_span,
    span_text as span_text,
)
from cmdesk.markets.known import Defaults as Defaults, countries as countries, defaults as defaults

__all__ = ["Defaults", "Guide", "countries", "defaults", "dump", "parse", "quiet_on", "read", "read_span", "span_text"]
