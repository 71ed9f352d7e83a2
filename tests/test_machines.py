"""Mails of machines whose headers do not say so are told by their words, and people who speak alike are people."""

from __future__ import annotations

from email.message import EmailMessage

import pytest

from flows.mail.reading import Mail, read_mail

QUOTE = "\n\nOn 3/3/26 09:00, Onward wrote:\n\n> How was your week?\n"


def read(body: str, subject: str = "Re: Your week", **headers: str) -> Mail:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "Jane <jane@example.com>", "r.x@reply.example.com", subject
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(body)
    return read_mail(bytes(message))


MACHINES = [
    "Thank you for your mail. I am out of the office until 12 October. In urgent cases please contact sam@example.com.",
    "Hvala na poruci. Nisam u uredu do 12. listopada.\n\nZa hitne slučajeve javite se na ured@example.com.",
    "Köszönöm levelét. Október 12-ig nem vagyok az irodában.\n\nSürgős esetben kérem, írjon ide: x@example.com.",
    "ขอบคุณสำหรับข้อความของคุณ ขณะนี้ผมไม่อยู่ที่สำนักงานจนถึงวันที่ 12 ตุลาคม\n\nหากเร่งด่วนกรุณาติดต่อ x@example.com",
    "We have received your request, ticket number 100514.\n\nThis is an automatic message, please do not reply.",
    "Ihre Anfrage ist bei uns eingegangen.\n\nDies ist eine automatisch erzeugte Nachricht.",
    "Wij hebben uw verzoek ontvangen en geregistreerd onder nummer 8468.\n\nDit is een automatisch bericht.",
    "お問い合わせいただきありがとうございます。\n受付番号 19566 で承りました。\n\n※このメールは自動送信です。",
    "Your message was waitlisted. Please add yourself to my Guest List.\n\nClick here: https://example.com/verify",
    "Your message is being held because its sender has not been verified.\n\nTo release it, use your mailer's reply.",
]


@pytest.mark.parametrize("body", MACHINES)
def test_a_machine_is_told_by_what_it_says(body: str) -> None:
    mail = read(body)
    assert (mail.kind, mail.certain) == ("auto_reply", False)


def test_few_machines_quote_so_it_takes_every_sign() -> None:
    away = "I am out of the office until 12 October."
    assert read(f"Thank you for your mail. {away} In urgent cases contact sam@example.com.{QUOTE}").kind == "auto_reply"
    assert read(f"{away} In urgent cases contact Sam.{QUOTE}").kind == "reply"


PEOPLE = [
    "I am out of the office until Monday, but here are my answers:\n\n1. yes\n2. no",
    "I was on holiday for two weeks and missed the beginning.",
    "Delivery failed last sprint because nobody owned the release.",
    "I would automate the reports: nobody should reply to them by hand.",
    "Read the book, it is good.",
]


@pytest.mark.parametrize("body", PEOPLE)
def test_people_who_speak_of_the_same_are_people(body: str) -> None:
    assert read(body).kind == "reply"
    assert read(body + QUOTE).kind == "reply"


@pytest.mark.parametrize("subject", ["Read: Your week", "Gelesen: Ihre Woche", "Läst: Din vecka", "開封済み: 今週"])
def test_a_notice_of_reading_is_told_by_its_subject_and_by_saying_nothing(subject: str) -> None:
    notice = read("Your message\n\n  To: Jane\n  Subject: Your week\n  Sent: 3/3/2026 9:00 AM\n\nwas read.", subject)
    assert (notice.kind, notice.certain) == ("auto_reply", False)
    assert read("I read all of it, and what I took from it is that we should meet less often.", subject).kind == "reply"


def test_a_mailbox_rule_wants_no_automatic_answer() -> None:
    rule = {"X_MS_Exchange_Inbox_Rules_Loop": "jane@example.com"}
    assert read("Some text", X_Auto_Response_Suppress="All", **rule).kind == "auto_reply"
    assert read("Some text", X_Auto_Response_Suppress="OOF, DR", **rule).kind == "reply"


def test_a_newsletter_answers_nothing_and_a_discussion_list_may() -> None:
    assert read("News", List_Unsubscribe="<https://example.com/u>").kind == "auto_reply"
    assert read("Yes", List_Unsubscribe="<https://example.com/u>", In_Reply_To="<1@x>").kind == "reply"
    assert read("Yes", List_Unsubscribe="<https://example.com/u>", List_Post="<mailto:all@x.org>").kind == "reply"


@pytest.mark.parametrize("said", ['text/calendar; method="REPLY"', "text/calendar"])
def test_a_calendar_that_accepts_an_invitation_answers_no_question(said: str) -> None:
    raw = (
        "From: Jane <jane@example.com>\r\nSubject: Accepted: Your week\r\nMIME-Version: 1.0\r\n"
        "Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n"
        f"Jane has accepted.\r\n--b\r\nContent-Type: {said}\r\n\r\nBEGIN:VCALENDAR\r\nMETHOD:REPLY\r\n--b--\r\n"
    )
    assert read_mail(raw.encode()).kind == "auto_reply"


def test_a_bounce_that_also_says_that_it_is_automatic_is_a_bounce() -> None:
    mail = read("User unknown: <sam@example.com>", "Undeliverable: Your week", Auto_Submitted="auto-generated")
    assert mail.kind == "bounce"
