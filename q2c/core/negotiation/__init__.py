"""Negotiation: what differs between two quotes, and two drafts made one again."""
