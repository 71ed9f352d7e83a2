"""What machines say of themselves in subjects, in the languages in use. Knows nothing of mails."""

from __future__ import annotations

import re


def _any(*phrases: str) -> str:
    return f"(?:{'|'.join(phrases)})"


# How the subject of an out-of-office mail begins. Behind "Re:" it is a subject that a person answers.
AWAY = re.compile(
    _any(
        r"auto(?:matic|mated)?[ -]?(?:reply|response)\b", "auto:", r"out of (?:the )?office", r"ooo\b",
        "on (?:vacation|leave|holiday):", "automati(?:sche|c) antwort", "abwesenheit", "abwesend",
        "nicht im (?:büro|haus)", "réponse automatique", "absen(?:ce|t) du bureau", "respuesta autom[aá]tica",
        "fuera de (?:la )?oficina", "resposta autom[aá]tica", "fora do escrit[oó]rio", "ausência",
        "risposta automatica", "non al computer", "fuori (?:sede|ufficio)", "automatisch antwoord", "afwezig",
        "niet aanwezig", "autosvar", "automati(?:skt?|sk) svar", "frånvaro", "fravær", "ikke til stede",
        "automaattinen vastaus", "poissa", "automatyczna odpowiedź", "poza biurem", "automatická odpov[eě]ď",
        "automatikus válasz", "răspuns automat", "otomatik yanıt", "автоответ", "автоматический ответ",
        "автоматична відповідь", "自動返信", "自動応答", "自动回复", "自動回覆", "자동 ?회신", "부재중", "رد تلقائي",
        "תשובה אוטומטית",
    ),
    re.I,
)  # fmt: skip

# How the subject begins of a mail that came back.
UNDELIVERED = re.compile(
    _any(
        "undeliver", "delivery (?:status notification|has failed|failure|delayed)", "mail delivery", "returned mail",
        "failure notice", "unzustellbar", "nicht zustellbar", "non remis", "échec de la remise",
        "no se puede entregar", "não entregue", "recapito non riuscito", "onbestelbaar",
    ),
    re.I,
)  # fmt: skip
