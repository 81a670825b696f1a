"""What the rules of a format say is missing or wrong, in words, with what to do about it."""

from q2c.core.einvoice.rules.judging import faults_of, lacking, rules_of

__all__ = ["faults_of", "lacking", "rules_of"]
