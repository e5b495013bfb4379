"""PBXs as the subject of a case, and their licences."""

READ = {}
