"""E-invoices: what an invoice says in the terms of EN 16931, and where each syntax puts it."""

from q2c.core.einvoice.formats import FORMS, Form
from q2c.core.einvoice.group import Group, Value
from q2c.core.einvoice.rules import faults_of, lacking
from q2c.core.einvoice.stating import foreseen, stated

__all__ = ["FORMS", "Form", "Group", "Value", "faults_of", "foreseen", "lacking", "stated"]
