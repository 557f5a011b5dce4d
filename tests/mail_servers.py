"""Real mail servers on loopback: Postfix takes mail and carries it, Dovecot shows what arrived.

Both run from folders of their own, without systemd and without touching what the machine has configured; they are ended
by their process ids. Postfix's master runs as root alone, and drops to users of its own.
"""

from __future__ import annotations

import contextlib
import imaplib
import os
import pwd
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from textwrap import dedent

import trustme

from eventually import eventually
from tocsin.delivery import SmtpAddress, TlsMode

POSTFIX = Path("/usr/lib/postfix/sbin/master")
PASSWORD = "p@ss/word"  # noqa: S105 - of mailboxes that live for seconds
_OWNER = 54321
"""Owns the mailboxes; no user of the machine."""

_SECONDS = 60.0


def why_not() -> str | None:
    """Say why no mail servers can be started here; None where they can."""
    missing = [name for name in ("postfix", "dovecot") if shutil.which(name, path=os.defpath + ":/usr/sbin") is None]
    if missing:
        return f"not installed: {', '.join(missing)}"
    return None if os.geteuid() == 0 else "Postfix runs as root alone"


@dataclass(frozen=True, slots=True)
class MailServers:
    """What runs. ``readers`` and ``bounces`` are IMAP users; ``context`` trusts the servers' certificate."""

    home: Path
    smtp: SmtpAddress
    imap_port: int
    context: ssl.SSLContext

    def box_url(self, user: str) -> str:
        """Give the address of a user's mailbox, as TOCSIN_BOUNCE_BOX has it."""
        return f"imaps://{user}:p%40ss%2Fword@localhost:{self.imap_port}/INBOX"

    def mails(self, user: str) -> list[bytes]:
        """Read all mails of a user over IMAP."""
        with imaplib.IMAP4_SSL("localhost", self.imap_port, ssl_context=self.context, timeout=_SECONDS) as box:
            box.login(user, PASSWORD)
            _, [number] = box.select("INBOX", readonly=True)
            if not int(number or b"0"):
                return []
            _, parts = box.fetch("1:*", "(BODY.PEEK[])")
            return [part[1] for part in parts if isinstance(part, tuple)]

    def log(self) -> str:
        """Give what both said, for when a test fails."""
        files = [self.home / "postfix.log", self.home / "dovecot.log"]
        return "\n".join(file.read_text(errors="replace")[-3000:] for file in files if file.exists())


@contextmanager
def mail_servers() -> Iterator[MailServers]:
    """Start both, and end both; nothing is left of them."""
    assert why_not() is None, f"no mail servers can be started here: {why_not()}"
    # Not pytest's own folder, which only its owner can enter.
    home = Path(tempfile.mkdtemp(prefix="tocsin-mail-"))
    home.chmod(0o755)
    submission, next_hop, imap = _free_ports(3)
    authority = trustme.CA()
    _write_certificate(authority, home)
    context = ssl.create_default_context()
    authority.configure_trust(context)
    servers = MailServers(home, SmtpAddress("localhost", submission, TlsMode.STARTTLS), imap, context)
    (home / "mail").mkdir()
    os.chown(home / "mail", _OWNER, _OWNER)
    running: list[subprocess.Popen[bytes]] = []
    try:
        running.append(_start_postfix(home / "postfix", home, submission, next_hop))
        running.append(_start_dovecot(home / "dovecot", home, imap))
        for port in (submission, next_hop, imap):
            eventually(partial(_answers, port), seconds=_SECONDS)
        yield servers
    finally:
        for process in running:
            _end(process)
        shutil.rmtree(home, ignore_errors=True)


def _write_certificate(authority: trustme.CA, home: Path) -> None:
    issued = authority.issue_cert("localhost")
    issued.private_key_and_cert_chain_pem.write_to_path(str(home / "server.pem"))
    (home / "server.pem").chmod(0o600)


