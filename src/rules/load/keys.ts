// The keys of items in rules files other than rules (see rule-properties.ts), and what `override` may do with them.

export const OPERATIONS = ['append', 'replace'] as const
export type Operation = (typeof OPERATIONS)[number]

/** The keys of an item, each with the operations that `override` allows. */
export type Keys = Readonly<Record<string, readonly Operation[]>>

export const LIST_KEYS: Keys = { list: [], items: OPERATIONS, append: [], override: [] }
export const MACRO_KEYS: Keys = { macro: [], condition: OPERATIONS, append: [], override: [] }
export const ENGINE_KEYS: Keys = { required_engine_version: [] }
export const PLUGINS_KEYS: Keys = { required_plugin_versions: [] }
export const PLUGIN_KEYS: Keys = { name: [], version: [], alternatives: [] }
export const ALTERNATIVE_KEYS: Keys = { name: [], version: [] }
export const EXCEPTION_KEYS: Keys = { name: [], fields: [], comps: [], values: [] }
