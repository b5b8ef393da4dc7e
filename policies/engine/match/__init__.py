"""Parties against the party lists: who is listed, who may be, and who belongs to them."""
