"""Everything that touches the world: store, HTTP, review pages, streaming, command line, reactions."""
