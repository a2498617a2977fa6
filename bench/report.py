"""Memory of a worker, and what a first visit carries over the wire."""

from __future__ import annotations

import gzip
import http.client
import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import brotli

from tests.server import Server


def worker_memory(master: int) -> float:
    """Resident megabytes of the largest child of a gunicorn master (Linux)."""
    sizes = []
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            text = status.read_text()
        except OSError:
            continue
        parent = re.search(r"^PPid:\s+(\d+)", text, re.M)
        resident = re.search(r"^VmRSS:\s+(\d+)", text, re.M)
        if parent and resident and int(parent.group(1)) == master:
            sizes.append(int(resident.group(1)) / 1024)
    return max(sizes)


class _Resources(HTMLParser):
    """Collects what a browser fetches with a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        wanted = {
            "link": given.get("href")
            if given.get("rel") in {"stylesheet", "icon", "preload", "modulepreload"}
            else None,
            "script": given.get("src"),
            "img": given.get("src"),
        }
        if address := wanted.get(tag):
            self.found.append(address)


def _fetch(server: Server, path: str) -> tuple[int, str]:
    """Bytes over the wire with headers, and the decoded text."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    connection.request("GET", path, headers={"Accept-Encoding": "br, gzip"})
    response = connection.getresponse()
    raw = response.read()
    if response.status != 200:
        raise RuntimeError(f"{path} gave {response.status}")
    head = sum(len(name) + len(value) + 4 for name, value in response.getheaders())
    match response.getheader("Content-Encoding"):
        case "br":
            body = brotli.decompress(raw)
        case "gzip":
            body = gzip.decompress(raw)
        case _:
            body = raw
    return len(raw) + head, body.decode("utf-8", "replace")


def visit(server: Server, path: str) -> tuple[float, int]:
    """Kilobytes (1,000 bytes) of a page with all it fetches, imports and fonts included; and the number of hosts."""
    size, page = _fetch(server, path)
    parser = _Resources()
    parser.feed(page)
    waiting = [urljoin(server.url + path, address) for address in parser.found]
    seen: set[str] = set()
    hosts = {urlsplit(server.url).netloc}
    while waiting:
        address = waiting.pop()
        if address in seen:
            continue
        seen.add(address)
        hosts.add(urlsplit(address).netloc)
        parts = urlsplit(address)
        more, text = _fetch(server, parts.path + (f"?{parts.query}" if parts.query else ""))
        size += more
        if parts.path.endswith((".css", ".js")):
            imports = re.findall(r"""url\(["']?([^"')]+)|from\s+["'](\.[^"']+)|import\(["'](\.[^"']+)""", text)
            waiting += [urljoin(address, next(filter(None, groups))) for groups in imports]
    return size / 1000, len(hosts)
