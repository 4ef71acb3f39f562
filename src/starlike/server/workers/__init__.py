"""The processes that answer: a pool of them, one of them as the server holds it, and its inside."""
