"""Rules of circles as data: conditions over what is known of a person, in groups (K1). Pure.

`cmdesk.store.circle_rules` asks them in SQL, `cmdesk.wording_circles` says them in words, `circles.spelling` writes
and reads them on one line for the command line.
"""

from __future__ import annotations

from cmdesk.circles.reading import as_data, canonical, parse, parse_text
from cmdesk.circles.values import (
    DEEPEST,
    FIELDS,
    OPS,
    OWN,
    Condition,
    Fault,
    FieldType,
    Group,
    How,
    Names,
    Rule,
    conditions,
    ids_of,
    names,
    ops_of,
    own_field,
    type_of,
)

__all__ = [
    "DEEPEST",
    "FIELDS",
    "OPS",
    "OWN",
    "Condition",
    "Fault",
    "FieldType",
    "Group",
    "How",
    "Names",
    "Rule",
    "as_data",
    "canonical",
    "conditions",
    "ids_of",
    "names",
    "ops_of",
    "own_field",
    "parse",
    "parse_text",
    "type_of",
]
