"""The report's sections, one module each: `add(flow, report, pictures)` lays one out."""
