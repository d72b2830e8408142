"""The whole study on a survey file: screen, weight, estimate, model, report."""
