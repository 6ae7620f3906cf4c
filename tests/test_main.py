"""`python -m app` as a process: says where it is, ends when asked, and says plainly why it can't start."""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from app.__main__ import listen, main
from app.setting_names import unknown_settings

ROOT = Path(__file__).resolve().parent.parent


def start(folder: Path, **environment: str) -> subprocess.Popen[str]:
    wanted = {"HOST": "127.0.0.1", "PORT": "0", "BACKSCOPE_DATABASE_URL": f"sqlite:///{folder / 'backscope.db'}", **environment}
    return subprocess.Popen(
        [sys.executable, "-m", "app"],
        cwd=ROOT,
        env={**os.environ, **wanted},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.skipif(os.name == "nt", reason="Windows has no signal that a test can send to one process")
@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
def test_ends_cleanly_with_a_connection_still_open(tmp_path, end):
    server = start(tmp_path)
    address = re.search(r"http://(\S+)", server.stdout.readline())[1]
    connection = http.client.HTTPConnection(address)
    connection.request("GET", "/healthz")
    assert connection.getresponse().read() == b'{"status":"alive"}'
    with socket.create_connection((connection.host, connection.port)) as other:
        other.sendall(b"hello\r\n\r\n")
        assert b"application/problem+json" in other.recv(4096)
    server.send_signal(end)
    _, complaint = server.communicate(timeout=8)
    connection.close()
    assert complaint.endswith("Invalid HTTP request received.\n")
    assert complaint.count("\n") == 1
    assert server.returncode in (0, -end)  # uvicorn hands a SIGTERM on once it has cleaned up


def test_a_port_in_use_is_one_sentence(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        server = start(tmp_path, PORT=str(taken.getsockname()[1]))
        _, complaint = server.communicate(timeout=20)
    assert server.returncode == 1
    assert complaint.count("\n") == 1
    assert "PORT" in complaint


def test_a_database_out_of_reach_is_one_sentence(tmp_path):
    server = start(tmp_path, BACKSCOPE_DATABASE_URL="postgresql://127.0.0.1:1/it")
    _, complaint = server.communicate(timeout=20)
    assert server.returncode == 1
    assert complaint.count("\n") == 1
    assert "BACKSCOPE_DATABASE_URL" in complaint


# what follows never gets to serving, and so needs no process, whose start is a second


@pytest.mark.parametrize("url", ["nonsense", "mysql://somewhere/it", "sqlite://", "sqlite:////dev/null/backscope.db"])
def test_an_address_that_is_no_databases_is_one_sentence(monkeypatch, capsys, url):
    monkeypatch.setenv("BACKSCOPE_DATABASE_URL", url)
    assert main() == 1
    complaint = capsys.readouterr().err
    assert complaint.count("\n") == 1
    assert "BACKSCOPE_DATABASE_URL" in complaint


def test_an_address_without_a_scheme_is_told_with_what_it_may_be(monkeypatch, capsys):
    monkeypatch.setenv("BACKSCOPE_DATABASE_URL", "me:secret/x.db")
    assert main() == 1
    complaint = capsys.readouterr().err
    assert "'me:secret/x.db'" in complaint
    assert "sqlite:////absolute/file.db" in complaint


def test_makes_no_folder_that_was_named(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("BACKSCOPE_DATABASE_URL", f"sqlite:///{tmp_path / 'misspelt' / 'backscope.db'}")
    assert main() == 1
    assert f"no folder {tmp_path / 'misspelt'}" in capsys.readouterr().err
    assert not (tmp_path / "misspelt").exists()


def test_a_file_that_is_no_database_is_one_sentence(tmp_path, monkeypatch, capsys):
    (tmp_path / "backscope.db").write_text("not a database " * 100)
    monkeypatch.setenv("BACKSCOPE_DATABASE_URL", f"sqlite:///{tmp_path / 'backscope.db'}")
    assert main() == 1
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize("port", ["http", "70000"])
def test_a_port_that_is_none_is_named(monkeypatch, capsys, port):
    monkeypatch.setenv("PORT", port)
    assert main() == 2
    assert "PORT" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("BACKSCOPE_LIMITS__MAX_PARAMETER", "5", "perhaps BACKSCOPE_LIMITS__MAX_PARAMETERS was meant"),
        ("BACKSCOPE_MAX_PARAMETERS", "5", "perhaps BACKSCOPE_LIMITS__MAX_PARAMETERS was meant"),
        ("BACKSCOPE_PORT", "8001", "perhaps PORT was meant"),
        ("BACKSCOPE_NOPE", "1", "BACKSCOPE_RETENTION_DAYS"),
        ("BACKSCOPE_ALLOWED_HOSTS", "http://lab.example.org", "without scheme, port or path, such as lab.example.org"),
        ("BACKSCOPE_RETENTION_DAYS", "abc", "is 'abc'; it must be a number, at least 0 and at most 36500"),
        ("BACKSCOPE_RETENTION_DAYS", "0.0001", "is '0.0001'; it must be 0, which keeps all, or a number from 0.001 (86 seconds)"),
        ("BACKSCOPE_LIMITS__MAX_LAYERS", "0", "is '0'; it must be a whole number, more than 0"),
        ("BACKSCOPE_LIMITS", "[", "it must be a JSON object"),
        ("BACKSCOPE_LIMITS", '{"max_layer": 5}', "BACKSCOPE_LIMITS__MAX_LAYER is no setting"),
    ],
)
def test_what_is_wrong_with_a_setting_is_told_by_its_name(monkeypatch, capsys, name, value, told):
    monkeypatch.setenv(name, value)
    assert main() == 2
    complaint = capsys.readouterr().err
    assert name in complaint
    assert told in complaint


def test_what_others_set_is_no_misspelt_setting():
    others = {"BACKSCOPE_CHROMIUM": "/usr/bin/chromium", "BACKSCOPE_PYTHON": "python", "BACKSCOPE_SERVICE_HOST": "10.0.0.1"}
    kubernetes = {"BACKSCOPE_PORT": "tcp://10.0.0.1:8000", "BACKSCOPE_PORT_8000_TCP_ADDR": "10.0.0.1"}
    assert unknown_settings({**others, **kubernetes, "backscope_limits__max_layers": "3"}) == []


def test_a_host_that_is_none_is_not_blamed_on_the_port(monkeypatch, capsys, tmp_path):
    monkeypatch.setenv("BACKSCOPE_DATABASE_URL", f"sqlite:///{tmp_path / 'backscope.db'}")
    monkeypatch.setenv("HOST", "256.0.0.1")
    assert main() == 1
    complaint = capsys.readouterr().err
    assert "Set HOST" in complaint
    assert "Set PORT" not in complaint


def test_without_its_packages_the_module_says_what_installs_them():
    # -S leaves out site-packages, as a Python has it that was never set up
    tried = subprocess.run([sys.executable, "-S", "-m", "app"], cwd=ROOT, capture_output=True, text=True)
    assert tried.returncode == 1
    assert tried.stderr.count("\n") == 1
    assert "run.py" in tried.stderr


def test_connections_are_taken_with_their_protocol():
    # asyncio switches Nagle's algorithm off by it; without, every small answer waits for 40 ms
    with listen("127.0.0.1", 0) as listener:
        assert listener.proto == socket.IPPROTO_TCP
