"""From passages to an index on disk that readers and one writer can share."""
