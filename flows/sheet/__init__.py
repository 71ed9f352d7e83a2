"""The door to the sheet: people's tabs are read, Onward's own are published."""
