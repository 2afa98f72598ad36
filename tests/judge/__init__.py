"""Cases, ownership, outcomes, excerpts and suites."""
