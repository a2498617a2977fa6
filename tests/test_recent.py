"""The memory of the values used last."""

from __future__ import annotations

from learning.recent import Recent


def test_what_is_kept_is_found() -> None:
    recent: Recent[str, int] = Recent(2)
    recent.keep("a", 1)
    assert recent.get("a") == 1
    assert recent.get("b") is None


def test_the_one_unused_for_longest_goes_first() -> None:
    recent: Recent[str, int] = Recent(2)
    recent.keep("a", 1)
    recent.keep("b", 2)
    recent.get("a")
    recent.keep("c", 3)
    assert [recent.get(key) for key in "abc"] == [1, None, 3]


def test_keeping_again_counts_as_use() -> None:
    recent: Recent[str, int] = Recent(2)
    recent.keep("a", 1)
    recent.keep("b", 2)
    recent.keep("a", 3)
    recent.keep("c", 4)
    assert [recent.get(key) for key in "abc"] == [3, None, 4]
