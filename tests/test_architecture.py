"""The rules of the layout that a test can hold. docs/architecture.md says why each one is there."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent

TOP_LEVEL = {
    *("manage.py", "screening", "policies", "config", "templates", "tests", "docs", "bench", "locale"),
    *("requirements.txt", "requirements-dev.txt", "docker-compose.yml", "Dockerfile", "Makefile", "Procfile"),
    *("pyproject.toml", "README.md", "CHANGELOG.md", "LICENSE"),
}
TEST_FOLDERS = {
    "engine",
    "labelled",
    "policies",
    "screening",
    "api",
    "web",
    "services",
    "e2e",
    "properties",
    "acceptance",
}
MADE_HERE = {"var", "__pycache__"}
NOT_TEXT = {".png", ".gz", ".zip", ".mo", ".xlsx", ".ico", ".pdf"}

ENGINE_MAY_IMPORT = {
    *("__future__", "bisect", "collections", "dataclasses", "datetime", "decimal", "enum", "fractions", "functools"),
    *(
        "hashlib",
        "heapq",
        "itertools",
        "json",
        "math",
        "operator",
        "re",
        "string",
        "struct",
        "types",
        "typing",
        "unicodedata",
        "zlib",
        "numpy",
        "html",
        "Stemmer",
    ),
    *("anyascii", "rapidfuzz", "google", "cel_expr_python", "policies"),
}
ONLY_HERE = {"cel_expr_python": {"language.py", "evaluate.py"}, "google": {"schema.py"}}
IMPURE_CALLS = {"now", "today", "utcnow", "open", "read_text", "read_bytes", "write_text", "print", "input"}

MODULE_LINES = 260
FUNCTION_LINES = 40


def project_files() -> list[Path]:
    """What belongs to the project: what git knows or would add; in a copy without git, every file not made here."""
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listing.returncode == 0:
        return sorted(ROOT / name for name in listing.stdout.split("\0") if name and (ROOT / name).is_file())
    return sorted(
        path
        for path in ROOT.rglob("*")
        if path.is_file()
        and not MADE_HERE & set(path.relative_to(ROOT).parts)
        and not any(part.startswith(".") for part in path.relative_to(ROOT).parts)
    )


def shown(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


FILES = project_files()
SOURCES = [
    path
    for path in FILES
    if path.suffix == ".py"
    and shown(path).startswith(("config/", "screening/", "policies/"))
    and "migrations" not in path.parts
]
ENGINE = [path for path in SOURCES if shown(path).startswith("policies/engine/")]
TEMPLATES = [path for path in FILES if path.suffix in {".html", ".svg"} and "tests" not in path.parts]
TREES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in SOURCES}


def imported(tree: ast.AST) -> Iterator[str]:
    """Dotted names of the modules that a module imports, wherever the statement stands."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def calls(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and last name of everything that is called: `date.today()` gives `today`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            target = node.func
            name = (
                target.id if isinstance(target, ast.Name) else target.attr if isinstance(target, ast.Attribute) else ""
            )
            yield node.lineno, name


def test_the_top_level_holds_only_what_the_layout_names() -> None:
    found = {path.relative_to(ROOT).parts[0] for path in FILES}
    assert {name for name in found if not name.startswith(".")} - TOP_LEVEL == set()


def test_the_listing_finds_the_project() -> None:
    """Guards the lists above: an empty listing would let every other test here pass."""
    assert {"screening", "policies", "config"} <= {shown(path).split("/")[0] for path in SOURCES}
    assert {"facts.py", "screen.py"} <= {path.name for path in ENGINE}


def test_tests_stand_in_the_folder_of_what_they_test() -> None:
    folders = {path.relative_to(ROOT).parts[1] for path in FILES if shown(path).startswith("tests/")}
    assert {name for name in folders if "." not in name} - TEST_FOLDERS == set()


@pytest.mark.parametrize("path", ENGINE, ids=shown)
def test_the_engine_imports_plain_python_only(path: Path) -> None:
    names = set(imported(TREES[path]))
    assert {name for name in names if name.split(".")[0] not in ENGINE_MAY_IMPORT} == set()
    assert {name for name in names if name.startswith("policies") and not name.startswith("policies.engine")} == set()
    for package, modules in ONLY_HERE.items():
        assert package not in {name.split(".")[0] for name in names} or path.name in modules


@pytest.mark.parametrize("path", ENGINE, ids=shown)
def test_the_engine_asks_no_clock_and_touches_no_file(path: Path) -> None:
    assert [f"line {line}: {name}()" for line, name in calls(TREES[path]) if name in IMPURE_CALLS] == []


