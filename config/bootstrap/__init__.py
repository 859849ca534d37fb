"""From nothing but Python to a running system: standard library only, no Django, no dependency.

`entry` decides, `environment` makes `.venv`, `servers` finds and starts PostgreSQL and Valkey,
`supervisor` keeps processes alive, `up` and `testing` are the two commands built from them.
"""
