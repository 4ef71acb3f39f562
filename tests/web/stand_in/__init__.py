"""A server that plays the sources of images: their true answers, and their bad days."""
