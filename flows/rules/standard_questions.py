"""The questions that Onward ships, in every language that its mails are written in; people ops may change them all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from flows.rules.questions import (
    CHECK_IN,
    CHOICE,
    FIRST_SKILL,
    LOOKING_BACK,
    NEXT_TIME,
    PEOPLE_OPS,
    REFLECTION,
    SCALE,
    SKILL,
    Question,
)

DEFAULTS = (
    Question(
        REFLECTION,
        "Direction",
        "Is there a long-term goal you are working towards, or do you take good opportunities as they come?",
        CHOICE,
        ("A long-term goal", "Opportunities as they come", "Somewhere in between"),
    ),
    Question(
        REFLECTION,
        "Goal",
        "If there is a goal, what is it? If there is none, what kind of work would you like more of?",
    ),
    Question(REFLECTION, "Energy", "Which part of your work gives you energy, and which part takes it?"),
    Question(
        REFLECTION,
        "First skill",
        "Which one skill would you like to grow first: useful now, and in whatever you do later?",
        audience=PEOPLE_OPS,
    ),
    Question(
        REFLECTION,
        "Working together",
        "What should your manager know about how you like to work and to hear feedback?",
    ),
    Question(
        CHECK_IN,
        "Practised",
        "Did you find time for it since last week?",
        CHOICE,
        ("Yes", "A little", "Not this week"),
        PEOPLE_OPS,
    ),
    Question(
        CHECK_IN,
        "Energy",
        "How much energy did it give you, from 1 (none) to 5 (a lot)?",
        SCALE,
        ("1", "2", "3", "4", "5"),
        PEOPLE_OPS,
    ),
    Question(CHECK_IN, "Noticed", "What did you try, or notice?", audience=PEOPLE_OPS),
    Question(
        CHECK_IN,
        NEXT_TIME,
        "When will you work on it next? A day and an hour work best.",
        audience=PEOPLE_OPS,
    ),
    Question(
        FIRST_SKILL,
        SKILL,
        "Which one skill would you like to grow: useful now, and in any later job?",
        audience=PEOPLE_OPS,
    ),
    Question(FIRST_SKILL, "First step", "What could be a small first step this week?", audience=PEOPLE_OPS),
    Question(
        LOOKING_BACK,
        "Going on",
        "You have been at this skill for a while: keep it, change it, or is it done?",
        CHOICE,
        ("Keep it", "Change it", "Done"),
        PEOPLE_OPS,
    ),
)

Wording = tuple[str, tuple[str, ...]]
_ONE_TO_FIVE = ("1", "2", "3", "4", "5")

WORDINGS: Mapping[str, Mapping[tuple[str, str], Wording]] = {
    "de": {
        (REFLECTION, "Direction"): (
            "Arbeitest du auf ein langfristiges Ziel hin, oder nimmst du gute Gelegenheiten, wie sie kommen?",
            ("Ein langfristiges Ziel", "Gelegenheiten, wie sie kommen", "Etwas dazwischen"),
        ),
        (REFLECTION, "Goal"): (
            "Wenn es ein Ziel gibt, welches? Wenn nicht: Von welcher Arbeit hättest du gern mehr?",
            (),
        ),
        (REFLECTION, "Energy"): ("Welcher Teil deiner Arbeit gibt dir Energie, und welcher nimmt sie dir?", ()),
        (REFLECTION, "First skill"): (
            "Welche eine Fähigkeit möchtest du zuerst ausbauen: nützlich jetzt und bei allem, was du später tust?",
            (),
        ),
        (REFLECTION, "Working together"): (
            "Was sollte deine Führungskraft wissen: Wie arbeitest du gern, und wie hörst du gern Feedback?",
            (),
        ),
        (CHECK_IN, "Practised"): (
            "Hast du seit letzter Woche Zeit dafür gefunden?",
            ("Ja", "Ein wenig", "Diese Woche nicht"),
        ),
        (CHECK_IN, "Energy"): ("Wie viel Energie hat es dir gegeben, von 1 (keine) bis 5 (viel)?", _ONE_TO_FIVE),
        (CHECK_IN, "Noticed"): ("Was hast du ausprobiert oder bemerkt?", ()),
        (CHECK_IN, NEXT_TIME): ("Wann arbeitest du das nächste Mal daran? Am besten mit Tag und Uhrzeit.", ()),
        (FIRST_SKILL, SKILL): (
            "Welche eine Fähigkeit möchtest du ausbauen: nützlich jetzt und in jeder späteren Arbeit?",
            (),
        ),
        (FIRST_SKILL, "First step"): ("Was könnte diese Woche ein kleiner erster Schritt sein?", ()),
        (LOOKING_BACK, "Going on"): (
            "Du bist schon eine Weile an dieser Fähigkeit: behalten, wechseln, oder ist es geschafft?",
            ("Behalten", "Wechseln", "Geschafft"),
        ),
    },
    "fr": {
        (REFLECTION, "Direction"): (
            "Avez-vous un objectif à long terme, ou saisissez-vous les bonnes occasions quand elles se présentent ?",
            ("Un objectif à long terme", "Les occasions qui se présentent", "Quelque part entre les deux"),
        ),
        (REFLECTION, "Goal"): (
            "S’il y a un objectif, lequel ? Sinon, quel genre de travail aimeriez-vous faire davantage ?",
            (),
        ),
        (REFLECTION, "Energy"): (
            "Quelle partie de votre travail vous donne de l’énergie, et laquelle vous en prend ?",
            (),
        ),
        (REFLECTION, "First skill"): (
            "Quelle compétence aimeriez-vous développer en premier : utile maintenant et pour la suite ?",
            (),
        ),
        (REFLECTION, "Working together"): (
            "Que devrait savoir votre manager sur votre façon de travailler et de recevoir un retour ?",
            (),
        ),
        (CHECK_IN, "Practised"): (
            "Avez-vous trouvé du temps pour cela depuis la semaine dernière ?",
            ("Oui", "Un peu", "Pas cette semaine"),
        ),
        (CHECK_IN, "Energy"): (
            "Combien d’énergie cela vous a-t-il donné, de 1 (aucune) à 5 (beaucoup) ?",
            _ONE_TO_FIVE,
        ),
        (CHECK_IN, "Noticed"): ("Qu’avez-vous essayé ou remarqué ?", ()),
        (CHECK_IN, NEXT_TIME): (
            "Quand y travaillerez-vous la prochaine fois ? De préférence un jour et une heure.",
            (),
        ),
        (FIRST_SKILL, SKILL): (
            "Quelle compétence aimeriez-vous développer : utile maintenant et dans tout travail futur ?",
            (),
        ),
        (FIRST_SKILL, "First step"): ("Quel pourrait être un premier petit pas cette semaine ?", ()),
        (LOOKING_BACK, "Going on"): (
            "Vous travaillez cette compétence depuis un moment : la garder, en changer, ou est-ce acquis ?",
            ("La garder", "En changer", "C’est acquis"),
        ),
    },
    "es": {
        (REFLECTION, "Direction"): (
            "¿Trabajas hacia una meta a largo plazo, o aprovechas las buenas oportunidades según llegan?",
            ("Una meta a largo plazo", "Las oportunidades según llegan", "Algo intermedio"),
        ),
        (REFLECTION, "Goal"): (
            "Si hay una meta, ¿cuál es? Si no la hay, ¿qué tipo de trabajo te gustaría hacer más?",
            (),
        ),
        (REFLECTION, "Energy"): ("¿Qué parte de tu trabajo te da energía, y cuál te la quita?", ()),
        (REFLECTION, "First skill"): (
            "¿Qué habilidad te gustaría desarrollar primero: útil ahora y en lo que hagas después?",
            (),
        ),
        (REFLECTION, "Working together"): (
            "¿Qué debería saber tu responsable sobre cómo te gusta trabajar y recibir comentarios?",
            (),
        ),
        (CHECK_IN, "Practised"): (
            "¿Has encontrado tiempo para ello desde la semana pasada?",
            ("Sí", "Un poco", "Esta semana no"),
        ),
        (CHECK_IN, "Energy"): ("¿Cuánta energía te ha dado, de 1 (ninguna) a 5 (mucha)?", _ONE_TO_FIVE),
        (CHECK_IN, "Noticed"): ("¿Qué has probado o notado?", ()),
        (CHECK_IN, NEXT_TIME): ("¿Cuándo vas a dedicarle tiempo otra vez? Mejor con día y hora.", ()),
        (FIRST_SKILL, SKILL): (
            "¿Qué habilidad te gustaría desarrollar: útil ahora y en cualquier trabajo futuro?",
            (),
        ),
        (FIRST_SKILL, "First step"): ("¿Cuál podría ser un primer paso pequeño esta semana?", ()),
        (LOOKING_BACK, "Going on"): (
            "Llevas un tiempo con esta habilidad: ¿seguir con ella, cambiarla, o ya está?",
            ("Seguir con ella", "Cambiarla", "Ya está"),
        ),
    },
}


def translated(question: Question) -> Iterator[tuple[str, Question]]:
    """A question that is asked as it ships, in the other languages that it ships in."""
    shipped = next((q for q in DEFAULTS if (q.form, q.name) == (question.form, question.name)), None)
    if shipped is None or (shipped.wording, shipped.choices) != (question.wording, question.choices):
        return
    for language, wordings in WORDINGS.items():
        wording, choices = wordings[question.form, question.name]
        yield language, replace(question, wording=wording, choices=choices, filed_as=question.choices)


def rows() -> Iterator[tuple[str, ...]]:
    """The rows of a new sheet's tab: everything in English, then the wordings of each other language."""
    for q in DEFAULTS:
        yield q.form, q.name, q.wording, q.kind, "; ".join(q.choices), q.audience, ""
    for language, wordings in WORDINGS.items():
        for (form, name), (wording, choices) in wordings.items():
            yield form, name, wording, "", "; ".join(choices), "", language
