"""The ledger: what was claimed and sent, what came back, what was filed. All SQL is in this folder.

A mail is claimed before it leaves, and a claim is written down as `unknown`, since that is what it is until its
outcome is known. So a kill at any moment leaves the truth behind, and nobody has to tidy up after a dead process
(design §8).
"""

from __future__ import annotations

from flows.ledger.answers import Answers
from flows.ledger.database import LedgerError
from flows.ledger.deliveries import Deliveries
from flows.ledger.intake import Intake
from flows.ledger.keeping import Keeping
from flows.ledger.pace import Paces
from flows.ledger.pages import Pages
from flows.ledger.replies import Replies
from flows.ledger.sendings import Sendings
from flows.ledger.turns import Turns

__all__ = ["Ledger", "LedgerError"]


class Ledger(Sendings, Replies, Answers, Deliveries, Paces, Pages, Turns, Intake, Keeping):
    """One ledger, in SQLite or PostgreSQL. Every method is one transaction."""
