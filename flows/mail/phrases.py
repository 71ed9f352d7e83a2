"""What mail programs and gateways say of themselves, in the languages in use. Knows nothing of mails.

Phrases are the last resort, for what carries no other sign; each is asked for in one place and narrowly.
"""

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

# What a footer says the mail was sent from.
DEVICE = re.compile(
    _any(
        "iphone", "ipad", r"\bios\b", "android", "outlook", "samsung", "galaxy", "huawei", "xiaomi", "pixel",
        "blackberry", "windows", "smartphone", "handy", "yahoo", "gmail", "gmx", r"web\.de", "proton", "k-9",
        "fairemail", "bluemail", "thunderbird", "spark", "superhuman", "airmail", "tuta", "zoho", "phone", "tablet",
        r"\bmail\b", "mobil", "móvil", "celular", "telef", "téléphone", "携帯", "手机", "手機", "휴대",
    ),
    re.I,
)  # fmt: skip

# How a footer's sentence begins; or ends, in languages that have the verb there.
SENT = re.compile(
    _any(
        r"sent (?:from|via|with|using)\b.*", "get outlook .*", "(?:gesendet|verschickt) (?:von|mit|über|aus) .*",
        "(?:von|vom|diese) .*(?:gesendet|verschickt)[^\\w]*", "(?:holen sie sich|laden sie) outlook .*",
        "envoyé (?:de|avec|à partir|depuis) .*", "(?:télécharge[zr]|obtenir|obtenez) outlook .*",
        "enviad[oa] (?:desde|do|da|de|con|com|a partir) .*", "(?:obten(?:er|ha|ga)|obter) (?:o )?outlook .*",
        "inviat[oa] da.*", "(?:scarica|ottieni) outlook .*", "(?:verzonden|verstuurd) (?:van|met|via).*",
        "(?:download|hämta|hent|pobierz) outlook .*", "skicka[td]s? från .*", "sendt fra .*", "lähetetty .*",
        "wysłan[eoy] z .*", "odesláno .*", "odoslané .*", "küldve .*", "trimis de .*", "отправлено .*",
        "надіслано .*", "στάλθηκε .*", "发自.*", "發自.*", "傳送自.*", "נשלח .*", "أُ?رسلت? .*", r".*gönderildi\W*",
        r".*から送信\W*", r".*에서 보[냄냈].*",
    ),
    re.I,
)  # fmt: skip

# A disclaimer says all three: that it is secret, whom it is meant for, and that it is a letter.
DISCLAIMER = (
    re.compile("confiden|vertraul|riservat|vertrouwelijk|privileged|poufn|конфиденц", re.I),
    re.compile("intended|addressee|recipient|empfänger|destinat|geadresseerde|bestemd|bestimmt|adresat|адресат", re.I),
    re.compile("mail|message|nachricht|courriel|mensaje|mensagem|messaggio|bericht|wiadomo|сообщени|письмо", re.I),
)
