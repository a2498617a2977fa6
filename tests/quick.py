"""What makes a thousand sites in one process cheap: what is the same in all of them is worked out once."""

from __future__ import annotations

from collections.abc import Callable
from types import CodeType
from typing import Any, ClassVar

from argon2 import PasswordHasher
from jinja2.bccache import Bucket, BytecodeCache
from werkzeug.routing import Rule
from whitenoise import WhiteNoise

#: The price of a password is for whoever tries a million of them; tests sign in a thousand times.
CHEAP_HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
CHEAP_NOBODYS_HASH = CHEAP_HASHER.hash("a password that nobody has")


class KeptRule(Rule):
    """A rule that is parsed once for all sites, and writes the code that builds its address when one is first built.

    Parsing rules and compiling two functions for each takes most of the time in which a site is made.
    """

    _kept: ClassVar[dict[tuple[object, ...], dict[str, Any]]] = {}

    def compile(self) -> None:
        defaults = tuple(sorted((self.defaults or {}).items()))
        key = (self.rule, self.subdomain, self.host, self.merge_slashes, self.map.host_matching, defaults)
        if key not in self._kept:
            super().compile()
            self._kept[key] = {name: vars(self)[name] for name in ("_parts", "_trace", "_converters", "arguments")}
            self._kept[key]["builders"] = self._build.__func__, self._build_unknown.__func__  # type: ignore[attr-defined]
        kept = self._kept[key].copy()
        self._build, self._build_unknown = (each.__get__(self, None) for each in kept.pop("builders"))
        vars(self).update(kept)

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        compile_now = super()._compile_builder
        compiled: list[Callable[..., tuple[str, str]]] = []

        def build(rule: Rule, /, **values: object) -> tuple[str, str]:
            if not compiled:
                compiled.append(compile_now(append_unknown))
            return compiled[0](rule, **values)

        return build


class KeptTemplates(BytecodeCache):
    """The compiled templates of all sites of one process, by their name and what stands in them."""

    def __init__(self) -> None:
        self._codes: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        assert bucket.code is not None
        self._codes[bucket.key, bucket.checksum] = bucket.code


class KeptFiles(WhiteNoise):  # type: ignore[misc]
    """Static files whose sizes, dates and headers are read once; the prefix names what stands in them."""

    _kept: ClassVar[dict[tuple[str, str], dict[str, Any]]] = {}

    def update_files_dictionary(self, root: str, prefix: str) -> None:
        if (root, prefix) not in self._kept:
            super().update_files_dictionary(root, prefix)
            self._kept[root, prefix] = self.files
        self.files = {**self.files, **self._kept[root, prefix]}
