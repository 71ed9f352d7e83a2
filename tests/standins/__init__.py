"""Stand-ins for the services that cannot be reached from a test: strict about requests, and faulty on demand."""
