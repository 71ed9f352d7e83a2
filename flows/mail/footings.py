"""What programs write under a mail, in the languages in use: what sent it, and that it is secret. Knows nothing of mails.

A footer is known by two things together, that something was sent or is to be had and by what; a disclaimer by three.
"""

from __future__ import annotations

import re

from flows.mail.phrases import MESSAGE, stems

# What a mail is sent with.
DEVICE = stems(
    "iphon", "ipad", "ipod", "ios", "android", "outlook", "samsung", "galaxy", "huawei", "xiaomi", "redmi", "pixel",
    "nokia", "htc", "xperia", "motorola", "oneplus", "blackberry", "windows", "smartphone", "handy", "cell", "yahoo",
    "gmail", "gmx", r"web\.de", "proton", "k-9", "fairemail", "bluemail", "thunderbird", "spark", "superhuman", "airmail",
    "sparrow", "typeapp", "mailbird", "mailbox", "newton", "front", "tuta", "zoho", "yandex", r"mail\.ru", "icloud", "aol",
    "phone", "tablet", "device", "gerät", "appareil", "dispositivo", "toestel", "enhet", "urządzeni", "mail", "e-mail",
    "mobil", "móvil", "cellul", "celular", "telef", "téléphone", "tel[eé]fon", "puhelim", "komórk", "телефон", "смартфон",
    "устройств", "мобильн", "пошт", "почт", "κινητ", "携帯", "スマートフォン", "スマホ", "手机", "手機", "휴대", "스마트폰", "טלפון", "هاتف",
    "الهاتف", "گوشی", "मोबाइल", "โทรศัพท์", "điện thoại", "ponsel", "hp saya",
)  # fmt: skip
_ARTICLES = "my|meine[mrs]?|mon|ma|mi|meu|minha|mijn|min|mitt|moje(?:go|m|j)|mój"

# That it was sent, as the whole line's beginning or end says it.
SENT = re.compile(
    "|".join(
        (
            r"(?:e?mail |message )?(?:sent|written|typed|posted) (?:from|via|with|using|by|on)\b.*", rf"from (?:{_ARTICLES}) .*",
            r"via mobile.*", r"(?:gesendet|verschickt|geschrieben|verfasst) (?:von|vom|mit|über|aus|via) .*",
            r"(?:von|vom|mit|diese|aus) .*(?:gesendet|verschickt|geschrieben)\W*", r"envoyée? (?:de|du|avec|à partir|depuis|par|via) .*",
            r"(?:enviad[oa]|mandado) (?:desde|do|da|de|con|com|a partir|a través|pelo|vía|via) .*", r"enviat (?:des|amb|de) .*",
            r"inviat[oa] (?:da|dal|dall|con|tramite|attraverso).*", r"(?:verzonden|verstuurd|gestuurd) (?:van|met|via|door).*",
            r"skicka[td]s? (?:från|med|via) .*", r"(?:sendt|sendur|sent) (?:fra|med|via|úr|frá) .*", r"lähetetty .*",
            r"wysłan[eoya]+ (?:z|ze|za|przy|przez) .*", r"(?:odesl[aá]no|odosl[aá]n[eéo]|poslan[oaé]|posláno) (?:z|ze|s|iz|sa|zo|pomoc|prostredn|prostřed).*",
            r"poslato (?:sa|s|iz) .*", r"(?:послат|пратен|послан)\w* (?:са|с|од|от|из) .*", r"(?:el)?küldve .*", r"trimis (?:de|din|prin|cu) .*",
            r"(?:отправлено|послано) (?:с|из|от|через|при) .*", r"(?:надіслано|відправлено) (?:з|із|за|від) .*", r"изпратено (?:от|с|чрез) .*",
            r"(?:e-?posta )?(?:.*)gönderildi\W*", r"στάλθηκε (?:από|με|μέσω) .*", r"išsiųsta (?:iš|naudo|su) .*", r"nosūtīts (?:no|ar|izmanto) .*",
            r"saadetud .*", r"(?:发自|發自|寄自|来自|從我的|从我的|傳送自|通过).*", r".*(?:から送信|で送信|より送信)\W*", r".*에서 (?:보[냄냈낸]|전송|발송).*",
            r"נשלח (?:מ|באמצעות|דרך).*", r"أُ?رسلت? (?:من|بواسطة|عبر|باستخدام).*", r"تم الإرسال من.*", r"ارسال.?شده (?:از|با|توسط).*",
            r"فرستاده شده از.*", r".*(?:से भेजा गया|से प्रेषित)\W*", r"(?:ส่งจาก|ส่งโดย).*", r"(?:đã )?(?:được )?gửi (?:từ|bằng|qua) .*",
            r"(?:dikirim|terkirim) (?:dari|melalui|dengan|menggunakan) .*", r"dihantar dari.*", r"ipinadala mula sa.*",
        )
    ),
    re.I | re.S,
)  # fmt: skip

