"""Loading of the demo shop from the demo folder of the project."""
