"""Where Launchbook keeps its data on this machine."""

from pathlib import Path

APP_NAME = "Launchbook"
WORKSPACES = "workspaces"
MAIN, SAMPLE = "main", "sample"


def home_folder() -> Path:
    """The platform's data folder for this user."""
    from platformdirs import user_data_path

    return user_data_path(APP_NAME, appauthor=False)


def workspace_folder(home: Path, name: str = MAIN) -> Path:
    return home / WORKSPACES / name
