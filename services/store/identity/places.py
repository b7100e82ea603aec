"""Where a log lies, and what it means that it lies somewhere else."""

from services.store.identity.lineage import Noticed, Place

PLACE = (
    "(SELECT system_identifier FROM pg_control_system()), "
    "(SELECT oid::bigint FROM pg_database WHERE datname = current_database()), "
    # What `pg_control_checkpoint()` says is late after a promotion.
    "('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::bigint"
)
"""Where the log lies, as three columns."""


def moved(before: Place, now: Place) -> tuple[Noticed, str]:
    """By what another place is noticed, and why it is another incarnation."""
    if (before.system, before.database) == (now.system, now.database):
        return Noticed.PROMOTED, f"the timeline of the server is {now.timeline}, it was {before.timeline}"
    what = "cluster" if before.system != now.system else "database of the cluster"
    return Noticed.MOVED, f"the log lies in another {what}"
