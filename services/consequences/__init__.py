"""Tell what follows from a change in every subject: this package stands above them all, and only reads."""
