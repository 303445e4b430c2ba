"""Hold the pure core: values and geometry in, values out.

Nothing below this package knows a database, the web, files (country packs aside), a clock or the environment.
"""
