"""The workspace: its files, its ledger, safe writing, and git."""
