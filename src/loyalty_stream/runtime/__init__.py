"""Run the pipeline on Kafka: the only package that knows Faust and the Kafka clients that produce."""
