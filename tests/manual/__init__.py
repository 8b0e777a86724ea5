"""The product's manual: people with names say and hear things, time passes."""
