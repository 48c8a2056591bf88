"""Certificates are read when they are needed, by what needs them."""

from __future__ import annotations

import subprocess
import sys

import pytest

from aggregator.fetch.trust import authorities


def _said(program: str) -> str:
    return subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout.strip()


def test_to_import_what_fetches_reads_no_certificates():
    read = "import aiohttp.connector as its; print(its._SSL_CONTEXT_VERIFIED.cert_store_stats()['x509'])"

    assert _said(f"import aggregator.fetch; {read}") == "0"


def test_what_others_ask_of_ssl_afterwards_is_whole():
    whole = "import ssl; print('set_default_verify_paths' in vars(ssl.SSLContext), ssl.create_default_context().cert_store_stats())"

    assert _said(f"import aggregator.fetch; {whole}") == _said(whole)


@pytest.fixture(autouse=True)
def _nothing_said(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.delenv(variable, raising=False)


def test_the_environment_names_a_file_of_authorities(tmp_path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "missing"))

    with pytest.raises(FileNotFoundError):
        authorities()


def test_or_a_folder_of_them(tmp_path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path))

    assert authorities().cert_store_stats()["x509"] == 0


def test_else_those_of_certifi():
    assert authorities().cert_store_stats()["x509_ca"] > 100


def test_what_polls_loads_no_second_http_client():
    assert _said("import aggregator.run.once, sys; print({'httpx', 'apscheduler'} & set(sys.modules))") == "set()"
