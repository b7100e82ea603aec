"""What can be asked of projects."""

from projections.pages import Listing, Order

_BY_NAME = {"p.name": "text", "p.project_id": "uuid"}

PROJECTS = Listing(
    columns=(
        "p.project_id, p.customer_id, p.name, p.goal, p.budget, p.starts_on, p.ends_on, p.decision, p.decided_at, "
        "p.stage, p.accepted_at, p.rejections, p.last_at, p.events"
    ),
    source="view_projects.projects AS p",
    row="p",
    filters={
        "search": "strpos(lower(p.name), lower(%(search)s)) > 0",
        "customer": "p.customer_id = %(customer)s",
        "stage": "p.stage = %(stage)s",
        "decision": "p.decision = %(decision)s",
        "undecided": "(p.decision IS NULL) = %(undecided)s",
    },
    orders={"name": Order(_BY_NAME), "-name": Order(_BY_NAME, descending=True)},
)
"""Projects with the step of acceptance they have reached."""

ONE = PROJECTS.one("project_id")
"""id, known → the project."""

NAME = "SELECT name FROM view_projects.projects WHERE project_id = %(id)s AND known_to IS NULL"
"""id → the project's name, as known now."""
