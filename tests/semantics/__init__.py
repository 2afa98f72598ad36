"""JSON-LD, RDF, JSON Schema and SHACL: both engines say the same, whatever comes in."""
