"""Room ``access``: who may see and do what. Pure functions over the model; no input or output, no clock.

``effective`` says what a person may do, ``gate`` applies it to documents, ``explain`` says why. See ``docs/access.md``.
"""
