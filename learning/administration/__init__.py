"""What administrators of the site do: see how it is, and add organizations."""
