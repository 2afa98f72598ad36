"""Many credentials as one graph: identifiers, chains, mass balance, the pilot measure, and their mutations."""
