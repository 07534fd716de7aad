"""Every error people may meet.

LaunchbookError          something ended; the text says what happened, what was kept and what to do
├── Refused              the rules do not allow it; nothing was changed
│   ├── Invalid          a value that cannot be
│   ├── NotFound         a name or id that nothing answers to
│   ├── NotAllowed       access or role is missing
│   └── SecretError      PIN or passphrase is wrong, missing or too short
├── ImportRefused        a file that cannot be read as what it claims to be
├── StorageError         disk full, busy, input or output failed, damaged
│   └── NewerVersion     the file was written by a newer major version
└── VerifyError          a signature, chain or seal does not hold
"""


class LaunchbookError(Exception):
    """`str(error)` is the sentence a person reads."""


class Refused(LaunchbookError): ...


class Invalid(Refused): ...


class NotFound(Refused): ...


class NotAllowed(Refused): ...


class SecretError(Refused): ...


class ImportRefused(LaunchbookError): ...


class StorageError(LaunchbookError): ...


class NewerVersion(StorageError): ...


class VerifyError(LaunchbookError): ...
