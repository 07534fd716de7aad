"""The rules of the house as functions: each takes the folder of a checkout and returns one line for every violation."""

import ast
import io
import re
import tokenize
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

SOURCES = ("app", "sync", "ui")
ALL_CODE = (*SOURCES, "tests", "packaging")
PLATFORM_MODULE = "app/platform.py"

POSIX_MODULES = "fcntl grp posix pty pwd readline resource spwd syslog termios tty"
POSIX_CALLS = {
    "os": "chmod chown chroot fchmod fchown fork forkpty getegid geteuid getgid getpgid getuid initgroups kill killpg "
    "lchown lockf mkfifo mknod nice openpty posix_fallocate posix_spawn pread pwrite sendfile setgid setpgid setsid "
    "setuid statvfs sync sysconf ttyname uname wait waitpid",
    "signal": "SIGALRM SIGCHLD SIGCONT SIGHUP SIGKILL SIGPIPE SIGQUIT SIGSTOP SIGTSTP SIGUSR1 SIGUSR2 alarm pause "
    "pthread_kill pthread_sigmask setitimer sigwait",
    "time": "tzset pthread_getcpuclockid",
    "socket": "AF_UNIX fromfd socketpair",
    "multiprocessing": "Process Pool",  # their start method differs from system to system
}
POSIX_METHODS = "chmod lchmod hardlink_to symlink_to"  # of pathlib.Path
POSIX_PATHS = re.compile(r"^/(tmp|dev|proc|etc|var|home|usr)(/|$)")
POSIX_ARGUMENTS = "preexec_fn start_new_session pass_fds"

LINES_OF_A_SENTENCE = 3
PURE_FOLDERS = ("sync/core", "app/process", "app/scheduling")
IMPURE_MODULES = (
    "asyncio concurrent multiprocessing os random secrets socket subprocess tempfile threading time"
)
IMPURE_CALLS = {"uuid": "uuid1 uuid4", "datetime": "now utcnow today", "date": "today"}

HOST = re.compile(
    r"https?:|file:|git\+|--(extra-)?index-url|--find-links|--trusted-host|\s@\s|(?<!\S)-[if]\s"
)
LOCKED = re.compile(r"^[A-Za-z0-9][\w.-]*==\S+( ; [^\\]+)? \\$")
NOQA_WITH_REASON = re.compile(r"# noqa: [A-Z]+[0-9]+(, ?[A-Z]+[0-9]+)*\s+(-|#|\()\s*\S+")
IGNORE_WITH_CODE = re.compile(r"# type: ignore\[[a-z-]+(, ?[a-z-]+)*\]")


def _is_one_of(name: str, names: str) -> bool:
    return name in names.split()


def modules(root: Path, folders: tuple[str, ...]) -> Iterator[Path]:
    for folder in folders:
        yield from sorted((root / folder).rglob("*.py"))


def _trees(root: Path, folders: tuple[str, ...]) -> Iterator[tuple[str, ast.Module]]:
    for path in modules(root, folders):
        yield path.relative_to(root).as_posix(), _tree(path, path.stat().st_mtime_ns)


@cache
def _tree(path: Path, _changed_ns: int) -> ast.Module:
    """Read once for all rules."""
    return ast.parse(path.read_text(encoding="utf-8"))


def without_docstring(root: Path) -> list[str]:
    """Every module that holds code says first, in a sentence, what it is for."""
    found = []
    for name, tree in _trees(root, (*ALL_CODE, "resources")):
        first = (ast.get_docstring(tree) or "").partition("\n\n")[0]
        if tree.body and not (first.endswith((".", ":")) and first.count("\n") < LINES_OF_A_SENTENCE):
            found.append(f"{name}: no docstring that begins with a sentence")
    return found


