"""投诉: from one line of free text to a numbered case with an owner and a running clock."""
