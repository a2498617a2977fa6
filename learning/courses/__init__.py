"""Reading: courses, lessons, progress, glossary, search."""
