"""Attacks on anonymous answering. Each prints in one line what it tried and what it found."""
