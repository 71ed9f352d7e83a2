"""What Onward understands of raw mails: the words, the answers, and whether a person wrote at all."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.mail.reading import Mail, read_mail

MAILS = {path.stem: path.read_bytes() for path in sorted((Path(__file__).parent / "mails").glob("*.eml"))}
ADDRESS = "r.mzxw6ytboi4dcmrtgq2tmnzyhe2a2b2c@reply.example.com"
QUOTE = "> [1] Is there a goal?\n>\n> [2] What gives you energy?\n>\n> Onward, for people ops\n"


def read(text: str, content_type: str = "text/plain; charset=utf-8", **headers: str) -> Mail:
    """The mail with this body, as jane@example.com sent it."""
    lines = {"From": "Jane <jane@example.com>", "Subject": "Re: Your first 1:1", "Content-Type": content_type}
    lines |= {name.replace("_", "-"): value for name, value in headers.items()}
    return read_mail("".join(f"{name}: {value}\n" for name, value in lines.items()).encode() + b"\n" + text.encode())


WORDS = {
    "gmail_top": "I want to lead a team one day.\n\nOrganising gives me energy.",
    "gmail_html_only": "I want to lead a team one day.\n\nOrganising gives me energy & joy.",
    "outlook_desktop": "I take opportunities as they come.\n\nFrom: marketing I would like to move to sales.\n\nJane",
    "outlook_german": "Ich nehme, was kommt.",
    "outlook_ios": "Yes, to lead a team.",
    "outlook_web_html": "I take opportunities as they come.",
    "outlook_word_html": "I take opportunities as they come.\n\nTwo lines of it.",
    "apple_mail": "I want to lead a team, and this line is so long that Apple Mail breaks it.\n\nSecond paragraph.",
    "iphone": "To lead a team",
    "iphone_html": "To lead a team",
    "thunderbird_below": "No goal yet, and that is fine.",
    "yahoo": "Yes, to lead a team.",
    "german": "Ja, ich möchte ein Team leiten.",
    "french": "Oui : diriger une équipe.",
    "spanish": "Sí, dirigir un equipo.",
    "quoted_printable": "Ich möchte ein Team führen – später.",
    "base64": "Größe zählt nicht.",
    "latin1": "Das Team zu führen, “später”.",
    "wrong_charset": "Führen – später.",
    "unknown_charset": "Führen, später.",
    "signature": "Two things:\n- first point\n-- second point\n-----\nSubject: naming things is what I like.",
    "attachment_and_image": "See my plan.",
    "empty_plain_full_html": "To lead a team.",
}


@pytest.mark.parametrize("name", WORDS)
def test_free_words_above_or_below_a_quote_are_kept_alone_and_answer_no_question(name: str) -> None:
    mail = read_mail(MAILS[name])
    assert (mail.kind, mail.text, mail.answers, mail.rest) == ("reply", WORDS[name], {}, WORDS[name])


def test_words_typed_between_quoted_questions_go_to_their_questions() -> None:
    mail = read_mail(MAILS["gmail_between"])
    assert mail.answers == {
        1: "Yes, I want to lead a team.\nNot this year, though.",
        2: "Energy: writing. Takes it: long meetings.",
    }
    assert mail.rest == "Thanks for asking!"
    assert mail.text == f"{mail.rest}\n\n{mail.answers[1]}\n\n{mail.answers[2]}"


def test_words_typed_between_quoted_questions_survive_html() -> None:
    mail = read_mail(MAILS["gmail_html_between"])
    assert mail.answers == {1: "Yes, I want to lead a team.", 2: "Writing. Not meetings."}
    assert mail.rest == "Thanks for asking!"


def test_lines_that_thunderbird_broke_are_joined_between_the_questions() -> None:
    mail = read_mail(MAILS["thunderbird_between"])
    long = "Yes, I want to lead a team one day, and that is a long sentence which Thunderbird breaks."
    assert mail.answers == {1: long, 2: "Mornings.", 3: "Writing."}
    assert mail.rest == ""


def test_a_signed_mail_is_read_without_its_armour() -> None:
    signed = "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\nYes.\n-----BEGIN PGP SIGNATURE-----\n\niQIz\n-----END"
    assert read(f"{signed} PGP SIGNATURE-----\n").text == "Yes."


TOLD = [
    "On 12/03/2026 10:30 Maria Lopez wrote:\n“we need a plan”\nand I told her no.",
    "Von: Berlin\nAn: München\nDatum: 12.03.2026 10:00\nBetreff: Messe",
]


@pytest.mark.parametrize("told", TOLD)
def test_what_somebody_else_wrote_is_told_by_the_person_alone_or_above_the_mail_answered(told: str) -> None:
    to = f"Onward <{ADDRESS}>"
    assert read(told, To=to).text == told
    assert read(f"{told}\n\nOn Tue, Mar 3, 2026 at 9:00 AM {to} wrote:\n\n{QUOTE}", To=to).text == told
    block = f"From: {to}\nSent: Tuesday, March 3, 2026 9:00 AM\nTo: Jane\nSubject: Your first 1:1\n\n[1] A goal?\n"
    assert read(f"{told}\n\n{block}", To=to).text == told


def test_a_header_that_a_person_pasted_is_theirs_where_the_mail_answered_stands_marked_below() -> None:
    pasted = (
        "This one:\n\nFrom: DBA team <dba@example.com>\nSubject: Killed\nDate: Mon, 28 Sep 2026 17:02\n\nThat was me."
    )
    to = f"Onward <{ADDRESS}>"
    assert read(f"{pasted}\n\nOn Tue, Mar 3, 2026 at 9:00 AM {to} wrote:\n\n{QUOTE}", To=to).text == pasted


def test_what_a_person_cites_above_the_quote_is_theirs_unless_it_is_quoted_below_as_well() -> None:
    code = "The code is:\n\n> const x = 1;\n>\n> x + 1\n\nWhat do you think?"
    assert read(f"{code}\n\nOn 3/3/26 09:00, Onward wrote:\n\n{QUOTE}").text == code
    picked = "> [2] What gives you energy?\nPeople.\n\nOn 3/3/26 09:00, Onward wrote:\n\n" + QUOTE
    assert read(picked).text == "People."


def test_a_mark_behind_a_blank_was_typed_where_lines_are_flowed() -> None:
    body = "> [1] Since when?\n > 5 years\n> [2] Energy?\n4\n"
    assert read(body, "text/plain; format=flowed").answers == {1: "> 5 years", 2: "4"}


def test_markers_that_the_person_typed_name_their_questions() -> None:
    mail = read_mail(MAILS["typed_markers"])
    assert mail.answers == {1: "yes, to lead a team\nand to learn", 3: "writing"}
    assert (mail.rest, mail.text.split("\n")[0]) == ("", "Hi Sam,")


COURTESY = ["LG Jane", "Best,\nJane", "Viele Grüße\nJane Doe", "Jane", "Thanks, Jane", "Cordialement\nJ. Doe"]


@pytest.mark.parametrize("closing", COURTESY)
def test_a_greeting_and_a_closing_around_answers_are_kept_and_answer_no_question(closing: str) -> None:
    mail = read(f"Hallo Sam,\n\n[1] Yes\n[2] Writing\n\n{closing}\n", From="Jane Doe <jane@example.com>")
    assert (mail.answers, mail.rest) == ({1: "Yes", 2: "Writing"}, "")
    assert closing in mail.text


def test_a_formula_alone_behind_a_number_is_an_answer() -> None:
    assert read("[1] Yes\n[2] Grüße\n", From="Jane Doe <jane@example.com>").answers == {1: "Yes", 2: "Grüße"}


@pytest.mark.parametrize(
    "pointing", ["See below.", "My answers in blue below", "siehe unten", "Réponses ci-dessous :", "Answers inline"]
)
def test_words_that_only_point_at_the_answers_answer_no_question(pointing: str) -> None:
    mail = read(f"Hallo Sam,\n\n{pointing}\n\n[1] Yes\n[2] Writing\n", From="Jane Doe <jane@example.com>")
    assert (mail.answers, mail.rest) == ({1: "Yes", 2: "Writing"}, "")


def test_more_than_a_greeting_is_an_answer_and_so_are_names_that_are_not_the_senders() -> None:
    mail = read("Hi, it was a hard week.\n\n[1] Yes\n[2] Thanks,\nSam\n", From="Jane Doe <jane@example.com>")
    assert (mail.answers, mail.rest) == ({1: "Yes", 2: "Thanks,\nSam"}, "Hi, it was a hard week.")
    assert read("Hi Sam,\n\nall fine.\n\nBest\nJane\n").rest == "Hi Sam,\n\nall fine.\n\nBest\nJane"


def test_typed_markers_and_words_between_the_questions_go_together() -> None:
    mail = read_mail(MAILS["markers_and_between"])
    assert mail.answers[3] == "Writing."
    assert set(mail.answers) == {1, 2, 3}
    assert mail.rest == ""


def test_markers_work_above_an_outlook_quote_that_repeats_them() -> None:
    assert read_mail(MAILS["outlook_web_plain"]).answers == {1: "No goal yet", 2: "Talking to customers"}


def test_labels_between_quoted_questions_are_an_answer() -> None:
    for typed in (
        "From: Berlin\nTo: Paris\nDate: 12.03.2026 10:00\nSubject: Fair",
        "From: a@x.example\nTo: b@x.example",
    ):
        mail = read(f"On 3/3/26 09:00, Onward wrote:\n> [1] Where to?\n\n{typed}\n\n> [2] How?\nWell.\n")
        assert mail.answers == {1: typed, 2: "Well."}


def test_a_list_that_the_mail_program_numbered_answers_by_its_numbers() -> None:
    mail = read_mail(MAILS["gmail_list"])
    assert mail.answers == {1: "Yes, I have a goal", 2: "Writing"}
    assert mail.rest == "Here you go:"


NUMBERS = [
    ("1) yes\n2) no", {1: "yes", 2: "no"}),
    ("1. yes\n2. no", {1: "yes", 2: "no"}),
    ("1: yes\n3: no", {1: "yes", 3: "no"}),
    ("1 - yes\n2 – no", {1: "yes", 2: "no"}),
    ("[1]: yes", {1: "yes"}),
    ("[2] yes\n[1] no", {1: "no", 2: "yes"}),
    ("1)\nyes\n\n2)\nno", {1: "yes", 2: "no"}),
    ("1) only one", {}),
    ("2) falling\n1) numbers", {}),
    ("1.5 hours\n2.5 hours", {}),
    ("9:30 works\n10:30 too", {}),
    ("see [1] and [2]", {}),
    ("[1]\n\n[2] no", {2: "no"}),
]


@pytest.mark.parametrize(("text", "answers"), NUMBERS)
def test_typed_numbers_are_markers_only_when_they_cannot_be_words(text: str, answers: dict[int, str]) -> None:
    mail = read(f"{text}\n\nOn 3/3/26 09:00, Onward wrote:\n{QUOTE}")
    assert mail.answers == answers
    assert mail.text == text
    assert answers or mail.rest == text


def test_a_list_inside_one_answer_stays_with_its_question() -> None:
    mail = read("> [1] Is there a goal?\n1. lead\n2. learn\n> [2] What gives you energy?\nWriting\n")
    assert mail.answers == {1: "1. lead\n2. learn", 2: "Writing"}


def test_a_person_may_answer_only_the_last_question() -> None:
    mail = read("> [1] Is there a goal?\n> [2] What gives you energy?\nWriting\n>\n> Onward, for people ops\n")
    assert mail.answers == {2: "Writing"}


ATTRIBUTIONS = {
    "gmail": f"On Tue, Mar 3, 2026 at 9:00 AM Onward <{ADDRESS}> wrote:",
    "folded twice": f"On Tue, Mar 3, 2026 at 9:00 AM Onward for people ops\n<{ADDRESS}>\nwrote:",
    "folded in the date": f"On Tue, 3 Mar 2026 at\n09:00, Onward <{ADDRESS}> wrote:",
    "thunderbird folded": "On 3/3/26 09:00, Onward for people ops\nwrote:",
    "german thunderbird": "Am 03.03.26 um 09:00 schrieb Onward:",
    "evolution": "On Tue, 2026-03-03 at 09:00 +0100, Onward wrote:",
    "no date": f"Onward <{ADDRESS}> schrieb:",
    "proton": f"-------- Original Message --------\nOn Tuesday, 03/03/26 at 09:00 Onward <{ADDRESS}> wrote:",
    "dutch": f"Op di 3 mrt 2026 om 09:00 schreef Onward <{ADDRESS}>:",
    "italian": f"Il giorno mar 3 mar 2026 alle ore 09:00 Onward <{ADDRESS}>\nha scritto:",
    "portuguese": f"Em ter., 3 de mar. de 2026 às 09:00, Onward <{ADDRESS}>\nescreveu:",
    "danish": f"Den tirs. 3. mar. 2026 kl. 09.00 skrev Onward <{ADDRESS}>:",
    "polish": f"wt., 3 mar 2026 o 09:00 Onward <{ADDRESS}> napisał(a):",
    "russian": f"вт, 3 мар. 2026 г. в 09:00, Onward <{ADDRESS}>:",
    "hungarian": f"Onward <{ADDRESS}> ezt írta (időpont: 2026. márc. 3., K, 9:00):",
    "turkish": f"Onward <{ADDRESS}>, 3 Mar 2026 Sal, 09:00 tarihinde şunu yazdı:",
    "japanese": f"2026年3月3日(火) 9:00 Onward <{ADDRESS}>:",
    "korean": f"2026년 3월 3일 (화) 오전 9:00, Onward <{ADDRESS}>님이 작성:",
    "chinese": f"Onward <{ADDRESS}> 于2026年3月3日周二 09:00写道：",
    "folded into pieces": f"On Nov 21, 2014,\nat 10:18,\nOnward <{ADDRESS}> wrote:",
    "folded inside the address": "On Nov 30, 2011, at 12:47 PM,\n Onward <\n416ffd3258d4d2fa4c\n@example.org>wrote:",
    "day, hour and address on lines of their own": f"Am 26.5.2017\num 12:00 schrieb Onward\n<{ADDRESS}>:",
    "without a colon": f"On Wed, 14 Nov 2018 08:14:43 -0200 Onward <{ADDRESS}> wrote",
    "groupwise": f">>> Onward <{ADDRESS}> schrieb am 2.7.2025 um 09:03 in Nachricht\n<66A1.3B2:161:5D@example.com>:",
    "headers in one line": f"Date: Tue, 2 Oct 2012 02:35:10 +0000 From: {ADDRESS} To: Doe, Jane Subject: Your week",
    "from whom and to whom alone": f"From: {ADDRESS}\nTo: jane@example.com",
    "a table's cells": f"Von:\nOnward <{ADDRESS}>\nAn\njane@example.com\nDatum:\n13.06.2012 14:30\nBetreff\nYour week",
    "a help desk's line": "## Please type your reply above this line. ##",
    "a help desk's line in german": "-- Bitte gib deine Antwort oberhalb dieser Zeile ein --",
    "outlook express": f'From: "Onward" <{ADDRESS}>',
    "hebrew": f"\u202bבתאריך 3 במרץ 2026 ב-9:00 מאת \u202aOnward\u202c\u200f <\u202a{ADDRESS}\u202c\u200f>:\u202c",
}


@pytest.mark.parametrize("name", ATTRIBUTIONS)
def test_the_line_above_a_quote_is_known_by_what_it_holds(name: str) -> None:
    assert read(f"Yes, a goal.\n\n{ATTRIBUTIONS[name]}\n\n{QUOTE}").text == "Yes, a goal."
    assert read(f"Yes, a goal.\n{ATTRIBUTIONS[name]}\n{QUOTE}").text == "Yes, a goal."


UNMARKED = {
    "an address and the verb": f"{ADDRESS} wrote:\n\nIs there a goal?",
    "a phone's footer above it": f"Sent from my iPhone\n\n{ADDRESS} wrote:\n\nIs there a goal?",
    "apple mail's in polish": f"Wiadomość napisana przez Onward {ADDRESS} w dniu 3.03.2026, o godz. 9:00:\nA goal?",
    "lotus notes": f"Onward <{ADDRESS}>\n03/03/26 09:00\n\nTo\nJane Doe <jane@example.com>\ncc\n\nSubject\nA talk"
    "\n\nIs there a goal?",
    "headers without their breaks": "From: OnwardSent: Tuesday, March 3, 2026 9:00 AMTo: Jane DoeSubject: A talk\n"
    "Is there a goal?",
    "a title without its break": "-------- Original message --------From: Onward  Date: 03.03.26  09:00  (GMT+01:00) "
    "To: Jane Subject: Your first 1:1\n\nIs there a goal?",
    "a forwarded mail's first header alone": "Begin forwarded message:\nTo: Jane\n\nIs there a goal?",
    "an attribution above header lines": "On 03.03.26 at 09:00 Onward wrote\nFrom: Onward\nDate: 3 March 2026\nTo: Jane"
    "\nIs there a goal?",
    "from whom, and that it answers": "De: Onward\nAssunto: RE: Your first 1:1\nIs there a goal?",
    "a header line that ends like a sentence": f"__________________\n\nTo: ????\nFrom: Onward <{ADDRESS}>\nCC:\n"
    "Subject: Your first 1:1\n\nIs there a goal?",
}


@pytest.mark.parametrize("name", UNMARKED)
def test_all_below_a_heading_is_the_quote_also_where_no_mark_shows_it(name: str) -> None:
    assert read(f"Yes, a goal.\n\n{UNMARKED[name]}\n").text == "Yes, a goal."


def test_an_attribution_at_which_the_mail_was_cut_off_is_one_still() -> None:
    assert read("Yes.\nOn Sat, Mar 7, 2026 at 8:28 AM <onward@example.com").text == "Yes."
    assert read("Yes.\n\nLe 7 mars 2026 à 01:36, Onward <onward@example.com").text == "Yes."
    assert read("Ask me <jane@example.com").text == "Ask me <jane@example.com"


def test_a_quote_that_lost_its_breaks_is_one_still() -> None:
    run = f"On Tue, Mar 3, 2026 at 9:00 AM Onward <{ADDRESS}> wrote: > Is there a goal? > > Onward"
    assert read(f"Yes, a goal.\n{run}\n").text == "Yes, a goal."
    assert read(f"Yes, a goal. {run}\n").text == "Yes, a goal."
    for typed in ("I noted this: > 5 years", "On 3 March 2026 I wrote: > more time to think"):
        assert read(f"{typed}\n").text == typed


def test_initials_before_a_quotes_marks_are_marks_below_an_attribution() -> None:
    head = "Tuesday, March 3, 2026, 9:00:00 AM, you wrote:\n\n"
    mail = read(f"{head}OP> [1] Is there a goal?\nYes, a goal.\nOP> [2] What gives you energy?\nOP>\nWriting.\n")
    assert mail.answers == {1: "Yes, a goal.", 2: "Writing."}
    assert read("I tried this:\n\nSQL> select 1\nSQL> quit\n").text == "I tried this:\n\nSQL> select 1\nSQL> quit"


def test_who_is_answered_may_be_called_before_a_quotes_marks() -> None:
    for mark in ("AvD", "Arjan"):
        text = f"Hello,\n\n{mark}> Is there a goal?\n{mark}> What is it?\n\nYes.\n"
        assert read(text, To="Arjan van Dam <a@example.com>").text == "Hello,\n\nYes."
        assert f"{mark}> What is it?" in read(text, To="Onward <o@example.com>").text
    assert read('>>>>> "jd" == John Doe writes:\n\njd> Is there a goal?\n\nYes.\n').text == "Yes."


def test_words_between_an_attribution_and_its_marked_quote_are_the_persons() -> None:
    to, parted = f"Onward <{ADDRESS}>", "On 3/3/26 at 09:00, Onward wrote:\n\nYes, a goal.\n\n> Is there a goal?\n"
    assert read(parted, To=to).text == "Yes, a goal."
    assert read("On 3/3/26 at 09:00, Sam wrote:\nno.", To=to).text == "On 3/3/26 at 09:00, Sam wrote:\nno."
    assert read("No.\n\nOn 3/3/26 at 09:00, Onward wrote:\n\nA goal?\n\n> an older mail\n").text == "No."


def test_a_mailboxs_sign_before_from_is_no_mark_of_a_quote() -> None:
    assert read("Yes.\n\n>From what I read,\nit helps.\n").text == "Yes.\n\nFrom what I read,\nit helps."


def test_a_quoted_line_that_a_server_broke_goes_on() -> None:
    wide = "> The goal, as far as we can see from here, is in the list of goals"
    assert read(f"Yes.\n\n{wide}\n(first of all in yours)\n> of this year.\n").text == "Yes."


TYPED = [
    "From: marketing we got the copy",
    "Subject: naming things",
    "Goal: lead a team\nSkill: writing\nEnergy: 4",
    "When: 3 March 2026 10:00\nWhere: room 5\nWho: bob@example.com",
    "- one\n- two\n-- three",
    "above\n-----\nbelow\n__________\nend",
    "-- My goals --\nLead a team",
    "--\n\na divider",
    "I was asked on 3 March 2026, and I said:\n\nyes",
    "My answer is this:",
    "What I noted in 2025:",
    "I fixed the iPhone app.",
    "Sent the plan to Sam.",
    ">5 years of it",
    "My address is bob@example.com, as of 2026.",
    "I prefer a direct reply above a line of praise.",
    "Please forward\n\nFrom: old@example.org\nTo: new@example.org\n\nThat would save an hour.",
    "External",
    "Most attacks came from outside the company. We should warn people not to click.",
    "-",
    "See <https://example.com/a\n> for more",
    "bob@example.com wrote to me, and I answered:",
    "bob@example.com said:\nno",
    "Die Sitzung mit Vorstand, Aufsichtsrat und Geschäftsführung lief gut.",
    "The board met at the registered office of the company, and numbers were fine.",
    "I sent your confidential message to the recipient by mistake, please delete it.",
    "Onward <o@example.com>\n03/03/26 09:00\n\nis all that I have of it.",
    "👍",
    "x" * 5000,
]


@pytest.mark.parametrize("typed", TYPED)
def test_what_a_person_typed_is_kept_however_much_it_looks_like_machinery(typed: str) -> None:
    assert read(typed).text == typed
    assert read(f"{typed}\n\n{QUOTE}").text == typed
    assert read(f"{typed}\n\nOn 3/3/26 09:00, Onward wrote:\n\n{QUOTE}").text == typed


BLOCKS = {
    "english": ("From:", "Sent:", "To:", "Subject:", "Tuesday, March 3, 2026 9:00 AM"),
    "bold": ("*From:*", "*Sent:*", "*To:*", "*Subject:*", "Tuesday, March 3, 2026 9:00 AM"),
    "german": ("Von:", "Gesendet:", "An:", "Betreff:", "Dienstag, 3. März 2026 09:00"),
    "french": ("De :", "Envoyé :", "À :", "Objet :", "mardi 3 mars 2026 09:00"),
    "chinese": ("发件人：", "发送时间：", "收件人：", "主题：", "2026年3月3日 9:00"),
}
RULES = [
    "",
    "________________________________\n",
    "-----Original Message-----\n",
    "-----Ursprüngliche Nachricht-----\n",
]


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("language", BLOCKS)
@pytest.mark.parametrize("sender", ["Onward", f"Onward <{ADDRESS}>"])
def test_all_below_outlooks_header_lines_is_the_quote(language: str, rule: str, sender: str) -> None:
    first, sent, to, subject, date = BLOCKS[language]
    block = f"{first} {sender}\n{sent} {date}\n{to} Jane <jane@example.com>\n{subject} Your first 1:1\n"
    assert read(f"Yes, a goal.\n\n{rule}{block}\n[1] Is there a goal?\n\nOnward\n").text == "Yes, a goal."


@pytest.mark.parametrize("language", BLOCKS)
def test_header_lines_with_empty_ones_between_are_still_a_heading(language: str) -> None:
    first, sent, to, subject, date = BLOCKS[language]
    block = f"{first} Onward\n\n{sent} {date}\n\n{to} Jane <jane@example.com>\n\n{subject} Your first 1:1\n"
    assert read(f"Yes, a goal.\n\n{block}\nIs there a goal?\n\nOnward\n").text == "Yes, a goal."


def test_marks_below_outlooks_header_lines_still_show_what_was_typed_between() -> None:
    block = f"From: Onward <{ADDRESS}>\nSent: Tuesday, March 3, 2026 9:00 AM\nTo: Jane\nSubject: Your first 1:1\n"
    assert read(f"{block}\n> [1] Is there a goal?\nYes\n> [2] Energy?\n").answers == {1: "Yes"}


FOOTERS = [
    "Sent from my iPhone",
    "Sent from my Samsung Galaxy smartphone.",
    "Sent from Outlook for iOS",
    "Get Outlook for Android<https://aka.ms/AAb9ysg>",
    "Sent with Proton Mail secure email.",
    "Von meinem iPhone gesendet",
    "Gesendet von Outlook für iOS",
    "Diese Nachricht wurde von meinem Android-Gerät mit K-9 Mail gesendet.",
    "Envoyé de mon iPhone",
    "Télécharger Outlook pour Android",
    "Enviado desde mi iPhone",
    "Enviado do meu iPhone",
    "Inviato da iPhone",
    "Verstuurd vanaf mijn iPhone",
    "Skickat från min iPhone",
    "Lähetetty iPhonesta",
    "Wysłane z iPhone'a",
    "Отправлено с iPhone",
    "iPhoneから送信",
    "发自我的 iPhone",
    "나의 iPhone에서 보냄",
    "-- \nJane Doe\n\nAcme",
    "--\nJane Doe\nAcme",
    "Acme GmbH, Sitz der Gesellschaft: Musterstadt, Registergericht: Musterstadt HRB 0000\nGeschäftsführer: Eva",
    "Acme Ltd. Registered in England and Wales, company number 0123456. VAT no. 123 456.",
    "Post message: team@example.com\nUnsubscribe: team-off@example.com\nList owner: team-owner@example.com",
    "Your use of Acme Groups is subject to http://example.com/terms/",
    "________________________________\nNot happy with your address?\nGet the one you want - millions of new ones are"
    " there now at Acme Mail, for you! http://example.com/new",
    "This message and all its attachments may contain confidential or privileged information, and so on until the end;"
    "\nthey should not be used.\nIf you received it in error, delete this message.",
    "This e-mail is confidential and may be privileged. It is meant for the intended recipient only; if that is"
    " not you, please delete it.",
]


@pytest.mark.parametrize("footer", FOOTERS)
def test_signatures_and_footers_are_no_words(footer: str) -> None:
    assert read(f"To lead a team.\n\n{footer}\n\n{QUOTE}").text == "To lead a team."
    assert read(f"To lead a team.\n\n{footer}\n").text == "To lead a team."


@pytest.mark.parametrize("typed", ["Yes", "👍", "It went well"])
def test_a_word_right_above_an_apps_footer_is_a_word(typed: str) -> None:
    assert read(f"{typed}\nGet Outlook for iOS<https://aka.ms/o0ukef>\n").text == typed
    assert read(f"{typed}\nSent from my iPhone\n").text == typed


HTML = {
    "outlook phone": (
        "<p>Yes</p><div id=ms-outlook-mobile-signature>Jane</div><div id=appendonsend></div><p>[1] a</p>",
        "Yes",
    ),
    "new outlook": ("<p>Yes</p><div id=mail-editor-reference-message-container><p>[1] a</p></div>", "Yes"),
    "yahoo": ('<div>Yes</div><div class="yahoo_quoted"><div>On day X wrote:</div><p>[1] a</p></div>', "Yes"),
    "thunderbird": (
        "Yes<div class=moz-cite-prefix>Am 03.03.26 um 09:00 schrieb X:</div><blockquote type=cite>q",
        "Yes",
    ),
    "gmx": ('<div>Yes</div><div name="quote"><b>Von:</b> X<br>[1] a</div>', "Yes"),
    "gmail forward": ("<div>Yes</div><div class=gmail_quote>---------- Forwarded<br>[1] a</div>", "Yes"),
    "gmail indent": ('<blockquote style="margin:0 0 0 40px;border:none">Yes</blockquote>', "Yes"),
    "lines": ("<div>one<br></div><div><br></div><div>two</div>three<br>four", "one\n\ntwo\nthree\nfour"),
    "paragraphs": ("<p>one\n more</p><p>two</p>", "one more\n\ntwo"),
    "list": ("<ul><li>one</li><li>two</li></ul>", "- one\n- two"),
    "unseen": ("<style>p > a {}</style><script>x</script><!-- no --><div style='display: none'>no</div>Yes", "Yes"),
    "office": ('<!--[if !mso]><!-->Yes<!--<![endif]--><o:p>&nbsp;</o:p><a title="a>b" href=x>link</a>', "Yes link"),
    "word's rule": (
        "<p>Yes</p><div style='border : none ; border-top : solid #B5C4DF 1.0pt ; padding : 3.0pt 0in 0in 0in'>"
        "<b>From:</b> X</div><p>[1] a</p>",
        "Yes",
    ),
    "gmail's quote button": ("<div>Yes</div><blockquote class=gmail_quote>my own</blockquote>", "Yes\nmy own"),
    "yandex": (
        "<div>3.3.2026, 9:00, X &lt;x@example.com&gt;:</div><blockquote>a</blockquote><div>Yes</div>"
        "<blockquote>b</blockquote><div>No</div>",
        "Yes\nNo",
    ),
    "in red": (
        "<p>See my answers in red below.</p><div id=divRplyFwdMsg><b>From:</b> X</div><p>Goal?</p>"
        "<p><span style='font-size:10pt;color:#FF0000'>Yes</span></p><p style='color:#1F497D'>Energy?</p>"
        "<p><font color=blue>A lot</font></p>",
        "See my answers in red below.\nYes\nA lot",
    ),
    "a quote's own red below words of colours": (
        "<p>We hired in Green, and I was in red tape all week.</p><div id=divRplyFwdMsg><b>From:</b> X</div>"
        "<p><span style='color:red'>Urgent!</span></p>",
        "We hired in Green, and I was in red tape all week.",
    ),
    "a quote's own red": (
        "<p>Yes</p><div id=divRplyFwdMsg><b>From:</b> X</div><p><span style='color:red'>Urgent!</span></p>",
        "Yes",
    ),
    "a quote that nothing but its class names": ("<div>Yes</div><div class=acme-blockquote>[1] a</div>", "Yes"),
    "a separator's type": ("<p>Yes</p><blockquote data-type=quote-separator>[1] a</blockquote>", "Yes"),
    "zoho": ('<div>Yes</div><div title="beforequote:::">---</div><div>[1] a</div>', "Yes"),
    "outlook for mac": (
        "<div>Yes</div><span id=OLK_SRC_BODY_SECTION></span><div style='BORDER-TOP: #b5c4df 1pt solid'>"
        "<b>From:</b> X<br><b>Date:</b> Monday<br><b>To:</b> Y</div><p>[1] a</p>",
        "Yes",
    ),
    "words below what outlook appended": (
        "<div>Yes</div><div id=appendonsend></div><div>And no</div><hr><div id=divRplyFwdMsg>From: X</div><p>[1] a</p>",
        "Yes\nAnd no",
    ),
    "an attribution without a tag of its own": (
        "Yes<div>Am 3.3.2026 um 9:00 schrieb X:<blockquote>[1] a</blockquote></div>",
        "Yes",
    ),
    "an indented list": (
        "<p>Mail it to a@example.com:</p><blockquote>one<br>two</blockquote>Thanks",
        "Mail it to a@example.com:\n\none\ntwo\nThanks",
    ),
    "broken": ("<p>1 < 2 & <b>bold <i>both</b></p></div></table>", "1 < 2 & bold both"),
}


@pytest.mark.parametrize("name", HTML)
def test_html_is_cut_by_the_marks_of_the_mail_programs(name: str) -> None:
    html, text = HTML[name]
    assert read(html, "text/html; charset=utf-8").text == text


KINDS = {"out_of_office": "auto_reply", "out_of_office_bare": "auto_reply", "read_receipt": "auto_reply"}
KINDS |= {"bounce": "bounce", "empty": "empty", "empty_html": "empty"}


@pytest.mark.parametrize("name", KINDS)
def test_mail_that_is_no_answer_is_told_by_its_kind(name: str) -> None:
    assert read_mail(MAILS[name]).kind == KINDS[name]


HEADERS = [
    ({"Auto_Submitted": "auto-generated"}, "auto_reply"),
    ({"Auto_Submitted": "Auto-Replied; owner=x"}, "auto_reply"),
    ({"Auto_Submitted": "no"}, "reply"),
    ({"X_Autoreply": "yes"}, "auto_reply"),
    ({"X_Autorespond": "Away"}, "auto_reply"),
    ({"Precedence": "auto_reply"}, "auto_reply"),
    ({"Precedence": "bulk"}, "reply"),
    ({"Precedence": "bulk", "Subject": "Your week"}, "auto_reply"),
    ({"Precedence": "list", "List_Id": "<all.example.com>"}, "reply"),
    ({"X_Auto_Response_Suppress": "All"}, "reply"),
    ({"Return_Path": "<>"}, "auto_reply"),
    ({"Return_Path": "<>", "From": "postmaster@example.com"}, "bounce"),
    ({"From": "MAILER-DAEMON@example.com"}, "bounce"),
    ({"From": "Postmaster Pat <postmaster@example.com>"}, "reply"),
    ({"X_Failed_Recipients": "jane@example.com"}, "bounce"),
    ({"Subject": "Automatic reply: Your first 1:1"}, "auto_reply"),
    ({"Subject": "Réponse automatique : congés"}, "auto_reply"),
    ({"Subject": "=?utf-8?q?Respuesta_autom=C3=A1tica?="}, "auto_reply"),
    ({"Subject": "Re: Automatic reply: Your first 1:1"}, "reply"),
    ({"Subject": "Automatic tests are what I want to learn"}, "reply"),
]


@pytest.mark.parametrize(("headers", "kind"), HEADERS)
def test_headers_tell_machines_from_people(headers: dict[str, str], kind: str) -> None:
    assert read("Yes", **headers).kind == kind


def test_the_most_reliable_recipient_stands_first() -> None:
    mail = read(
        "Yes", To="List <all@x.org>, b@x.org", Cc="ALL@x.org", Delivered_To="r.Token@x.org", X_Gm_Original_To="g@x.org"
    )
    assert mail.recipients == ("g@x.org", "r.token@x.org", "all@x.org", "b@x.org")


def test_references_are_the_mail_answered_and_then_the_newest() -> None:
    mail = read("Yes", References="<1@x>,<2@x>\n <3@x>", In_Reply_To="<2@x>", Message_ID=" <me@x>")
    assert mail.references == ("<2@x>", "<3@x>", "<1@x>")
    assert mail.message_id == "<me@x>"


def test_the_sender_is_an_address_and_not_the_name_shown() -> None:
    assert read("Yes", From='"boss@example.com" <Jane@Example.com>').sender == "jane@example.com"
    assert read("Yes", From="nobody").sender == ""


def test_only_so_many_parts_are_opened() -> None:
    raw = b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nYes\n" * 10_000 + b"--b--\n"
    assert 0 < read_mail(raw).text.count("Yes") <= 100


def test_mails_inside_mails_are_not_opened() -> None:
    assert read_mail(b"Content-Type: message/rfc822\n\n" * 5_000 + b"Yes").kind == "empty"


def storable(mail: Mail) -> bool:
    """Whether every database takes what was read."""
    fields = [mail.text, mail.rest, mail.sender, mail.subject, mail.message_id, *mail.answers.values()]
    texts = [*fields, *mail.recipients, *mail.references]
    return all("\0" not in text and text.encode() is not None for text in texts)


@given(st.binary(max_size=2000))
def test_any_bytes_are_read_and_can_be_stored(raw: bytes) -> None:
    assert storable(read_mail(raw))


@settings(max_examples=300)
@given(st.sampled_from(sorted(MAILS)), st.integers(0, 4000), st.integers(0, 200), st.binary(max_size=60))
def test_damaged_mails_are_read_and_can_be_stored(name: str, at: int, gone: int, new: bytes) -> None:
    assert storable(read_mail(MAILS[name][:at] + new + MAILS[name][at + gone :]))


PIECES = [
    b"Content-Type: text/plain; charset=", b"Content-Type: multipart/mixed; boundary=b\n", b"text/html", b"utf-7",
    b"Content-Transfer-Encoding: base64\n", b"undefined", b"idna", b"From: ", b"Subject: =?", b"?b?", b"\n", b"\n\n",
    b"--b\n", b"-- \n", b"<", b"@", b"[", b">", b"(", b";", b'"', b"\0", b"\xff", b"\xed\xa0\x80", b"&#0;", b"&#xd800;",
    b"<blockquote type=cite>", b"<pre>", b"</p>", b"[1] ", b"On 3/3/26 9:00 <a@b>:\n",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES) | st.binary(max_size=4), max_size=40))
def test_hostile_pieces_in_any_order_are_read_and_can_be_stored(pieces: list[bytes]) -> None:
    assert storable(read_mail(b"".join(pieces)))
