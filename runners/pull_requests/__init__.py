"""What a gate's run in a pull request found, told on the pull request by code that the pull request does not hold."""
