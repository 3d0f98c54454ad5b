"""Who fills which need of a shift, held against trying every way."""

from hypothesis import given
from hypothesis import strategies as st

from services.rules.roster.compose import missing_roles

BY = {"doctor": ("medical",), "police": ("police",), "cadre": ()}
NEEDS = ("doctor", "police", "cadre", "driving")
SKILLS = st.sets(st.sampled_from(["medical", "police", "driving", "cooking"]))


def most_filled(places, people):
    """Return how many places can be filled, by trying every person for each place and nobody too."""
    if not places:
        return 0
    first, *rest = places
    able = (place for place, own in enumerate(people) if own & set(BY.get(first, (first,))))
    filled = (1 + most_filled(rest, [*people[:place], *people[place + 1 :]]) for place in able)
    return max([most_filled(rest, people), *filled])


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(NEEDS, st.integers(1, 2))), st.lists(SKILLS, max_size=5))
def test_as_many_needs_are_filled_as_any_way_fills(composition, people):
    places = [role for role, count in composition.items() for _ in range(count)]
    missing = missing_roles(composition, people, BY, {})
    assert sum(missing.values()) == len(places) - most_filled(places, people)
    assert all(0 < count <= composition[role] for role, count in missing.items())


def test_a_doctor_who_also_drives_is_not_wasted_on_the_wheel():
    people = [{"medical", "driving"}, {"driving"}]
    assert missing_roles({"driving": 1, "doctor": 1}, people, BY, {}) == {}


def test_roles_without_a_skill_are_heads_without_a_name():
    assert missing_roles({"cadre": 1}, [{"medical"}], BY, {}) == {"cadre": 1}
    assert missing_roles({"cadre": 1}, [{"medical"}], BY, {"cadre": 3}) == {}


def test_nobody_leaves_everything_open():
    assert missing_roles({"doctor": 1, "police": 1}, [], BY, {}) == {"doctor": 1, "police": 1}
    assert missing_roles({}, [], BY, {}) == {}
