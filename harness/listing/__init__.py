"""What becomes of a record: sealed, submitted, reviewed, listed and compared. None computes a verdict of its own."""
