"""People as a brand keeps them: own fields, tables in and out, who may be the same person, what a certificate says."""
