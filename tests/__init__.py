"""Tests, in folders that mirror the package; helpers in `support`, campaigns in `fuzz`."""