# That an app is to be had; it must say for what as well.
APP = stems("outlook", "yahoo mail", "proton mail", "bluemail", "gmail")
SYSTEM = stems("ios", "android", "iphone", "ipad", "windows", "mac", "mobile")

HAD = stems(
    "get", "download", "beziehen", "hol(?:en|e)", "laden", "télécharge", "obten", "obter", "scarica", "ottieni", "verkrijg",
    "hämta", "skaffa", "hent", "få", "hanki", "hae", "lataa", "pobierz", "získ", "stáhn", "stiahn", "beszerz", "letölt",
    "obțin", "descărca", "edin", "indir", "скача", "получ", "загруз", "завантаж", "отрима", "λήψη", "αποκτ", "изтегл", "вземе",
    "nabav", "preuzm", "pridob", "gauk", "iegū", "obteniu", "入手", "ダウンロード", "取得", "获取", "下载", "下載", "다운로드", "받기", "קבל", "הורד",
    "الحصول", "دریافت", "प्राप्त", "รับ", "ดาวน์โหลด", "tải", "lấy", "dapatkan", "unduh", "sækja",
)  # fmt: skip

# A disclaimer says most of these: that it is secret, whom it is meant for, that it is a letter, what to do by mistake.
DISCLAIMER = (
    stems(
        "confiden", "vertraul", "riservat", "vertrouwelijk", "privileged", "geheim", "poufn", "конфиденц", "конфіденц",
        "luottamuks", "fortrolig", "konfiden", "důvěrn", "dôvern", "bizalmas", "gizli", "εμπιστευτικ", "povjerljiv",
        "поверит", "поверљ", "zaup", "konfidenc", "機密", "秘密", "机密", "保密", "기밀", "חסוי", "סודי", "سري", "محرمانه",
        "गोपनीय", "ลับ", "bảo mật", "rahasia", "trúnað",
    ),
    stems(
        "intended", "addressee", "recipient", "addressed to", "empfänger", "adressat", "destinat", "geadresseerde",
        "bestemd", "bestimmt", "adresat", "адресат", "получател", "одержувач", "mottagar", "modtager", "mottaker",
        "vastaanottaj", "příjem", "príjem", "címzett", "alıcı", "παραλήπτ", "primatelj", "naslovnik", "gavėj", "saņēm",
        "受信者", "宛先", "收件人", "收件者", "수신인", "수신자", "נמען", "المرسل إليه", "گیرنده", "प्राप्तकर्ता", "ผู้รับ", "người nhận", "penerima",
    ),
    MESSAGE,
    stems(
        "in error", "by mistake", "mistakenly", "irrtüm", "versehentlich", "fehler", "par erreur", "por error", "por engano",
        "per errore", "per ongeluk", "abusievelijk", "onterecht", "ten onrechte", "av misstag", "ved en fejl", "ved en feil",
        "vahingossa", "erehdy", "omyłk", "pomyłk", "omyl", "téved", "din eroare", "yanlışlıkla", "по ошибке", "помилк",
        "κατά λάθος", "pogrešk", "грешк", "pomot", "per klaidą", "kļūd", "eksikombel", "誤って", "误收", "誤收", "잘못", "בטעות",
        "بطريق الخطأ", "nhầm", "kesalahan", "nicht der richtige",
    ),
    stems(
        "delete", "destroy", "notify", "disclos", "unauthori[sz]ed", "prohibited", "lösch", "vernicht", "informier", "détrui",
        "supprim", "elimin", "borr", "destru", "apag", "cancell", "distrugg", "verwijder", "vernietig", "radera", "slet",
        "poista", "tuhoa", "usuń", "usunięc", "zniszcz", "smaž", "odstra", "vymaž", "töröl", "șterge", "silin", "imha",
        "удал", "уничтож", "видал", "знищ", "διαγρά", "izbriš", "обриш", "изтри", "ištrin", "dzēs", "kustuta", "削除", "破棄",
        "删除", "刪除", "삭제", "מחק", "حذف", "हटा", "ลบ", "xóa", "hapus",
    ),
)  # fmt: skip
