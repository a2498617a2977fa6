"""What a trainer sees: how far everyone is, and which question of a quiz is bad."""
