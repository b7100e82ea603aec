"""What things are called, whatever view their name is in."""

from projections.customer.commitments import questions as commitments
from projections.customer.complaints import questions as complaints
from projections.customer.profile import questions as customers
from projections.handovers import questions as handovers
from projections.person.directory import questions as people
from projections.project.progress import questions as projects
from projections.responsibility import questions as responsibility

NAMES = {
    "person": people.NAME,
    "customer": customers.NAME,
    "project": projects.NAME,
    "commitment": commitments.NAME,
    "complaint": complaints.NAME,
    "assignment": responsibility.NAME_OF_ASSIGNMENT,
    "delegation": responsibility.NAME_OF_DELEGATION,
    "handover": handovers.NAME,
}
"""Kind of thing → the query that finds what it is called, by its id."""

SUBJECTS = (
    "SELECT 'customer:' || customer_id AS subject, 'customer' AS kind, name FROM view_customers.customers "
    "WHERE known_to IS NULL "
    "UNION ALL SELECT 'project:' || project_id, 'project', name FROM view_projects.projects WHERE known_to IS NULL "
    "ORDER BY kind, name, subject LIMIT %(limit)s"
)
"""limit → customers and projects to choose from."""
