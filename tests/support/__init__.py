"""What the tests, the benchmarks and the scripts use: baking, servers, visitors."""
