"""Runs of any size: generated pilots, parts, shards, resumption, clusters, and what goes wrong on the way."""
