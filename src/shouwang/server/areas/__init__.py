"""Areas from county to group."""
