"""Scores of the self-assessment and statistics of groups. Pure; scoring one person needs no numpy."""
