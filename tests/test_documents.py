"""The documents say what the code does: settings, commands, question types, targets, tests, links.

``python -m tests.test_documents`` writes the table of settings into docs/operating.md.
"""

from __future__ import annotations

import json
import re
import shlex
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import click
import pytest
from flask.cli import FlaskGroup, ScriptInfo
from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from learning import create_app
from learning.accounts.browser import device_cookie_name
from learning.ballots.database import BallotsTable
from learning.config import PROJECT, Settings, load_settings
from learning.content import model, schemas
from learning.content.expressions import FUNCTIONS
from learning.database import Table
from learning.web.policies import Policy
from tests.attacks.index import ATTACKS

DOCS = PROJECT / "docs"
OPERATING = DOCS / "operating.md"
PICTURES = DOCS / "pictures"
START, END = "<!-- settings -->\n", "<!-- /settings -->"
#: Targets of the Makefile that only others call: files, and what has a dot in front.
INTERNAL = re.compile(r"[./]")


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


# Settings


def settings_table() -> str:
    """The table of settings, from the fields of the class."""
    lines = ["| Variable | Default | What it does |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        default = field.default
        assert default is not PydanticUndefined, f"{name} has no default"
        if isinstance(default, Path):
            default = default.relative_to(PROJECT)
        shown = {True: "on", False: "off"}.get(default, str(default)) if isinstance(default, bool) else str(default)
        shown = "" if default in ("", ()) else f"`{shown}`"
        lines.append(f"| `HEADWATER_{name.upper()}` | {shown} | {field.description} |")
    return "\n".join(lines) + "\n"


def with_settings(text: str) -> str:
    """The page with a fresh table between its markers."""
    head, _, rest = text.partition(START)
    return head + START + settings_table() + END + rest.partition(END)[2]


def test_the_table_of_settings_is_what_the_code_says() -> None:
    text = read(OPERATING)
    assert START in text
    assert END in text
    assert with_settings(text) == text, "Write it with: .venv/bin/python -m tests.test_documents"


def test_every_setting_has_a_description() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


def test_no_document_names_a_setting_that_does_not_exist() -> None:
    known = {f"HEADWATER_{name.upper()}" for name in Settings.model_fields}
    # Read by the tests and by the Makefile, not by the site.
    known |= {"HEADWATER_TEST_POSTGRESQL", "HEADWATER_PROVE"}
    named = {(page.name, name) for page in pages() for name in re.findall(r"HEADWATER_[A-Z_]+[A-Z]", read(page))}
    assert {(page, name) for page, name in named if name not in known} == set()


# Commands


def commands() -> Iterator[str]:
    """Every command of the flask program as it is typed, with those of its groups."""
    group = FlaskGroup(create_app=lambda: create_app(load_settings(secret_key="k" * 40)))
    with click.Context(group, obj=ScriptInfo(create_app=group.create_app)) as context:
        # Asked so, the program brings Flask's own commands and those of the extensions too.
        found = {name: group.get_command(context, name) for name in group.list_commands(context)}
        yield from _walk({name: command for name, command in found.items() if command}, ())


def _walk(found: dict[str, click.Command], before: tuple[str, ...]) -> Iterator[str]:
    for name, command in sorted(found.items()):
        if isinstance(command, click.Group):
            with click.Context(command) as context:
                inner = {each: command.get_command(context, each) for each in command.list_commands(context)}
            yield from _walk({each: one for each, one in inner.items() if one}, (*before, name))
        else:
            yield " ".join((*before, name))


def test_every_command_is_on_the_page_for_operators() -> None:
    text = read(OPERATING)
    # In the table or in a sentence, alone or with its arguments.
    missing = [name for name in commands() if not re.search(rf"`{re.escape(name)}[` ]", text)]
    assert missing == []


def test_no_document_names_a_command_that_does_not_exist() -> None:
    known = set(commands())
    groups = {name.split()[0] for name in known if " " in name}
    for page in pages():
        for typed in re.findall(r"flask --app wsgi ([a-z][a-z -]*)", read(page)):
            words = typed.split()
            name = " ".join(words[:2]) if words[0] in groups else words[0]
            assert name in known, f"{page.name} names the command {name!r}"


# What authors write


def question_types() -> set[str]:
    """The types of the union of all questions."""
    union = get_args(getattr(model.Question, "__value__", model.Question))
    members = get_args(union[0]) if len(union) and get_args(union[0]) else union
    return {member.__dataclass_fields__["type"].default for member in members}


def test_every_question_type_is_explained_to_authors() -> None:
    types = question_types()
    assert len(types) == 8
    text = read(DOCS / "authoring.md")
    assert {name for name in types if f"| `{name}` |" not in text} == set()


def keys(entry: type[BaseModel]) -> Iterator[str]:
    """The keys that an author may write in an entry and in all within it."""
    for name, field in entry.model_fields.items():
        yield field.alias or name
        for inner in _entries(field.annotation):
            yield from keys(inner)


def _entries(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _entries(inner)


FILES = [
    schemas.LessonFront,
    schemas.CalculatorBlock,
    schemas.QuizFront,
    schemas.ModuleFile,
    schemas.CourseFile,
    schemas.TermEntry,
    schemas.SourceEntry,
    schemas.ConstantEntry,
    schemas.InstrumentFile,
]


@pytest.mark.parametrize("entry", FILES, ids=lambda entry: entry.__name__)
def test_every_key_of_every_kind_of_file_is_explained_to_authors(entry: type[BaseModel]) -> None:
    text = read(DOCS / "authoring.md")
    # As YAML in an example, in a flow mapping, or in a sentence.
    missing = {key for key in keys(entry) if not re.search(rf"(?:^|[\s{{-]){key}:|`{key}`", text, re.MULTILINE)}
    assert missing == set()


def test_every_function_of_formulas_is_named_to_authors() -> None:
    text = read(DOCS / "authoring.md")
    assert {name for name in FUNCTIONS if not re.search(rf"\b{name}\b", text)} == set()


# The Makefile


def targets() -> set[str]:
    """Targets of the Makefile for people."""
    found = re.findall(r"^([\w./-]+):(?!=)", read(PROJECT / "Makefile"), re.MULTILINE)
    return {name for name in found if not INTERNAL.search(name)}


def test_every_make_target_is_in_the_guide_for_contributors() -> None:
    text = read(PROJECT / "CONTRIBUTING.md")
    assert {name for name in targets() if f"`make {name}`" not in text} == set()


def test_no_document_names_a_make_target_that_does_not_exist() -> None:
    named = {
        (page.name, name)
        for page in pages()
        for name in re.findall(r"(?:`|^|[A-Z]=\S+ )make ([a-z]+)", read(page), re.M)
    }
    assert {(page, name) for page, name in named if name not in targets()} == set()


# Promises


def test_every_promise_names_a_test_that_exists() -> None:
    text = read(DOCS / "promises.md")
    named = re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", text)
    assert len(named) >= 10
    assert len(re.findall(r"`test", text)) == len(named), "Name a test as `tests/file.py::test_name`."
    assert [f"{path}::{name}" for path, name in named if f"def {name}(" not in read(PROJECT / path)] == []


def test_every_row_of_promises_names_its_proof() -> None:
    rows = [line for line in read(DOCS / "promises.md").splitlines() if line.startswith("| ")]
    headings = [line for line in rows if line.startswith("| When")]
    assert headings
    assert [line for line in rows if line not in headings and "::test_" not in line] == []


# Privacy


def test_every_table_is_on_the_page_about_privacy() -> None:
    create_app(load_settings(secret_key="k" * 40))  # its features bring their tables
    text = read(DOCS / "privacy.md")
    tables = [*Table.metadata.tables, *BallotsTable.metadata.tables]
    assert "response" in tables
    assert {name for name in tables if f"`{name}`" not in text} == set()


def test_every_cookie_is_on_the_page_about_privacy() -> None:
    text = read(DOCS / "privacy.md")
    for public_url in ("http://127.0.0.1", "https://learn.example.org"):
        app = create_app(load_settings(secret_key="k" * 40, public_url=public_url))
        with app.app_context():
            assert f"`{app.config['SESSION_COOKIE_NAME']}`" in text
            assert f"`{device_cookie_name()}`" in text


def attacks_on_the_page() -> list[list[str]]:
    """The rows of the table of attacks, cell by cell."""
    lines = [line for line in read(DOCS / "privacy.md").splitlines() if re.match(r"\| A\d+ \|", line)]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_the_table_of_attacks_is_what_the_tests_try() -> None:
    rows = attacks_on_the_page()
    assert [row[0] for row in rows] == list(ATTACKS)
    assert {len(row) for row in rows} == {5}
    assert [row[0] for row in rows if not all(row)] == []
    for path in {path for row in rows for path in re.findall(r"`([^`]+)`", row[3])}:
        assert (PROJECT / path).is_file(), path


def test_no_attack_is_named_that_has_no_test() -> None:
    named = {f"A{number}" for number in re.findall(r"\bA(\d+)\b", read(DOCS / "privacy.md"))}
    assert named == set(ATTACKS)


# Architecture


def test_every_part_of_the_package_is_on_the_map() -> None:
    text = read(DOCS / "architecture.md")
    parts = {path.name + "/" for path in (PROJECT / "learning").iterdir() if (path / "__init__.py").exists()}
    parts |= {path.name for path in (PROJECT / "learning").glob("*.py")}
    assert {part for part in parts if f"`{part}`" not in text} == set()


def test_every_policy_is_explained() -> None:
    text = read(DOCS / "architecture.md")
    assert {policy.name for policy in Policy if f"`{policy.name}`" not in text} == set()


# Links


def pages() -> list[Path]:
    """Every document."""
    return sorted([*DOCS.glob("*.md"), *(PROJECT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md"))])


def links(document: Path) -> list[str]:
    """Relative links and pictures of a page, but for what stands in code."""
    prose = re.sub(r"```.*?```|`[^`]*`", "", read(document), flags=re.DOTALL)
    found = re.findall(r"\]\(([^)\s]+)\)", prose)
    return [link for link in found if not re.match(r"[a-z]+:", link)]


@pytest.mark.parametrize("document", pages(), ids=lambda document: str(document.relative_to(PROJECT)))
def test_every_link_leads_to_a_file(document: Path) -> None:
    for link in links(document):
        path, _, anchor = link.partition("#")
        target = (document.parent / path).resolve() if path else document
        # Made by `make pictures`; from then on each must be there.
        if PICTURES in target.parents and not any(PICTURES.glob("*.png")):
            continue
        assert target.exists(), f"{document.name} links to {link}"
        if anchor:
            headings = re.findall(r"^#+ (.+)$", read(target), re.MULTILINE)
            assert anchor in {re.sub(r"[^\w -]", "", each.lower()).replace(" ", "-") for each in headings}, link


def test_the_readme_shows_two_pictures_and_leads_to_every_document() -> None:
    found = links(PROJECT / "README.md")
    assert len([link for link in found if link.endswith(".png")]) == 2
    assert {f"docs/{page.name}" for page in DOCS.glob("*.md")} <= set(found)


# Backup


def test_the_backup_command_keeps_what_a_plain_copy_misses(tmp_path: Path) -> None:
    (tmp_path / "var").mkdir()
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "python").symlink_to(sys.executable)
    source = tmp_path / "var" / "headwater.db"
    site = sqlite3.connect(source)
    site.execute("PRAGMA journal_mode=wal")
    site.execute("CREATE TABLE answer (value TEXT)")
    site.commit()
    site.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    site.execute("INSERT INTO answer VALUES ('saved')")
    site.commit()
    plain = tmp_path / "plain.db"
    plain.write_bytes(source.read_bytes())
    match = re.search(r"<!-- backup -->\n```sh\n(.+?)```", read(OPERATING), re.DOTALL)
    assert match
    subprocess.run(["sh", "-ec", match.group(1)], cwd=tmp_path, check=True)
    (backup,) = tmp_path.glob("backup-*.db")
    assert _values(plain) == []
    assert _values(backup) == ["saved"]
    site.close()


def _values(path: Path) -> list[str]:
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    found = [value for (value,) in connection.execute("SELECT value FROM answer")]
    connection.close()
    return found


def test_the_page_for_operators_tells_how_logs_look(tmp_path: Path) -> None:
    program = (
        "from learning import create_app; from learning.config import load_settings; import structlog, sys;"
        f"create_app(load_settings(data={str(tmp_path)!r})); structlog.get_logger().error('a trial')"
    )
    run = subprocess.run([sys.executable, "-c", program], cwd=PROJECT, capture_output=True, text=True, check=True)
    lines = [line for line in (run.stdout + run.stderr).splitlines() if "a trial" in line]
    assert len(lines) == 1
    assert _is_json(lines[0]) != ("not JSON" in read(OPERATING))


def _is_json(line: str) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except ValueError:
        return False


# The tree

#: Written in two parts, so that this file does not name them itself.
HOSTS = ["pypi" + ".org", "files.pythonhosted" + ".org", "registry.npmjs" + ".org", "deb.debian" + ".org"]
MACHINE = re.compile(r"(?<![\w.}*-])/(?:work|root|home)" + "/")


def tree() -> list[Path]:
    """Files of the tree as git lists them, and those that are about to be added."""
    command = shlex.split("git ls-files -z --cached --others --exclude-standard")
    try:
        listed = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True).stdout.split("\0")
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("git does not list this tree")
    return [PROJECT / name for name in listed if name and (PROJECT / name).is_file()]


def test_no_file_names_a_package_host_or_a_folder_of_one_machine() -> None:
    named = []
    for path in tree():
        data = path.read_bytes()
        if b"\0" in data[:8000]:
            continue  # a font or a picture
        for number, line in enumerate(data.decode("utf-8", "replace").splitlines(), start=1):
            if any(host in line for host in HOSTS) or MACHINE.search(line):
                named.append(f"{path.relative_to(PROJECT)}:{number}: {line.strip()[:100]}")
    assert named == []


if __name__ == "__main__":
    OPERATING.write_text(with_settings(read(OPERATING)), encoding="utf-8")
