"""CloudWatch's published rules of alarms: what the local cloud moves its alarms by, and what compares designs."""
