"""Whether a page in the browser is accessible, light and dark, and within its window."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import Visitor
from tests.proof import PROVE

AXE: str = Axe().axe_script
#: What axe found wrong, and no more: all that it found right is a hundred times as much.
RUN = """options => axe.run(document, {resultTypes: ["violations"], ...options}).then(({violations}) => violations.map(
    ({id, nodes}) => ({id, nodes: nodes.slice(0, 2).map(({html, failureSummary}) => [html, failureSummary || ""])})
))"""
#: The rules of axe that look at colours: nothing else differs between light and dark. They take most of its time.
COLOURS = ("color-contrast", "link-in-text-block")
SCHEMES = ("light", "dark")
#: Windows that are wider stand for the wide ones.
NARROW = 700


def complaints(visitor: Visitor, where: str) -> list[str]:
    """What is wrong with the page that is open, each beginning with ``where``.

    In the short form colours are looked at in light where the window is narrow and in dark where it is wide.
    """
    page = visitor.page
    page.wait_for_load_state()
    page.evaluate(AXE)
    standing = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'")
    results = {"": page.evaluate(RUN, {"rules": {rule: {"enabled": False} for rule in COLOURS}})}
    for scheme in SCHEMES if PROVE else (SCHEMES[visitor.width > NARROW],):
        page.emulate_media(color_scheme=scheme)
        results[scheme] = page.evaluate(RUN, {"runOnly": list(COLOURS)})
    page.emulate_media(color_scheme=standing)
    found = [
        f"{where}, {colours}: {violation['id']}: {html[:160]} {summary[:200]}"
        for colours, violations in results.items()
        for violation in violations
        for html, summary in violation["nodes"]
    ]
    if visitor.sideways() > 0:
        found.append(f"{where}: {visitor.sideways()} px wider than the window")
    return found
