"""Small, complete content folders for tests, and one file at a time for single questions."""

from __future__ import annotations

from pathlib import Path

LESSON = """\
---
id: m01-l1
title: What leaves the gate was paid for
minutes: 10
audience: [employee, manager]
objectives:
  - Explain why waste is purchased material
  - Estimate the full cost of one waste stream
sources: [s1, own]
---

Waste is bought first. The [[material balance|balance]] shows it, and the [[mass balance]] again [@s1].

## What it costs

A unit of energy costs {{constant:electricity-price:unit}}. In numbers: {{constant:electricity-price}}.

!!! note "Remember"
    Count what was **bought**.

| Stream | Cost |
|---|--:|
| Offcuts | 12 |

Yield
:   Good parts divided by all parts[^a]

![Bars: the purchase is the largest part of the cost](figures/offcut-cost.svg "Cost of one offcut [@own]")

The formula $a \\times b$ in a line, and alone:

$$ \\frac{a}{b} $$

See [the second lesson](lesson:m01-l2), <https://example.org/paper> and `code`.

!!! check "Your turn"
    Which figure is the larger part of the cost of scrap?

    - [ ] The disposal invoice
        > The invoice is what one sees.
    - [x] The purchase price of the material
        > More than nine tenths.

    > **Why:** the material was bought before it was thrown away.

[^a]: All parts, the bad ones too.
"""

SECOND_LESSON = """\
---
id: m01-l2
title: Where it starts
minutes: 5
audience: [audit-team]
objectives: [Name the source]
sources: [own]
---

Begin at the source of the [[material balance]].
"""

QUIZ = """\
---
id: m01-quiz
title: Why cleaner production?
pass_mark: 60
---

Take your time.

## Which measure acts at the source? {#m01-q1 type=single points=2}

- [ ] Adding a second settling tank
    > A tank treats what has been lost.
- [x] Using the last rinse as the first

> **Why:** prevention acts before the waste exists. See [the start](lesson:m01-l2).

## Which are inputs? {#m01-q2 type=multiple}

- [x] Water
- [x] Energy
- [ ] Scrap

> **Why:** scrap leaves.

## Waste is bought. {#m01-q3 type=true-false}

- [x] True
- [ ] False

> **Why:** it was material once.

## How much energy? {#m01-q4 type=numeric}

= 42.5 ± 0.5 kWh
    > Yes.
= 153 ± 1 % MJ
!= 1200
    > That is the power.

> **Why:** power times time.

## What is it called? {#m01-q5 type=short}

= payback period | simple payback

> **Why:** it says how long.

## Match them. {#m01-q6 type=matching}

| Stream | Kind |
|---|---|
| Steam | Energy |
| Scrap | Waste |

> **Why:** by definition.

## Put them in order. {#m01-q7 type=ordering}

1. Avoid
2. Reuse
3. Treat

> **Why:** the hierarchy.

## Fill the gaps. {#m01-q8 type=cloze}

Think of the rinse.

The last rinse is {{reused|drained}} as the {{=first|1st}} one.

> **Why:** it is clean enough.
"""

MODULE = """\
id: m01
title: Why cleaner production?
summary: What waste costs and where it starts.
"""

COURSE = """\
id: employee-path
title: Cleaner production for every employee
summary: What every person should know.
audience: [employee]
modules:
  - module: m01
    lessons: [m01-l1]
    quiz: true
"""

GLOSSARY = """\
- id: material-balance
  term: Material balance
  zh: 物料平衡
  meaning: Mass in equals mass out plus stock change
  also: [mass balance]
- id: rinse
  term: Rinse
  zh: 漂洗
  meaning: Water that cleans a part
"""

SOURCES = """\
- id: s1
  title: Growth drives emissions higher
  publisher: China Daily
  date: "2006-08-15"
  url: https://example.org/growth
- id: own
  title: Own example
  publisher: Headwater
"""

CONSTANTS = """\
- id: electricity-price
  value: 0.70
  unit: CNY/kWh
  meaning: Illustrative price of electricity
  source: own
"""

