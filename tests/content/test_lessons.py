"""What an author can write in a lesson, and what becomes of it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from learning.content.context import Reply
from tests.content.builders import lesson

Read = Callable[..., Reply]


def html(read: Read, body: str, sources: str = "[s1, own]") -> str:
    reply = read(lesson(body, sources))
    assert reply.lesson is not None, [str(problem) for problem in reply.problems]
    return reply.lesson.html


def test_a_paragraph_is_a_paragraph(read: Read) -> None:
    assert html(read, "Waste is *bought* **first**.") == "<p>Waste is <em>bought</em> <strong>first</strong>.</p>"


def test_the_front_matter_becomes_the_lesson(read: Read) -> None:
    found = read(lesson("Text.")).lesson
    assert found is not None
    assert (found.id, found.title, found.minutes, found.audience) == ("m01-l1", "A lesson", 10, ("employee",))
    assert (found.objectives, found.sources, found.module_id, found.hash) == (
        ("Know",),
        ("s1", "own"),
        "m01",
        "cd" * 32,
    )


def test_headings_get_unique_ids_and_make_the_table_of_contents(read: Read) -> None:
    found = read(lesson("## Cost & *price*\n\n### Cost\n\n## Cost\n\n## 物料\n\n## Main\n\n## Own {#my-place}")).lesson
    assert found is not None
    assert [(heading.id, heading.title, heading.level) for heading in found.headings] == [
        ("cost-price", "Cost & price", 2),
        ("cost", "Cost", 3),
        ("cost-2", "Cost", 2),
        ("section", "物料", 2),
        ("main-2", "Main", 2),
        ("my-place", "Own", 2),
    ]
    assert '<h2 id="my-place">Own</h2>' in found.html


@pytest.mark.parametrize("kind", ["note", "tip", "warning", "case", "example", "try"])
def test_a_box_is_an_aside_with_its_title(read: Read, kind: str) -> None:
    page = html(read, f'!!! {kind} "A title"\n    Text.\n\n    - one\n    - two')
    assert page.startswith(f'<aside class="admonition {kind}">\n<p class="admonition-title">A title</p>\n<p>Text.</p>')
    assert "<li>two</li>" in page
    assert page.endswith("</aside>")


def test_a_table_scrolls_and_takes_its_name_from_the_heading_above(read: Read) -> None:
    page = html(read, "## Streams\n\n| Name | Cost | |\n|:--|--:|:-:|\n| Scrap | 12 | x |")
    assert '<div aria-label="Streams" class="table-scroll" role="region" tabindex="0">' in page
    assert '<th class="align-left" scope="col">Name</th>' in page
    assert '<td class="align-right">12</td>' in page
    assert '<td class="align-center"></td>' in page, "an empty header cell is no header"
    assert 'aria-label="Table"' in html(read, "| A | B |\n|---|---|\n| 1 | 2 |")


def test_footnotes_are_numbered_in_the_order_of_the_text(read: Read) -> None:
    page = html(read, "One[^b] two[^a].\n\n[^a]: The second.\n\n[^b]: The first.")
    assert page.index("The first.") < page.index("The second.")
    assert 'href="#fn:b">1</a>' in page
    assert 'href="#fnref:b" title="Back to the text, note 1"' in page


def test_a_definition_list(read: Read) -> None:
    page = html(read, "Yield\n:   Good parts divided by all parts")
    assert page == "<dl>\n<dt>Yield</dt>\n<dd>Good parts divided by all parts</dd>\n</dl>"


def test_a_figure_has_version_size_text_and_caption(read: Read) -> None:
    page = html(read, '![Bars: {{constant:electricity-price}} each](figures/offcut-cost.svg "Cost, by [@s1] & us")')
    assert page.startswith("<figure><img ")
    assert 'src="/figures/m01/offcut-cost.svg?v=abababababab"' in page
    assert 'alt="Bars: 0.70 each"' in page
    assert 'width="300"' in page
    assert 'height="200"' in page
    assert '<figcaption>Cost, by <a class="citation" href="#source-s1">[1]</a> &amp; us</figcaption>' in page


def test_formulas_become_mathml(read: Read) -> None:
    page = html(read, "The product $a \\times b < c$ is\n\n$$\n\\frac{a}{b}\n$$\n\nand costs \\$5.")
    assert '<math alttext="a \\times b &lt; c" display="inline"><mrow><mi>a</mi><mo>×</mo>' in page
    assert '<div class="formula" tabindex="0">\n<math alttext="\\frac{a}{b}" display="block"><mrow><mfrac>' in page
    assert "costs $5." in page


def test_a_term_is_marked_on_first_use_only(read: Read) -> None:
    found = read(
        lesson("A [[rinse]], a [[mass balance]].\n\nThe [[Material  Balance|balance]] and the [[rinse]].")
    ).lesson
    assert found is not None
    assert found.html == (
        '<p>A <a class="term" data-term="rinse" href="/glossary/#term-rinse">rinse</a>, a '
        '<a class="term" data-term="material-balance" href="/glossary/#term-material-balance">mass balance</a>.</p>\n'
        "<p>The balance and the rinse.</p>"
    )
    assert found.terms == ("rinse", "material-balance")


def test_the_first_use_counts_in_the_order_of_the_page_also_across_checks(read: Read) -> None:
    check = '!!! check "Your turn"\n    A [[rinse]]?\n\n    - [x] [[rinse]]\n    - [ ] No\n\n    > **Why:** [[rinse]].'
    page = html(read, f"The [[rinse]].\n\n{check}")
    assert page.count('data-term="rinse"') == 1
    assert page.index('data-term="rinse"') < page.index("Your turn")


def test_citations_are_numbered_by_the_list_of_sources(read: Read) -> None:
    page = html(read, "Own [@own], then [@s1], then [@own].", sources="[s1, own]")
    assert re.findall(r'href="#source-(\w+)">\[(\d)\]', page) == [("own", "2"), ("s1", "1"), ("own", "2")]


def test_constants_keep_their_last_digit_and_their_unit(read: Read) -> None:
    page = html(
        read,
        "It is {{constant:electricity-price}}, that is {{constant:electricity-price:unit}}, so $2 \\cdot {{constant:electricity-price}}$.",
    )
    assert "It is 0.70, that is 0.70&nbsp;CNY/kWh" in page
    assert "<mn>0.70</mn>" in page


def test_links_lead_to_lessons_sections_pages_and_the_web(read: Read) -> None:
    reply = read(
        lesson(
            "## Here\n\n[a](lesson:m02-l1) [b](#here) [c](/glossary/) [d](https://example.org/x_(y)?a=1&b=2) "
            "<https://example.org> <me@example.org> [e](mailto:me@example.org)"
        )
    )
    assert reply.lesson is not None
    page = reply.lesson.html
    assert '<a href="/lessons/m02-l1">a</a>' in page
    assert '<a href="#here">b</a>' in page
    assert '<a href="/glossary/">c</a>' in page
    assert '<a href="https://example.org/x_(y)?a=1&amp;b=2" rel="noopener noreferrer">d</a>' in page
    assert '<a href="https://example.org" rel="noopener noreferrer">https://example.org</a>' in page
    assert page.count('href="mailto:me@example.org"') == 2
    assert [(link.kind, link.target, link.line) for link in reply.references] == [("lesson", "m02-l1", 13)]


def test_a_check_works_without_javascript(read: Read) -> None:
    page = html(
        read,
        '!!! check "Your turn"\n    Which is larger?\n\n    - [ ] The invoice\n        > It is small.\n'
        "    - [x] The *purchase*\n        > Nine tenths.\n\n    > **Why:** it was bought.\n    >\n    > And moved.\n\nAfter.",
    )
    assert page == (
        '<section class="check"><p class="check-title">Your turn</p>\n'
        '<div class="stem"><p>Which is larger?</p></div>\n'
        '<ul class="options">\n'
        '<li><details class="option wrong"><summary>The invoice</summary><div class="feedback">'
        '<p class="verdict">Not quite.</p><p>It is small.</p></div></details></li>\n'
        '<li><details class="option right"><summary>The <em>purchase</em></summary><div class="feedback">'
        '<p class="verdict">Right.</p><p>Nine tenths.</p></div></details></li>\n'
        "</ul>\n"
        '<details class="explanation"><summary>Explanation</summary><p><strong>Why:</strong> it was bought.</p>\n'
        "<p>And moved.</p></details>\n</section>\n<p>After.</p>"
    )


def test_in_code_marks_mean_nothing(read: Read) -> None:
    page = html(read, "Write `[[term]] $x$ <b> [a](b) {{x}} [@s]` so.\n\n    [[term]] $x$ <b> [a](b)\n    # {{x}}")
    assert "<code>[[term]] $x$ &lt;b&gt; [a](b) {{x}} [@s]</code>" in page
    assert "<pre><code>[[term]] $x$ &lt;b&gt; [a](b)\n# {{x}}\n</code></pre>" in page


def test_signs_that_only_look_like_marks_stay(read: Read) -> None:
    page = html(read, "5 < 6 and a > b, R&D, x\\<y, \\[[no term\\]], 1 [2] and `a`.")
    assert page == "<p>5 &lt; 6 and a &gt; b, R&amp;D, x&lt;y, [[no term]], 1 [2] and <code>a</code>.</p>"


def test_the_search_text_holds_words_formulas_and_no_note_signs(read: Read) -> None:
    found = read(lesson("## A *b*\n\nOne[^a] $x^2$ [@s1] [[rinse]].\n\n- two\n- three\n\n[^a]: Note.")).lesson
    assert found is not None
    assert found.text == "A b One x^2 rinse. two three Note."


def test_a_byte_order_mark_and_windows_line_ends_are_read(read: Read) -> None:
    assert html(read, "One.\n\nTwo.").replace("\n", "") == html(
        lambda text: read(text.replace("\n", "\r\n")), "One.\n\nTwo."
    ).replace("\n", "")
