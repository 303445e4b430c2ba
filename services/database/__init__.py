"""Run the private database of this installation, or check and use an existing server, and back either up."""
