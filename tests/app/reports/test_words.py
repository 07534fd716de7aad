"""Every word on paper has its Chinese, with the same places for values."""

import re
from pathlib import Path

from babel.messages.extract import extract_from_dir

from app import reports
from tests.app.reports.conftest import catalogue

PLACE = re.compile(r"\{\w+\}")


def test_every_word_on_paper_has_its_chinese() -> None:
    chinese = {message.id: message.string for message in catalogue() if message.id and message.string}
    folder = Path(reports.__file__).parent
    found = extract_from_dir(folder, method_map=[("**.py", "python")], keywords={"N_": None, "_": None})
    words = {message for _file, _line, message, _comments, _context in found if isinstance(message, str)}

    assert words - set(chinese) == set()
    for word in words:
        assert sorted(PLACE.findall(word)) == sorted(PLACE.findall(str(chinese[word])))
