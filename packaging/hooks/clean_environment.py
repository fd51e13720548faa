"""Run first in the frozen program: give children (a browser, a file manager) the system's libraries, not ours.

The bootloader puts the bundle on the library path. Our own process has read that already; a child that inherits it
loads our copies of its libraries and may crash.
"""

import os

for _name in ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"):
    _original = os.environ.pop(f"{_name}_ORIG", None)
    os.environ.pop(_name, None)
    if _original:
        os.environ[_name] = _original
