"""When polls happen."""
