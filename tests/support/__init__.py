"""What several test files share: float64 twins, cases, runners of commands."""
