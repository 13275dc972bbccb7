"""Forms over a plan's text: what each place takes, what stands there, and a change of one place as an edit."""
