"""Write answers/icons.json: the icons that Streamlit's pages may have.

Run it after a new version of Streamlit: uv run python -m scripts.update_icons
"""

import json
from pathlib import Path

from streamlit.emojis import ALL_EMOJIS
from streamlit.material_icon_names import ALL_MATERIAL_ICONS

ICONS_FILE = Path(__file__).parent.parent / "answers" / "icons.json"


def main() -> None:
    """Write the file, sorted, so that a new version shows as a small change."""
    icons = {
        # Streamlit compares without the variation selector.
        "emoji": sorted({emoji.replace("\N{VARIATION SELECTOR-16}", "") for emoji in ALL_EMOJIS}),
        "material": sorted(ALL_MATERIAL_ICONS),
    }
    text = json.dumps(icons, ensure_ascii=False, indent=0, separators=(",", ":"))
    ICONS_FILE.write_text(text + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
