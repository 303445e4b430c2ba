"""Run the command line."""

import os

# matrices are small here: threads of the linear algebra would use the processor to wait for each other
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from services.cli.app import main

main()
