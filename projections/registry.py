"""Every projection there is."""

from projections.audit.rows import PROJECTION as AUDIT
from projections.base import Projection
from projections.commitments.rows import PROJECTION as COMMITMENTS
from projections.complaints.rows import PROJECTION as COMPLAINTS
from projections.contacts.rows import PROJECTION as CONTACTS
from projections.customers.rows import PROJECTION as CUSTOMERS
from projections.handovers.rows import PROJECTION as HANDOVERS
from projections.kpis.rows import PROJECTION as CASES
from projections.people.rows import PROJECTION as PEOPLE
from projections.policies.rows import PROJECTION as POLICIES
from projections.projects.rows import PROJECTION as PROJECTS
from projections.responsibility.rows import PROJECTION as RESPONSIBILITY
from projections.satisfaction.rows import PROJECTION as ANSWERS

PROJECTIONS: tuple[Projection, ...] = (
    RESPONSIBILITY,
    CUSTOMERS,
    PEOPLE,
    PROJECTS,
    CONTACTS,
    COMMITMENTS,
    COMPLAINTS,
    ANSWERS,
    CASES,
    HANDOVERS,
    POLICIES,
    AUDIT,
)
