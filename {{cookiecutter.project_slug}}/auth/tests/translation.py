"""A translation of every text, in which no word of ours is left."""

import json
import re
from collections.abc import Iterator
from dataclasses import asdict
from string import ascii_lowercase, ascii_uppercase

import pytest
from google.protobuf.message import Message

from auth import texts
from auth.access import known_roles
from auth.settings import load_settings
from auth.tests.tab import Tab

# Letters of another alphabet. What stands in braces stays.
_LETTERS = str.maketrans(
    ascii_lowercase + ascii_uppercase, "абцдефгхийклмнопярстувшжыз" + "АБЦДЕФГХИЙКЛМНОПЯРСТУВШЖЫЗ"
)
# Of an element, what nobody reads.
_UNREAD = {
    "id",
    "form_id",
    "user_key",
    "page_script_hash",
    "url_pathname",
    "icon",
    "autocomplete",
    "page",
}
_CODE = {"bidi_component", "code", "component_instance"}  # and random passwords
_MARKUP = re.compile(r"<(style|script)>.*?</\1>|<[^>]*>", re.DOTALL)
_OURS = {
    word.lower()
    for text in asdict(texts.DEFAULTS).values()
    for word in re.findall(r"[A-Za-z]{3,}", re.sub(r"{.*?}", "", text))
}


def translated() -> texts.Texts:
    """Return every text in another alphabet."""
    others = {
        name: re.sub(r"{.*?}|[A-Za-z]+", _translate, text)
        for name, text in asdict(texts.DEFAULTS).items()
    }
    return texts.Texts(**others | {"language": "bg"})


def translate(monkeypatch: pytest.MonkeyPatch) -> texts.Texts:
    """Have the app say everything in another alphabet, and return how."""
    say = translated()
    monkeypatch.setattr(texts, "check", lambda: say)
    # The owner's own words are not ours.
    monkeypatch.setenv("APP_NAME", "Ж")
    monkeypatch.setenv("APP_DESCRIPTION", "Ж")
    load_settings.cache_clear()
    return say


def words_of_ours(tab: Tab, *names: str) -> set[str]:
    """Return the words of the default texts that a tab was sent, apart from names of people."""
    elements = [message.delta.new_element for message in tab.sent if message.HasField("delta")]
    elements = [element for element in elements if element.WhichOneof("type") not in _CODE]
    read = " ".join(text for element in elements for text in _strings(element))
    components = [message.delta.new_element.bidi_component for message in tab.sent]
    read += " ".join(
        json.loads(component.json)["table"]
        for component in components
        if component.component_name == "auth_users"
    )
    read = _MARKUP.sub(" ", read)
    for role in known_roles():  # the owner's, and other tests'
        read = re.sub(rf"\b{re.escape(role)}\b", " ", read)
    return {word.lower() for word in re.findall(r"\b[A-Za-z]{3,}\b", read)} & _OURS - {*names}


def _translate(found: re.Match[str]) -> str:
    return found[0] if found[0].startswith("{") else found[0].translate(_LETTERS)


def _strings(message: Message) -> Iterator[str]:
    for field, value in message.ListFields():
        values = [value] if isinstance(value, (str, Message)) else value
        if field.name in _UNREAD or isinstance(values, (bool, int, float, bytes)):
            continue
        for each in values:
            if isinstance(each, str):
                yield each
            elif isinstance(each, Message):
                yield from _strings(each)