def _start_postfix(folder: Path, home: Path, submission: int, next_hop: int) -> subprocess.Popen[bytes]:
    """Start Postfix: readers and bounces have a Maildir each, ``gone.example`` is another server that knows nobody."""
    etc, spool, data = folder / "etc", folder / "spool", folder / "data"
    owner = pwd.getpwnam("postfix")
    for path in (etc, spool, data):
        path.mkdir(parents=True)
    os.chown(data, owner.pw_uid, owner.pw_gid)
    for name in ("active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming", "private", "public",
                 "saved", "trace", "maildrop"):  # fmt: skip
        (spool / name).mkdir()
        os.chown(spool / name, owner.pw_uid, owner.pw_gid)
    (spool / "pid").mkdir()
    (etc / "main.cf").write_text(_main_cf(home, spool, data))
    (etc / "master.cf").write_text(_master_cf(submission, next_hop))
    (etc / "mailboxes").write_text(
        "/^bounces(\\+.*)?@news\\.example\\.org$/ bounces/\n/@(large|mail[0-9]+)\\.example$/ readers/\n"
    )
    (etc / "refusals").write_text(
        dedent(r"""
            /^busy@/ 450 4.2.1 The mailbox is busy
            /^full@/ 452 4.2.2 The mailbox is full
            /^nobody@/ 550 5.1.1 No such user here
            /^suspicious@/ 550 5.7.1 This looks like spam
            """).lstrip()
    )
    (etc / "domains").write_text("/^(news\\.example\\.org|large\\.example|mail[0-9]+\\.example)$/ ours\n")
    (etc / "transport").write_text(f"/@gone\\.example$/ smtp:[127.0.0.1]:{next_hop}\n")
    (etc / "nobody").write_text("/./ 550 5.1.1 There is no such user in this domain\n")
    return subprocess.Popen([str(POSTFIX), "-c", str(etc), "-d"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _main_cf(home: Path, spool: Path, data: Path) -> str:
    return dedent(f"""
        compatibility_level = 3.6
        queue_directory = {spool}
        data_directory = {data}
        maillog_file = {home}/postfix.log
        maillog_file_prefixes = {home}
        myhostname = mail.news.example.org
        mydestination =
        alias_maps =
        inet_interfaces = 127.0.0.1
        inet_protocols = ipv4
        mynetworks = 127.0.0.0/8
        virtual_mailbox_domains = regexp:{spool.parent}/etc/domains
        virtual_mailbox_maps = regexp:{spool.parent}/etc/mailboxes
        virtual_mailbox_base = {home}/mail
        virtual_uid_maps = static:{_OWNER}
        virtual_gid_maps = static:{_OWNER}
        recipient_delimiter = +
        transport_maps = regexp:{spool.parent}/etc/transport
        smtpd_recipient_restrictions = check_recipient_access regexp:{spool.parent}/etc/refusals,
            permit_mynetworks, reject
        smtpd_relay_restrictions = permit_mynetworks, reject
        smtpd_tls_chain_files = {home}/server.pem
        smtp_tls_security_level = none
        smtpd_error_sleep_time = 0
        smtpd_soft_error_limit = 1000
        smtpd_hard_error_limit = 1000
        smtpd_client_message_rate_limit = 0
        smtpd_client_connection_rate_limit = 0
        message_size_limit = 1000000
        in_flow_delay = 0
        """)


def _master_cf(submission: int, next_hop: int) -> str:
    knows_nobody = "-o smtpd_recipient_restrictions=check_recipient_access,regexp:$config_directory/nobody,reject"
    rows = [
        f"127.0.0.1:{submission} inet n - n - - smtpd -o smtpd_tls_security_level=encrypt",
        f"127.0.0.1:{next_hop} inet n - n - - smtpd -o myhostname=mx.gone.example {knows_nobody}",
        "cleanup unix n - n - 0 cleanup",
        "qmgr unix n - n 1 1 qmgr",
        "tlsmgr unix - - n 1000? 1 tlsmgr",
        "rewrite unix - - n - - trivial-rewrite",
        *(f"{name} unix - - n - 0 bounce" for name in ("bounce", "defer", "trace")),
        "proxymap unix - - n - - proxymap",
        "smtp unix - - n - - smtp",
        "relay unix - - n - - smtp",
        "virtual unix - n n - - virtual",
        *(f"{name} unix - - n - - {name}" for name in ("error", "retry", "discard", "anvil")),
        "scache unix - - n - 1 scache",
        "postlog unix-dgram n - n - 1 postlogd",
    ]
    return "\n".join(rows) + "\n"


def _start_dovecot(folder: Path, home: Path, port: int) -> subprocess.Popen[bytes]:
    folder.mkdir()
    (folder / "users").write_text("".join(f"{user}:{{PLAIN}}{PASSWORD}::::::\n" for user in ("readers", "bounces")))
    (folder / "dovecot.conf").write_text(
        dedent(f"""
            protocols = imap
            listen = 127.0.0.1
            base_dir = {folder}/run
            state_dir = {folder}/state
            log_path = {home}/dovecot.log
            ssl = required
            ssl_cert = <{home}/server.pem
            ssl_key = <{home}/server.pem
            mail_location = maildir:{home}/mail/%u
            first_valid_uid = {_OWNER}
            auth_failure_delay = 0
            service anvil {{
              unix_listener anvil-auth-penalty {{
                mode = 0
              }}
            }}
            passdb {{
              driver = passwd-file
              args = {folder}/users
            }}
            userdb {{
              driver = static
              args = uid={_OWNER} gid={_OWNER} home={home}/mail/%u
            }}
            service imap-login {{
              inet_listener imap {{
                port = 0
              }}
              inet_listener imaps {{
                port = {port}
                ssl = yes
              }}
            }}
            """)
    )
    command = [shutil.which("dovecot") or "/usr/sbin/dovecot", "-F", "-c", str(folder / "dovecot.conf")]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a master, which ends its own processes."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _free_ports(number: int) -> list[int]:
    with contextlib.ExitStack() as stack:
        taken = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(number)]
        return [one.getsockname()[1] for one in taken]


def _answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), 1):
            return True
    except OSError:
        return False
