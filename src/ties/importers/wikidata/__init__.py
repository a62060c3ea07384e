"""Ties from Wikidata: entities, answers to queries, and the live query service."""
