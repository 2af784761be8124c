ALTER TABLE roster DROP COLUMN entry_wave;
