"""What the backends dbapi and embedded share: a session of a real IRIS, whichever way it is reached."""
