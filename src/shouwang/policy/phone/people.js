// Prepared columns about labour and school of a member, as shouwang/policy/columns/people.py has them.

prepared["members.receives_tekun"] = (row, tables, household, context) => {
  if (!tables.income_items) return null;
  return tables.income_items.some(
    (item) =>
      item.kind === "transfer.tekun" &&
      item.member_id !== null &&
      item.member_id === row.member_id &&
      item.realised !== false &&
      item.received_on !== null &&
      context.window_first <= item.received_on &&
      item.received_on <= context.window_last &&
      item.amount !== null &&
      item.amount.units > 0n,
  );
};
