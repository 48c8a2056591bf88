"""Messages to people: mail over SMTP, and chats and webhooks through apprise. Blocks; raises MessageError only. What it tells of failures holds no password."""

from __future__ import annotations

import ipaddress
import re
import smtplib
import ssl
from collections.abc import Mapping, Sequence
from contextlib import suppress
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime, parseaddr
from urllib.parse import unquote, urlsplit

from aggregator.config import MailFile
from aggregator.errors import MessageError, NoMailbox

_PATIENCE = 30.0
"""Seconds that the server may take for each answer."""
_PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}


class _Policy(EmailPolicy):
    """As the standard library folds headers, but for addresses of the web (RFC 2369): however long, they stand as they are, because mail programs know no
    encoded word there.
    """

    def fold_binary(self, name: str, value: str) -> bytes:
        if name.lower() == "list-unsubscribe":
            return f"{name}: {value}{self.linesep}".encode("ascii")
        return super().fold_binary(name, value)


_POLICY = _Policy(linesep="\r\n")


def written(
    mail: MailFile,
    to: str | Sequence[str],
    subject: str,
    text: str,
    *,
    id: str,
    at: object,
    html: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> EmailMessage:
    """``id`` tells messages apart: one that is sent again after a failure bears the same, so that mailboxes can tell."""
    message = EmailMessage(policy=_POLICY)
    sender = mail.sender or ""
    message["Subject"] = " ".join(subject.split())
    message["From"] = sender
    message["To"] = to if isinstance(to, str) else ", ".join(to)
    message["Date"] = format_datetime(at)  # type: ignore[arg-type]
    message["Message-ID"] = f"<{id}@{parseaddr(sender)[1].rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    for name, value in (headers or {}).items():
        message[name] = value
    message.set_content(text, cte="quoted-printable")
    if html is not None:
        message.add_alternative(html, subtype="html", cte="quoted-printable")
    return message


def send(message: EmailMessage, mail: MailFile) -> None:
    """Hand it to the server. Some of several recipients that are refused are a failure as well; the others have it then. Raises NoMailbox where none of them
    has a mailbox.
    """
    server = urlsplit(mail.server)
    host, port = server.hostname or "localhost", server.port or _PORTS[server.scheme]
    try:
        with _connected(server.scheme, host, port) as smtp:
            if server.username:
                if not isinstance(smtp.sock, ssl.SSLSocket) and not _here(host):
                    raise MessageError(
                        f"{host}:{port} offers no encryption: the password of mail.server is not sent",
                        remedy="use smtps:// or smtp+starttls://",
                    )
                smtp.login(unquote(server.username), unquote(server.password or ""))
            refused = smtp.send_message(message)
    except smtplib.SMTPRecipientsRefused as error:
        if answers := _unknown(error.recipients):
            raise NoMailbox(
                f"{host}:{port} refuses {_refusals(error.recipients)}", answer=", ".join(answers), remedy="check the addresses"
            ) from error
        raise MessageError(f"{host}:{port} refuses {_refusals(error.recipients)}", remedy="check the addresses") from error
    except smtplib.SMTPAuthenticationError as error:
        raise MessageError(f"{host}:{port} refuses the name or password: {_said(error)}", remedy="check mail.server") from error
    except smtplib.SMTPResponseException as error:
        raise MessageError(f"{host}:{port} refuses the message: {_said(error)}", remedy="check mail.server and mail.sender") from error
    except (OSError, smtplib.SMTPException) as error:
        raise MessageError(f"{host}:{port} cannot be asked to send mail: {error}", remedy="check mail.server") from error
    if refused:
        raise MessageError(f"{host}:{port} refuses {_refusals(refused)}", remedy="check the addresses")


def _connected(scheme: str, host: str, port: int) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if scheme == "smtps":
        return smtplib.SMTP_SSL(host, port, timeout=_PATIENCE, context=context)
    smtp = smtplib.SMTP(host, port, timeout=_PATIENCE)
    try:
        smtp.ehlo()
        if scheme == "smtp+starttls":
            smtp.starttls(context=context)
            smtp.ehlo()
    except BaseException:
        smtp.close()
        raise
    return smtp


def _here(host: str) -> bool:
    with suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return host == "localhost"


def _said(error: smtplib.SMTPResponseException) -> str:
    told = error.smtp_error
    return f"{error.smtp_code} {told.decode(errors='replace') if isinstance(told, bytes) else told}"


_OF_MAILBOX = ("5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1")
"""No such mailbox, domain or address; moved; takes no mail; disabled (RFC 3463, RFC 7505). Others are about us, or the message: 5.7.1 is a policy."""
_CODE = re.compile(rb"(?<![\w.])[245]\.\d{1,3}\.\d{1,3}(?![\w.])")


def _unknown(refused: Mapping[str, tuple[int, bytes]]) -> list[str]:
    """What the server answered, where each of these has no mailbox; else nothing. A bare 550 is as often said of the sender, so it is no proof."""
    answers: set[str] = set()
    for code, told in refused.values():
        details = {detail.decode() for detail in _CODE.findall(told)}
        if code < 500 or not details or not details <= set(_OF_MAILBOX):
            return []
        answers.update(f"{code} {detail}" for detail in details)
    return sorted(answers)


def _refusals(refused: Mapping[str, tuple[int, bytes]]) -> str:
    return "; ".join(f"{address} ({code} {told.decode(errors='replace')})" for address, (code, told) in refused.items())


def chat(addresses: Sequence[str], subject: str, text: str) -> None:
    """To every one of ``addresses``, as apprise writes them. They hold tokens, so a failure names its number and kind."""
    import apprise

    failed: list[str] = []
    for number, address in enumerate(addresses):
        told = apprise.Apprise()
        if not told.add(address) or not told.notify(body=text, title=subject, body_format=apprise.NotifyFormat.TEXT):
            failed.append(f"notify.chat[{number}] ({urlsplit(address).scheme}://…)")
    if failed:
        raise MessageError(
            f"{', '.join(failed)} took no message", remedy="https://github.com/caronc/apprise/wiki tells how addresses are written"
        )
