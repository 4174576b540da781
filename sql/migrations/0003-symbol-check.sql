-- The rule of symbols as before, by a pattern that takes a third of the time: each change of a symbol's state checks it again.
alter table ops.symbol
  drop constraint symbol_symbol_check,
  add constraint symbol_symbol_check check (symbol ~ '^[A-Za-z0-9][A-Za-z0-9./-]*$' and length(symbol) <= 20);
