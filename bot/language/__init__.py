"""Chinese itself, pure: folding of scripts and widths, words, 拼音, numerals, and the language the bot speaks."""
