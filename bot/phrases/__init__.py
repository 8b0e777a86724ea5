"""话术, the wording an agent can hand to a customer: found by situation, by what was said, or by 拼音, then filled in."""
