"""Widgets are tested on the offscreen platform unless somebody asks for a real one."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
