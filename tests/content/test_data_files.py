"""The content files keep the promises that are made about them."""

import re
import string
import tomllib
from collections import Counter
from collections.abc import Iterator
from importlib.resources import files
from itertools import pairwise, product
from typing import Any

import pytest

LANGUAGES = ("en", "nl")
LONGEST = 300

PROMPT_THEMES = {
    "ambition",
    "strengths",
    "learning_wish",
    "energy",
    "obstacles",
    "workload_and_room",
    "safety",
    "support",
    "looking_back",
}
ROLES = {"employee", "peer", "manager"}
NEEDS = {"autonomy", "competence", "relatedness"}
CONTEXTS = {"first_week", "no_goal", "goal_quiet", "feedback_received"}
STARTING_QUESTIONS = ("start-where-i-stand", "start-where-i-want-to-go", "start-what-i-need")

DIRECTION_KINDS = ("build_on", "step_towards", "make_room")

KINDS = {
    "coaching",
    "e_learning",
    "task_rotation",
    "internal_project",
    "external_course",
    "mentoring",
    "shadowing",
    "reading",
    "community",
}
LEARNING_THEMES = {
    "career",
    "collaboration",
    "communication",
    "craft",
    "customer",
    "data",
    "digital",
    "facilitation",
    "improvement",
    "leadership",
    "planning",
    "wellbeing",
}

STEPS = ("goal", "reality", "options", "will")

PLACEHOLDERS = {
    "check_in_open": {"name", "until"},
    "check_in_partner": {"name", "other", "until"},
    "check_in_without_partner": {"name", "until"},
    "feedback_asked": {"name", "other", "until"},
    "feedback_given": {"name", "other"},
    "feedback_expired": {"name", "other"},
    "decision_handed_over": {"name", "other"},
    "decision_look_back": {"name"},
    "decision_taken_back": {"name", "other"},
    "plan_offered": {"name", "other"},
    "plan_talk_asked": {"name", "other"},
    "goal_suggested": {"name", "other"},
    "support_asked": {"name", "other"},
    "feedback_asked_left": {"name", "other"},
    "team_moment_planned": {"name", "other", "until"},
    "team_moment_called_off": {"name", "other", "until"},
    "offer_chosen": {"name", "other"},
    "learning_asked": {"name", "other", "until"},
    "learning_waiting": {"name", "other"},
    "learning_answered": {"name", "other"},
    "need_raised": {"name", "other", "until"},
    "need_waiting": {"name", "other"},
    "need_answered": {"name", "other"},
    "need_without_receiver": {"name", "other"},
    "bundle_offered": {"name", "until"},
    "pulse_open": {"name", "until"},
    "pulse_reply_due": {"name", "until"},
    "pulse_replied": {"name"},
    "digest": {"name", "lines"},
}
MESSAGE_KINDS = set(PLACEHOLDERS)

# Whole words or, with a trailing *, beginnings of words. One list per language: an innocent word may look like a
# forbidden one in the other language.
FORBIDDEN = {
    "en": """
        employee* overdue fail* non-compliant* noncompliant* performer* burnout* burn-out* burned burnt stress*
        exhaust* depress* anxi* diagnos* symptom* therap* clinical* patient* disorder* illness* sick* cynic*
        deadline* missing mandatory must weakness* rating* ranking* session* tool* he she him his her hers
    """,
    "nl": """
        medewerk* werknemer* personeel* achterstallig* mislukk* mislukt* gefaald* falen faalt burnout* burn-out*
        opgebrand* stress* uitgeput* uitputt* depress* angst* diagnos* symptoo* symptom* therap* klinisch* patiënt*
        ziek* klacht* overspannen* verzuim* cynis* deadline* verplicht* moet* zwakte* beoordel* sessie* tool* u uw
    """,
}
QUESTION_WORDS = {
    "en": "what how where which who whom whose when",
    "nl": "wat hoe hoeveel waar waarin waarvoor waaraan welk welke wie wiens wanneer",
}


def content(name: str) -> dict[str, Any]:
    return tomllib.loads(files("ownership.content").joinpath(name).read_text(encoding="utf-8"))


