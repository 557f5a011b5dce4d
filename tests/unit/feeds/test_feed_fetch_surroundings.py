"""What the machine around it says to a fetcher: certificates are heard, proxies and passwords are not."""

from __future__ import annotations

import asyncio
from pathlib import Path

import certifi
import pycurl
import pytest

from feed_publisher import FEED, Publisher, answer, fetch, publishing
from tocsin.feeds.certificates import trusted_certificates
from tocsin.models.feeds import Fetched


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Give an environment that names no certificates."""
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    monkeypatch.delenv("SSL_CERT_DIR", raising=False)
    return monkeypatch


@pytest.mark.usefixtures("bare")
def test_mozillas_authorities_are_trusted_unless_others_are_named() -> None:
    assert trusted_certificates() == [(pycurl.CAINFO, certifi.where())]


def test_a_file_of_certificates_that_the_environment_names_counts(bare: pytest.MonkeyPatch, tmp_path: Path) -> None:
    named = tmp_path / "ours.pem"
    named.touch()
    bare.setenv("SSL_CERT_FILE", str(named))
    assert trusted_certificates() == [(pycurl.CAINFO, str(named))]


def test_a_folder_of_certificates_that_the_environment_names_counts_alone(
    bare: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    bare.setenv("SSL_CERT_DIR", str(tmp_path))
    assert trusted_certificates() == [(pycurl.CAINFO, None), (pycurl.CAPATH, str(tmp_path))]


def test_a_file_that_is_not_there_does_not_switch_trust_off(bare: pytest.MonkeyPatch, tmp_path: Path) -> None:
    bare.setenv("SSL_CERT_FILE", str(tmp_path / "none.pem"))
    assert trusted_certificates() == [(pycurl.CAINFO, certifi.where())]


def test_no_proxy_and_no_password_of_the_machine_is_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    async def poll() -> tuple[object, Publisher]:
        async with publishing(answer()) as publisher:
            return await fetch(publisher), publisher

    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login me password secret\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    outcome, publisher = asyncio.run(poll())
    assert isinstance(outcome, Fetched)
    assert outcome.body == FEED
    assert "authorization" not in publisher.requests[0].headers
