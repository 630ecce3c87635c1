"""cdsrules as a CDS Hooks 2.0 service: offered, asked, answered in cards, and told what became of them."""
