-- The trades of an account are found by their number, however many others were made.

create index word_buyer on word ((body::jsonb #>> '{traded,buyer}'), number) where topic = 'trade';
create index word_seller on word ((body::jsonb #>> '{traded,seller}'), number) where topic = 'trade';
