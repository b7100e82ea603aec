"""Completes a new view at the end of a long log: it gets the indexes that only questions and integrity need."""

import logging

from psycopg import Connection
from psycopg.rows import TupleRow

from projections.base import Projection
from services.projector import checkpoints
from services.projector.parking import GONE
from services.projector.rebuild import rebuild
from services.projector.schema import complete
from services.store.ledger import Ledger

logger = logging.getLogger(__name__)


def complete_view(ledger: Ledger, connection: Connection[TupleRow], projection: Projection) -> None:
    """Complete a view; where its rows break a constraint, make it anew and park what breaks it."""
    try:
        with connection.transaction():
            if not checkpoints.lock_one(connection, projection).whole:
                complete(connection, projection, projection.schema)
                checkpoints.finished(connection, projection)
    except GONE:
        raise
    except Exception:
        logger.exception("view %s: cannot be completed, and is made anew", projection.name)
        rebuild(ledger, projection, parking=True)
