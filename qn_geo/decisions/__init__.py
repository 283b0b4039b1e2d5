"""Who decided what on which evidence: the review's database and its sealed, append-only ledger."""

from qn_geo.decisions.archive import Restored
from qn_geo.decisions.audit import Verdict
from qn_geo.decisions.errors import DatabaseError, NotEmptyError, OutdatedError
from qn_geo.decisions.identity import NAME_LIMIT, TEXT_LIMIT, Identity
from qn_geo.decisions.ledger import Entry
from qn_geo.decisions.records import STATES, VERDICTS, Case, Run, Version
from qn_geo.decisions.store import Store, store

__all__ = [
    "NAME_LIMIT",
    "STATES",
    "TEXT_LIMIT",
    "VERDICTS",
    "Case",
    "DatabaseError",
    "Entry",
    "Identity",
    "NotEmptyError",
    "OutdatedError",
    "Restored",
    "Run",
    "Store",
    "Verdict",
    "Version",
    "store",
]
