"""How 明天下午三点 is read, step by step: noise, words, phrases, their values, and which of them is the promise."""
