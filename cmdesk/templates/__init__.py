"""Reply templates: variables the desk knows are filled, others are taken in, what remains is the person's to fill.

Pure. `expand` makes the text of one answer; `blanks` says what is still empty in a text that is being written.
"""

from __future__ import annotations

from cmdesk.templates.expanding import (
    Expanded as Expanded,
    Prompt as Prompt,
    by_path as by_path,
    examine as examine,
    expand as expand,
    fill as fill,
    spoken as spoken,
)
from cmdesk.templates.grammar import (
    MAX_FOLDER as MAX_FOLDER,
    MAX_NAME as MAX_NAME,
    MAX_TEXT as MAX_TEXT,
    Problem as Problem,
    blanks as blanks,
    suggested as suggested,
)
from cmdesk.templates.kinds import KINDS as KINDS
from cmdesk.templates.languages import (
    FORMAL as FORMAL,
    base as base,
    clean_tag as clean_tag,
    fit as fit,
    formal_tag as formal_tag,
    is_formal as is_formal,
    pick as pick,
    variants as variants,
)
from cmdesk.templates.variables import (
    KNOWN as KNOWN,
    VARIABLES as VARIABLES,
    Variable as Variable,
    values as values,
)
