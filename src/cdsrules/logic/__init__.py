"""The condition language: three-valued truth, operators, evaluation, plain words."""
