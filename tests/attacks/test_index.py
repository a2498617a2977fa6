"""No attack is without a test, no test of an attack is missing from the index, and each says what it tried."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from learning.config import PROJECT
from tests.attacks.index import ATTACKS

NAMED = re.compile(r"test_(a\d+(?:_(?:and_)?a\d+)*)_")
MARK = "pytest.mark.prove"


@dataclass(frozen=True)
class Found:
    """A test that is named after attacks."""

    node: str
    attacks: tuple[str, ...]
    #: Runs in ``make prove``.
    proves: bool
    source: str


def named_after_attacks() -> Iterator[Found]:
    """As they stand in the files."""
    for path in sorted((PROJECT / "tests").rglob("test_*.py")):
        text = path.read_text(encoding="utf-8")
        for function in ast.parse(text).body:
            if isinstance(function, ast.FunctionDef) and (named := NAMED.match(function.name)):
                proves = f"pytestmark = {MARK}" in text or any(
                    ast.unparse(decorator) == MARK for decorator in function.decorator_list
                )
                yield Found(
                    f"{path.relative_to(PROJECT)}::{function.name}",
                    tuple(re.findall(r"a\d+", named.group(1))),
                    proves,
                    ast.get_source_segment(text, function) or "",
                )


def test_every_attack_has_its_tests_and_every_test_its_attack() -> None:
    assert list(ATTACKS) == [f"A{number}" for number in range(1, 26)]
    found: dict[str, list[str]] = {attack: [] for attack in ATTACKS}
    for test in named_after_attacks():
        for attack in test.attacks:
            found[attack.upper()].append(test.node)
    for attack, tests in ATTACKS.items():
        print(f"\n{attack}: {', '.join(tests)}", end="")
        assert tests, f"{attack} has no test"
        assert sorted(tests) == sorted(found[attack]), attack


def test_every_attack_is_proved_in_full_and_says_what_it_tried() -> None:
    tests = list(named_after_attacks())
    assert [test.node for test in tests if not test.proves] == [], "Mark it with pytest.mark.prove."
    for attack in ATTACKS:
        said = [test.node for test in tests if re.search(rf'print\(\s*f?"(?:\\n)?{attack}\b', test.source)]
        assert said, f"No test of {attack} prints what it tried and found"
