"""Conformance: what every backend must do, as checks that a test run and ``pgiris conformance`` carry out alike."""
