"""Say where people vote: stations and their branches."""

from geo.elections.stations import Branch, Sex, Station, Visibility

__all__ = ["Branch", "Sex", "Station", "Visibility"]
