"""A contract for import-linter: layers in which `*` stands for every slice that nobody has to list."""

from typing import Any, cast

from grimp import ImportGraph
from importlinter import ContractCheck
from importlinter.contracts.layers import Layer, LayersContract, ModuleTail
from importlinter.domain.imports import ModuleExpression


class SlicesApart(LayersContract):
    """The layers of each container; `*` stands for its modules that no layer names, none of which imports another."""

    type_name = "slices"

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:  # noqa: FBT001 the library's own signature
        """Keep the contract if no module imports what lies above it, and no slice another."""
        layers = cast("list[Layer]", self.layers)
        named = {tail.name for layer in layers for tail in layer.module_tails}
        rest = {
            ModuleTail(tail, is_optional=True)
            for container in cast("list[ModuleExpression]", self.containers)
            for child in graph.find_children(str(container))
            if (tail := child.rpartition(".")[2]) not in named
        }
        filled: Any = [
            Layer({tail for tail in layer.module_tails if tail.name != "*"} | rest)
            if "*" in {tail.name for tail in layer.module_tails}
            else layer
            for layer in layers
        ]
        self.layers = filled
        return super().check(graph, verbose)