PROMPTS: list[dict[str, Any]] = content("prompts.toml")["prompt"]
OPTIONS: list[dict[str, Any]] = content("catalogue.toml")["option"]
GUIDES = content("guides.toml")
QUESTIONS: list[dict[str, Any]] = GUIDES["question"]
LET_GOS: list[dict[str, Any]] = GUIDES["let_go"]
PATH = content("path.toml")
STAGES: list[dict[str, Any]] = PATH["stage"]
SELF_CHECK: list[dict[str, Any]] = PATH["self_check"]
HABITS = {"listening", "asking", "giving_room", "letting_go"}
FITS = {"goal_quiet", "goal_started", "goal_ended", "hard", "need"}
MESSAGES = content("messages.toml")
DIRECTIONS: list[dict[str, Any]] = content("directions.toml")["direction"]
PULSE = content("pulse.toml")
PULSE_QUESTIONS: list[dict[str, Any]] = PULSE["question"]
CONSTRUCTS = {
    *{"autonomy", "competence", "relatedness", "strengths_use", "strengths_support"},
    *{"safety", "room_from_manager", "workload", "recovery"},
}
TEAM_QUESTIONS: list[dict[str, Any]] = content("team_moments.toml")["question"]


def pairs_of_texts() -> Iterator[tuple[str, dict[str, str]]]:
    """Every text in every file, as (where it stands, the text per language)."""
    for where, rows, keys in (
        ("prompts", PROMPTS, ["text"]),
        ("catalogue", OPTIONS, ["title", "description"]),
        ("guides", [*QUESTIONS, *LET_GOS], ["text"]),
        ("path", STAGES, ["title", "text"]),
        ("path", SELF_CHECK, ["text"]),
        ("team_moments", TEAM_QUESTIONS, ["text"]),
        ("directions", DIRECTIONS, ["title", "because"]),
        ("pulse", [*PULSE_QUESTIONS, *PULSE["need"]], ["text"]),
        ("pulse", PULSE["construct"], ["title"]),
    ):
        for row, key in product(rows, keys):
            yield f"{where}:{row.get('id', row.get('stage'))}:{key}", row[key]
    for kind in sorted(MESSAGE_KINDS):
        yield f"messages:{kind}:subject", MESSAGES[kind]["subject"]
        yield f"messages:{kind}:body", MESSAGES[kind]["body"]
    for kind, line in MESSAGES["digest_line"].items():
        yield f"messages:digest_line:{kind}", line


TEXTS = list(pairs_of_texts())
SAID = [(where, language, said) for where, text in TEXTS for language, said in text.items()]

every_prompt = pytest.mark.parametrize("prompt", PROMPTS, ids=lambda row: row["id"])
every_option = pytest.mark.parametrize("option", OPTIONS, ids=lambda row: row["id"])
every_direction = pytest.mark.parametrize("direction", DIRECTIONS, ids=lambda row: row["id"])
every_question = pytest.mark.parametrize("question", QUESTIONS, ids=lambda row: row["id"])


