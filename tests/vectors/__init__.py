"""The good twins are good, and each mutation is caught by the requirement that it was written for."""
