"""GIFT of our own making, one point each, and what must become of it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Snippet:
    """A text, the Markdown that must come of it (all of it, in this order), and what must be said, by line."""

    name: str
    gift: str
    #: Stretches of the Markdown; none where no question arrives.
    markdown: tuple[str, ...] = ()
    #: (line, kind, words); hints about a missing explanation are left out.
    said: tuple[tuple[int, str, str], ...] = ()


def lost(line: int, words: str) -> tuple[tuple[int, str, str], ...]:
    return ((line, "left-out", words),)


def changed(line: int, words: str) -> tuple[tuple[int, str, str], ...]:
    return ((line, "changed", words),)


def mistake(line: int, words: str) -> tuple[tuple[int, str, str], ...]:
    return ((line, "mistake", words),)


W = "####why}"

SNIPPETS = [
    # Names, comments, categories, escapes
    Snippet("name becomes the id", f"::Rinse 1::Which tank?{{=A ~B{W}", ("## Which tank? {#rinse-1 type=single",)),
    Snippet("name with an escaped colon", f"::a\\:\\:b::Q?{{=A ~B{W}", ("{#a-b ",)),
    Snippet("no name: the text becomes the id", f"Which tank leaks?{{=A ~B{W}", ("{#which-tank-leaks ",)),
    Snippet("a name without Latin letters", f"::节水::Q?{{=A ~B{W}", ("{#q-",)),
    Snippet("a name that starts with a digit", f"::3 tanks::Q?{{=A ~B{W}", ("{#q-3-tanks ",)),
    Snippet(
        "two questions of one name",
        f"::a::One?{{=A ~B{W}\n\n::a::Two?{{=A ~B{W}",
        ("## One? {#a type", "## Two? {#a-2 type"),
    ),
    Snippet("id and points in a comment", f"// [id:m1-q1] [tag:points=3]\nQ?{{=A ~B{W}", ("{#m1-q1 type=single points=3}",)),
    Snippet("an id that is none of ours", f"// [id:M1 Q1]\nQ?{{=A ~B{W}", ("{#m1-q1 ",), ((2, "hint", "instead of `M1 Q1`"),)),
    Snippet("a comment within", f"Q?{{\n=A\n// not an answer ~C\n~B\n{W}", ("- [x] A\n- [ ] B",)),
    Snippet("a category only", "$CATEGORY: $course$/top/Water", (), ((1, "mistake", "holds no question"),)),
    Snippet("a category and a question", f"$CATEGORY: top/Water\n\nQ?{{=A ~B{W}", ("## Q?",)),
    Snippet(
        "two categories",
        f"$CATEGORY: a\n\nQ?{{=A ~B{W}\n\n$CATEGORY: b\n\nR?{{=A ~B{W}",
        ("## Q?", "## R?"),
        changed(5, "another category"),
    ),
    Snippet("escapes", f"Is 2 \\= 2 \\{{\\~\\#\\}}\\: yes?{{=a\\=b ~c\\~d{W}", ("## Is 2 = 2 {~#}: yes?", "- [x] a=b", "- [ ] c~d")),
    Snippet("an escaped line end", f"One.\\n\\nTwo.{{=A ~B{W}", ("## One. {#", "\n\nTwo.\n\n")),
    Snippet("a backslash stays one", f"[plain]C\\d?{{=A ~B{W}", ("## C\\\\d?",)),
    # Formats
    Snippet("plain text is not Markdown", f"[plain]Is *a* < [b]_c_?{{=A ~B{W}", ("## Is \\*a\\* \\< \\[b\\]\\_c\\_?",)),
    Snippet("plain text that looks like a list", "Q?\\n\\n1. one\\n- two{{", (), mistake(1, "not closed")),
    Snippet("a line that looks like a list", f"[plain]Q?\\n\\n1. one\\n- two{{=A ~B{W}", ("1\\. one  \n\\- two",)),
    Snippet("Markdown stays", f"[markdown]Is *a* `b`?{{=*A* ~B{W}", ("## Is *a* `b`?", "- [x] *A*")),
    Snippet("HTML", f"[html]<p>Is <b>a</b> &lt; <i>b</i>?</p>{{=A ~B{W}", ("## Is **a** \\< *b*?",)),
    Snippet("HTML in a text without a format", f"CO<sub>2</sub> or<br>m<sup>3</sup>?{{=A ~B{W}", ("## CO₂ or m³?",)),
    Snippet("an HTML list", f"[html]<p>Q?</p><ul><li>x</li><li>y</li></ul><p>So?</p>{{=A ~B{W}", ("- x\n- y\n\nSo?",)),
    Snippet("an HTML link", f'[html]See <a href\\="https\\://example.org/">x</a>.{{=A ~B{W}', ("See [x](https://example.org/).",)),
    Snippet("formatting that is lost", f"[html]A <u>line</u>?{{=A ~B{W}", ("## A line?",), changed(1, "`<u>`")),
    Snippet("a picture", f'[html]<img src\\="a.png"> What?{{=A ~B{W}', (), lost(1, "a picture")),
    Snippet("a table", f"[html]<table><tr><td>1</td></tr></table>What?{{=A ~B{W}", (), lost(1, "a table")),
    Snippet("raw HTML in Markdown", f"[markdown]<b>x</b>?{{=A ~B{W}", (), lost(1, "raw HTML")),
    Snippet("a formula of Moodle", f"Is $$a^2$$ or \\(b\\)?{{=A ~B{W}", ("## Is $a^2$ or $b$?",)),
    Snippet("a heading smuggled in", f"[markdown]Q?\\n\\n## X \\{{\\#x type\\=single\\}}{{=A ~B{W}", (), lost(1, "another part")),
    # Choice
    Snippet("single with feedback", f"Q?{{\n=A#yes\n~B#no\n{W}", ("type=single points=1}\n\n- [x] A\n    > yes\n- [ ] B\n    > no",)),
    Snippet("single without a right one", f"Q?{{~A ~B{W}", (), lost(1, "no answer of it is right")),
    Snippet("single with two right ones", f"Q?{{\n=A\n=B\n~C\n{W}", (), lost(3, "second right answer")),
    Snippet("a half right answer", f"Q?{{\n=A\n~%50%B\n{W}", ("- [ ] B",), changed(3, "worth 50 %")),
    Snippet("eleven options", f"Q?{{=A ~{' ~'.join('bcdefghijk')}{W}", (), lost(1, "11 options")),
    Snippet("two equal options", f"Q?{{=A ~b ~B{W}", (), lost(1, "repeats the option")),
    Snippet(
        "several right with our weights",
        f"Q?{{~%50%A ~%50%B ~%-50%C{W}",
        ("type=multiple points=1}\n\n- [x] A\n- [x] B\n- [ ] C",),
    ),
    Snippet("thirds", f"Q?{{~%33.33333%A ~%33.33333%B ~%33.33333%C ~%-33.33333%D{W}", ("type=multiple",)),
    Snippet("wrong ones that cost nothing", f"Q?{{\n~%50%A\n~%50%B\n~C\n{W}", ("type=multiple",), changed(4, "takes away")),
    Snippet(
        "uneven weights",
        f"Q?{{\n~%75%A\n~%25%B\n~%-50%C\n{W}",
        ("type=multiple",),
        (*changed(2, "gives 75 %"), *changed(3, "gives 25 %")),
    ),
    # True or false
    Snippet("true", f"Water is wet.{{T{W}", ("type=true-false points=1}\n\n- [x] True\n- [ ] False",)),
    Snippet("false with both feedbacks", f"Q.{{FALSE#wrong#right{W}", ("- [ ] True\n    > wrong\n- [x] False\n    > right",)),
    Snippet("true with feedback to the wrong answer", f"Q.{{TRUE#no{W}", ("- [x] True\n- [ ] False\n    > no",)),
    # Short
    Snippet("short", f"Who?{{=no one =nobody{W}", ("type=short points=1}\n\n= no one | nobody\n",)),
    Snippet("short without a sign", f"Who?{{nobody{W}", ("= nobody\n",)),
    Snippet("short, partly right", f"Who?{{\n=nobody\n=%50%me\n{W}", ("= nobody\n",), changed(3, "`me`, worth 50 %")),
    Snippet("short with feedback", f"Who?{{=nobody#well{W}", ("= nobody\n",), changed(1, "loses feedback")),
    Snippet("short with a star", f"Who?{{=no*{W}", ("= no*\n",), changed(1, "stands for any words")),
    Snippet("short with a bar", f"Who?{{\n=a\n=b|c\n{W}", ("= a\n",), changed(3, "a | cannot stand")),
    # Numbers
    Snippet("a number", f"How many?{{#42{W}", ("type=numeric points=1}\n\n= 42\n",)),
    Snippet("a tolerance with an escaped colon", f"How many?{{#42.5\\:0.5{W}", ("= 42.5 ± 0.5\n",)),
    Snippet("a tolerance with feedback", f"How many?{{#42.5:0.5#good{W}", ("= 42.5 ± 0.5\n    > good",)),
    Snippet("a range", f"How many?{{#-3..5{W}", ("= -3 .. 5\n",)),
    Snippet("a range that falls", f"How many?{{#5..3{W}", (), lost(1, "does not rise")),
    Snippet("odd writings of numbers", f"How many?{{#1.5e3:.5{W}", ("= 1500 ± 0.5\n",)),
    Snippet("a decimal comma", f"How many?{{#1,5{W}", (), lost(1, "decimals after a point")),
    Snippet("a known mistake", f"How many?{{#\n=%100%12:0\n=%0%24:1#You doubled it.\n{W}", ("= 12\n!= 24 ± 1\n    > You doubled it.",)),
    Snippet(
        "partial credit within a wider range",
        f"How many?{{#\n=%100%12:1\n=%50%12:3#near\n{W}",
        ("= 12 ± 1\n",),
        changed(3, "wider range worth 50 %"),
    ),
    Snippet(
        "partial credit for another number",
        f"How many?{{#\n=%100%12:1\n=%50%24:1#doubled\n{W}",
        ("= 12 ± 1\n!= 24 ± 1\n    > doubled",),
        changed(3, "known mistake"),
    ),
    Snippet("two right numbers", f"How many?{{#\n=1\n=2\n{W}", (), lost(3, "second number")),
    Snippet("what is said to all else", f"How many?{{#\n=1\n~#try again\n{W}", ("= 1\n",), changed(3, "every other number")),
    Snippet("a unit of ours", f"How many?{{#\n// headwater: = 12 ± 10 % kWh\n=%100%12:1.2\n{W}", ("= 12 ± 10 % kWh\n",)),
    Snippet("a unit whose number was changed", f"How many?{{#\n// headwater: = 12 ± 1 kWh\n=%100%13:1\n{W}", ("= 13 ± 1 kWh\n",)),
    # Pairs and orders
    Snippet("pairs", f"Match.{{=a -> b =c->d{W}", ("| a | b |\n| c | d |",)),
    Snippet("a match without a prompt", f"Match.{{\n=a -> b\n=c -> d\n= -> e\n{W}", ("| c | d |",), changed(4, "`e`")),
    Snippet("a pair without an arrow", f"Match.{{\n=a -> b\n=c\n{W}", (), lost(3, "no ->")),
    Snippet("a bar in a pair", f"Match.{{=[plain]a|b -> c =d -> e{W}", ("| a\\|b | c |",)),
    Snippet(
        "an order",
        f"Sort.{{>3 ALL VERTICAL RELATIVE_NEXT_EXCLUDE_LAST SHOW none\nAvoid\nReuse\nTreat\n{W}",
        ("type=ordering points=1}\n\n1. Avoid\n2. Reuse\n3. Treat\n",),
    ),
    Snippet(
        "an order marked otherwise",
        f"Sort.{{>2 RANDOM VERTICAL ABSOLUTE_POSITION SHOW none\nAvoid\nReuse\nTreat\n{W}",
        ("1. Avoid",),
        (*changed(1, "marked otherwise"), *changed(1, "shows 2")),
    ),
    # Missing words
    Snippet(
        "a missing word to choose",
        f"::Gap::Rinse water is {{~drained =reused ~sold{W} in the first tank.",
        ("## Gap {#gap type=cloze points=1}\n\nRinse water is {{reused|drained|sold}} in the first tank.\n",),
    ),
    Snippet("a missing word to type", f"It is {{=reused =used again{W}.", ("It is {{=reused|used again}}.",)),
    Snippet("a missing word with feedback", f"It is {{=reused#yes ~sold{W} now.", ("## It is … now. {#", "type=single")),
    Snippet("a missing number", f"It takes {{#5:1{W} hours.", ("## It takes … hours. {#", "= 5 ± 1")),
    # What no question of ours can be
    Snippet("an essay", "Write.{}", (), lost(1, "essay")),
    Snippet("a text", "Read this first.", (), lost(1, "without a question")),
    Snippet("braces that do not close", f"Q?{{=A ~B\n\nR?{{=A ~B{W}", ("## R?",), mistake(1, "not closed before")),
    Snippet("braces that do not open", f"Q?=A}}\n\nR?{{=A ~B{W}", ("## R?",), mistake(1, "nothing opens")),
    Snippet("braces within braces", f"Q?{{=A {{x ~B{W}", (), mistake(1, "within the answer")),
    Snippet("two answers", "Q {=a ~b} and {=c}", (), mistake(1, "a second { }")),
    Snippet("an empty line within", f"Q?{{=A\n\n~B{W}", (), (*mistake(1, "empty line"), *mistake(3, "nothing opens"))),
    Snippet("no text at all", "{=A ~B}", (), lost(1, "neither text nor name")),
    Snippet("nothing", "", (), mistake(1, "holds no question")),
    Snippet("a kept question that is broken", "// headwater: | ## Q {#q type=cloze}\n// headwater: |", (), lost(1, "its Markdown")),
]  # fmt: skip
