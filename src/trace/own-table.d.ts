// The type of the module that src/setup/own-table.ts makes when ksys is compiled.

/** Bytes and hash (known-part.ts) of this ksys's own table of events, as traces contain it. */
export declare const OWN_TABLE: { readonly bytes: number; readonly hash: number }
