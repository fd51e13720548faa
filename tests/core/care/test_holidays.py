"""Names of public holidays: in the wanted language where the library has it, else in the country's own."""

from __future__ import annotations

from datetime import date

import pytest

from cmdesk.care.holidays import public_holidays


@pytest.mark.parametrize(
    ("country", "language", "name"),
    [
        ("FR", "es", "Jour de l'an"),
        ("FR", "en", "New Year's Day"),
        ("PT", "es", "Ano Novo"),
        ("ES", "es", "Año Nuevo"),
        ("ES", "en", "New Year's Day"),
        ("MX", "", "Año Nuevo"),
    ],
)
def test_a_country_without_the_wanted_language_names_its_days_in_its_own(
    country: str, language: str, name: str
) -> None:
    assert public_holidays(country, "", 2026, language)[date(2026, 1, 1)] == name
