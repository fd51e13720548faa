"""A server that does nothing but hand out pages of Mastodon notifications, fast: the other end of the sync bench.

python -m tests.bench.page_server MESSAGES      prints its port; each account has MESSAGES mentions
"""

from __future__ import annotations

import json
import sys
import time
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

LATENCY_S = 0.05  # of a server far away
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TEXT = "Buenos días, quería preguntar por el pedido de la semana pasada y si llegáis también a mi barrio, gracias. "


def person(number: int) -> dict[str, object]:
    """Return somebody who writes."""
    return {
        "id": f"9{number:06d}", "username": f"vecina{number}", "acct": f"vecina{number}@plaza.example",
        "display_name": f"Vecina {number}", "url": f"https://plaza.example/@vecina{number}",
        "avatar": f"https://plaza.example/{number}.png", "avatar_static": f"https://plaza.example/{number}.png",
        "header": "", "locked": False, "bot": False, "created_at": "2024-01-01T00:00:00.000Z", "note": "<p>Hola</p>",
        "followers_count": 12, "following_count": 30, "statuses_count": 400, "emojis": [], "fields": [],
    }  # fmt: skip


def notification(account: int, number: int, base: str) -> str:
    """Return one mention as JSON."""
    at = (START - timedelta(minutes=1) * (1_000_000 - number)).isoformat().replace("+00:00", "Z")
    who = person((account * 7919 + number * 31) % 2_000)
    name = f"{account:03d}{number:08d}"
    status = {
        "id": name, "uri": f"{base}/s/{name}", "url": f"{base}/s/{name}", "created_at": at, "account": who,
        "content": f"<p>{TEXT} {number}</p>", "visibility": "public", "sensitive": False, "spoiler_text": "",
        "media_attachments": [], "mentions": [], "tags": [], "emojis": [], "reblogs_count": 0, "favourites_count": 1,
        "replies_count": 0, "in_reply_to_id": None, "in_reply_to_account_id": None, "language": "es", "reblog": None,
        "poll": None, "card": None, "edited_at": None, "favourited": False, "reblogged": False,
    }  # fmt: skip
    return json.dumps({"id": name, "type": "mention", "created_at": at, "account": who, "status": status})


class Handler(BaseHTTPRequestHandler):
    """Answers lists; everything else is empty."""

    protocol_version = "HTTP/1.1"
    messages = 0

    def do_GET(self) -> None:
        path, _, query = self.path.partition("?")
        account = int(self.headers.get("Authorization", "Bearer 0").rpartition(" ")[2])
        asked = parse_qs(query)
        if path == "/api/v1/notifications":
            limit = int(asked.get("limit", ["40"])[0])
            top = int(asked["max_id"][0][3:]) if "max_id" in asked else self.messages
            base = f"http://{self.headers['Host']}"
            rows = [notification(account, n, base) for n in range(top - 1, max(top - 1 - limit, -1), -1)]
            body = f"[{','.join(rows)}]".encode()
        else:
            body = b"[]"
        time.sleep(LATENCY_S)
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        return


def main() -> None:
    """Serve until killed."""
    Handler.messages = int(sys.argv[1])
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    print(server.server_address[1], flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
