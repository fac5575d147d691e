"""The only record of what was held, traded, paid and earned, and the law that it obeys."""

from __future__ import annotations

from hedgerow.ledger.book import Ledger, record
from hedgerow.ledger.terms import Carry, Terms

__all__ = ["Carry", "Ledger", "Terms", "record"]
