"""The log as a stream of CloudEvents in Kafka: at least once, in order per stream."""
