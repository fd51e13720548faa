"""Documents on A4 sheets: one look, laid out once, painted alike on screen, printer and into a PDF file."""
