"""Moodle's GIFT format: read, mapped to our questions, and written. Nothing is dropped in silence."""
