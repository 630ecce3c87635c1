"""Clinical decision support for psychotherapy: client state and YAML rulebooks in, explained guidance out."""


def __getattr__(name: str) -> str:
    """The version of the installed package, read only when asked for."""
    if name == "__version__":
        from importlib.metadata import version

        return version("cdsrules")
    msg = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(msg)
