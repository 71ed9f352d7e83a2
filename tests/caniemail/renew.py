"""Cuts the public “Can I email” data down to what the tests need.

`npm pack caniemail`, unpack it, and give this the path of its `data/caniemail.json`.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

FAMILIES = ("apple-mail", "gmail", "outlook")

if __name__ == "__main__":
    data = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    features = [feature for feature in data["data"] if feature["category"] in ("css", "html")]
    clients = sorted({(f, p) for feature in features for f in FAMILIES for p in feature["stats"].get(f, {})})
    # The newest version of each client: y, n, a (partly) or u (unknown), one letter a client.
    support = {
        feature["slug"]: "".join(
            (list(feature["stats"].get(family, {}).get(platform, {}).values()) or ["u"])[-1][0]
            for family, platform in clients
        )
        for feature in features
    }
    kept = {"updated": data["last_update_date"][:10], "clients": [f"{f} {p}" for f, p in clients], "support": support}
    Path(__file__).with_name("support.json").write_text(json.dumps(kept, indent=1) + "\n", "utf-8")
