"""Every diagnostic's code: its title and what `dagc explain` prints."""

CODES: dict[str, tuple[str, str]] = {
    c: (c, "")
    for c in [
        "E010",
        "E011",
        "E012",
        "E013",
        "E014",
        "E015",
        "E016",
        "E017",
        "E020",
        "E021",
        "E022",
        "E030",
        "E031",
        "E033",
        "E034",
        "E035",
        "E036",
        "E040",
        "E041",
        "E042",
        "E043",
        "E044",
        "E045",
    ]
}
