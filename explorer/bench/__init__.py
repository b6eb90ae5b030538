"""Benchmarks of this machine: training, rendering, latency, start-up, memory and scale."""
