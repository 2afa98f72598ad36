"""The embedded reference vendor: a synthetic copper chain, good, and broken in named ways."""
