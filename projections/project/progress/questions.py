"""What can be asked of projects."""

from projections.lives.questions import lived
from projections.pages import Listing, Order

_BY_NAME = {"p.name": "text", "p.project_id": "uuid"}

PROJECTS = Listing(
    columns=("p.project_id, p.customer_id, p.name, p.goal, p.budget, p.starts_on, p.ends_on, p.changes, p.events"),
    source=(
        f"view_projects.projects AS p LEFT JOIN view_lives.lives AS l ON {lived('project', 'p.project_id', 'l')} "
        f"LEFT JOIN view_lives.lives AS a ON {lived('acceptance', 'p.project_id', 'a')}"
    ),
    row="p",
    stream="'project:' || p.project_id",
    filters={
        "search": "strpos(lower(p.name), lower(%(search)s)) > 0",
        "customer": "p.customer_id = %(customer)s",
        "stage": "coalesce(a.status, 'none') = %(stage)s",
        "decision": "l.status = %(decision)s",
        "undecided": "(coalesce(l.status, 'proposed') = 'proposed') = %(undecided)s",
    },
    orders={"name": Order(_BY_NAME), "-name": Order(_BY_NAME, descending=True)},
)
"""Projects, by the decision on them and the step of acceptance they had reached at the instant `at`, which
`effective.project_at` tells; one counts as undecided before it was proposed."""

ONE = PROJECTS.one("project_id")
"""id, at, known → the project."""

NAME = "SELECT name FROM view_projects.projects WHERE project_id = %(id)s AND known_to IS NULL"
"""id → the project's name, as known now."""
