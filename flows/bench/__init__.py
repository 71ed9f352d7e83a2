"""The benchmark: what a sending run costs beside a loop that does nothing but post."""
