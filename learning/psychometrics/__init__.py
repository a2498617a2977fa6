"""Scores of the self-assessment. A pure wing in plain Python: scoring one person needs no numpy."""
