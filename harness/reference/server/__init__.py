"""The reference vendor as a live server: every role of UNTP on one loopback port, good, or broken in named ways."""
