"""What is measured: a program each."""
