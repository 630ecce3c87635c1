"""From text to model; the only place that knows YAML and JSON Schema."""
