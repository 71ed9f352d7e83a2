"""Signatures are no words; what only looks like one is kept."""

from __future__ import annotations

from email.message import EmailMessage

import pytest

from flows.mail.reading import read_mail

CARD = "Jane Doe\nHead of Sales\nAcme Ltd\n12 Main Street\nT: +1 555 555 0142\njane@example.com"


def text(body: str, sender: str = "Jane Doe <jane@example.com>") -> str:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, "r.x@reply.example.com", "Re: Your week"
    message.set_content(body)
    return read_mail(bytes(message)).text


SIGNATURES = {
    "the standard's delimiter": "-- \nJane\nAcme",
    "dashes": "--\nJane\nAcme",
    "dashes above an empty line": "--\n\n*Jane Doe | Director*",
    "three dashes": "---\nJane Doe",
    "a long dash": "—\nJane Doe\nHead of Sales",
    "many long dashes": "—————\nJane Doe\nHead of Sales\n📧 jane@example.com",
    "a rule with empty lines around it": "----------------\n\nACME_LOGO\n\nT. 555-931-0702\n\nhttp://example.com/",
    "a list's footer": "_______________________________________________\nteam mailing list\nhttps://example.com/team",
    "a group's footer": "-- \nYou received this message because you are subscribed to the group “Team” here.",
    "a card": CARD,
    "a card with empty lines": CARD.replace("\n", "\n\n"),
    "a card and a company's words below a disclaimer": f"{CARD}\n\nThis e-mail is confidential and meant"
    " for the recipient only. If you received it by mistake, please delete it.",
    "a name and its bearer's work": "Jane P. Doe | Enrollment Manager\nAcme Ltd",
    "the whole name": "Jane Doe",
    "a name behind a dash": "-Jane",
    "a name behind two, and a company": "--Jane Doe\nACME, LLC",
    "a name and an address": "- Jane Doe\n\njane@example.com",
    "a name behind a slash": "/Jane",
    "an own address and numbers": "Jane Doe <jane@example.com>\no: 512.555.0142\nm: 512.555.0143",
    "somebody's name and work, and an address": "Ann Other - Trainee at Acme\nann@example.com\n+33 5 55 50 14 20",
    "columns": "-----\nAnn Other                      Acme Ltd\nAustin Chair                   Apex Plaza, Main Road,"
    "\nEmail: ann@example.com         12345 Town",
    "a first name below a rule": "-----\nAnn\nEmail: ann@example.com",
    "a framed card": "*-*-*-*\nTel: 03-5555-0142\nann@example.com\n*-*-*-*",
    "dots above a card": "…\nAnn Other | Designer\nSweden +46-555-540090, Germany +49-30-555325470\na.example",
    "dashes above a sentence": "--\nI take full responsibility for any typos and refuse to blame them on my phone",
}


@pytest.mark.parametrize("name", SIGNATURES)
def test_a_signature_is_no_word_of_the_person(name: str) -> None:
    assert text(f"I led two meetings.\n\n{SIGNATURES[name]}\n") == "I led two meetings."


FAREWELLS = [
    "Best regards,",
    "Kind regards",
    "Mit freundlichen Grüßen",
    "Cordialement,",
    "Un saludo",
    "С уважением,",
    "敬具",
]


@pytest.mark.parametrize("formula", FAREWELLS)
def test_a_formula_of_closing_and_a_name_stay_and_what_is_below_goes(formula: str) -> None:
    kept = f"I led two meetings.\n\n{formula}\nJane Doe"
    assert text(f"{kept}\nHead of Sales\nAcme Ltd\n+1 555 555 0142\n") == kept
    assert text(f"{kept}\n") == kept


@pytest.mark.parametrize("above", ["Not interested. Take me off the list", "Yes.\n\nAnn"])
def test_a_strangers_card_with_a_title_goes_also_below_words_without_a_sign_at_their_end(above: str) -> None:
    link = f"Follow us: https://social.example/{'x' * 70}"
    card = f"Ann R. Other\n\nAcme | Co-Founder\n\nC: 541-555-0100\nann@example.com\n{link}"
    assert text(f"{above}\n\n{card}\n") == above


def test_a_formula_and_the_senders_name_in_one_line_close_too() -> None:
    card = "[Acme]\tJane Doe\nAnalyst\nDirect: +45 55 50 11 22\nacme.example<https://www.acme.example/>\n\nCome!"
    assert text(f"Yes.\n\nMvh Jane\n{card}\n") == "Yes.\n\nMvh Jane"
    assert text("Yes.\n\nGruß Jane\nJane Doe | Sales\nAcme GmbH\nCome and see us at the fair!\n") == "Yes.\n\nGruß Jane"


def test_a_first_name_below_a_hearty_formula_signs_too_and_below_thanks_it_may_be_an_answer() -> None:
    firm = "Acme Support\ninfo@example.com"
    assert text(f"Yes.\n\nHave a great day,\nJames\n\n{firm}\n") == "Yes.\n\nHave a great day,\nJames"
    assert text("Yes.\n\nThanks,\nPython\nRust\n") == "Yes.\n\nThanks,\nPython\nRust"


