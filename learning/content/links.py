"""Where a link may lead: to the web, to a mailbox, to a lesson, to a page of the site, to a section of the lesson."""

from __future__ import annotations

import re
from dataclasses import dataclass

from learning.content.problems import shortened
from learning.content.schemas import is_id

_WEB = re.compile(r"https?://[^\s\\<>\"]+")
_MAIL = re.compile(r"mailto:[^\s\\<>\":/?]+@[^\s\\<>\":/?]+")
#: Not ``//host`` and not ``/\\host``, which browsers take for another site.
_SITE = re.compile(r"/(?![/\\])[^\s\\<>\"]*")
_SECTION = re.compile(r"#[a-z][a-z0-9-]*")
_ENTITY = re.compile(r"&#?\w+;")


class BadLink(Exception):
    """A link may not lead there; the message ends a sentence that starts with its line."""


@dataclass(frozen=True, slots=True)
class Target:
    """The address to write, and what must exist for it to lead somewhere."""

    href: str
    lesson: str | None = None
    section: str | None = None

    @property
    def leaves_site(self) -> bool:
        """Whether another site opens."""
        return self.href.startswith(("https:", "http:"))


def target(address: str) -> Target:
    """The target of an address as the author wrote it. Raises BadLink."""
    if address.startswith("lesson:"):
        lesson = address.removeprefix("lesson:")
        if not is_id(lesson):
            raise BadLink(f"links to the lesson `{shortened(lesson)}`: write lesson: and its id")
        return Target(f"/lessons/{lesson}", lesson=lesson)
    # The address is unescaped already; what still looks escaped would be unescaped again by the browser.
    if _ENTITY.search(address):
        raise BadLink("links to an address with an &…; sign: write the sign itself")
    if _SECTION.fullmatch(address):
        return Target(address, section=address[1:])
    if any(rule.fullmatch(address) for rule in (_WEB, _MAIL, _SITE)):
        return Target(address)
    raise BadLink(f"links to `{shortened(address)}`: write https://…, mailto:…, lesson:id, /path or #section")
