"""Subscriptions: what is changed of what recurs after it was agreed."""

from q2c.core.subscription.changes import Change

__all__ = ["Change"]
