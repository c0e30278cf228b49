"""An organisation's file: each mistake is named with its file and line, whether the file itself or a hub finds it."""

import pytest

from wallboard_tui.reports.organisation import OrganisationMistakes, Places, from_toml

FILE = """# ours
[organisation]
name = "Corrib"
time_zone = "UTC"

[[role]]
key = "custom:qa"
name = "QA"
[role.grants]
calls = { level = "view", scope = ["ALL"] }
recordings = { scope = [
    "queue:asterisk:pbx1:sales",
] }

[[person]]
key = "ann"
name = "Ann"
role = "custom:qa"

[[person]]
key = "bob"
name = "Bob"
role = "custom:qa"
missed_mail = true
"""


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ('name = "Bob"', 'naem = "Bob"', 22, "there is no field “naem”; did you mean “name”?"),
        ('name = "Bob"', "colour = 3", 22, "there is no field “colour”; there are: agents"),
        ("missed_mail = true", 'missed_mail = "perhaps"', 24, "missed_mail"),
        ('calls = { level = "view"', "calls = { level = 4", 10, "grants.calls.level"),
        ('key = "bob"', 'key = "ann"', 20, "person “ann” stands there twice"),
        ('key = "bob"\n', "", 20, 'it has no key; write key = "…"'),
        ('key = "bob"', 'key = ""', 20, 'it has no key; write key = "…"'),
        ("[[person]]", "[[people]]", 15, "there is no kind “people”; there are: organisation, role"),
        ('time_zone = "UTC"', "time_zone = 1", 4, "time_zone"),
        ('name = "Ann"', "name = Ann", 17, "this is no TOML"),
        ("missed_mail = true", "missed_mail = [", 25, "this is no TOML"),
    ],
)
def test_a_mistake_is_named_with_file_line_and_what_is_allowed(old: str, new: str, line: int, said: str) -> None:
    with pytest.raises(OrganisationMistakes) as mistake:
        from_toml(FILE.replace(old, new), "org.toml")
    assert said in str(mistake.value)
    assert f"org.toml, line {line}:" in str(mistake.value) or f"(at line {line}," in str(mistake.value)


def test_everything_that_is_wrong_is_named_at_once_in_the_order_of_the_file() -> None:
    text = FILE.replace("missed_mail = true", 'missed_mail = "perhaps"\nnaem = "B"\nextension = 4')
    text = text.replace('time_zone = "UTC"', "time_zone = 1") + '[[widget]]\nkey = "w"\n'
    with pytest.raises(OrganisationMistakes) as mistake:
        from_toml(text, "org.toml")
    lines = [one.partition(": ")[0] for one in mistake.value.mistakes]
    assert lines == [f"org.toml, line {line}" for line in (4, 24, 25, 26, 27)]


@pytest.mark.parametrize(
    ("about", "reason", "line"),
    [
        ("role custom:qa", "role custom:qa: there is no permission “recordings”.", 11),
        ("role custom:qa", "role custom:qa: calls: “mange” is no level.", 10),
        ("person bob", "person bob: there is no role “custom:nobody”.", 23),
        ("person bob", "Bob would get what you have not: Export.", 20),
        ("organisation organisation", "You may not change the organisation.", 2),
        ("organisation organisation", "The organisation's time_zone is none.", 4),
        ("person cat", "There was another person “cat”.", None),
    ],
)
def test_what_a_hub_finds_is_pointed_at(about: str, reason: str, line: int | None) -> None:
    assert Places(FILE, from_toml(FILE, "org.toml")).line(about, reason) == line


@pytest.mark.parametrize("text", ["", "# nothing but a remark\n", "person = []\n"])
def test_a_file_without_any_document_is_a_mistake_and_no_wish_for_nothing(text: str) -> None:
    with pytest.raises(OrganisationMistakes, match=r"org\.toml: nothing stands in it"):
        from_toml(text, "org.toml")
