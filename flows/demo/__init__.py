"""The demo: sample people, the replies that they write, and the six weeks in which they do."""
