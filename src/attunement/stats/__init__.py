"""What is true of numbers whatever they count: intervals, waiting times, accident."""
