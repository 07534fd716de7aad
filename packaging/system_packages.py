"""Sees that the system libraries and programs which tests or the desktop need are there, and installs them where it may.

Python packages are locked in requirements.lock; these are the few things below them. As root on Debian or Ubuntu they are
installed, elsewhere they are named: a test that needs a missing one skips and says so.
"""

import ctypes
import os
import shutil
import subprocess
import sys

LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
}
PROGRAMS = {
    "Xvfb": "xvfb",
    "xauth": "xauth",
    "xdotool": "xdotool",
    "pdftotext": "poppler-utils",
    "pdfsig": "poppler-utils",
}


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def missing_packages(purpose: str) -> list[str]:
    """Debian's names for what is missing for the "desktop", or for the "tests", which need programs as well."""
    missing = {package for library, package in LIBRARIES.items() if not _loads(library)}
    if purpose == "tests":
        missing |= {package for program, package in PROGRAMS.items() if shutil.which(program) is None}
    return sorted(missing)


def _install(packages: list[str]) -> bool:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", *packages]):
        done = subprocess.run(
            ["apt-get", *arguments], env=environment, stdin=subprocess.DEVNULL, stdout=sys.stderr, check=False
        )
    return done.returncode == 0


def main(purpose: str) -> None:
    if not sys.platform.startswith("linux"):
        return
    missing = missing_packages(purpose)
    if not missing:
        return
    names = " ".join(missing)
    may_install = os.geteuid() == 0 and shutil.which("apt-get") is not None
    if may_install:
        print(f"Installing for the {purpose}: {names}", flush=True)
        if _install(missing) and not missing_packages(purpose):
            return
    print(
        f"Missing for the {purpose}: {names}. On Debian or Ubuntu: sudo apt-get install {names}", flush=True
    )


if __name__ == "__main__":
    main(sys.argv[1])
