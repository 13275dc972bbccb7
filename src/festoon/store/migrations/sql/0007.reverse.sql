DROP TABLE rollout_step;
