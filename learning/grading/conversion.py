"""Conversion between units of the same kind. Exact: factors are fractions, from the definitions of the units.

Source of the factors: the SI Brochure, 9th edition (BIPM 2019); the litre, tonne, hour and bar as it lists them for use
with the SI; the kilowatt-hour as 3.6 MJ. Degrees Celsius and currencies are not converted: one needs a shift, the
others a date.
"""

from __future__ import annotations

from fractions import Fraction

from learning.grading.units import normalise_unit

_SECOND = Fraction(1)
_HOUR = Fraction(3600)
#: Kind -> unit -> size in the kind's first unit.
_KINDS: dict[str, dict[str, Fraction]] = {
    "mass": {"kg": Fraction(1), "g": Fraction(1, 10**3), "mg": Fraction(1, 10**6), "µg": Fraction(1, 10**9), "t": Fraction(10**3)},
    "length": {"m": Fraction(1), "mm": Fraction(1, 10**3), "cm": Fraction(1, 10**2), "km": Fraction(10**3)},
    "area": {"m2": Fraction(1), "cm2": Fraction(1, 10**4), "mm2": Fraction(1, 10**6), "ha": Fraction(10**4), "km2": Fraction(10**6)},
    "volume": {"m3": Fraction(1), "L": Fraction(1, 10**3), "mL": Fraction(1, 10**6), "cm3": Fraction(1, 10**6), "dm3": Fraction(1, 10**3)},
    "time": {"s": _SECOND, "min": Fraction(60), "h": _HOUR, "d": 24 * _HOUR},
    "energy": {
        "J": Fraction(1), "kJ": Fraction(10**3), "MJ": Fraction(10**6), "GJ": Fraction(10**9), "TJ": Fraction(10**12),
        "Wh": _HOUR, "kWh": 10**3 * _HOUR, "MWh": 10**6 * _HOUR, "GWh": 10**9 * _HOUR,
    },
    "power": {"W": Fraction(1), "kW": Fraction(10**3), "MW": Fraction(10**6), "mW": Fraction(1, 10**3)},
    "pressure": {"Pa": Fraction(1), "kPa": Fraction(10**3), "MPa": Fraction(10**6), "bar": Fraction(10**5), "mbar": Fraction(10**2)},
    "share": {"%": Fraction(1, 100), "‰": Fraction(1, 1000)},
}  # fmt: skip
_SIZES = {normalise_unit(unit): (kind, size) for kind, units in _KINDS.items() for unit, size in units.items()}


def factor(of: str, to: str) -> Fraction | None:
    """What a value in one unit is multiplied by to be in another: ``factor("kWh", "MJ") == 18/5``.

    Units may be quotients, ``mg/L`` or ``m³/h``. None where they are not known, or not of the same kind.
    """
    first, second = _size(of), _size(to)
    if first is None or second is None or first[0] != second[0]:
        return None
    return first[1] / second[1]


def _size(unit: str) -> tuple[tuple[str, ...], Fraction] | None:
    """The kinds of a unit's factors, those below the stroke in order, and its size."""
    above, *below = normalise_unit(unit).split("/")
    parts = [_SIZES.get(part) for part in (above, *below)]
    known = [part for part in parts if part is not None]
    if len(known) < len(parts):
        return None
    size = known[0][1]
    for _, each in known[1:]:
        size /= each
    return (known[0][0], *sorted(kind for kind, _ in known[1:])), size
