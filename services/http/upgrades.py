"""Answers a request that offers another protocol as if it had not: uvicorn would lose its body.

The client of Java's own library offers HTTP/2 with every first request (RFC 9110, section 7.8: whoever does not want an
offer takes no notice of it).
"""

import sys

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

_OFFER = frozenset({b"upgrade", b"http2-settings"})


class UpgradesIgnored(HttpToolsProtocol):
    """The protocol of uvicorn; a request with an offer is read again without it."""

    _chunk = b""

    def data_received(self, data: bytes) -> None:
        """Read what came."""
        self._chunk = data
        super().data_received(data)

    def on_headers_complete(self) -> None:
        """Begin to answer, unless the request is to be read again."""
        if not self._is_refused_offer():
            super().on_headers_complete()

    def on_message_complete(self) -> None:
        """End the request, unless it is to be read again."""
        if not self._is_refused_offer():
            super().on_message_complete()

    def _is_refused_offer(self) -> bool:
        return self.parser.should_upgrade() and not self._should_upgrade()

    def _unsupported_upgrade_warning(self) -> None:
        # Called while the parser's exception is handled, which says where the head ends; what follows it would take for
        # another protocol, so another parser goes on.
        offer = sys.exception()
        if not isinstance(offer, httptools.HttpParserUpgrade):
            raise TypeError(type(offer).__name__)
        again = self._head_without_offer() + self._chunk[offer.args[0] :]
        self.parser = httptools.HttpRequestParser(self)
        UpgradesIgnored.data_received(self, again)

    def _head_without_offer(self) -> bytes:
        lines = [b"%s %s HTTP/%s" % (self.parser.get_method(), self.url, self.parser.get_http_version().encode())]
        for name, value in self.headers:
            if name == b"connection":
                tokens = [token.strip() for token in value.split(b",")]
                lines.append(b"connection: " + b", ".join(token for token in tokens if token.lower() not in _OFFER))
            elif name not in _OFFER:
                lines.append(name + b": " + value)
        return b"\r\n".join((*lines, b"", b""))
