"""What a trainer sees: how far everyone is."""
