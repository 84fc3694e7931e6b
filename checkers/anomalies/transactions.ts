/** What can be wrong with transactions beyond the cycles and reads of the lattice: banks and rows. */

export const transactionAnomalies: { readonly [type: string]: string } = {
  "wrong-total": "transfers made or destroyed money",
  "read-skew": "a read of all accounts mixes states from before and after a transfer",
  "negative-balance": "an account is overdrawn that may not be",
  "invalid-balance": "a balance is no number",
  "unexpected-account": "an account turns up that does not exist",
  "missing-account": "an account is missing in a read of all accounts",
};
