"""Hold the use cases and the adapters: database, imports, exports, web and command line."""
