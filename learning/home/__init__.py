"""The home page: what there is, and the next step."""