def _imported(node: ast.AST) -> list[tuple[str, str]]:
    """(module, name) of an import; the name is empty for `import module`."""
    if isinstance(node, ast.Import):
        return [(alias.name.partition(".")[0], "") for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
        return [(node.module.partition(".")[0], alias.name) for alias in node.names]
    return []


def _calls_that_need_posix(node: ast.AST) -> Iterator[str]:
    for module, name in _imported(node):
        if _is_one_of(module, POSIX_MODULES) or _is_one_of(name, POSIX_CALLS.get(module, "")):
            yield f"{module}.{name}".rstrip(".")
    if isinstance(node, ast.Attribute):
        owner = node.value.id if isinstance(node.value, ast.Name) else ""
        if _is_one_of(node.attr, POSIX_CALLS.get(owner, "")) or _is_one_of(node.attr, POSIX_METHODS):
            yield f"{owner}.{node.attr}"
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and POSIX_PATHS.match(node.value):
        yield node.value
    if isinstance(node, ast.keyword) and _is_one_of(str(node.arg), POSIX_ARGUMENTS):
        yield str(node.arg)


def posix_only(root: Path) -> list[str]:
    """Calls that Windows lacks, or that mean something else there, stand in one module."""
    return [
        f"{name}:{getattr(node, 'lineno', 0)}: {call}"
        for name, tree in _trees(root, SOURCES)
        if name != PLATFORM_MODULE
        for node in ast.walk(tree)
        for call in _calls_that_need_posix(node)
    ]


def impure(root: Path) -> list[str]:
    """What decides (merge, gates, schedule) takes time and chance as arguments: the same input, the same result."""
    found = []
    for name, tree in _trees(root, PURE_FOLDERS):
        for node in ast.walk(tree):
            found += [
                f"{name}:{node.lineno}: {module} {imported}".rstrip()  # type: ignore[attr-defined]  # an import has one
                for module, imported in _imported(node)
                if _is_one_of(module, IMPURE_MODULES) or _is_one_of(imported, IMPURE_CALLS.get(module, ""))
            ]
            if isinstance(node, ast.Attribute) and _is_one_of(
                node.attr, IMPURE_CALLS.get(_last_name(node.value), "")
            ):
                found.append(f"{name}:{node.lineno}: {_last_name(node.value)}.{node.attr}")
    return found


def _last_name(node: ast.expr) -> str:
    if isinstance(node, ast.Name):
        return node.id
    return node.attr if isinstance(node, ast.Attribute) else ""


def locked_with_hosts(root: Path) -> list[str]:
    """The lock file pins every release by hash and leaves open from where it comes."""
    found = []
    for number, line in enumerate((root / "requirements.lock").read_text(encoding="utf-8").splitlines(), 1):
        if HOST.search(line):
            found.append(f"line {number}: names a host: {line}")
        elif not (LOCKED.match(line) or line.startswith("    --hash=sha256:")):
            found.append(f"line {number}: not one release with hashes: {line}")
    return found


def unexplained_exceptions(root: Path) -> list[str]:
    """A line that a checker shall pass over names the rule; noqa says why as well."""
    found = []
    for path in modules(root, ALL_CODE):
        name = path.relative_to(root).as_posix()
        text = path.read_text(encoding="utf-8")
        if "noqa" not in text and "type: ignore" not in text:
            continue
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type != tokenize.COMMENT:
                continue
            bare_ignore = "type: ignore" in token.string and not IGNORE_WITH_CODE.search(token.string)
            bare_noqa = "noqa" in token.string and not NOQA_WITH_REASON.search(token.string)
            if bare_ignore or bare_noqa:
                found.append(f"{name}:{token.start[0]}: {token.string}")
    return found


def _may_run_on_import(node: ast.stmt) -> bool:
    """A bare call at the top of a module runs in every worker that imports it."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)


def not_spawn_safe(root: Path) -> list[str]:
    """A worker starts as a new process that imports its module: an import does nothing, and nobody relies on fork."""
    found = []
    for name, tree in _trees(root, SOURCES):
        if not name.endswith("__main__.py"):
            found += [
                f"{name}:{node.lineno}: runs when imported" for node in tree.body if _may_run_on_import(node)
            ]
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call):
                continue
            called = _last_name(node.func)
            texts = [argument.value for argument in node.args if isinstance(argument, ast.Constant)]
            if called in {"get_context", "set_start_method"} and texts != ["spawn"]:
                found.append(f"{name}:{node.lineno}: {called} without spawn")
            if called == "ProcessPoolExecutor" and "mp_context" not in {word.arg for word in node.keywords}:
                found.append(f"{name}:{node.lineno}: ProcessPoolExecutor without mp_context")
    return found


Rule = Callable[[Path], list[str]]
RULES: tuple[Rule, ...] = (
    without_docstring,
    posix_only,
    impure,
    locked_with_hosts,
    unexplained_exceptions,
    not_spawn_safe,
)
