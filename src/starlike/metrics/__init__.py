"""Every figure, each declared once."""
