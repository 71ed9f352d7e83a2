"""The commands, by what they are about. Words in, words out."""
