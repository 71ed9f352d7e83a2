"""Words that mail programs use in the languages in use, by what they mean. Knows nothing of mails.

They are evidence among other evidence, not whole sentences: a program may put them as it likes. Stems stand where a
language bends its words.
"""

from __future__ import annotations

import re


def stems(*words: str) -> re.Pattern[str]:
    """Finds any of these where a word begins; scripts that are written without blanks have no such place."""
    return re.compile("|".join(word if _unspaced(word) else rf"\b(?:{word})" for word in words), re.I)


def _unspaced(word: str) -> bool:
    return all(ord(character) > 0x2E00 for character in word if character.isalpha())


# "wrote", as it is said of somebody else.
WROTE = stems(
    r"wrote\b", r"writes\b", r"written by\b", "sent:", r"says\b", r"said\b", r"schrieb(?:en)?\b", r"geschrieben\b",
    r"schreibt\b", r"(?:a |à )?écrit\b", r"ha escrit\b", r"escribi[óo]\b", r"escrigué\b", r"escreveu\b", r"escribiu\b",
    r"ha scritto\b", r"scrive\b", r"schreef\b", r"geschreven\b", r"het volgende geschreven", r"skrev\b", r"skreiv\b",
    r"kirjoitti\b", r"napisał", r"pisze\b", r"napsal", r"nap[íi]sal", r"píše\b", r"ezt írta", r"írta\b", r"a scris\b",
    r"yazdı", r"yazmış", r"напис", r"пише[тш]?\b", "пишет", r"έγραψε", r"skrifaði", r"rašė", "parašė", r"rakstīja",
    r"kirjutas", r"je napisa", r"napisao", r"napisala", r"је написа", r"đã viết", r"menulis", "bertulis", r"sumulat",
    r"shkroi", r"idatzi du", r"nscríobh", r"ysgrifennodd", r"aliandika", "het geskryf", "skryf",
    "כתב", "כתבה", "מאת", "كتب", "كتبت", "نوشت", "نے لکھا", "ने लिखा", "লিখেছেন", "เขียน", "写道", "寫道", "写了", "さんは書きました",
    "のメール", "書きました", "작성", "님이 쓴", "さんが書", "написа", "гнеш", "யெழுதியது", "எழுதியது", "వ్రాసారు", "രചിച്ചു",
)  # fmt: skip

# A mail, as the line above one calls it: "--- Original message ---".
MESSAGE = stems(
    "message", "mail", "e-mail", "email", "nachricht", "messag", "mensaje", "mensagem", "missatge", "mensaxe", "messaggio",
    "bericht", "meddelande", "meddelelse", "melding", "besked", "viesti", "wiadomo", "zpráv", "správ", "üzenet",
    "levél", "mesaj", "ileti", "posta", "сообщени", "письмо", "повідомлен", "лист", "μήνυμα", "skilabo", "laišk",
    "žinut", "ziņojum", "vēstul", "sõnum", "kiri", "poruka", "sporočil", "порука", "съобщени", "thư", "tin nhắn",
    "pesan", "surat", "mezu", "הודעה", "رسالة", "الرسالة", "پیام", "संदेश", "ข้อความ", "邮件", "郵件", "信件", "メッセージ", "メール",
    "메시지", "메일", "courriel",
)  # fmt: skip

# That it was handed on, or is the one answered.
HANDED_ON = stems(
    "forward", "original", "reply message", "quoted", "previous", "transf[ée]r", "réexpéd", "d'origine", "weitergeleit",
    "ursprünglich", "inoltrat", "reenviad", "renviad", "rimandat", "encaminhad", "reencaminhad", "doorgestuurd", "oorspronkelijk",
    "vidarebefordr", "ursprung", "videresend", "oprindelig", "opprinnelig", "välitet", "alkuperäi", "przesł", "przekaz",
    "oryginaln", "přeposlan", "předan", "původn", "pôvodn", "preposlan", "továbbít", "eredeti", "redirec", "iniţial",
    "inițial", "iletil", "orijinal", "özgün", "пересла", "пересыл", "пересилан", "исходн", "оригинальн", "оригінальн",
    "προωθημέν", "αρχικό", "áframsen", "upprunal", "persiųst", "pirminis", "pārsūtīt", "sākotnēj", "edastatud", "algne",
    "proslijeđen", "izvorn", "posredovan", "проследен", "прослеђен", "chuyển tiếp", "gốc", "diteruskan", "asli", "reenvia",
    "הועבר", "מקורית", "המקורית", "محولة", "معاد توجيه", "الأصلية", "ارسال شده", "اصلی", "मूल", "अग्रेषित", "ส่งต่อ", "ต้นฉบับ",
    "转发", "轉寄", "原始", "转寄", "転送", "元の", "전달된", "원본",
)  # fmt: skip

# What stands before the colons of the lines above a quote; "_" for a blank.
LABELS = frozenset(
    """
    from sent date to subject cc reply-to reply_to importance received
    von gesendet datum an betreff antwort_an gesendet_von gesendet_am kopie priorität
    de envoyé date à pour objet répondre_à envoyé_par envoyé_le
    enviado enviado_el fecha para asunto responder_a data enviada enviada_em enviado_em assunto
    da inviato a oggetto rispondi_a per enviat assumpte
    van verzonden aan onderwerp från skickat till ämne fra sendt til emne dato sendt_fra
    lähettäjä lähetetty päivämäärä vastaanottaja aihe päiväys
    od wysłano do temat data odesláno komu předmět odoslané predmet datum küldve feladó címzett tárgy dátum
    trimis către subiect la kimden gönderildi kime konu gönderen tarih alıcı gönderme_tarihi
    от отправлено кому тема дата від надіслано кому тема από στάλθηκε προς θέμα ημερομηνία
    saatja saadetud kuupäev kellele teema nuo išsiųsta kam tema data no nosūtīts kam temats datums
    šalje poslano za poslato prima naslov pošiljatelj zadeva za изпратено до относно
    từ đã_gửi đến ngày gửi tới chủ_đề dari dikirim kepada perihal tanggal dikirimkan_pada
    מאת נשלח אל נושא תאריך من تم_الإرسال إلى الموضوع التاريخ إرسال از فرستاده به موضوع تاریخ
    จาก ส่ง ถึง หัวเรื่อง เรื่อง วันที่ 发件人 发送时间 收件人 主题 日期 寄件者 寄件日期 傳送時間 收件者 主旨 抄送 寄件人 发自 发送 日期
    差出人 送信日時 宛先 件名 送信者 日時 date 보낸_사람 보낸_날짜 받는_사람 제목 날짜 보낸사람 받는사람 보낸날짜 发件时间
    """.casefold().split()
)  # fmt: skip
