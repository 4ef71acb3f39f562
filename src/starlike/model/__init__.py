"""A model: its folder, who answers, how answers are ranked, and among whom."""
