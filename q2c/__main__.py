"""`python -m q2c` is the same as `q2c`."""

import sys

from q2c.cli import main

sys.exit(main())
