"""Practice at work: what people did of a task is handed in, and confirmed on the spot."""
