"""Invented names of the demo organization. No real person is meant."""

DEPARTMENTS = ("Dye house", "Boiler house and utilities", "Stores and dispatch", "Laboratory and quality")

#: Forty people; the first is the learner whose account is handed out.
LEARNERS = (
    "Lena Brook", "Tomas Reed", "Wei Chen", "Amara Okoye", "Jonas Weir", "Li Na", "Sofia Marsh", "Deniz Kaya",
    "Priya Nair", "Marek Ford", "Zhang Min", "Ruth Delve", "Omar Haddad", "Ingrid Strand", "Liu Yang", "Carlos Vado",
    "Hana Tarn", "Piotr Zdroj", "Mei Lin", "Grace Otieno", "Emil Bach", "Wang Fang", "Rosa Fuente", "Viktor Ree",
    "Aisha Bello", "Chen Jie", "Noah Beck", "Elif Dere", "Sunita Rao", "Luca Fiume", "Zhao Lei", "Freya Burn",
    "Kwame Asante", "Anna Quelle", "Huang Ying", "Pedro Rego", "Nadia Wadi", "Sven Aa", "Sun Tao", "Ines Lago",
)  # fmt: skip

#: Two shifts who do not learn yet: eighty people, each first name with each second one.
WEAVING = ("Weaving, early shift", "Weaving, late shift")
WEAVERS = tuple(
    f"{first} {second}"
    for second in ("Tide", "Moor", "Shoal", "Eddy", "Rill", "Weald", "Fenn", "Lock")
    for first in ("Ana", "Bao", "Cem", "Dara", "Eva", "Fadi", "Gita", "Hugo", "Iris", "Jun")
)
