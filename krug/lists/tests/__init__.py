"""Tests of what stands beside lists."""
