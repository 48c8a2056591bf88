"""The commands, by what somebody wants to do. Each imports what it needs when it runs, so that all start fast; what they share is ``doors``."""
