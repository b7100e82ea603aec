"""The obligations: which side is to do what by when, under which clause, and what came of it."""

from uuid import UUID

from events.customer.obligations import (
    BreachCured,
    BreachDeclared,
    ObligationFellDue,
    ObligationPerformed,
    ObligationUndertaken,
    ObligationWaitingStarted,
    ObligationWaitingStopped,
)
from events.vocabulary.items import OBLIGATION
from events.vocabulary.values import Side
from projections.kinds import Filter, KindView

OBLIGATIONS = KindView(
    OBLIGATION,
    version=1,
    columns={
        "contract_id": "uuid NOT NULL",
        "clause": "text NOT NULL",
        "text": "text NOT NULL",
        "by_side": "text NOT NULL",
        "first_due_at": "timestamptz NOT NULL",
        "undertaken_at": "timestamptz NOT NULL",
        "owner": "uuid",
        "target": "jsonb",
        "measured": "numeric",
        "performed_at": "timestamptz",
        "breached_at": "timestamptz",
        "cured_at": "timestamptz",
        "waiting_since": "timestamptz",
        "fell_due_at": "timestamptz",
    },
    says={
        ObligationUndertaken: lambda event: {
            "contract_id": event.contract_id,
            "clause": event.clause,
            "text": event.text,
            "by_side": event.by,
            "first_due_at": event.due_at,
            "undertaken_at": event.undertaken_at,
            "owner": event.owner,
            "target": event.target.model_dump(mode="json") if event.target else None,
            **dict.fromkeys(("measured", "performed_at", "breached_at", "cured_at", "waiting_since", "fell_due_at")),
        },
        ObligationWaitingStarted: lambda event: {"waiting_since": event.at},
        ObligationWaitingStopped: lambda _event: {"waiting_since": None},
        ObligationPerformed: lambda event: {
            "performed_at": event.at,
            "measured": event.measured,
            "waiting_since": None,
        },
        BreachDeclared: lambda event: {"breached_at": event.at, "waiting_since": None},
        BreachCured: lambda event: {"cured_at": event.at},
        ObligationFellDue: lambda event: {"fell_due_at": event.due_at},
    },
    filters={
        "contract": Filter("v.contract_id = %(contract)s", UUID, "Only those that this contract states"),
        "clause": Filter("v.clause = %(clause)s", str, "Only those under this clause"),
        "by": Filter("v.by_side = %(by)s", Side, "Only what `us` or the `customer` is to do"),
    },
    indexes=("contract_id",),
)
