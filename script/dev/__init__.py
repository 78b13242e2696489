"""Developer commands of the module: the standard library only, for any Debian."""
