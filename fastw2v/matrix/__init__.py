"""Arrays of rows: aligned memory, norms, rows in mapped files."""
