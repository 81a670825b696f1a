"""What --debug shows: where in the program something went wrong."""

import sys

from q2c.commands.call import call


def debugged(error: Exception) -> None:
    """Write where an error arose to standard error, if --debug asks for it."""
    if call().debug:
        import traceback

        from q2c.commands.visible import visible

        sys.stderr.write(visible("".join(traceback.format_exception(error)), keep="\n"))
