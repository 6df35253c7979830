"""The big run: `python -m tests.differential --checks 1000000 --seed 1`, or `just prove`."""

import sys
from importlib import import_module
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))  # where tests find each other
sys.exit(import_module("differential.run").main())
