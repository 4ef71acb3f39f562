"""What is done once, and whose results are part of the repository."""
