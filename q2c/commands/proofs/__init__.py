"""Proofs: signatures beside what was issued, and bundles that anybody can check."""
