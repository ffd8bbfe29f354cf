"""The tests of the template, a folder for each subject."""
