"""Every word the program shows exists in Spanish, and nothing it shows escapes translation."""

from __future__ import annotations

import ast
import importlib.util
import re
import sys
import threading
from itertools import pairwise
from pathlib import Path
from types import ModuleType

import pytest

from cmdesk import i18n
from tests.quality.findings import expect_none

Trees = dict[Path, ast.Module]
MARKERS = {"_", "N_", "ngettext", "pgettext"}
#: Calls whose text a person reads, with the positions of the texts.
SHOWN = {
    "setText": (0,),
    "setTitle": (0,),
    "setToolTip": (0,),
    "set_tooltip": (1,),
    "setWindowTitle": (0,),
    "setPlaceholderText": (0,),
    "setAccessibleName": (0,),
    "setAccessibleDescription": (0,),
    "addAction": (0, 1),
    "addMenu": (0,),
    "addTab": (1, 2),
    "addRow": (0,),
    "QLabel": (0,),
    "QPushButton": (0, 1),
    "QToolButton": (0,),
    "QCheckBox": (0,),
    "QRadioButton": (0,),
    "QGroupBox": (0,),
    "QAction": (0, 1),
    "PlainLabel": (0,),
    "Chip": (0,),
    "Badge": (0,),
    "Pill": (0,),
    "Banner": (0,),
    "Toast": (0,),
    "EmptyState": (1, 2),
    "toast": (0,),
    "tell": (0,),
    "ask": (0, 1),
}


@pytest.fixture(scope="session")
def tool(root: Path) -> ModuleType:
    """Return packaging/i18n.py, which is a script and not a package."""
    spec = importlib.util.spec_from_file_location("cmdesk_packaging_i18n", root / "packaging" / "i18n.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def spanish(tool: ModuleType) -> object:
    return tool.read(tool.po_path("es"), "es")


def test_every_string_is_translated(tool: ModuleType, spanish: object) -> None:
    """`make i18n` brings the catalogue up to date and lists what is missing."""
    missing = []
    for wanted in tool.extract():
        if wanted.id:
            key = wanted.id[0] if isinstance(wanted.id, tuple | list) else wanted.id
            found = spanish.get(key, wanted.context)  # type: ignore[attr-defined]
            if found is None or not tool.is_translated(found):
                missing.append(key)
    expect_none(missing)


def test_nothing_is_fuzzy_or_left_over(tool: ModuleType, spanish: object) -> None:
    wanted = {(tool._lookup(message), message.context) for message in tool.extract()}
    catalogue = list(spanish)  # type: ignore[call-overload]
    expect_none([message.id for message in catalogue if message.id and message.fuzzy])
    expect_none([message.id for message in catalogue if (tool._lookup(message), message.context) not in wanted])


def test_placeholders_are_the_same(tool: ModuleType, spanish: object) -> None:
    wrong = []
    for message in spanish:  # type: ignore[attr-defined]
        if not message.id or not tool.is_translated(message):
            continue
        sources = message.id if isinstance(message.id, tuple | list) else (message.id,)
        targets = message.string if isinstance(message.string, tuple | list) else (message.string,)
        allowed = set().union(*(tool.fields(text) for text in sources))
        # "one message" may drop the number; nothing may add a field the program does not fill.
        if any(not tool.fields(text) <= allowed for text in targets) or tool.fields(targets[-1]) != allowed:
            wrong.append(message.id)
    expect_none(wrong)


def test_the_compiled_catalogue_is_current(tool: ModuleType, spanish: object) -> None:
    assert tool.po_path("es").with_suffix(".mo").read_bytes() == tool.mo_bytes(spanish)


def called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def has_words(node: ast.expr) -> bool:
    """Say whether a literal holds something to translate: at least two letters in a row."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        text = node.value
    elif isinstance(node, ast.JoinedStr):
        text = " ".join(part.value for part in node.values if isinstance(part, ast.Constant))
    else:
        return False
    text = re.sub(r"<[^>]*>|&\w+;", " ", text).replace("CM Desk", "")  # markup and the name are no words
    return any(first.isalpha() and second.isalpha() for first, second in pairwise(text))


def untranslated(tree: ast.AST) -> list[tuple[int, str]]:
    """Return the literals that are shown without having been through a marker."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and called(node) in SHOWN:
            shown = [node.args[at] for at in SHOWN[called(node)] if at < len(node.args)]
            shown += [
                keyword.value for keyword in node.keywords if keyword.arg in {"text", "title", "tooltip", "label"}
            ]
            found += [(node.lineno, ast.unparse(part)) for part in shown if has_words(part)]
    return found


def test_no_shown_literal_escapes_translation(trees: Trees) -> None:
    found = [
        f"{path}:{line}: {text}"
        for path, tree in trees.items()
        if path.parts[0] == "ui"
        for line, text in untranslated(tree)
    ]
    expect_none(found)


def test_only_literals_are_marked(trees: Trees) -> None:
    """An f-string or a computed text is never extracted; a variable is fine where it was marked with N_ before."""
    found = []
    for path, tree in trees.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and called(node) in MARKERS and node.args:
                wrong = [part for part in node.args if isinstance(part, ast.JoinedStr | ast.BinOp)]
                computed = any(isinstance(part, ast.Call) and called(part) == "format" for part in node.args)
                if wrong or computed:
                    found.append(f"{path}:{node.lineno}: {ast.unparse(node)}")
    expect_none(found)


def test_the_literal_check_can_fail() -> None:
    assert untranslated(ast.parse('label.setText("Save")'))
    assert untranslated(ast.parse('QPushButton(f"Save {name}")'))
    assert not untranslated(ast.parse('label.setText(_("Save"))'))
    assert not untranslated(ast.parse('label.setText("–")'))


def test_each_thread_speaks_its_own_language(monkeypatch: pytest.MonkeyPatch) -> None:
    """A report in the client's language does not change the window's."""
    heard: list[str] = []

    def report() -> None:
        with i18n.using("es-MX"):
            heard.append(i18n.language())

    with i18n.using("en"):
        thread = threading.Thread(target=report)
        thread.start()
        thread.join()
        heard.append(i18n.language())
    assert heard == ["es", "en"]


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"LANGUAGE": "ca:es:en"}, "es"),
        ({"LANG": "es_AR.UTF-8"}, "es"),
        ({"LC_ALL": "C.UTF-8", "LANG": "es_ES.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({}, "en"),
    ],
)
def test_the_system_language_is_found(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], expected: str
) -> None:
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert i18n.system_language() == expected
