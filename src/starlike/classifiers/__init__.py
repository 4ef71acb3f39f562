"""Labelled embeddings → something that answers: each method once, networks and classic ones."""
