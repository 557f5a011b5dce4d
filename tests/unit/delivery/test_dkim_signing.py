"""Signatures that are verified as their receivers do, with the record that we say is to be published."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import dkim
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from tocsin.delivery.dkim_signing import DkimSigner, load_signer
from tocsin.delivery.letterhead import Letterhead, Mail
from tocsin.errors import MailSetupError
from tocsin.models.deliveries import DeliveryKind
from tocsin.models.subscribers import SubscriptionLinks
from tocsin.rendering.rendered import Rendered

LINKS = SubscriptionLinks("https://x.example.org/s", "https://x.example.org/unsubscribe/TOKEN", "b@x.example.org")
KEY = rsa.generate_private_key(65537, 2048)
NOT_ENCRYPTED = NoEncryption()


def pem(
    key: rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey = KEY,
    form: PrivateFormat = PrivateFormat.PKCS8,
    encryption: KeySerializationEncryption = NOT_ENCRYPTED,
) -> bytes:
    return key.private_bytes(Encoding.PEM, form, encryption)


def written(folder: Path, content: bytes, mode: int = 0o600) -> Path:
    path = folder / "dkim.pem"
    path.write_bytes(content)
    path.chmod(mode)
    return path


@pytest.fixture
def signer(tmp_path: Path) -> DkimSigner:
    return load_signer(written(tmp_path, pem()), "mail2026", "example.org")


def a_mail(signer: DkimSigner, text: str = "Über daesh\n", contact: str | None = "desk@example.org") -> Mail:
    return Letterhead("Glöckchen <tocsin@example.org>", contact, signer=signer).mail(
        Rendered("Siege broken: داعش", "", f"<p>{text}</p>", text),
        kind=DeliveryKind.DIGEST,
        to="zoe@example.net",
        message_id="<1@example.org>",
        date=datetime(2026, 9, 6, tzinfo=UTC),
        links=LINKS,
    )


def published(signer: DkimSigner) -> Callable[..., bytes | None]:
    """What the domain's owner put into DNS, by our words."""

    def look_up(name: bytes, timeout: int = 5) -> bytes | None:
        del timeout
        return signer.record.encode() if name.decode().rstrip(".") == signer.record_name else None

    return look_up


def verifies(content: bytes, signer: DkimSigner) -> bool:
    return bool(dkim.verify(content, dnsfunc=published(signer)))


def signed_headers(content: bytes) -> list[str]:
    header = dict(dkim.rfc822_parse(content)[0])[b"DKIM-Signature"]
    fields = dkim.util.parse_tag_value(header)
    return [name.strip() for name in fields[b"h"].decode().split(":")]


def test_a_mail_is_signed_as_its_receiver_verifies_it(signer: DkimSigner) -> None:
    content = a_mail(signer).content
    assert content.startswith(b"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.org;")
    assert verifies(content, signer)


def test_both_headers_of_one_click_are_signed_and_from_once_more_than_it_is_there(signer: DkimSigner) -> None:
    signed = signed_headers(a_mail(signer).content)
    for name in ("to", "subject", "date", "message-id", "list-unsubscribe", "list-unsubscribe-post", "list-id"):
        assert signed.count(name) == 2, name
    assert signed.count("from") == 2
    assert signed.count("references") == 1


@pytest.mark.parametrize(
    "added",
    [
        b"From: mallory@example.com\r\n",
        b"Subject: Other\r\n",
        b"List-Unsubscribe: <https://evil.example>\r\n",
        b"References: <9@example.org>\r\n",
    ],
)
def test_an_added_header_breaks_the_signature(signer: DkimSigner, added: bytes) -> None:
    assert not verifies(added + a_mail(signer).content, signer)


def test_a_changed_word_breaks_the_signature(signer: DkimSigner) -> None:
    content = a_mail(signer).content
    assert not verifies(content.replace(b"daesh", b"peace"), signer)
    assert not verifies(content.replace(b"zoe@", b"eve@"), signer)


def test_what_servers_do_on_the_way_breaks_nothing(signer: DkimSigner) -> None:
    content = b"Received: by mx.example.net\r\n" + a_mail(signer).content.replace(
        b"Auto-Submitted: ", b"auto-submitted:   "
    )
    assert verifies(content + b"\r\n\r\n", signer)


@pytest.mark.parametrize("form", [PrivateFormat.PKCS8, PrivateFormat.TraditionalOpenSSL], ids=["pkcs8", "pkcs1"])
@pytest.mark.parametrize("ending", [b"\n", b"\r\n"], ids=["lf", "crlf"])
def test_keys_are_read_in_both_forms_with_any_line_ends(tmp_path: Path, form: PrivateFormat, ending: bytes) -> None:
    path = written(tmp_path, pem(form=form).replace(b"\n", ending))
    signer = load_signer(path, "s", "example.org")
    assert verifies(a_mail(signer).content, signer)


def test_the_record_is_the_public_key(signer: DkimSigner) -> None:
    public = KEY.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    assert signer.record == f"v=DKIM1; k=rsa; p={base64.b64encode(public).decode()}"
    assert signer.record_name == "mail2026._domainkey.example.org"


def test_a_mail_without_a_signer_is_not_signed() -> None:
    mail = Letterhead("tocsin@example.org").mail(
        Rendered("x", "", "x", "x"),
        kind=DeliveryKind.ALERT,
        to="zoe@example.net",
        message_id="<1@example.org>",
        date=datetime(2026, 9, 6, tzinfo=UTC),
    )
    assert b"DKIM-Signature" not in mail.content


WRONG = {
    "short": (pem(rsa.generate_private_key(65537, 1024)), "has a key of 1024 bits, which receivers refuse"),  # noqa: S505 - refused
    "ed25519": (pem(ed25519.Ed25519PrivateKey.generate()), "holds no RSA key, the one kind that all receivers verify"),
    "ec": (pem(ec.generate_private_key(ec.SECP256R1())), "holds no RSA key, the one kind that all receivers verify"),
    "encrypted": (pem(encryption=BestAvailableEncryption(b"word")), "but: encrypted private key"),
    "public": (
        KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
        "holds no private key that can be used, but: public key",
    ),
    "empty": (b"", "is no key in PEM"),
    "noise": (bytes(range(256)), "is no key in PEM"),
    "cut": (pem()[:300] + b"\n-----END PRIVATE KEY-----\n", "holds no RSA key"),
    "huge": (pem() + b"x" * 100_000, "is too large"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_key_that_cannot_be_used_is_told_with_its_file_and_what_to_do(tmp_path: Path, case: str) -> None:
    content, words = WRONG[case]
    path = written(tmp_path, content)
    with pytest.raises(MailSetupError) as refused:
        load_signer(path, "s", "example.org")
    told = str(refused.value)
    assert told.startswith(f"TOCSIN_DKIM_KEY_FILE: the file {path} ")
    assert words in told
    assert "openssl genrsa" in told


@pytest.mark.parametrize("mode", [0o604, 0o644, 0o602])
def test_a_key_that_everybody_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    path = written(tmp_path, pem(), mode)
    with pytest.raises(MailSetupError, match=f"by everybody on this machine; run: chmod 600 {path}"):
        load_signer(path, "s", "example.org")


def test_a_key_that_is_not_there_is_told_before_any_mail(tmp_path: Path) -> None:
    with pytest.raises(MailSetupError, match=r"missing\.pem cannot be read \(No such file or directory\)"):
        load_signer(tmp_path / "missing.pem", "s", "example.org")
