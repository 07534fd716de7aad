"""The square code (QR) of a text, as rows of dark and light modules; whoever shows it draws them."""

_MASK = 2  # any of the eight is readable; trying all of them is most of the cost of a code


def square_code(text: str) -> list[list[bool]]:
    """The smallest that holds the text, with correction for 15 % of it; capital letters and digits take less room."""
    from reportlab.graphics.barcode.qrencoder import QR8bitByte, QRAlphaNum, QRCode, QRErrorCorrectLevel

    code = QRCode(None, QRErrorCorrectLevel.M)
    code.addData(QRAlphaNum(text) if QRAlphaNum.valid(text) else QR8bitByte(text))
    code.version = code.calculate_version()
    code.makeImpl(False, _MASK)
    return [[bool(dark) for dark in row] for row in code.modules]
