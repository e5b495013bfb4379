"""Run as `python config/embedded KIND DATA_DIR [--fast]`: by directory, so that no application is imported."""

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent)

from embedded.keeper import main  # noqa: E402

sys.exit(main(sys.argv[1], sys.argv[2], "--fast" in sys.argv[3:]))
