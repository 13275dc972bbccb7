DROP TABLE outside_evidence, outside_figure;
