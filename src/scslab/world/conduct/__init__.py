"""How often acts happen, and how subjects respond to sanctions."""