SVG = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 200">
<title>Cost of one offcut</title>
<rect width="10" height="20" fill="#123456"/>
</svg>
"""

INSTRUMENT = """\
id: employee-awareness
version: 1
title: Employee awareness self-assessment
language: en
purpose: |
  A mirror, **not** a test.

  Nobody but you sees it.
minutes: 14
status: not yet validated
headlines:
  - id: a
    title: Organization management
    short: How this workplace is run.
    minimum_weight: 0.6667
    interval_floor: 4.0
    bands:
      - {from: 0, title: Not started, text: Begin with one round.}
      - {from: 40, title: Started, text: Go on.}
  - id: b
    title: Awareness
    short: How I think and act.
    minimum_weight: 0.5
    interval_floor: 5
  - id: k
    title: Knowledge check
    short: What I know.
    minimum_weight: 1
    interval_floor: 4
dimensions:
  - id: a1
    headline: a
    title: Policy and commitment
    weight: 1.0
    about: What was promised.
    kind: anchored
    recommend:
      lesson: m12-l1
      then: m12-l2
      measure: Ask for the promise.
    items:
      - id: a1-1
        text: What our company has promised
        anchors: [Nothing, Talk, Written, Explained, Checked]
        guidance: Look at the notice board.
        why: It must reach the shop floor.
      - id: a1-2
        text: What managers say about waste
        anchors: [Never, After a fault, In meetings, Each week, They act on it]
        guidance: Think of the last meeting.
        why: People follow their leaders.
  - id: b1
    headline: b
    title: Attitude
    weight: 2
    about: What I think.
    kind: agreement
    items:
      - id: b1-1
        text: Waste is fine.
        key: negative
        guidance: Think of last week.
      - id: b1-2
        text: Waste is not fine.
        key: positive
        guidance: Think of last week.
  - id: k1
    headline: k
    title: Knowledge
    weight: 0.5
    about: What I know.
    kind: knowledge
    items:
      - id: k1-1
        text: What is cleaner production?
        options:
          - {text: Prevention, right: true, feedback: Yes.}
          - {text: Treatment, right: false, feedback: That comes after.}
        guidance: One is right.
contradictory_pairs: [[b1-1, b1-2]]
"""

FILES = {
    "modules/01-why/module.yaml": MODULE,
    "modules/01-why/01-gate.md": LESSON,
    "modules/01-why/02-start.md": SECOND_LESSON,
    "modules/01-why/quiz.md": QUIZ,
    "modules/01-why/figures/offcut-cost.svg": SVG,
    "courses/employee-path.yaml": COURSE,
    "instruments/employee-awareness.yaml": INSTRUMENT,
    "glossary.yaml": GLOSSARY,
    "sources.yaml": SOURCES,
    "constants.yaml": CONSTANTS,
}


def write_content(root: Path) -> Path:
    """A content folder without mistakes below ``root``; returns its path."""
    folder = root / "content"
    for path, text in FILES.items():
        write(folder, path, text)
    return folder


def write(folder: Path, path: str, text: str) -> None:
    """Write one file of a content folder."""
    file = folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def replaced(folder: Path, path: str, old: str, new: str) -> int:
    """Change one place of a file; returns the line on which the change starts."""
    file = folder / path
    text = file.read_text(encoding="utf-8")
    assert text.count(old) >= 1, f"{old!r} is not in {path}"
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def lesson(body: str, sources: str = "[s1, own]") -> str:
    """A lesson with the given body, which starts on line 11."""
    return (
        "---\nid: m01-l1\ntitle: A lesson\nminutes: 10\naudience: [employee]\nobjectives:\n  - Know\n"
        f"sources: {sources}\n---\n\n{body}\n"
    )


#: Line on which the body of ``lesson`` starts.
BODY = 11


def quiz(body: str) -> str:
    """A quiz with the given questions, which start on line 7."""
    return f"---\nid: m01-quiz\ntitle: A quiz\npass_mark: 60\n---\n\n{body}\n"


#: Line on which the questions of ``quiz`` start.
QUESTIONS = 7