@pytest.mark.parametrize(
    "below", ["**Anke Other**,\nSpecialist\n\nCome to our webinars!", "* * *\n\nWe make things.", "---\nA helper."]
)
def test_what_stands_below_a_name_and_a_rule_or_the_whole_name_is_no_words_either(below: str) -> None:
    assert text(f"Yes.\n\nAll the best,\nAnke\n\n{below}\n") == "Yes.\n\nAll the best,\nAnke"


def test_an_own_card_below_a_quote_is_no_answer_and_a_name_with_a_word_is_one() -> None:
    quote = "On 3/3/26 09:00, Onward wrote:\n\n> How was your week?\n\n"
    assert text(f"Well.\n\n{quote}Jane Doe <jane@example.com>\no: 512.555.0142\n") == "Well."
    assert text(f"{quote}Jane Doe <jane@example.com>\n") == "Jane Doe <jane@example.com>"
    assert text(f"{quote}Agreed: Jane Doe <jane@example.com>\n") == "Agreed: Jane Doe <jane@example.com>"


def test_the_imprint_below_a_closing_may_have_sentences() -> None:
    imprint = "Sitz der Gesellschaft: Max City, HRB 1234\nAcme. Zusammen besser.\nwww.example.com\njane@example.com"
    assert text(f"Ja.\n\nFreundliche Grüße\n\nJane Doe\n\n{imprint}\n") == "Ja.\n\nFreundliche Grüße\n\nJane Doe"


TYPED = [
    "Before\n-----\nAfter",
    "Yes\n---\nNo",
    "Yes\n—\nNo",
    "Thanks!\n\nPython\nRust",
    "Cheers,\n4\n5",
    "I would like to learn:\n\n-Data Science",
    "- Data Science\n\n- Machine Learning",
    "Yes\n--\nNo\n--\nMaybe",
    "Goals\n---\nFinish Report\nCall Maria",
    "My vote goes to\n\n- Sam Smith",
    "It is in\n\n/Reports",
    "The plan is:\n\n-- Hire Maria\n-- Move Office",
    "Launch\n-- on time\n-- on budget",
    "talk to\n\nSam Smith\nsam@example.com\n555-123 4567",
    "Best regards,\nSam Smith\n\n2. seven\n3. yes",
    "Kind regards\nSam Smith\n\nAlso the second question: I would say 7",
    "감사합니다\n김민수\n이지은",
    "It went well.\n\nBest regards\nJane\n\nForgot to say, the course is here: https://a.example/course\nThe second"
    " one is at https://b.example/two and starts on Friday.\nBoth cost 200 euros, so please decide by Monday.",
    "yes\nCheers,\nJane\n\nskill: Saying no",
    "yes\nViele Grüße\nJane\n\nFähigkeit: Nein sagen",
    "yes\nCordialement,\nJane\n\nCompétence : dire non",
    "yes\nSaludos\nJane\n\nHabilidad: decir que no",
    "Thanks,\nJane\n\nNext week\nTuesday 10:00\nThursday 14:00",
    "Best regards\nJane\n\nforgot to mention the budget talk on Friday",
    "I learnt a lot from these books!\n\nDeep Work\nCal Newport\nhttps://a.example/deep\n\nAtomic Habits\nhttps://b.example",
    "My two mentors.\n\nJohn Smith | Mentor\nMary Jones | Coach",
    "My mentor is\n\nSam Smith\nHead of Sales\nsam@example.com\n+1 555 555 0143",
    "My mentor is:\n\nSam Smith\nsam@example.com\n+1 555 555 0143",
    "a | b | c\n1 | 2 | 3",
    "I bought\n\nDell Monitor\nSN 12345678\nLogitech Mouse\nSN 87654321",
    "My CV in short\n\nSam Smith\nDeveloper\nLondon\nsam@example.com\nhttps://a.example/sam",
    "Best regards\nJane\n\nP.S. my goal is to lead a team",
    "Jane",
    "完全清楚\n\n李静",
]


@pytest.mark.parametrize("typed", TYPED)
def test_what_only_looks_like_a_signature_is_kept(typed: str) -> None:
    assert text(f"{typed}\n") == typed


def test_rules_between_answers_stay_also_above_a_signature() -> None:
    assert text("Yes\n\n---\n\nNo\n\n-- \nJane\n+1 555 555 0142\n") == "Yes\n\n---\n\nNo"


def test_a_name_in_any_script_is_known_by_the_sender() -> None:
    for name in ("王小明", "김민수", "प्रिया वर्मा", "ณัฐพล บุญมี", "Алексей Иванов"):
        assert text(f"1. ok\n2. ok\n\n{name}\nAcme Ltd\n010-555-0142\n", f"{name} <u1@example.com>") == "1. ok\n2. ok"


def test_a_formula_of_closing_and_the_senders_name_say_nothing() -> None:
    for closing in ("Best regards\nJane", "All the best,\n\nJane Doe", "Viele Grüße, Jane"):
        assert text(f"{closing}\n") == ""
    for words in (
        "Thanks\nJane",
        "Great week",
        "LG\nBerlin",
        "Best regards\nto all of you",
        "Yes.\n\nBest regards\nJane",
    ):
        assert text(f"{words}\n") == words


def test_a_mail_of_nothing_but_the_senders_card_is_empty() -> None:
    assert text(CARD) == ""
