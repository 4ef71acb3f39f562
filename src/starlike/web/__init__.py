"""Asking the web for people and images: one client, politely, and sources of a file each."""
