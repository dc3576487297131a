/** Faults planted into one tab, to see that the oracle finds them. */

export const PLANTS = {
  /** The cursor runs ahead of what was read. */
  cursor({ net }) {
    const { pull } = net;
    net.pull = async (asked) => {
      const reply = await pull(asked);
      return reply.body?.moments?.length ? { ...reply, body: { ...reply.body, cursor: reply.body.cursor + 1 } } : reply;
    };
  },

  /** Silence is taken for an answer. */
  settle({ net }) {
    const { push } = net;
    net.push = (body) => push(body).catch(() => ({ status: 200, retryAfter: null, body: hoped(body) }));
  },

  /** Rows and cursor are not stored in one transaction, and the phone dies between the two. */
  torn({ store, universe }) {
    const { write } = store;
    store.write = (work) => {
      const dies = universe.dice.chance(0.1);
      return write((tx) => work({ ...tx, put: async (table, record) => (dies && table === "rows" ? undefined : tx.put(table, record)) }));
    };
  },
};

function hoped({ device, operations }) {
  const results = operations.map(({ seq }) => ({ seq, verdict: "kept", reason: "", revision: 1 }));
  return { device, last_seq: results.at(-1).seq, results };
}
