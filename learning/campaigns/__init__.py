"""Awareness campaigns: planned by managers, answered by people whom nobody can trace."""
