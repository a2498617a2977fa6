"""What somebody reads out of a release who knows who belongs to which group, and everybody's answers but one.

Only the JSON is read, by its own reading of what a figure stands for.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from learning.content.model import Instrument
from learning.psychometrics.release import Plan, Release, ResponseTable
from learning.psychometrics.wave_scores import score_wave
from tests.psychometrics.waves import SMALL

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Told:
    """A mean that the release tells, of whom, and between what it lies."""

    score: str
    row: str
    people: Mask
    low: float
    high: float
    #: A mean drawn to the common one, which binds the others too: the exact audit takes it for a plain one.
    drawn: bool


def body(release: Release) -> dict[str, Any]:
    """As it leaves the site."""
    return json.loads(release.to_json())


def stretch(score: dict[str, Any]) -> tuple[float, float]:
    """Between what a told mean lies."""
    value, step = score["value"], score["step"]
    match score["form"]:
        case "points":
            return value - step / 2, value + step / 2
        case "level":
            return value, value + 20.0
        case "above":
            return value, 100.0
        case "below":
            return 0.0, value
    raise AssertionError(score)


def told_means(release: Release, plan: Plan, table: ResponseTable, asked: Instrument = SMALL) -> list[Told]:
    """All means of headlines and dimensions that a release tells."""
    report = body(release)["report"]
    scores = score_wave(asked, table.values)
    points = {each.id: each.points for each in (*scores.headlines, *scores.dimensions)}
    there = {id_: ~np.isnan(each) for id_, each in points.items()}
    found = []
    for result in (*report["headlines"], *report["dimensions"]):
        if result["score"]:
            found.append(Told(result["id"], "all", there[result["id"]], *stretch(result["score"]), drawn=False))
    codes = [group.code for group in plan.groups]
    for row in report["groups"]["rows"]:
        members = np.isin(table.group, [codes.index(code) for code in row["members"]])
        if row["code"] is None:
            named = [codes.index(each["code"]) for each in report["groups"]["rows"] if each["code"] is not None]
            members = ~np.isin(table.group, named)
        for each in (*row["headlines"], *row["dimensions"]):
            if each["score"]:
                drawn = each["id"] in report["groups"]["shrunken"]
                people = members & there[each["id"]]
                found.append(Told(each["id"], row["code"] or "others", people, *stretch(each["score"]), drawn=drawn))
    return found


def numbers(value: Any, path: str = "") -> Iterator[tuple[str, float]]:
    """All numbers of a JSON value with the way to them."""
    match value:
        case bool() | None | str():
            return
        case int() | float():
            yield path, value
        case list():
            for each in value:
                yield from numbers(each, f"{path}[]")
        case dict():
            for key, each in value.items():
                yield from numbers(each, f"{path}.{key}")


def keys(value: Any) -> Iterator[str]:
    """All keys of a JSON value."""
    match value:
        case list():
            for each in value:
                yield from keys(each)
        case dict():
            for key, each in value.items():
                yield key
                yield from keys(each)
