"""Which of the offered choices a word or a sign means, in English, German, French and Spanish. Knows no mails."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

# By meaning; a choice of the sheet and an answer to it may be in different languages.
_MEANINGS = {
    "yes": """
        yes | y | yep | yeah | yup | sure | of course | definitely | absolutely | yes i did | i did | done | indeed
        ja | j | jawohl | klar | natürlich | auf jeden fall | ja habe ich | jep | genau | oui | ouais | bien sûr
        absolument | tout à fait | sí | si | claro | por supuesto | desde luego | 👍 | ✅ | ✔ | ☑ | 👌 | 💯 | 🙌
    """,
    "a little": """
        a little | a bit | a little bit | little | somewhat | partly | partially | sort of | kind of | some | slightly
        ein wenig | ein bisschen | bisschen | etwas | teilweise | wenig | teils teils | un peu | un petit peu
        partiellement | en partie | un poco | un poquito | algo | en parte | parcialmente | 🤏
    """,
    "no": """
        no | n | nope | nah | not really | no i did not | i did not | i didn't | not at all | not this week | not yet
        not this time | nein | nee | nö | nicht wirklich | leider nicht | leider nein | gar nicht | diese woche nicht
        noch nicht | diesmal nicht | non | pas vraiment | pas du tout | pas cette semaine | pas encore | pas cette fois
        la verdad no | para nada | esta semana no | todavía no | aún no | 👎 | ❌ | ✖
    """,
}
_MEANING = {
    word.strip(): name for name, words in _MEANINGS.items() for line in words.split("\n") for word in line.split("|")
}
_NUMBERS = {
    word: str(number)
    for words in (
        "zero one two three four five six seven eight nine ten",
        "null eins zwei drei vier fünf sechs sieben acht neun zehn",
        "zéro un deux trois quatre cinq six sept huit neuf dix",
        "cero uno dos tres cuatro cinco seis siete ocho nueve diez",
    )
    for number, word in enumerate(words.split())
}
_OUT_OF = re.compile(r"(\d{1,3})\s?(?:/|von|aus|out of|of|sur|de)\s?(\d{1,3})")
_DECORATION = re.compile("[\ufe0e\ufe0f\u20e3\U0001f3fb-\U0001f3ff]")  # how a sign is drawn, not what it says
_STARS = re.compile("(?:⭐|★|🌟)+")


def chosen(choices: Sequence[str], words: str) -> str:
    """The choice that these words are, and nothing else; empty when they are none, or might be several."""
    if not plain(words):
        return ""
    readings: tuple[Callable[[str], str], ...] = (plain, _number, _meaning)
    for reading in readings:
        said = reading(words)
        found = [choice for choice in choices if reading(choice) == said != ""]
        if found and (len(found) == 1 or reading is plain):
            return found[0]
    return _out_of(choices, words)


def plain(text: str) -> str:
    """The text without what a hurried thumb adds or leaves out; signs inside stay, since C is not C++."""
    return " ".join(text.casefold().replace("’", "'").split()).strip(" .,;:!")


def _number(text: str) -> str:
    bare = _DECORATION.sub("", plain(text))
    stars = _STARS.fullmatch(bare)
    return str(len(bare)) if stars else _NUMBERS.get(bare, bare if bare.isdecimal() else "")


def _meaning(text: str) -> str:
    return _MEANING.get(_DECORATION.sub("", plain(text)).replace(",", ""), "")


def _out_of(choices: Sequence[str], words: str) -> str:
    """ "4/5", when 5 is the highest that can be chosen."""
    found = _OUT_OF.fullmatch(plain(words))
    numbers = [int(choice) for choice in choices if choice.isdecimal()]
    highest = len(numbers) == len(choices) and found and int(found[2]) == max(numbers, default=-1)
    return next((choice for choice in choices if found and highest and int(choice) == int(found[1])), "")
