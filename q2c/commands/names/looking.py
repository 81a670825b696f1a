"""The commands about what documents look like; each as `names` says."""

LOOKING: tuple[tuple[str, str, str, str], ...] = (
    (
        "preview",
        "q2c.commands.looks.preview:preview",
        "Show a document as a picture, or in the viewer of the system.",
        "",
    ),
    (
        "theme check",
        "q2c.commands.looks.trying:check_theme",
        "Draw every kind of document with the most that it may have to hold, and tell what fails.",
        "",
    ),
)
