"""What lies on disk: each kind of file once, written whole or not at all."""
