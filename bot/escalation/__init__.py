"""升级: who hears what next when a promise comes due or is broken, level by level, until somebody takes it on."""
