DROP TABLE learned_policy;
