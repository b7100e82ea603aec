"""The golden questions, asked of the sample company."""
