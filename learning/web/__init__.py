"""What pages share: policies, errors, headers, static files, navigation, health."""
