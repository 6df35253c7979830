"""What takes how long: `python -m benchmarks`."""
