"""Things that must never appear in the program, found in its syntax tree (the security list's AST checks)."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.quality.findings import expect_none

Trees = dict[Path, ast.Module]

DYNAMIC_CODE = {"eval", "exec", "compile", "__import__"}
UNSAFE_MODULES = {"pickle", "marshal", "shelve", "dill", "yaml", "xml.etree.ElementTree", "telnetlib"}
SQL_CALLS = {"execute", "executemany", "executescript", "query"}
#: Names of constants and of helpers that yield identifiers or placeholders, never values.
SQL_CONSTANT = str.isupper


def dotted(node: ast.expr) -> str:
    """Return "a.b.c" for a chain of names, else ""."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        left = dotted(node.value)
        return f"{left}.{node.attr}" if left else node.attr
    return ""


def calls(tree: ast.AST) -> Iterator[tuple[ast.Call, str]]:
    """Yield every call with the name it is made by."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield node, dotted(node.func)


def find(trees: Trees, within: Callable[[Path], bool], wrong: Callable[[ast.Call, str], bool]) -> list[str]:
    """Return the places of the calls that are wrong."""
    return [
        f"{path.as_posix()}:{call.lineno}: {name}"
        for path, tree in trees.items()
        if within(path)
        for call, name in calls(tree)
        if wrong(call, name)
    ]


def everywhere(path: Path) -> bool:
    return True


def in_ui(path: Path) -> bool:
    return path.parts[0] == "ui"


def test_tls_verification_cannot_be_turned_off(trees: Trees) -> None:
    def wrong(call: ast.Call, name: str) -> bool:
        return any(
            keyword.arg in {"verify", "cert_reqs", "check_hostname"} for keyword in call.keywords
        ) or name.endswith(("_create_unverified_context", "disable_warnings"))

    expect_none(find(trees, everywhere, wrong))
    assigned = [
        f"{path}:{node.lineno}"
        for path, tree in trees.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Attribute) and target.attr in {"verify", "verify_mode", "check_hostname"}
    ]
    expect_none(assigned)


def test_no_code_from_data_and_no_shell(trees: Trees) -> None:
    def wrong(call: ast.Call, name: str) -> bool:
        shell = any(keyword.arg == "shell" for keyword in call.keywords)
        return name in DYNAMIC_CODE or name in {"os.system", "os.popen"} or shell

    expect_none(find(trees, everywhere, wrong))


def test_no_unsafe_reader_is_imported(trees: Trees) -> None:
    found = []
    for path, tree in trees.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                names = {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                names = {node.module or ""}
            else:
                continue
            found += [f"{path}:{node.lineno}: {name}" for name in names & UNSAFE_MODULES]
    expect_none(found)


def is_constant_sql(node: ast.expr) -> bool:
    """Say whether an SQL text is made of literals and CONSTANT identifiers only."""
    if isinstance(node, ast.Constant):
        return True
    if isinstance(node, ast.Subscript):
        return is_constant_sql(node.value)  # STATEMENTS[field]
    if isinstance(node, ast.Name | ast.Attribute):
        return True  # a name: what was assigned to it is checked where it is built
    if isinstance(node, ast.JoinedStr):
        return all(is_identifier(part.value) for part in node.values if isinstance(part, ast.FormattedValue))
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return is_constant_sql(node.left) and is_constant_sql(node.right)
    if isinstance(node, ast.Call):
        # "".join(parts) and helper functions build from parts that are checked where they are written
        return not (isinstance(node.func, ast.Attribute) and node.func.attr == "format")
    return isinstance(node, ast.IfExp) and is_constant_sql(node.body) and is_constant_sql(node.orelse)


def is_identifier(node: ast.expr) -> bool:
    """Say whether an interpolated part is a CONSTANT or a run of placeholders."""
    name = dotted(node).rpartition(".")[2]
    return (
        SQL_CONSTANT(name.strip("_"))
        or name in {"marks", "placeholders"}
        or dotted(getattr(node, "func", node))
        in {
            "marks",
            "placeholders",
        }
    )


def test_sql_is_never_formatted_with_values(trees: Trees) -> None:
    def wrong(call: ast.Call, name: str) -> bool:
        return name.rpartition(".")[2] in SQL_CALLS and bool(call.args) and not is_constant_sql(call.args[0])

    expect_none(find(trees, lambda path: path.parts[:2] == ("cmdesk", "store"), wrong))


def test_the_window_never_blocks(trees: Trees) -> None:
    def wrong(call: ast.Call, name: str) -> bool:
        return name.endswith(("processEvents", "time.sleep")) or name == "sleep"

    expect_none(find(trees, in_ui, wrong))


def test_no_dialog_is_executed_inside_a_coroutine(trees: Trees) -> None:
    """A nested loop inside a task stops every other task for good."""
    found = []
    for path, tree in trees.items():
        if not in_ui(path):
            continue
        for function in ast.walk(tree):
            if isinstance(function, ast.AsyncFunctionDef):
                found += [
                    f"{path}:{call.lineno}: {name}"
                    for call, name in calls(function)
                    if name.rpartition(".")[2] in {"exec", "exec_", "getOpenFileName", "getSaveFileName", "question"}
                ]
    expect_none(found)


def test_tasks_are_never_started_without_a_keeper(trees: Trees) -> None:
    """`ui.bridge.spawn` reports errors and cancels with its owner; a bare create_task does neither."""

    def wrong(call: ast.Call, name: str) -> bool:
        return name.endswith(("create_task", "ensure_future", "asyncSlot", "asyncClose"))

    expect_none(find(trees, lambda path: in_ui(path) and path.name not in {"bridge.py", "application.py"}, wrong))


PLAIN_TEXT_HOMES = ("ui/widgets/", "ui/theme", "ui/notices")


def test_text_goes_through_the_plain_text_widgets(trees: Trees) -> None:
    """QLabel and tooltips guess HTML from their text; the widgets of ui.widgets never do."""

    def wrong(call: ast.Call, name: str) -> bool:
        return name in {"QLabel", "QMessageBox", "QTextBrowser"} or name.endswith(
            (".setToolTip", ".setHtml", ".setStatusTip")
        )

    def within(path: Path) -> bool:
        return in_ui(path) and not path.as_posix().startswith(PLAIN_TEXT_HOMES)

    expect_none(find(trees, within, wrong))


def test_dependencies_are_imported_late(trees: Trees) -> None:
    """The window opens before the slow ones are read: they are imported inside the functions that need them."""
    slow = {"keyring", "PIL", "babel", "msgspec", "holidays"}
    found = []
    for path, tree in trees.items():
        if path.parts[:2] in {("cmdesk", "networks"), ("cmdesk", "reports"), ("ui", "reports")}:
            continue  # these are themselves imported late
        for node in tree.body:
            names = (
                [alias.name for alias in node.names]
                if isinstance(node, ast.Import)
                else [node.module or ""]
                if isinstance(node, ast.ImportFrom)
                else []
            )
            found += [f"{path}:{node.lineno}: {name}" for name in names if name.partition(".")[0] in slow]
    expect_none(found)


@pytest.mark.parametrize(
    ("code", "right"),
    [
        ('db.execute("select 1")', True),
        ('db.execute(f"select {COLUMNS} from post")', True),
        ('db.execute(f"select * from post where id = {post_id}")', False),
        ('db.execute("select * from post where id = %s" % post_id)', False),
        ('db.execute("select * from {}".format(name))', False),
        ('db.execute("select a " + WHERE)', True),
    ],
)
def test_the_sql_check_can_fail(code: str, right: bool) -> None:
    call = ast.parse(code, mode="eval").body
    assert isinstance(call, ast.Call)
    assert is_constant_sql(call.args[0]) is right
