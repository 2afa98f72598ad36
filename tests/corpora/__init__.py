"""Tests against published vectors and corpora, which lie outside this repository."""
