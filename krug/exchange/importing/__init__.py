"""Foreign files of any kind: opened, recognised, planned, checked row by row, written, taken back."""
