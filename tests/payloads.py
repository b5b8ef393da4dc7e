"""Shipments as a caller sends them. No database, no Django."""

from typing import Any


def furniture() -> dict[str, Any]:
    """Office furniture to Norway: complete, and nothing about it is controlled."""
    return {
        "reference": "furniture",
        "direction": "export",
        "origin": "LV",
        "destination": "NO",
        "shipment_date": "2025-12-01",
        "parties": [
            {"role": "exporter", "name": "Baltic Precision SIA", "country": "LV"},
            {"role": "consignee", "name": "Fjord Kontor AS", "country": "NO"},
            {"role": "end_user", "name": "Fjord Kontor AS", "country": "NO"},
        ],
        "lines": [
            {
                "number": 1,
                "description": "office furniture",
                "hs_code": "940330",
                "quantity": 40,
                "unit": "pcs",
                "value": 6000,
                "currency": "EUR",
            }
        ],
        "end_use": "furnishing an office",
        "declarations": {},
    }


def mass_spectrometer() -> dict[str, Any]:
    """Two mass spectrometers on the dual-use list, to a laboratory in India: an individual licence is required."""
    return furniture() | {
        "reference": "mass spectrometer",
        "destination": "IN",
        "parties": [
            {"role": "exporter", "name": "Baltic Precision SIA", "country": "LV"},
            {"role": "consignee", "name": "Gujarat Analytical Labs", "country": "IN"},
            {"role": "end_user", "name": "Gujarat Analytical Labs", "country": "IN"},
        ],
        "lines": [
            {
                "number": 1,
                "description": "mass spectrometer",
                "control_code": "3A233",
                "hs_code": "902781",
                "quantity": 2,
                "unit": "pcs",
                "value": 180_000,
                "currency": "EUR",
            }
        ],
        "end_use": "isotope analysis of soil samples",
    }
