"""The catalogue holds together: what other rooms take for granted of every layer and action."""

import pytest

from geo.schema import Layer
from services.catalog.actions import ACTIONS, Action, Role
from services.catalog.fields import OF_PERSONS, Field, Kind
from services.catalog.layers import LAYERS, LayerSpec
from services.i18n import text


def test_every_layer_and_every_action_is_described_in_its_order():
    assert list(LAYERS) == list(Layer)
    assert list(ACTIONS) == list(Action)
    assert not any(Role.LOCAL in spec.roles for spec in ACTIONS.values())


@pytest.mark.parametrize("spec", LAYERS.values(), ids=map(str, LAYERS))
def test_a_layer_begins_with_code_and_name_and_names_no_field_twice(spec):
    names = [field.name for field in spec.fields]
    assert names[:2] == ["code", "name"]
    assert len(set(names)) == len(names)
    assert not spec.home or spec.home in spec.links


@pytest.mark.parametrize("spec", LAYERS.values(), ids=map(str, LAYERS))
def test_the_store_finds_what_it_encrypts(spec):
    assert all(field.name == "phone" for field in spec.fields if field.kind is Kind.PHONE)
    assert all(field.headers for field in spec.fields if field.is_read)


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind in OF_PERSONS], ids=lambda kind: kind.name)
def test_a_layer_that_tells_of_a_person_is_known_to_do_so(kind):
    field = Field("contact", kind, text("Contact"))
    assert LayerSpec(Layer.WATER, text("Water"), (field,), frozenset()).is_of_people
    assert not LayerSpec(Layer.WATER, text("Water"), (), frozenset()).is_of_people
