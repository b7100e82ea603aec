"""A contract for import-linter: a package imports itself, what it is allowed, and the standard library."""

import sys
from typing import cast

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class AllowedImports(Contract):
    """The modules of `package` import only `ours`, the packages installed from `outside`, and the standard library.

    Only direct imports count: each package has a contract of its own, so that a chain breaks at its first wrong link.
    """

    type_name = "allowed"

    package = fields.StringField()
    ours = fields.ListField(subfield=fields.StringField(), required=False, default=[])
    outside = fields.ListField(subfield=fields.StringField(), required=False, default=[])

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:  # noqa: FBT001 the library's own signature
        """Keep the contract if no module of the package imports anything else."""
        package = str(self.package)
        output.verbose_print(verbose, f"Reading every import of {package}...")
        allowed = (package, *cast("list[str]", self.ours), *cast("list[str]", self.outside), *sys.stdlib_module_names)
        wrong = [
            f"{importer}:{detail['line_number']}: {detail['line_contents']}"
            for importer in sorted(graph.find_descendants(package) | {package})
            for imported in sorted(graph.find_modules_directly_imported_by(importer))
            if not any(imported == name or imported.startswith(f"{name}.") for name in allowed)
            for detail in graph.get_import_details(importer=importer, imported=imported)
        ]
        return ContractCheck(kept=not wrong, metadata={"wrong": wrong})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Print each import that is not allowed, with its file and line."""
        for line in check.metadata["wrong"]:
            output.print_error(line)
