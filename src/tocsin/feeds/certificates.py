"""Whose TLS certificates count: those that the system was told of, else Mozilla's, as certifi brings them."""

from __future__ import annotations

import ssl
from collections.abc import Sequence

import certifi
import pycurl


def trusted_certificates() -> Sequence[tuple[int, str | None]]:
    """Give the options of libcurl that name the trusted certificates.

    SSL_CERT_FILE and SSL_CERT_DIR, which name others to all that uses OpenSSL, hold here too.
    """
    paths = ssl.get_default_verify_paths()
    file = paths.cafile if paths.cafile != paths.openssl_cafile else None
    folder = paths.capath if paths.capath != paths.openssl_capath else None
    if folder:
        return [(pycurl.CAINFO, file), (pycurl.CAPATH, folder)]
    return [(pycurl.CAINFO, file or certifi.where())]
