"""A plan from a table file (rank 27): cells, columns, dates, and every row judged before anything is written."""
