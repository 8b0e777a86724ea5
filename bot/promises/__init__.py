"""承诺: what was promised until when: reading times, counting working days, and the clocks that norms start."""
