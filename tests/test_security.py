"""No file and no other program makes this one run code, and it opens no port: read from the syntax trees."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
CODE_IN_DATA = {"pickle", "_pickle", "cPickle", "marshal", "shelve", "dill", "cloudpickle", "joblib", "code"}
NETWORK = {
    "http", "urllib", "requests", "socketserver", "xmlrpc", "ftplib", "smtplib", "telnetlib", "asyncio",
    "ssl", "websockets", "aiohttp", "httpx",
    "PySide6.QtNetwork", "PySide6.QtWebSockets", "PySide6.QtHttpServer",
    "PySide6.QtWebEngineCore", "PySide6.QtWebEngineWidgets", "torch.hub",
}  # fmt: skip
RUNS_TEXT = {"eval", "exec", "compile", "__import__"}
SHELLS = {"os.system", "os.popen", "subprocess.getoutput", "subprocess.getstatusoutput", "pty.spawn"}
PROCESSES = {"subprocess.run", "subprocess.Popen", "subprocess.call", "subprocess.check_output"}
NEEDED = {"torch.load": ("weights_only", True), "np.load": ("allow_pickle", False)}
"""What a call must say, which would run code that is in a file otherwise."""
WITHOUT_A_PORT = {"socketpair"}
OF_THIS_MACHINE = "socket.socket(socket.AF_UNIX)"
"""A socket that has a place in the file system, and no port."""


def faults_in(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield the line and the words of everything in a module that could run foreign code or open a port."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    local = {id(part) for call in calls if ast.unparse(call) == OF_THIS_MACHINE for part in ast.walk(call)}
    for node in ast.walk(tree):
        match node:
            case ast.Attribute() if id(node) in local:
                continue
            case ast.Import(names=names):
                yield from ((node.lineno, f"import {name.name}") for name in names if not is_fine(name.name))
            case ast.ImportFrom(module=str(module), names=names):
                for name in names:
                    whole = f"{module}.{name.name}"
                    if not is_fine(whole) or (module == "socket" and name.name not in WITHOUT_A_PORT):
                        yield node.lineno, f"import {whole}"
            case ast.Attribute(value=ast.Name(id="socket"), attr=attr) if attr not in WITHOUT_A_PORT:
                yield node.lineno, f"socket.{attr}"
            case ast.Call():
                yield from ((node.lineno, words) for words in faults_of_call(node))


def is_fine(module: str) -> bool:
    """Return whether a module neither runs code that is in data nor reaches the network."""
    parts = module.split(".")
    starts = {".".join(parts[:count]) for count in range(1, len(parts) + 1)}
    return not starts & (CODE_IN_DATA | NETWORK)


def faults_of_call(call: ast.Call) -> Iterator[str]:
    """Yield what is wrong with a call."""
    name = ast.unparse(call.func)
    said = {keyword.arg: keyword.value for keyword in call.keywords}
    if name in RUNS_TEXT | SHELLS:
        yield name
    if "shell" in said:
        yield f"{name} with a shell"
    if name in PROCESSES and call.args and isinstance(call.args[0], ast.Constant | ast.JoinedStr):
        yield f"{name} of a string"
    argument, value = NEEDED.get(name.replace("numpy.", "np."), ("", None))
    if argument and not (isinstance(found := said.get(argument), ast.Constant) and found.value is value):
        yield f"{name} without {argument}={value}"


def test_nothing_in_the_program_runs_foreign_code_or_opens_a_port():
    found = {
        f"{path.relative_to(ROOT)}:{line}: {words}"
        for path in sorted((ROOT / "explorer").rglob("*.py"))
        for line, words in faults_in(ast.parse(path.read_text("utf-8")))
    }
    assert found == set()


@pytest.mark.parametrize(
    "code",
    [
        "import pickle", "from pickle import loads", "import urllib.request", "from urllib import request",
        "import socket\nsocket.create_server(('', 80))", "from socket import create_server",
        "from PySide6.QtNetwork import QTcpServer", "from PySide6 import QtNetwork", "eval(0)", "exec(text)",
        "compile(text, '', 'exec')", "import os\nos.system('ls')", "subprocess.run('ls', shell=False)",
        "subprocess.run(['ls'], shell=True)", "subprocess.Popen(f'ls {name}')", "torch.load(path)",
        "torch.load(path, weights_only=False)", "np.load(path)", "numpy.load(path, allow_pickle=True)",
        "import torch.hub", "__import__('os')",
    ],
)  # fmt: skip
def test_what_would_is_found(code):
    assert list(faults_in(ast.parse(code)))


@pytest.mark.parametrize(
    "code",
    [
        "re.compile('a')", "socket.socketpair()", "subprocess.run([sys.executable, '-m', name])",
        "torch.load(path, weights_only=True)", "np.load(path, allow_pickle=False)", "torch.compile(model)",
        "from PySide6.QtCore import QObject", "model.eval()",
    ],
)  # fmt: skip
def test_what_would_not_is_left(code):
    assert not list(faults_in(ast.parse(code)))
