"""What later decisions remember of a customer: the states of its slices."""

from dataclasses import dataclass, field
from datetime import datetime

from aggregates.customer.commitments import Commitment
from aggregates.customer.complaints import Complaint
from aggregates.customer.contracts import Contract
from aggregates.customer.obligations import Obligation
from aggregates.customer.profile import Profile
from aggregates.customer.tier import Tiers
from aggregates.fingerprint import Fingerprint
from aggregates.histories import History
from aggregates.items import Items
from aggregates.responsibility.state import Responsibilities
from events.vocabulary.identifiers import (
    CommitmentId,
    ComplaintId,
    ContractId,
    InteractionId,
    ObligationId,
    StreamId,
    SurveyAnswerId,
    VisitId,
)
from events.vocabulary.values import Tier


@dataclass(frozen=True)
class Customer:
    """One key account."""

    stream: StreamId
    version: int = 0
    histories: Items[str, History] = field(default_factory=Items)
    """What was told of each item, and of each slice that is no item."""
    open_items: Items[str, int] = field(default_factory=Items)
    """What is open and somebody answers for, with the version that it was opened at."""
    profile: Profile = field(default_factory=Profile)
    tier: Tiers = field(default_factory=Tiers)
    responsibilities: Responsibilities = field(default_factory=Responsibilities)
    interactions: Items[InteractionId, Fingerprint] = field(default_factory=Items)
    visits: Items[VisitId, Fingerprint] = field(default_factory=Items)
    commitments: Items[CommitmentId, Commitment] = field(default_factory=Items)
    complaints: Items[ComplaintId, Complaint] = field(default_factory=Items)
    contracts: Items[ContractId, Contract] = field(default_factory=Items)
    obligations: Items[ObligationId, Obligation] = field(default_factory=Items)
    answers: Items[SurveyAnswerId, Fingerprint] = field(default_factory=Items)

    @property
    def registered(self) -> bool:
        """Whether the ledger of this customer was opened."""
        return self.profile.registration is not None

    def tier_at(self, at: datetime) -> Tier | None:
        """The tier in force at an instant."""
        return self.tier.at(at)

    def promised(self, commitment: CommitmentId) -> Fingerprint | None:
        """What was first said of a promise; none where there is none of that id."""
        known = self.commitments.get(commitment)
        return known.original if known else None
