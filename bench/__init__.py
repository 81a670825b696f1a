"""What q2c costs, as ratios to yardsticks measured in the same run."""
