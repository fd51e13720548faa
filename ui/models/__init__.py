"""What screens show: plain holders of rows, each listening to the change feed."""
