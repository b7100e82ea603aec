"""Every projection there is."""

from projections.audit.rows import PROJECTION as AUDIT
from projections.base import Projection
from projections.customer.commitments.rows import PROJECTION as COMMITMENTS
from projections.customer.complaints.rows import PROJECTION as COMPLAINTS
from projections.customer.contacts.rows import PROJECTION as CONTACTS
from projections.customer.contracts import CONTRACTS
from projections.customer.obligations import OBLIGATIONS
from projections.customer.profile.rows import PROJECTION as CUSTOMERS
from projections.customer.satisfaction.rows import PROJECTION as ANSWERS
from projections.handed import PROJECTION as HANDED
from projections.handovers.rows import PROJECTION as HANDOVERS
from projections.lives.rows import PROJECTION as LIVES
from projections.person.directory.rows import PROJECTION as PEOPLE
from projections.policy.rules.rows import PROJECTION as POLICIES
from projections.project.progress.rows import PROJECTION as PROJECTS
from projections.responsibility.rows import PROJECTION as RESPONSIBILITY

PROJECTIONS: tuple[Projection, ...] = (
    RESPONSIBILITY,
    CUSTOMERS,
    PEOPLE,
    PROJECTS,
    CONTACTS,
    COMMITMENTS,
    COMPLAINTS,
    ANSWERS,
    HANDOVERS,
    LIVES,
    POLICIES,
    AUDIT,
    HANDED,
    CONTRACTS.projection,
    OBLIGATIONS.projection,
)
