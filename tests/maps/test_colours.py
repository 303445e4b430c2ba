"""Check that colours can be told apart."""

import pytest

from maps.colours import DISTRICTS, KINDS, SEQUENCE, choose_kind, choose_sequence


def lightness(colour: str) -> float:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return 0.2126 * red**2.2 + 0.7152 * green**2.2 + 0.0722 * blue**2.2


@pytest.mark.parametrize("classes", range(1, len(SEQUENCE) + 1))
def test_each_class_has_its_own_shade(classes: int) -> None:
    assert len(set(choose_sequence(classes))) == classes


def test_more_is_darker_also_in_grey() -> None:
    shades = [lightness(colour) for colour in SEQUENCE]
    assert shades == sorted(shades, reverse=True)


@pytest.mark.parametrize("colours", [tuple(KINDS.values()), DISTRICTS])
def test_no_colour_means_two_things(colours: tuple[str, ...]) -> None:
    assert len(set(colours)) == len(colours)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_marks_stand_out_from_the_ground(kind: str) -> None:
    assert (lightness("#f7f4ec") + 0.05) / (lightness(choose_kind(kind)) + 0.05) >= 3


def test_a_kind_not_known_here_still_has_a_colour() -> None:
    assert choose_kind("unheard_of").startswith("#")
