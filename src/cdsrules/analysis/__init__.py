"""For validators: what no case can show, searched and proved with z3 over the parsed conditions."""
