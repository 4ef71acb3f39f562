"""The API and the page: thin, over the same pipeline and with the same JSON as the command line."""
