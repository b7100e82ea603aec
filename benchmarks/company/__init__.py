"""Two years of a sales territory, told through the real rules once and copied into the log as often as wanted."""
