"""The tests, and what they and all programs that they start need to be thrifty with processors."""

import os

# As many processes as there are cores run tests: threads of BLAS would only get in their way.
# It reads this when it is loaded, which is why it stands before everything else.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")
