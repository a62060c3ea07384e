"""From events to states: the one place where what happened becomes what was."""
