"""From statements of many sources to ties: resolved, merged, with a log that can be undone."""