@pytest.mark.parametrize("path", SOURCES, ids=shown)
def test_a_module_stays_readable_in_one_sitting(path: Path) -> None:
    length = len(path.read_text(encoding="utf-8").splitlines())
    assert length <= MODULE_LINES
    functions = [node for node in ast.walk(TREES[path]) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    long = {node.name: (node.end_lineno or 0) - node.lineno + 1 for node in functions}
    assert {name: lines for name, lines in long.items() if lines > FUNCTION_LINES} == {}


@pytest.mark.parametrize("path", SOURCES, ids=shown)
def test_a_module_says_what_it_is_for(path: Path) -> None:
    if path.name != "__init__.py" or path.stat().st_size:
        assert ast.get_docstring(TREES[path]), "the first line of a module is one sentence about it"


def test_no_module_is_a_drawer_for_odds_and_ends() -> None:
    drawers = {"utils", "util", "helpers", "helper", "common", "misc", "signals"}
    assert [shown(path) for path in SOURCES if drawers & {path.stem, *path.relative_to(ROOT).parts[:-1]}] == []


@pytest.mark.parametrize("path", SOURCES, ids=shown)
def test_nothing_happens_behind_a_save(path: Path) -> None:
    names = set(imported(TREES[path]))
    assert not names & {"django.dispatch", "django.db.models.signals", "django.core.signals"}
    if shown(path).startswith(("screening/models", "policies/models")):
        methods = {node.name for node in ast.walk(TREES[path]) if isinstance(node, ast.FunctionDef)}
        assert not methods & {"save", "delete", "save_base"}


@pytest.mark.parametrize("path", SOURCES, ids=shown)
def test_the_same_code_runs_on_both_databases(path: Path) -> None:
    assert [name for name in imported(TREES[path]) if name.startswith(("django.contrib.postgres", "psycopg"))] == []


INLINE = re.compile(r"<script(?![^>]*\bsrc=)[^>]*>|<style\b|\bstyle=|\son[a-z]+=|javascript:", re.IGNORECASE)
FOREIGN = re.compile(r"""<(?:script|link|img|iframe|source)\b[^>]*\b(?:src|href)=["'](?:https?:)?//""", re.IGNORECASE)


@pytest.mark.parametrize(
    "markup",
    [
        *("<script>go()</script>", '<p style="color: red">', '<a onclick="go()">', '<a href="javascript:go()">'),
        *('<script src="https://cdn.example/htmx.js"></script>', '<link rel="stylesheet" href="//cdn.example/a.css">'),
    ],
)
def test_markup_that_the_content_policy_forbids_is_recognised(markup: str) -> None:
    assert INLINE.search(markup) or FOREIGN.search(markup)


@pytest.mark.parametrize("path", TEMPLATES, ids=shown)
def test_templates_keep_the_content_policy(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert [match.group() for pattern in (INLINE, FOREIGN) for match in pattern.finditer(text)] == []


MACHINE_PATH = re.compile(r"(?<![\w.}])/(?:work|tmp|home|root|Users)/[\w.]")


def test_no_path_of_one_machine_is_in_the_tree() -> None:
    found = [
        f"{shown(path)}: {match.group()}"
        for path in FILES
        if path.suffix not in NOT_TEXT
        for match in MACHINE_PATH.finditer(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_a_path_of_one_machine_is_recognised() -> None:
    for path in ("/tmp" + "/list.csv", "'/home" + "/officer'", "/Users" + "/me"):
        assert MACHINE_PATH.search(path)
    assert not MACHINE_PATH.search("https://lists.example/home/page")


def test_every_package_is_pinned() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        lines = [line.split("#")[0].strip() for line in (ROOT / name).read_text(encoding="utf-8").splitlines()]
        assert [
            line for line in lines if line and not re.fullmatch(r"-r requirements\.txt|[\w.\[\],-]+==[\w.]+", line)
        ] == []


def test_production_starts_in_order_without_rights_and_only_with_its_secrets() -> None:
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    services = yaml.safe_load(text)["services"]
    assert set(services) == {"migrate", "web", "worker-1", "worker-2", "beat", "db", "redis"}
    for name in ("web", "worker-1", "worker-2", "beat"):
        waits = {other: wait["condition"] for other, wait in services[name]["depends_on"].items()}
        assert waits == {
            "migrate": "service_completed_successfully",
            "db": "service_healthy",
            "redis": "service_healthy",
        }
        assert services[name]["cap_drop"] == ["ALL"] and services[name]["read_only"] is True
    assert all("healthcheck" in services[name] for name in ("web", "worker-1", "worker-2", "db", "redis"))
    assert "${SECRET_KEY:?" in services["web"]["environment"]["SECRET_KEY"]
    assert "${POSTGRES_PASSWORD:?" in services["db"]["environment"]["POSTGRES_PASSWORD"]
    assert re.search(r"^USER (?!root)\w+", (ROOT / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE)


def test_decisions_are_numbered_and_short() -> None:
    records = sorted(path for path in FILES if path.parent == ROOT / "docs" / "adr")
    assert [path.name[:4] for path in records] == [f"{number:04}" for number in range(1, len(records) + 1)]
    lengths = {path.name: len(path.read_text(encoding="utf-8").splitlines()) for path in records}
    assert {name: lines for name, lines in lengths.items() if lines > 22} == {}


def test_the_documents_name_only_files_and_targets_that_exist() -> None:
    targets = set(re.findall(r"^([a-z0-9-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for path in (path for path in FILES if path.suffix == ".md"):
        text = path.read_text(encoding="utf-8")
        assert set(re.findall(r"`make ([a-z0-9-]+)", text)) - targets == set(), shown(path)
        links = re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", text)
        assert [link for link in links if not (path.parent / link).exists()] == [], shown(path)
