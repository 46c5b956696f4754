"""Policy packs: the law as data, checked, compiled, run and explained."""
