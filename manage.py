#!/usr/bin/env python3
"""Django's command line, with the embedded services of this checkout unless others are configured."""

import os
import sys
from pathlib import Path

# These need no database, and must work where none can be started, such as in an image build.
WITHOUT_SERVICES = {"help", "version", "--help", "-h", "--version"}


def main():
    """Run the command of the command line; services started for it end with it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.management import execute_from_command_line

    if len(sys.argv) < 2 or sys.argv[1] in WITHOUT_SERVICES:
        return execute_from_command_line(sys.argv)

    import django

    from config import embedded
    from config.loading import loading

    try:
        with embedded.running(os.environ.get("DATA_DIR") or Path(__file__).resolve().parent / "var") as urls:
            os.environ.update(urls)
            with loading():
                django.setup()
            execute_from_command_line(sys.argv)
    except KeyboardInterrupt:
        sys.exit(130)
    except embedded.ServiceError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
