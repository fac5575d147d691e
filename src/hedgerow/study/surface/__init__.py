"""The surface study: a chain of quotes made into smiles."""
