"""Tell whether a campaign is active, and when that changes."""
