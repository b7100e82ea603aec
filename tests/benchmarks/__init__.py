"""What the benchmarks measure on is what the product itself would have recorded."""
