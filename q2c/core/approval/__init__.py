"""Approvals: who must agree to which terms, and whether they did."""