def words(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", text.lower())


def forbidden_words(text: str, language: str) -> set[str]:
    rules = FORBIDDEN[language].split()
    whole = {rule for rule in rules if not rule.endswith("*")}
    beginnings = tuple(rule.removesuffix("*") for rule in rules if rule.endswith("*"))
    return {word for word in words(text) if word in whole or word.startswith(beginnings)}


def placeholders(text: str) -> list[str]:
    """The placeholders exactly as written, conversions and formats included, so that only the plain form passes."""
    return [
        field + (f"!{conversion}" if conversion else "") + (f":{spec}" if spec else "")
        for _, field, spec, conversion in string.Formatter().parse(text)
        if field is not None
    ]


class TestEveryText:
    """What holds for every text, in whichever file it stands."""

    def test_is_there_in_both_languages(self) -> None:
        """A text exists in English and in Dutch, and in nothing else."""
        assert [where for where, text in TEXTS if set(text) != set(LANGUAGES) or not all(text.values())] == []

    def test_is_really_translated(self) -> None:
        """The Dutch text is not a copy of the English one."""
        assert [where for where, text in TEXTS if text["en"].casefold() == text["nl"].casefold()] == []

    def test_is_said_once(self) -> None:
        """No two texts are the same."""
        counted = Counter(said.casefold() for _, _, said in SAID)
        assert [said for said, times in counted.items() if times > 1] == []

    def test_is_short(self) -> None:
        """A text has at most 300 characters."""
        assert [where for where, _, said in SAID if len(said) > LONGEST] == []

    def test_is_printable(self) -> None:
        """A text has printable characters only; the body of a message may also have line breaks."""
        assert [
            where
            for where, _, said in SAID
            if not (said.replace("\n", "") if where.endswith(":body") else said).isprintable()
        ] == []

    def test_is_tidy(self) -> None:
        """A text has no space around it and no double space in it."""
        assert [where for where, _, said in SAID if said != said.strip() or "  " in said] == []

    def test_has_no_forbidden_word(self) -> None:
        """A text has no word that judges, diagnoses, presses, or speaks about the reader as someone else."""
        assert [(where, found) for where, lang, said in SAID if (found := forbidden_words(said, lang))] == []

    def test_names_no_address(self) -> None:
        """A text has no web address, no e-mail address and no trade mark."""
        address = re.compile(r"https?:|www\.|\w\.(?:com|org|net|nl)\b|@|[®™©]", re.IGNORECASE)
        assert [where for where, _, said in SAID if address.search(said)] == []

    def test_has_placeholders_in_messages_only(self) -> None:
        """Outside the messages a brace is nowhere."""
        assert [w for w, _, said in SAID if not w.startswith("messages:") and ("{" in said or "}" in said)] == []


class TestTheWordGuard:
    """The guard itself, on texts that it has to stop."""

    @pytest.mark.parametrize(
        ("text", "language"),
        [
            ("Your check-in is overdue.", "en"),
            ("Failing is human.", "en"),
            ("A NON-COMPLIANT goal", "en"),
            ("Low performers", "en"),
            ("The employee's goal", "en"),
            ("Wilt u iets leren?", "nl"),
            ("De medewerker kiest.", "nl"),
            ("Een burn-out", "nl"),
            ("Ziekteverlof", "nl"),
        ],
    )
    def test_finds_what_it_guards_against(self, text: str, language: str) -> None:
        """A text with a forbidden word is found, whatever its case or ending."""
        assert forbidden_words(text, language)


class TestIds:
    """What other files may hold on to."""

    @pytest.mark.parametrize(
        "rows",
        [PROMPTS, OPTIONS, [*QUESTIONS, *LET_GOS], SELF_CHECK, DIRECTIONS, [*PULSE_QUESTIONS, *PULSE["need"]]],
        ids=["prompts", "catalogue", "guides", "path", "directions", "pulse"],
    )
    def test_are_unique_and_kebab_case(self, rows: list[dict[str, Any]]) -> None:
        """An id is lower case words with hyphens, and belongs to one row of its file."""
        ids = [row["id"] for row in rows]
        assert len(ids) == len(set(ids))
        assert [id_ for id_ in ids if not re.fullmatch(r"[a-z]+(?:-[a-z]+)*", id_)] == []


class TestPrompts:
    """The questions for reflection."""

    @every_prompt
    def test_have_exactly_these_keys(self, prompt: dict[str, Any]) -> None:
        """A prompt has its eight keys, and an opening question its place as well; no more and no fewer."""
        assert set(prompt) - {"opening"} == {"id", "theme", "role", "need", "minutes", "contexts", "follow_ups", "text"}

    @every_prompt
    def test_keep_to_the_vocabulary(self, prompt: dict[str, Any]) -> None:
        """Theme, role, need and contexts are words from the lists, and contexts are named once."""
        assert prompt["theme"] in PROMPT_THEMES
        assert prompt["role"] in ROLES
        assert prompt["need"] in NEEDS
        assert set(prompt["contexts"]) <= CONTEXTS
        assert len(prompt["contexts"]) == len(set(prompt["contexts"]))

    @every_prompt
    def test_take_one_to_ten_minutes(self, prompt: dict[str, Any]) -> None:
        """The minutes are a whole number from 1 to 10."""
        assert type(prompt["minutes"]) is int
        assert 1 <= prompt["minutes"] <= 10

    @every_prompt
    def test_ask_one_question(self, prompt: dict[str, Any]) -> None:
        """A prompt has one question mark, at its end."""
        for language in LANGUAGES:
            assert prompt["text"][language].count("?") == 1
            assert prompt["text"][language].endswith("?")

    @every_prompt
    def test_have_follow_ups_that_resolve(self, prompt: dict[str, Any]) -> None:
        """A follow-up is another prompt, for the same role, named once."""
        roles = {row["id"]: row["role"] for row in PROMPTS}
        follow_ups = prompt["follow_ups"]
        assert prompt["id"] not in follow_ups
        assert len(follow_ups) == len(set(follow_ups))
        assert all(roles.get(id_) == prompt["role"] for id_ in follow_ups)

    @every_prompt
    def test_have_follow_ups_that_fit_too(self, prompt: dict[str, Any]) -> None:
        """Whenever a prompt fits, its follow-ups fit: they fit always, or in every context of the prompt."""
        contexts = {row["id"]: set(row["contexts"]) for row in PROMPTS}
        own = contexts[prompt["id"]]
        for id_ in prompt["follow_ups"]:
            assert not contexts[id_] or (own and own <= contexts[id_])

    @pytest.mark.parametrize(("role", "many"), [("employee", 80), ("peer", 18), ("manager", 18)])
    def test_are_many(self, role: str, many: int) -> None:
        """There are at least 80 prompts for the person, 18 for a peer and 18 for a manager."""
        assert sum(row["role"] == role for row in PROMPTS) >= many

    @pytest.mark.parametrize("theme", sorted(PROMPT_THEMES))
    @pytest.mark.parametrize(("role", "many"), [("employee", 8), ("peer", 2), ("manager", 2)])
    def test_cover_every_theme(self, theme: str, role: str, many: int) -> None:
        """Each theme has at least eight prompts for the person, and two for a peer and for a manager."""
        assert sum(row["theme"] == theme and row["role"] == role for row in PROMPTS) >= many

    @pytest.mark.parametrize("role", sorted(ROLES))
    def test_lead_on(self, role: str) -> None:
        """At least half of the prompts of a role have a follow-up."""
        in_role = [row for row in PROMPTS if row["role"] == role]
        assert sum(bool(row["follow_ups"]) for row in in_role) >= len(in_role) / 2

    @pytest.mark.parametrize("theme", sorted(PROMPT_THEMES))
    def test_have_something_of_every_theme_that_fits_always(self, theme: str) -> None:
        """Each theme has at least three prompts for the person that need no context."""
        fitting = [
            row for row in PROMPTS if row["theme"] == theme and row["role"] == "employee" and not row["contexts"]
        ]
        assert len(fitting) >= 3

    @pytest.mark.parametrize("context", sorted(CONTEXTS))
    def test_serve_every_context(self, context: str) -> None:
        """Each context has at least five prompts for the person."""
        assert sum(context in row["contexts"] and row["role"] == "employee" for row in PROMPTS) >= 5

    @pytest.mark.parametrize("role", sorted(ROLES))
    @pytest.mark.parametrize("need", sorted(NEEDS))
    def test_serve_every_need(self, role: str, need: str) -> None:
        """Each need has, in every role, at least a fifth of the prompts."""
        in_role = [row["need"] for row in PROMPTS if row["role"] == role]
        assert in_role.count(need) >= len(in_role) / 5

    @pytest.mark.parametrize("id_", STARTING_QUESTIONS)
    def test_begin_with_three_questions(self, id_: str) -> None:
        """The three starting questions are there, for the person who has no goal yet or is in the first week."""
        (prompt,) = (row for row in PROMPTS if row["id"] == id_)
        assert prompt["role"] == "employee"
        assert set(prompt["contexts"]) == {"no_goal", "first_week"}

    def test_open_with_these_three_in_this_order(self) -> None:
        """The opening questions are the three, numbered from 1 on, and each leads to the next."""
        openings = sorted((row["opening"], row["id"]) for row in PROMPTS if "opening" in row)
        assert openings == list(enumerate(STARTING_QUESTIONS, start=1))
        follow_ups = {row["id"]: row["follow_ups"] for row in PROMPTS}
        assert all(after in follow_ups[id_] for id_, after in pairwise(STARTING_QUESTIONS))


class TestDirections:
    """The directions for who begins."""

    @every_direction
    def test_have_exactly_these_keys(self, direction: dict[str, Any]) -> None:
        """A direction has its six keys, and cues when it is not for all answers."""
        assert set(direction) - {"cues"} == {"id", "kind", "prompt", "theme", "title", "because"}

    @every_direction
    def test_keep_to_the_vocabulary(self, direction: dict[str, Any]) -> None:
        """Kind, theme and question are words from the lists."""
        assert direction["kind"] in DIRECTION_KINDS
        assert direction["theme"] in PROMPT_THEMES
        assert direction["prompt"] in STARTING_QUESTIONS

    @every_direction
    def test_are_titles_with_a_reason(self, direction: dict[str, Any]) -> None:
        """A title is no sentence; a reason is one or two."""
        for language in LANGUAGES:
            assert direction["title"][language][-1] not in ".?!"
            assert direction["because"][language].endswith(".")
            assert 1 <= len(re.findall(r"[.?!](?:\s|$)", direction["because"][language])) <= 2

    @every_direction
    def test_have_cues_in_both_languages(self, direction: dict[str, Any]) -> None:
        """Cues are beginnings of words in small letters, in both languages, and none makes another superfluous."""
        for language in LANGUAGES if "cues" in direction else ():
            cues = direction["cues"][language]
            assert all(re.fullmatch(r"[^\W\d_]+", cue) and cue == cue.casefold() for cue in cues)
            assert [(a, b) for a in cues for b in cues if a != b and b.startswith(a)] == []

    @pytest.mark.parametrize(("kind", "question"), [*zip(DIRECTION_KINDS, STARTING_QUESTIONS, strict=True)])
    def test_have_one_of_each_kind_for_all_answers(self, kind: str, question: str) -> None:
        """Each kind springs from a question of its own, and has one direction without cues."""
        of_kind = [row for row in DIRECTIONS if row["kind"] == kind]
        assert {row["prompt"] for row in of_kind} == {question}
        assert sum("cues" not in row for row in of_kind) == 1


class TestCatalogue:
    """The starter catalogue of ways of learning."""

    @every_option
    def test_has_exactly_these_keys(self, option: dict[str, Any]) -> None:
        """An option has its six keys, no more and no fewer."""
        assert set(option) == {"id", "kind", "themes", "hours", "title", "description"}

    @every_option
    def test_keeps_to_the_vocabulary(self, option: dict[str, Any]) -> None:
        """Kind and themes are words from the lists; an option has one to three themes, each named once."""
        assert option["kind"] in KINDS
        assert 1 <= len(option["themes"]) <= 3
        assert len(option["themes"]) == len(set(option["themes"]))
        assert set(option["themes"]) <= LEARNING_THEMES

    @every_option
    def test_has_hours_in_halves(self, option: dict[str, Any]) -> None:
        """The hours are more than nothing and come in steps of a half."""
        assert type(option["hours"]) in (int, float)
        assert option["hours"] > 0
        assert (option["hours"] * 2) % 1 == 0

    @every_option
    def test_is_told_in_one_or_two_sentences(self, option: dict[str, Any]) -> None:
        """A description is one or two sentences; a title is no sentence."""
        for language in LANGUAGES:
            assert option["description"][language].endswith(".")
            assert 1 <= len(re.findall(r"[.?!](?:\s|$)", option["description"][language])) <= 2
            assert option["title"][language][-1] not in ".?!"

    def test_is_large_enough_to_start_with(self) -> None:
        """There are at least 36 options."""
        assert len(OPTIONS) >= 36

    @pytest.mark.parametrize("kind", sorted(KINDS))
    def test_has_every_kind(self, kind: str) -> None:
        """Each kind has at least four options."""
        assert sum(option["kind"] == kind for option in OPTIONS) >= 4

    @pytest.mark.parametrize("theme", sorted(LEARNING_THEMES))
    def test_gives_a_choice_for_every_theme(self, theme: str) -> None:
        """Each theme can be learned in at least four ways."""
        assert len({option["kind"] for option in OPTIONS if theme in option["themes"]}) >= 4

    def test_names_its_themes_on_top(self) -> None:
        """The comment on top lists exactly the themes that the options use."""
        text = files("ownership.content").joinpath("catalogue.toml").read_text(encoding="utf-8")
        listed = set(re.findall(r"^#   ([a-z]+) ", text, re.MULTILINE))
        assert listed == LEARNING_THEMES == {theme for option in OPTIONS for theme in option["themes"]}


class TestGuides:
    """The conversation guides for a manager."""

    def test_have_questions_and_things_to_let_go_of(self) -> None:
        """The file has these two tables, and each row has its keys and no others."""
        assert set(GUIDES) == {"question", "let_go"}
        assert all(set(row) - {"fits"} == {"id", "step", "text"} for row in QUESTIONS)
        assert all(set(row) == {"id", "text"} for row in LET_GOS)

    @pytest.mark.parametrize("step", STEPS)
    def test_have_questions_for_every_step(self, step: str) -> None:
        """Each step has at least six questions."""
        assert sum(row["step"] == step and "fits" not in row for row in QUESTIONS) >= 6

    @pytest.mark.parametrize("fit", sorted(FITS))
    def test_have_questions_for_every_occasion(self, fit: str) -> None:
        """Each occasion has at least two questions of its own, for different steps, and there is no other occasion."""
        assert len({row["step"] for row in QUESTIONS if fit in row.get("fits", ())}) >= 2
        assert {occasion for row in QUESTIONS for occasion in row.get("fits", ())} == FITS

    @every_question
    def test_have_a_step_that_the_id_repeats(self, question: dict[str, Any]) -> None:
        """A question belongs to one of the four steps, and its id begins with that step."""
        assert question["step"] in STEPS
        assert question["id"].startswith(f"{question['step']}-")

    @every_question
    def test_ask_openly(self, question: dict[str, Any]) -> None:
        """A question begins with a question word and has one question mark, at its end."""
        for language in LANGUAGES:
            text = question["text"][language]
            first = [word for word in words(text)[:2] if word in QUESTION_WORDS[language].split()]
            assert first
            assert text.count("?") == 1
            assert text.endswith("?")

    def test_have_enough_to_let_go_of(self) -> None:
        """There are at least eight things to let go of, and none of them is a question."""
        assert len(LET_GOS) >= 8
        assert not any("?" in row["text"][language] for row in LET_GOS for language in LANGUAGES)


class TestPath:
    """The path from instructor to guide, and the self-check."""

    def test_has_stages_and_questions_to_oneself(self) -> None:
        """The file has the four stages in order and the questions, and each row has its keys and no others."""
        assert set(PATH) == {"stage", "self_check"}
        assert [row["stage"] for row in STAGES] == ["tells", "explains", "asks", "steps_back"]
        assert all(set(row) == {"stage", "title", "text"} for row in STAGES)
        assert all(set(row) == {"id", "habit", "is_reversed", "text"} for row in SELF_CHECK)

    def test_takes_a_few_minutes(self) -> None:
        """There are eight to twelve questions to oneself."""
        assert 8 <= len(SELF_CHECK) <= 12

    @pytest.mark.parametrize("habit", sorted(HABITS))
    def test_asks_about_every_habit(self, habit: str) -> None:
        """Each habit has at least two questions, and there is no other habit."""
        assert sum(row["habit"] == habit for row in SELF_CHECK) >= 2
        assert {row["habit"] for row in SELF_CHECK} == HABITS

    def test_asks_how_often(self) -> None:
        """Every question to oneself asks how often, so that one scale fits all, and has one question mark."""
        begins = {"en": "How often ", "nl": "Hoe vaak "}
        assert all(row["text"][lang].startswith(begins[lang]) for row in SELF_CHECK for lang in LANGUAGES)
        assert all(row["text"][lang].count("?") == 1 for row in SELF_CHECK for lang in LANGUAGES)


class TestTeamQuestions:
    """The questions for a team that talks about development."""

    def test_are_enough_to_choose_from(self) -> None:
        """There are at least eight, each with its keys and an id of the team's."""
        assert len(TEAM_QUESTIONS) >= 8
        assert all(set(row) == {"id", "text"} for row in TEAM_QUESTIONS)
        assert all(re.fullmatch(r"team(?:-[a-z]+)+", row["id"]) for row in TEAM_QUESTIONS)
        assert len({row["id"] for row in TEAM_QUESTIONS}) == len(TEAM_QUESTIONS)

    @pytest.mark.parametrize("row", TEAM_QUESTIONS, ids=lambda row: row["id"])
    def test_ask_openly(self, row: dict[str, Any]) -> None:
        """A question begins with a question word and has one question mark, at its end."""
        for language in LANGUAGES:
            text = row["text"][language]
            assert set(words(text)[:2]) & set(QUESTION_WORDS[language].split())
            assert text.count("?") == 1
            assert text.endswith("?")


class TestPulse:
    """The questions of a pulse, and the needs to choose from."""

    def test_has_these_parts(self) -> None:
        """The file has constructs, questions and needs, and each row has its keys and no others."""
        assert set(PULSE) == {"construct", "question", "need"}
        assert all(set(row) == {"id", "title"} for row in PULSE["construct"])
        assert all(set(row) == {"id", "construct", "polarity", "text"} for row in PULSE_QUESTIONS)
        assert all(set(row) == {"id", "text"} for row in PULSE["need"])
        assert all(row["id"].startswith("pulse-") for row in PULSE_QUESTIONS)
        assert all(row["id"].startswith("need-") for row in PULSE["need"])

    @pytest.mark.parametrize("construct", sorted(CONSTRUCTS))
    def test_asks_about_each_construct_from_both_sides(self, construct: str) -> None:
        """Each construct has at least two questions of each polarity, and there is no other construct."""
        polarities = Counter(row["polarity"] for row in PULSE_QUESTIONS if row["construct"] == construct)
        assert min(polarities["positive"], polarities["negative"]) >= 2
        assert {row["construct"] for row in PULSE_QUESTIONS} == {row["id"] for row in PULSE["construct"]} == CONSTRUCTS

    @pytest.mark.parametrize("row", PULSE_QUESTIONS, ids=lambda row: row["id"])
    def test_states_something(self, row: dict[str, Any]) -> None:
        """A question is one sentence to agree with: it ends in a full stop, and asks nothing."""
        for language in LANGUAGES:
            text = row["text"][language]
            assert text.endswith(".")
            assert text.count(".") == 1
            assert "?" not in text
            assert len(text) <= 90

    def test_has_needs_to_choose_from(self) -> None:
        """There are six to twelve needs, each a few words."""
        assert 6 <= len(PULSE["need"]) <= 12
        assert all(len(row["text"][language]) <= 60 for row in PULSE["need"] for language in LANGUAGES)


class TestMessages:
    """The message texts."""

    def test_are_of_these_kinds(self) -> None:
        """There is a text for every kind, and a digest line for every kind but the digest itself."""
        assert set(MESSAGES) == MESSAGE_KINDS | {"digest_line"}
        assert set(MESSAGES["digest_line"]) == MESSAGE_KINDS - {"digest"}
        assert all(set(MESSAGES[kind]) == {"subject", "body"} for kind in MESSAGE_KINDS)

    @pytest.mark.parametrize("kind", sorted(MESSAGE_KINDS))
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_have_subjects_without_placeholders(self, kind: str, language: str) -> None:
        """A subject has no placeholder and no brace, so that a name never stands in it."""
        subject = MESSAGES[kind]["subject"][language]
        assert "{" not in subject
        assert "}" not in subject

    @pytest.mark.parametrize("kind", sorted(MESSAGE_KINDS))
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_have_bodies_with_the_placeholders_of_their_kind(self, kind: str, language: str) -> None:
        """A body uses each placeholder of its kind exactly once, in its plain form."""
        found = placeholders(MESSAGES[kind]["body"][language])
        assert sorted(found) == sorted(PLACEHOLDERS[kind])

    @pytest.mark.parametrize("kind", sorted(MESSAGE_KINDS - {"digest"}))
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_have_digest_lines_with_the_placeholders_of_their_kind(self, kind: str, language: str) -> None:
        """A digest line uses what its body uses, without the reader's name."""
        found = placeholders(MESSAGES["digest_line"][kind][language])
        assert sorted(found) == sorted(PLACEHOLDERS[kind] - {"name"})

    @pytest.mark.parametrize("kind", sorted(MESSAGE_KINDS))
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_can_be_filled(self, kind: str, language: str) -> None:
        """A body filled with str.format has every value in it and no brace left."""
        values = {name: f"<{name}>" for name in PLACEHOLDERS[kind]}
        filled = MESSAGES[kind]["body"][language].format(**values)
        assert all(value in filled for value in values.values())
        assert "{" not in filled
        assert "}" not in filled

    def test_never_count(self) -> None:
        """A message has no digit in it: nothing is counted."""
        assert [where for where, _, said in SAID if where.startswith("messages:") and re.search(r"\d", said)] == []

    @pytest.mark.parametrize(
        "kind",
        ["check_in_open", "check_in_without_partner", "feedback_asked", "learning_asked", "pulse_open", "digest"],
    )
    @pytest.mark.parametrize(("language", "words_for_it"), [("en", "not now"), ("nl", "nu niet")])
    def test_leave_room_for_not_now(self, kind: str, language: str, words_for_it: str) -> None:
        """A message that asks for something says that not now is fine."""
        assert words_for_it in MESSAGES[kind]["body"][language]
