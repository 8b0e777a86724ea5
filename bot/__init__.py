"""话术: the assistant of customer-service agents."""
