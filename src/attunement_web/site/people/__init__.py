"""What whoever runs this machine does about people, by the command line; families see each of these acts."""
