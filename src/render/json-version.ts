// The version of the JSON output (`-j`): the README of this module defines what may change within a version.

/**
 * Version of the JSON schema. Within a version keys are only added; removing a key, or changing the type or meaning of
 * a value, requires a new version.
 */
export const JSON_VERSION = 1

/** A value with the schema version as its first key, for output whose keys ksys defines. */
export function versioned(value: object): object {
  return { schema: JSON_VERSION, ...value }
}
